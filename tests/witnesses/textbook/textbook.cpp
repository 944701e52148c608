#include "tests/witnesses/textbook/textbook.hpp"

#include "reference/cases/shapes.hpp"

namespace assay::tests::textbook {
namespace {

std::int64_t size_of(const Case& c, const Record& record, Axes axes) {
  return product(reference::bind_axes(record, c).axes.shape(axes));
}

template <class T>
struct Evaluation {
  using X = Dual<T>;

  const Case& c;
  const Record& record;
  const std::function<Term<X>(const View<X>&)>& formula;

  Answer run() {
    const std::int64_t rows = size_of(c, record, record.row_axes());
    Answer out;
    std::vector<T> values;
    std::vector<X> weights;
    for (std::int64_t i = 0; i < rows; ++i) {
      const Term<X> term = formula(View<X>(c, record, i, "", -1));
      for (const X& each : term.value) values.push_back(each.v);
      weights.push_back(term.weight);
    }
    const bool keeps_width = record.keeps_rows();
    std::vector<T> counts;
    for (const X& each : weights) counts.push_back(each.v);
    const T divisor = keeps_width ? static_cast<T>(values.size()) : sum(counts);
    const T total = sum(values);

    out.value.shape = value_shape(c);
    if (c.reduction == Reduction::none)
      out.value.real.assign(values.begin(), values.end());
    else
      out.value.real = {static_cast<double>(c.reduction == Reduction::mean ? mean(values, divisor) : total)};
    for (const std::string& name : c.wrt) out.gradient.emplace(name, gradient(name, rows, divisor));
    return out;
  }

  /// What overflows as a sum need not overflow as a mean.
  static T mean(const std::vector<T>& values, T divisor) {
    const T total = sum(values);
    if (std::isfinite(total) || divisor == 0) return total / divisor;
    std::vector<T> parts;
    for (const T each : values) parts.push_back(each / divisor);
    return sum(parts);
  }

  [[nodiscard]] T cotangent(std::size_t i) const {
    const auto given = c.inputs.find("cotangent");
    if (given == c.inputs.end()) return 1;
    return static_cast<T>(given->second.real[c.reduction == Reduction::none ? i : 0]);
  }

  Tensor gradient(const std::string& name, std::int64_t rows, T divisor) {
    const Tensor& input = c.inputs.at(name);
    Tensor out;
    out.shape = input.shape;
    std::vector<std::vector<T>> terms(input.real.size());
    for (std::int64_t i = 0; i < rows; ++i) {
      const View<X> plain(c, record, i, "", -1);
      const auto slice = plain.slice(name);
      const T scale = c.reduction == Reduction::mean ? 1 / divisor : T{1};
      for (std::int64_t leaf = slice.first; leaf < slice.first + slice.count; ++leaf) {
        const Term<X> term = formula(View<X>(c, record, i, name, leaf, static_cast<double>(scale)));
        if (term.dropped) continue;
        std::vector<T> passed;
        for (std::size_t k = 0; k < term.value.size(); ++k)
          passed.push_back(
              times(cotangent(static_cast<std::size_t>(i) * term.value.size() + k), term.value[k].d));
        T slope = sum(passed);
        // d(S/D) = dS/D - S/D dD/D, row by row.
        if (c.reduction == Reduction::mean && term.weight.d != 0)
          slope -= times(cotangent(0), times(term.weight.d, mean_value_));
        terms[static_cast<std::size_t>(leaf)].push_back(slope);
      }
    }
    for (const std::vector<T>& each : terms) out.real.push_back(static_cast<double>(sum(each)));
    return out;
  }

  T mean_value_ = 0;
};

template <class T>
Answer evaluated(const FormulaIn<T>& formula, const Case& c) {
  Evaluation<T> evaluation{c, *c.record(), formula};
  if (c.reduction == Reduction::mean) {
    Case values = c;
    values.wrt.clear();
    const Answer first = Evaluation<T>{values, *c.record(), formula}.run();
    evaluation.mean_value_ = static_cast<T>(first.value.real.at(0));
  }
  return evaluation.run();
}

}  // namespace

template <class X>
typename View<X>::Slice View<X>::slice(std::string_view name) const {
  const Input& input = *record_.input(name);
  const Tensor& tensor = case_.inputs.at(std::string(name));
  const auto size = static_cast<std::int64_t>(tensor.size());
  const Axes rows = record_.row_axes();
  if (record_.rows_depend || rows.size() != 1) return {0, size};
  if (input.axes.begins_with(rows)) {
    const std::int64_t count = size_of(case_, record_, rows);
    const std::int64_t width = count == 0 ? 0 : size / count;
    return {row_ * width, width};
  }
  if (record_.kind == Kind::element_wise) return {row_ % size, 1};
  return {0, size};
}

template <class X>
bool View<X>::has_nan() const {
  return std::ranges::any_of(record_.inputs, [&](const Input& input) {
    const auto at = case_.inputs.find(std::string(input.name));
    if (at == case_.inputs.end() || at->second.real.empty()) return false;
    const Slice s = slice(input.name);
    return std::any_of(at->second.real.begin() + s.first, at->second.real.begin() + s.first + s.count,
                       [](double each) { return std::isnan(each); });
  });
}

template <class X>
std::vector<X> View<X>::all(std::string_view name) const {
  std::vector<X> out;
  const std::vector<double>& numbers = case_.inputs.at(std::string(name)).real;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    out.emplace_back(
        static_cast<decltype(X::v)>(numbers[i]),
        static_cast<decltype(X::v)>(name == input_ && static_cast<std::int64_t>(i) == leaf_ ? seed_ : 0));
  return out;
}

template class View<F32>;
template class View<F64>;

Answer evaluate(const Formula& formula, const Case& c) {
  return visit(c.dtype, [&]<class T>() { return evaluated<T>(std::get<FormulaIn<T>>(formula.in), c); });
}

const Formula* find(std::string_view loss) {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> out;
    for (auto* family : {activations, regression, binary, classification, divergences, metric, sequences})
      for (Entry& each : family()) out.push_back(std::move(each));
    return out;
  }();
  for (const Entry& each : all)
    if (each.loss == loss) return &each.formula;
  return nullptr;
}

}  // namespace assay::tests::textbook
