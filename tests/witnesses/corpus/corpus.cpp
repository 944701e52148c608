#include "tests/witnesses/corpus/corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "tools/judge/judge.hpp"

namespace assay::tests::corpus {
namespace {

using tolerances::Example;
using tolerances::Measured;
using tolerances::MeasuredPart;
using tolerances::Part;

/// A formula's derivative by each of many numbers is as many evaluations.
constexpr std::size_t many_numbers = 500;

bool is_large(const Case& c) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : c.inputs) numbers += tensor.size();
  return numbers >= many_numbers;
}

/// A tensor of an answer, and what it should be.
struct Output {
  std::string where;
  const Tensor* got;
  const reference::TensorTruth* truth;

  [[nodiscard]] bool fits() const {
    return got && !got->is_integer && got->shape == truth->shape &&
           got->real.size() == truth->components.size();
  }
};

std::vector<Output> outputs(Part part, const GoldenCase& golden, const Case& asked, const Answer& answer) {
  if (part == Part::value) return {{"value", &answer.value, &golden.truth.value}};
  std::vector<Output> out;
  for (const std::string& name : asked.wrt) {
    const auto truth = golden.truth.gradient.find(name);
    if (truth == golden.truth.gradient.end()) continue;
    const auto got = answer.gradient.find(name);
    out.push_back(
        {"gradient." + name, got == answer.gradient.end() ? nullptr : &got->second, &truth->second});
  }
  return out;
}

/// What a test expects, to which an answer at a kink is close if it is close to any of the admitted numbers.
double expected(const reference::Component& truth, double answer) {
  if (!(truth.lower < truth.upper) || std::isnan(answer)) return truth.rounded;
  return std::clamp(answer, truth.lower, truth.upper);
}

/// How one case went.
struct Sitting {
  Grade grade = Grade::correctly_rounded;
  double ulps = 0;
  double difference = 0, answered = 0, meant = 0;  ///< squares of lengths
  bool comparable = true;
  std::optional<Example> farthest;
  double distance = -1;  ///< of the farthest
  std::array<tolerances::Needs, tolerances::operands.size()> needs;

  void fail(const std::string& where) {
    grade = Grade::wrong;
    ulps = infinity;
    comparable = false;
    for (tolerances::Needs& each : needs) each.fail();
    if (!farthest) farthest = Example{"", "", where, std::nan(""), std::nan("")};
  }

  void add(const Output& output, std::size_t i, Dtype dtype) {
    const reference::Component& truth = output.truth->components[i];
    if (!truth.checked) return;
    const double got = output.got->real[i], wanted = expected(truth, got);
    for (const tolerances::Operand operand : tolerances::operands)
      needs[static_cast<std::size_t>(operand)].add(got, wanted, operand);
    if (std::isfinite(got) && std::isfinite(wanted)) {
      answered += got * got;
      meant += wanted * wanted;
      difference += (got - wanted) * (got - wanted);
    } else if (got != wanted && !(std::isnan(got) && std::isnan(wanted))) {
      comparable = false;
    }
    if (got == wanted) return;
    const ComponentVerdict verdict = judge(got, truth, dtype);
    if (std::pair(verdict.grade, verdict.ulps) > std::pair(grade, ulps)) {
      grade = verdict.grade;
      ulps = verdict.ulps;
    }
    const double apart = std::isfinite(got) && std::isfinite(wanted) ? std::fabs(got - wanted) : infinity;
    if (verdict.grade <= Grade::stable || apart <= distance) return;
    distance = apart;
    farthest =
        Example{"", "", output.truth->shape.empty() ? output.where : fmt::format("{}[{}]", output.where, i),
                got, wanted};
  }

  /// The part of the larger length that is wrong. What is nearly subnormal is nothing.
  [[nodiscard]] double off(Dtype dtype) const {
    if (!comparable) return 1;
    const double least = format(dtype).smallest_normal() / format(dtype).epsilon();
    const double larger = std::max(std::sqrt(std::max(answered, meant)), least);
    const double part = std::sqrt(difference) / larger;
    return std::isfinite(part) ? part : 1;
  }
};

