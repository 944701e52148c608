#include "tools/cases/case_builder.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "tools/cases/domain_numbers.hpp"

namespace assay {
namespace {

bool is_label_list(const Input& input) { return input.domain.kind == Domain::Kind::class_index_or_end; }

/// Small numbers that keep every axis distinguishable from its neighbours.
std::int64_t usual_extent(char letter) {
  switch (letter) {
    case 'C':
      return 4;
    case 'M':
      return 4;
    case 'U':
      return 2;
    case 'T':
      return 5;
    default:
      return 3;
  }
}

}  // namespace

std::string letters(const Record& record) {
  std::string out;
  for (const Input& each : record.inputs)
    for (const char letter : each.axes.letters())
      if (out.find(letter) == std::string::npos) out += letter;
  return out;
}

bool is_width(const Record& record, char letter) {
  if (record.along_last_leading(letter)) return false;
  return std::any_of(record.inputs.begin(), record.inputs.end(),
                     [&](const Input& each) { return each.axes.size() > 1 && each.axes.back() == letter; });
}

bool is_continuous(const Input& input) { return !input.integer && !input.domain.discrete(); }

bool is_target(const Input& input) {
  if (input.domain.discrete()) return true;
  return !input.integer && input.domain.kind == Domain::Kind::interval && input.domain.low == 0 &&
         input.domain.high == 1 && input.origin == Origin::zero;
}

CaseBuilder::CaseBuilder(const Record& r, Dtype d, std::uint64_t seed, std::string slug)
    : record(r),
      dtype(d),
      // The dtype is left out: both dtypes meet the same situations.
      random(seed_for(seed, std::string(r.name) + "/" + slug)),
      slug_(std::move(slug)) {
  question.loss = record.name;
  question.dtype = dtype;
  question.reduction = Reduction::none;
  for (const char letter : letters(record)) extent(letter, usual_extent(letter));
  rows(3);
}

CaseBuilder& CaseBuilder::rows(std::int64_t count) {
  if (record.has_leading()) return leading({count});
  return extent(record.output.front(), count);
}

CaseBuilder& CaseBuilder::leading(reference::Shape shape) {
  for (const char letter : letters(record))
    if (record.along_last_leading(letter)) {
      if (shape.empty() || shape.back() == 0)
        for (const Input& each : record.inputs) {
          if (each.axes.contains(letter)) without(each.name);
        }
      else
        axes.extent[letter] = shape.back();
    }
  axes.leading = std::move(shape);
  return *this;
}

CaseBuilder& CaseBuilder::extent(char letter, std::int64_t count) {
  for (const AxisRule& rule : record.axis_rules)
    if (rule.axis == letter && count > 0) {
      count = std::max(count, rule.least);
      count = (count + rule.multiple - 1) / rule.multiple * rule.multiple;
    }
  axes.extent[letter] = count;
  return *this;
}

CaseBuilder& CaseBuilder::without(std::string_view optional_input) {
  left_out_.emplace_back(optional_input);
  return *this;
}

CaseBuilder& CaseBuilder::reduce(Reduction reduction) {
  question.reduction = reduction;
  return *this;
}

CaseBuilder& CaseBuilder::parameter(std::string_view name, ParameterValue value) {
  question.parameters[std::string(name)] = std::move(value);
  return *this;
}

CaseBuilder& CaseBuilder::wrt(std::vector<std::string> names) {
  question.wrt = std::move(names);
  return *this;
}

CaseBuilder& CaseBuilder::fill() {
  question.wrt.clear();
  keep_class_parameters();
  for (const Input& each : record.inputs) {
    if (std::find(left_out_.begin(), left_out_.end(), each.name) != left_out_.end()) continue;
    const Input input = under_parameters(record, each, question);
    fill_input(input, false);
    if (input.differentiable()) question.wrt.emplace_back(each.name);
  }
  return *this;
}

CaseBuilder& CaseBuilder::fill_with_anything() {
  fill();
  for (const Input& each : record.inputs)
    if (has(each) && !each.integer) fill_input(under_parameters(record, each, question), true);
  return *this;
}

void CaseBuilder::fill_input(const Input& input, bool with_anything) {
  Tensor out;
  out.shape = axes.shape(input.axes);
  out.is_integer = input.integer;
  const auto size = static_cast<std::size_t>(product(out.shape));
  const bool probability_row = is_continuous(input) && input.axes.size() > 1 && input.axes.back() == 'C' &&
                               input.domain.low == 0 && input.domain.high == 1;
  if (input.integer) {
    out.integer.resize(size);
    fill_labels(input, out);
  } else {
    out.real.resize(size);
    if (input.domain.kind == Domain::Kind::one_hot) {
      const auto count = static_cast<std::size_t>(out.shape.back());
      for (std::size_t row = 0; row < size; row += count) out.real[row + random.below(count)] = 1;
    } else if (with_anything) {
      for (double& each : out.real) each = any_number(input.domain, dtype, random);
    } else if (probability_row) {
      fill_probability_rows(input, out);
    } else {
      for (double& each : out.real) each = ordinary_number(input.domain, dtype, random);
    }
  }
  question.inputs[std::string(input.name)] = std::move(out);
}

/// A parameter that names a class names the last one where there are fewer.
void CaseBuilder::keep_class_parameters() {
  const auto classes = axes.classes();
  for (const ParameterFacts& each : record.parameters) {
    const auto given = question.parameters.find(std::string(each.name));
    if (each.domain.kind != Domain::Kind::class_index || given == question.parameters.end()) continue;
    auto& named = std::get<std::int64_t>(given->second);
    if (classes) named = std::min(named, *classes - 1);
  }
}

/// Lengths from half of their axis on; none of labels that there is no class for, and rarely more than half
/// of the frames that they are to fit in.
void CaseBuilder::fill_lengths(const Input& input, Tensor& out) {
  const std::int64_t most = axes.extent.at(input.domain.axis);
  bool no_class = false, labels = false;
  for (const Input& each : record.inputs)
    if (each.integer && each.lengths == input.name) {
      labels = true;
      no_class = !each.domain.other_than.empty() && axes.classes().value() == 1;
    }
  const auto frames = axes.extent.find('T');
  const bool crowded = labels && frames != axes.extent.end() && !random.once_in(8);
  const std::int64_t fits = crowded ? std::min(most, (frames->second + 1) / 2) : most;
  const std::int64_t least = labels ? 0 : (most + 1) / 2;
  for (std::int64_t& each : out.integer)
    each =
        no_class
            ? 0
            : least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(fits - least + 1)));
}

