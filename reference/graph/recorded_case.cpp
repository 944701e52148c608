#include "reference/graph/recorded_case.hpp"

#include <cmath>
#include <utility>

#include "reference/graph/formula.hpp"
#include "reference/graph/recycled.hpp"

namespace assay::reference {
namespace {

/// What reference/formulas/ has for a loss.
struct Formulas {
  Term (*formula)(const Row&);
  Term (*conventional)(std::string_view, const Row&);  ///< null for a loss without conventions
};

const Formulas& formulas_of(const Record& record) {
  static const std::vector<Formulas> in_order_of_the_catalogue = [] {
    std::vector<Formulas> all;
    for_each_loss([&]<class Loss>() {
      all.push_back({&formula<Loss>, nullptr});
      if constexpr (!facts<Loss>.conventions.empty()) all.back().conventional = &conventional<Loss>;
    });
    return all;
  }();
  return in_order_of_the_catalogue.at(static_cast<std::size_t>(&record - catalogue().data()));
}

void record_numbers(RecordedCase& r, const StandIns& stand_ins) {
  std::int64_t infinities = 0;
  for (const auto& [name, tensor] : r.question.inputs) {
    if (tensor.is_integer) continue;
    Vector leaves;
    leaves.reserve(tensor.real.size());
    for (double x : tensor.real) {
      if (std::isinf(x) && stand_ins) {
        const StandIn s = stand_ins(infinities++);
        leaves.push_back(r.graph.add(Op::stand_in, -1, -1, s.exponent, std::copysign(s.factor, x)));
      } else {
        leaves.push_back(r.graph.add(Op::number, -1, -1, 0, x));
      }
    }
    r.inputs.leaves.emplace(name, std::move(leaves));
  }
  auto parameter = [&](double x) { return r.graph.add(Op::number, -1, -1, 1, x); };
  for (const auto& [name, value] : r.question.parameters) {
    if (const double* real = std::get_if<double>(&value)) r.inputs.reals.emplace(name, parameter(*real));
    if (const auto* several = std::get_if<std::vector<double>>(&value))
      for (Vector& list = r.inputs.lists[name]; double each : *several) list.push_back(parameter(each));
  }
}

void record_terms(RecordedCase& r, std::string_view convention) {
  const Record& facts = *r.question.record();
  const Reduction reduction = std::exchange(r.question.reduction, Reduction::none);
  const std::vector<std::int64_t> shape = value_shape(r.question);
  r.question.reduction = reduction;
  const std::int64_t numbers = product(shape);
  const std::int64_t width = facts.keeps_rows() ? shape.back() : 1;

  const Formulas& formulas = formulas_of(facts);
  const bool conventional = !convention.empty() && formulas.conventional;
  for (std::int64_t i = 0; i < numbers / width; ++i) {
    const Row row(r.inputs, i);
    RecordedTerm t{conventional ? formulas.conventional(convention, row) : formulas.formula(row), i * width,
                   false};
    t.dropped = t.term.value.empty();
    if (t.dropped) t.term.value.assign(static_cast<std::size_t>(width), 0);
    if (t.term.scale.index() < 0) t.term.scale = facts.scale == "0" ? 0 : 1;
    r.terms.push_back(std::move(t));
  }
}

void reduce(RecordedCase& r) {
  Vector all, weights;
  for (const RecordedTerm& t : r.terms) {
    all.insert(all.end(), t.term.value.begin(), t.term.value.end());
    if (t.dropped) continue;
    for (std::size_t k = 0; k < t.term.value.size(); ++k)
      weights.push_back(t.term.weight.index() < 0 ? Real(1) : t.term.weight);
  }
  switch (r.question.reduction) {
    case Reduction::none:
      r.values = all;
      break;
    case Reduction::sum:
      r.values = {sum(all)};
      break;
    case Reduction::mean: {
      bool counted = true;
      for (const RecordedTerm& t : r.terms) {
        counted &= t.term.weight.index() < 0;
        if (t.term.divisor_in_mean.index() < 0) continue;
        Real& value = all[static_cast<std::size_t>(t.first_value)];
        value = value / t.term.divisor_in_mean;
      }
      r.divisor = counted ? Real(weights.size()) : sum(weights);
      r.values = {mean_of(sum(all), r.divisor)};
      break;
    }
  }
  const auto given = r.inputs.leaves.find("cotangent");
  r.seeds = given == r.inputs.leaves.end() ? Vector(r.values.size(), 1) : given->second;
}

}  // namespace

// A graph's nodes take the memory of the last one's.
RecordedCase::RecordedCase() { std::swap(graph.nodes, *Recycled<Node>()); }
RecordedCase::~RecordedCase() { std::swap(graph.nodes, *Recycled<Node>()); }

Term Term::dropped() { return Term(Vector{}); }

std::unique_ptr<RecordedCase> record_case(const Case& c, std::string_view convention,
                                          const StandIns& stand_ins) {
  auto r = std::make_unique<RecordedCase>();
  r->question = complete(c);
  r->inputs.question = &r->question;
  const Recording recording(r->graph);
  record_numbers(*r, stand_ins);
  r->inputs.lay_out();
  record_terms(*r, convention);
  reduce(*r);
  return r;
}

}  // namespace assay::reference