/// Nothing where there is no such output: gradients that were not asked, or that it computes none of.
std::optional<Sitting> sat(Part part, const GoldenCase& golden, const Case& asked, const Answer& answer) {
  const std::vector<Output> all = outputs(part, golden, asked, answer);
  const bool answered = answer.outcome == Answer::Outcome::answered;
  if (all.empty() || (part == Part::gradient && answered && answer.gradient.empty())) return std::nullopt;
  Sitting out;
  for (const Output& each : all) {
    if (!answered || !each.fits()) {
      out.fail(each.where);
      continue;
    }
    for (std::size_t i = 0; i < each.truth->components.size(); ++i) out.add(each, i, asked.dtype);
  }
  return out;
}

/// All cases, one after the other, ordinary ones first.
class Marks {
 public:
  /// `answerable` is false where the case gives no right implementation a chance.
  void enter(Sitting sitting, const GoldenCase& golden, bool answerable) {
    ++part_.cases;
    for (std::size_t i = 0; i < part_.needs.size(); ++i) part_.needs[i].merge(sitting.needs[i]);
    if (!answerable || sitting.grade <= Grade::stable) return;
    ++part_.wrong;
    part_.off += sitting.off(golden.question.dtype);
    if (std::pair(sitting.grade, sitting.ulps) > std::pair(part_.grade, part_.ulps)) {
      part_.grade = sitting.grade;
      part_.ulps = sitting.ulps;
    }
    const bool more_ordinary = part_.example && golden.regime != shown_.regime;
    const std::pair how_far(sitting.grade, sitting.distance);
    if (!sitting.farthest || more_ordinary || (part_.example && how_far <= shown_.how_far)) return;
    shown_ = {golden.regime, how_far};
    part_.example = std::move(sitting.farthest);
    part_.example->id = golden.question.id;
    part_.example->slug = golden.slug;
  }

  MeasuredPart result() && {
    if (part_.cases > 0) part_.off /= part_.cases;
    return std::move(part_);
  }

 private:
  MeasuredPart part_;
  struct {
    Regime regime = Regime::everyday;
    std::pair<Grade, double> how_far{};
  } shown_;
};

}  // namespace

std::vector<mutants::Mutant> wrong_implementations(const Record& record) {
  std::vector<mutants::Mutant> all = mutants::of_any_loss(record);
  for (mutants::Mutant& each : mutants::of_long_inputs(record)) all.push_back(std::move(each));
  for (mutants::Mutant& each : mutants::wrong_formulas())
    if (each.loss == record.name) all.push_back(std::move(each));
  return all;
}

Exam::Exam(const GoldenFile& file) : file_(file) {
  const textbook::Formula* formula = textbook::find(file.loss);
  for (const Regime regime : tolerances::asked_regimes)
    for (const GoldenCase& each : file.cases) {
      if (each.regime != regime || each.error) continue;
      Asked asked{&each, complete(each.question), complete(each.question)};
      if (is_large(asked.question)) asked.lighter.wrt.clear();
      if (formula) asked.sound = textbook::evaluate(*formula, asked.lighter);
      asked_.push_back(std::move(asked));
    }
}

Measured Exam::measure(const mutants::Mutant& subject) const {
  std::array<Marks, tolerances::parts.size()> marks;
  for (const Asked& each : asked_) {
    const Case& question = subject.formula ? each.lighter : each.question;
    const Answer answer = subject.answer(question);
    for (const Part part : tolerances::parts) {
      std::optional<Sitting> sitting = sat(part, *each.golden, question, answer);
      if (!sitting) continue;
      const bool answerable =
          !subject.formula || sat(part, *each.golden, question, each.sound)->grade <= Grade::stable;
      marks[static_cast<std::size_t>(part)].enter(*std::move(sitting), *each.golden, answerable);
    }
  }
  Measured out;
  out.loss = file_.loss;
  out.dtype = file_.dtype;
  out.name = subject.fault;
  out.value = std::move(marks[0]).result();
  out.gradient = std::move(marks[1]).result();
  return out;
}

Measured Exam::measure_sound() const {
  std::array<Marks, tolerances::parts.size()> marks;
  for (const Asked& each : asked_)
    for (const Part part : tolerances::parts)
      if (std::optional<Sitting> sitting = sat(part, *each.golden, each.lighter, each.sound))
        marks[static_cast<std::size_t>(part)].enter(*std::move(sitting), *each.golden, true);
  Measured out;
  out.loss = file_.loss;
  out.dtype = file_.dtype;
  out.name = "textbook";
  out.sound = true;
  out.value = std::move(marks[0]).result();
  out.gradient = std::move(marks[1]).result();
  return out;
}

}  // namespace assay::tests::corpus