/// A few labels, none twice, then the end; what follows it means nothing.
void CaseBuilder::fill_label_lists(Tensor& out) {
  const auto width = static_cast<std::size_t>(out.shape.back());
  std::vector<std::int64_t> classes(width);
  for (auto row = out.integer.begin(); row != out.integer.end(); row += static_cast<std::ptrdiff_t>(width)) {
    std::iota(classes.begin(), classes.end(), 0);
    const std::size_t count = random.below(std::min<std::size_t>(width, 6) + 1);
    for (std::size_t k = 0; k < width; ++k) {
      std::swap(classes[k], classes[k + random.below(width - k)]);
      row[static_cast<std::ptrdiff_t>(k)] = k == count ? -1 : classes[k];
    }
  }
}

void CaseBuilder::fill_labels(const Input& input, Tensor& out) {
  if (input.domain.kind == Domain::Kind::length) {
    fill_lengths(input, out);
    return;
  }
  if (is_label_list(input)) {
    fill_label_lists(out);
    return;
  }
  if (!input.domain.other_than.empty()) {
    const auto given = question.parameters.find(std::string(input.domain.other_than));
    const std::int64_t left_out =
        given == question.parameters.end()
            ? std::get<std::int64_t>(record.parameter(input.domain.other_than)->initial)
            : std::get<std::int64_t>(given->second);
    const std::int64_t others = axes.classes().value() - 1;
    for (std::int64_t& each : out.integer) {
      each = others == 0 ? 0 : static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(others)));
      if (each >= left_out) ++each;
    }
    return;
  }
  const std::int64_t count = input.domain.is_class_index() ? axes.classes().value_or(3) : 3;
  for (std::int64_t& each : out.integer)
    each =
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1))));
}

