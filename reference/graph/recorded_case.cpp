#include "reference/graph/recorded_case.hpp"

#include <cmath>

namespace assay::reference {
namespace {

using Formula = Term (*)(const Row&);

Formula formula_of(std::string_view loss) {
  Formula found = nullptr;
  for_each_loss([&]<class Loss>() {
    if (facts<Loss>.name == loss) found = &formula<Loss>;
  });
  return found;
}

using Conventional = Term (*)(std::string_view, const Row&);

Conventional conventional_of(std::string_view loss) {
  Conventional found = nullptr;
  for_each_loss([&]<class Loss>() {
    if constexpr (!facts<Loss>.conventions.empty())
      if (facts<Loss>.name == loss) found = &conventional<Loss>;
  });
  return found;
}

}  // namespace

Term Term::dropped() {
  Term t{Vector{}};
  return t;
}

std::unique_ptr<Recorded> record(const Case& c, std::string_view convention, const StandIns& stand_ins) {
  auto r = std::make_unique<Recorded>();
  r->question = complete(c);
  Sheet& sheet = r->sheet;
  sheet.record = c.record();
  sheet.question = &r->question;
  Recording recording(sheet.graph);

  std::int64_t infinities = 0;
  for (const auto& [name, tensor] : r->question.inputs) {
    if (tensor.is_integer) continue;
    Vector leaves;
    leaves.reserve(tensor.real.size());
    for (double x : tensor.real) {
      if (std::isinf(x) && stand_ins) {
        const StandIn s = stand_ins(infinities++);
        leaves.push_back(sheet.graph.add(Op::huge, -1, -1, s.exponent, std::copysign(s.factor, x)));
      } else {
        leaves.push_back(sheet.graph.add(Op::number, -1, -1, 0, x));
      }
    }
    sheet.leaves.emplace(name, std::move(leaves));
  }
  auto parameter = [&](double x) { return sheet.graph.add(Op::number, -1, -1, 1, x); };
  for (const auto& [name, value] : r->question.parameters) {
    if (const double* real = std::get_if<double>(&value)) sheet.reals.emplace(name, parameter(*real));
    if (const auto* several = std::get_if<std::vector<double>>(&value))
      for (Vector& list = sheet.lists[name]; double each : *several) list.push_back(parameter(each));
  }

  sheet.lay_out();

  const Record& facts = *sheet.record;
  r->question.reduction = Reduction::none;
  const std::vector<std::int64_t> shape = value_shape(r->question);
  r->question.reduction = c.reduction;
  const std::int64_t numbers = product(shape);
  const std::int64_t width = facts.keeps_rows() ? shape.back() : 1;
  const std::int64_t rows = numbers / width;

  const Formula formula = formula_of(c.loss);
  const Conventional conventional = convention.empty() ? nullptr : conventional_of(c.loss);
  for (std::int64_t i = 0; i < rows; ++i) {
    const Row row(sheet, i);
    RecordedTerm t{conventional ? conventional(convention, row) : formula(row), i * width, false};
    t.dropped = t.term.value.empty();
    if (t.dropped) t.term.value.assign(static_cast<std::size_t>(width), 0);
    if (t.term.scale.index() < 0) t.term.scale = facts.scale == "0" ? 0 : 1;
    r->terms.push_back(std::move(t));
  }

  Vector all, weights;
  for (const RecordedTerm& t : r->terms) {
    all.insert(all.end(), t.term.value.begin(), t.term.value.end());
    if (t.dropped) continue;
    for (std::size_t k = 0; k < t.term.value.size(); ++k)
      weights.push_back(t.term.weight.index() < 0 ? Real(1) : t.term.weight);
  }
  switch (c.reduction) {
    case Reduction::none:
      r->values = all;
      break;
    case Reduction::sum:
      r->values = {sum(all)};
      break;
    case Reduction::mean: {
      bool counted = true;
      for (const RecordedTerm& t : r->terms) {
        counted &= t.term.weight.index() < 0;
        if (t.term.shared_by.index() < 0) continue;
        Real& value = all[static_cast<std::size_t>(t.first_value)];
        value = value / t.term.shared_by;
      }
      r->divisor = counted ? Real(weights.size()) : sum(weights);
      r->values = {mean_of(sum(all), r->divisor)};
      break;
    }
  }
  const auto given = sheet.leaves.find("cotangent");
  r->seeds = given == sheet.leaves.end() ? Vector(r->values.size(), 1) : given->second;
  return r;
}

}  // namespace assay::reference
