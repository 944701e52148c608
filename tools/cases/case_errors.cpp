// case_source.hpp's requests that are no cases of the loss.
#include <algorithm>

#include "tools/cases/case_source.hpp"
#include "tools/cases/domain_numbers.hpp"

namespace assay::source {
namespace {

/// A first label that no length drops.
void keep_first_label(CaseBuilder& builder, const Input& labels) {
  if (labels.lengths.empty()) return;
  std::int64_t& length = builder.tensor(*builder.record.input(labels.lengths)).integer.front();
  length = std::max<std::int64_t>(length, 1);
}

}  // namespace

void add_errors(Plan& plan) {
  const Record& record = plan.record;
  const auto refuse = [&](const CaseBuilder& builder, const std::string& comment) {
    plan.add(builder, {"OutsideDomain"}, comment);
    plan.cases.back().error = true;
  };
  const Input& first = record.inputs.front();
  for (const Input& each : record.inputs) {
    const std::string name(each.name);
    if (each.integer) {
      const bool index = each.domain.kind == Domain::Kind::class_index ||
                         each.domain.kind == Domain::Kind::class_index_or_ignored ||
                         each.domain.kind == Domain::Kind::class_index_or_end;
      for (const std::int64_t wrong : {std::int64_t{4}, std::int64_t{-7}}) {
        CaseBuilder builder =
            plan.builder("outside-" + name + (wrong < 0 ? "-negative" : "-too-large")).fill();
        if (!index || !builder.axes.extent.contains('C')) continue;
        keep_first_label(builder, each);
        builder.tensor(each).integer.front() = wrong;
        refuse(builder, "A label that names no class.");
      }
      if (!each.domain.other_than.empty()) {
        CaseBuilder builder =
            plan.builder("outside-" + name + "-" + std::string(each.domain.other_than)).fill();
        keep_first_label(builder, each);
        builder.tensor(each).integer.front() =
            std::get<std::int64_t>(record.parameter(each.domain.other_than)->initial);
        refuse(builder, name + " must be " + std::string(each.domain.text) + ".");
      }
      if (each.domain.kind == Domain::Kind::length) {
        CaseBuilder builder = plan.builder("outside-" + name + "-too-large").fill();
        builder.tensor(each).integer.back() = 1000;
        refuse(builder, name + " must be " + std::string(each.domain.text) + ".");
      }
      continue;
    }
    int made = 0;
    for (const NamedNumber& wrong : {NamedNumber{"infinity", infinity}, NamedNumber{"minus-quarter", -.25},
                                     NamedNumber{"zero", 0}, NamedNumber{"one-and-a-half", 1.5}}) {
      if (each.domain.contains(wrong.value) || made == 2) continue;
      CaseBuilder builder = plan.builder("outside-" + name + "-" + wrong.name).fill();
      builder.tensor(each).real.back() = wrong.value;
      if (!why_invalid(builder.question)) continue;
      refuse(builder, name + " must be " + std::string(each.domain.text) + "; nothing is clamped.");
      ++made;
    }
  }
  for (const ParameterFacts& each : record.parameters) {
    const std::string name(each.name);
    CaseBuilder builder = plan.builder("outside-parameter-" + name);
    if (std::holds_alternative<double>(each.initial)) {
      for (const double wrong : {-.5, 0., 1.5})
        if (!each.domain.contains(wrong) && builder.question.parameters.empty())
          builder.parameter(name, wrong);
    } else if (std::holds_alternative<std::int64_t>(each.initial) && !each.domain.contains(3)) {
      builder.parameter(name, std::int64_t{3});
    } else if (std::holds_alternative<std::string_view>(each.initial)) {
      builder.parameter(name, std::string("no-such-choice"));
    }
    if (builder.question.parameters.empty()) continue;
    refuse(builder.fill(), "The parameter " + name + " must be " + std::string(each.domain.text) + ".");
  }
  refuse(plan.builder("unknown-parameter").parameter("no_such_parameter", 1.).fill(),
         "The loss has no such parameter.");
  for (const Input& each : record.inputs)
    if (!each.differentiable()) {
      refuse(plan.builder("gradient-of-" + std::string(each.name)).fill().wrt({std::string(each.name)}),
             "Labels have no gradient.");
      break;
    }
  for (const Input& each : record.inputs) {
    if (each.name == first.name || each.optional) continue;
    CaseBuilder builder = plan.builder("shapes-differ").fill();
    Tensor& tensor = builder.tensor(each);
    // One row more than the first input has.
    const auto extra = static_cast<std::size_t>(
        tensor.shape.empty() ? 0 : tensor.size() / static_cast<std::size_t>(tensor.shape[0]));
    ++tensor.shape[0];
    if (each.integer)
      tensor.integer.resize(tensor.integer.size() + extra, 0);
    else
      tensor.real.resize(tensor.real.size() + extra, each.domain.contains(0) ? 0. : 1.);
    if (!why_invalid(builder.question)) continue;
    refuse(builder, std::string(each.name) + " has a row more than " + std::string(first.name) + ".");
    break;
  }
  CaseBuilder cotangent = plan.builder("cotangent-shape").reduce(Reduction::none).fill().cotangent();
  cotangent.reduce(Reduction::mean);
  refuse(cotangent, "The cotangent has the unreduced shape, the value is a scalar.");
}

}  // namespace assay::source