void CaseBuilder::fill_probability_rows(const Input& input, Tensor& out) {
  const auto count = static_cast<std::size_t>(axes.extent.at(input.axes.back()));
  std::vector<double> share(count);
  for (std::size_t row = 0; row < out.real.size(); row += count) {
    double sum = 0;  // of small integers: exact
    for (double& each : share) sum += each = static_cast<double>(1 + random.below(1000));
    for (std::size_t k = 0; k < count; ++k) out.real[row + k] = round_to(dtype, share[k] / sum);
  }
}

std::int64_t CaseBuilder::row_count() const {
  return record.has_leading() ? product(axes.leading.value()) : axes.extent.at(record.output.front());
}

bool CaseBuilder::has(const Input& input) const { return question.inputs.contains(std::string(input.name)); }

Tensor& CaseBuilder::tensor(const Input& input) { return question.inputs.at(std::string(input.name)); }

bool CaseBuilder::has_rows(const Input& input) const {
  if (record.rows_depend || input.axes.empty()) return false;
  if (input.axes.has_leading()) return true;
  if (!record.has_leading()) return input.axes.front() == record.output.front();
  // One number an element, when there is a single leading axis.
  return input.axes.size() == 1 && record.along_last_leading(input.axes.front()) && axes.leading &&
         axes.leading->size() == 1;
}

std::int64_t CaseBuilder::width(const Input& input) const {
  std::int64_t out = 1;
  for (const char letter : input.axes.without_first()) out *= axes.extent.at(letter);
  return out;
}

double& CaseBuilder::cell(const Input& input, std::int64_t row, std::int64_t column) {
  return tensor(input).real.at(static_cast<std::size_t>(row * width(input) + column));
}

std::int64_t& CaseBuilder::label(const Input& input, std::int64_t row) {
  return tensor(input).integer.at(static_cast<std::size_t>(row * width(input)));
}

bool CaseBuilder::point_targets(int which) {
  bool any = false;
  for (const Input& each : record.inputs) {
    if (!is_target(each) || !has(each)) continue;
    Tensor& out = tensor(each);
    any = true;
    if (each.integer) {
      const std::int64_t last = axes.classes().value_or(2) - 1;
      std::fill(out.integer.begin(), out.integer.end(), std::min<std::int64_t>(which, last));
      if (is_label_list(each))  // of one label
        for (std::size_t i = 1; i < out.integer.size(); i += static_cast<std::size_t>(last) + 1)
          if (last > 0) out.integer[i] = -1;
    } else if (each.axes.size() > 1) {
      const std::int64_t count = axes.extent.at(each.axes.back());
      for (std::size_t i = 0; i < out.real.size(); ++i)
        out.real[i] =
            static_cast<std::int64_t>(i) % count == std::min<std::int64_t>(which, count - 1) ? 1 : 0;
    } else {
      const bool points = each.domain.kind == Domain::Kind::points;
      const double low = points ? each.domain.low : 0, high = points ? each.domain.high : 1;
      std::fill(out.real.begin(), out.real.end(), which == 0 ? low : high);
    }
  }
  return any;
}

CaseBuilder& CaseBuilder::cotangent() {
  static constexpr std::array<double, 7> pattern{1.5, -.75, 0, 1000, 0x1p-20, -1, 2};
  const bool whole = question.reduction == Reduction::none;
  Tensor out{.shape = whole ? axes.shape(record.output) : reference::Shape{}, .real = {}, .integer = {}};
  out.real.resize(static_cast<std::size_t>(product(out.shape)));
  for (std::size_t i = 0; i < out.real.size(); ++i) out.real[i] = pattern[i % pattern.size()];
  question.inputs["cotangent"] = std::move(out);
  return *this;
}

CaseBuilder& CaseBuilder::cotangent(double every) {
  cotangent();
  for (double& each : question.inputs.at("cotangent").real) each = every;
  return *this;
}

AnnotatedCase CaseBuilder::annotated(std::vector<std::string> flags, std::string comment) const {
  return {complete(question), slug_, std::move(flags), std::move(comment), false};
}

}  // namespace assay
