// Every promise of every record, on the kernels and on the reference, in both dtypes.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "losses/catalogue.hpp"
#include "tests/answers.hpp"
#include "tools/cli/case_source.hpp"
#include "tools/cli/numbers.hpp"

namespace assay::tests {
namespace {

using Ask = std::function<Answer(const Case&)>;

struct Promised {
  const Record& record;
  const Promise& promise;
  Dtype dtype;
  Ask ask;

  /// Values of the case, or nothing where something is not finite: promises are about numbers.
  [[nodiscard]] std::vector<double> values(const Case& c) const {
    const Answer answer = ask(c);
    RC_ASSERT(answer.outcome == Answer::Outcome::answered);
    return answer.value.real;
  }
  [[nodiscard]] double u() const { return dtype == Dtype::f32 ? 0x1p-24 : 0x1p-53; }
};

Case unreduced(Case c) {
  c.reduction = Reduction::none;
  c.wrt.clear();
  c.inputs.erase("cotangent");
  return c;
}

Case drawn(const Promised& p) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  return unreduced(random_case(p.record, p.dtype, seed, 0).question);
}

/// A number of a grid on which sums, halves and shifts are exact: m/64 times a power of two, or m/1024 in [0, 1].
double on_grid(const Domain& domain, double scale) {
  if (domain.low == 0 && domain.high == 1) return *rc::gen::inRange(0, 513) / 512.;
  const int m = *rc::gen::inRange(-512, 513);
  if (m == 0 && domain.kind == Domain::Kind::nonzero) return scale;
  return (domain.low == 0 ? std::abs(m) + 2 : m * 2) / 128. * scale;
}

/// Moves every continuous input of the case onto the grid.
void move_to_grid(const Record& record, Case& c) {
  for (const Input& input : record.inputs) {
    const auto given = c.inputs.find(std::string(input.name));
    if (given == c.inputs.end() || !is_continuous(input)) continue;
    const double scale = std::ldexp(1, *rc::gen::inRange(-4, 5));
    const Domain domain = under_parameters(record, input, c).domain;
    for (double& x : given->second.real) x = on_grid(domain, scale);
  }
}

/// Two correctly bounded computations of one number.
void expect_same(const Promised& p, const std::vector<double>& a, const std::vector<double>& b, const Case& c) {
  RC_ASSERT(a.size() == b.size());
  const double declared = p.dtype == Dtype::f32 ? p.record.f32.ulp : p.record.f64.ulp;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) {
      RC_ASSERT(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
      continue;
    }
    // Each is within its declared ulps of the same real number, so they differ by twice that.
    if (std::abs(a[i] - b[i]) > 2 * declared * ulp(p.dtype, std::max(std::abs(a[i]), std::abs(b[i])))) {
      const reference::Truth t = reference::certify(c);
      const double excused = std::ldexp(t.value.components[i].sensitivity, -48);
      RC_LOG() << witness(c) << " " << a[i] << " against " << b[i];
      RC_ASSERT(std::abs(a[i] - b[i]) <= excused);
    }
  }
}

void is_nonnegative(const Promised& p) {
  const Case c = drawn(p);
  for (double v : p.values(c)) {
    if (v < 0) RC_LOG() << witness(c);
    RC_ASSERT(!(v < 0));
  }
}

void is_in_unit_range(const Promised& p) {
  const Case c = drawn(p);
  for (double v : p.values(c)) RC_ASSERT(std::isnan(v) || (v >= 0 && v <= 1));
}

void is_zero_at_match(const Promised& p) {
  Case c = drawn(p);
  const std::string first(p.record.inputs[0].name), second(p.record.inputs[1].name);
  for (double& x : c.inputs[first].real)
    if (!p.record.inputs[1].domain.contains(x)) x = 1;
  c.inputs[second] = c.inputs[first];
  for (double v : p.values(c)) {
    if (v != 0) RC_LOG() << witness(c);
    RC_ASSERT(v == 0);
  }
}

void is_symmetric(const Promised& p) {
  const Case c = drawn(p);
  Case exchanged = c;
  const std::string first(p.record.inputs[0].name), second(p.record.inputs[1].name);
  std::swap(exchanged.inputs[first], exchanged.inputs[second]);
  if (why_invalid(exchanged)) return;  // an infinity where only finite numbers go
  expect_same(p, p.values(c), p.values(exchanged), c);
}

void is_convex(const Promised& p) {
  Case low = drawn(p);
  move_to_grid(p.record, low);
  Case high = low, middle = low;
  const Input subject = under_parameters(p.record, *p.record.input(p.promise.subject), low);
  const std::string name(subject.name);
  const double scale = std::ldexp(1, *rc::gen::inRange(-4, 5));
  for (std::size_t i = 0; i < low.inputs[name].real.size(); ++i) {
    const double a = on_grid(subject.domain, scale), b = on_grid(subject.domain, scale);
    low.inputs[name].real[i] = a;
    high.inputs[name].real[i] = b;
    middle.inputs[name].real[i] = (a + b) / 2;  // exact on the grid
  }
  const auto at_low = p.values(low), at_high = p.values(high), at_middle = p.values(middle);
  for (std::size_t i = 0; i < at_middle.size(); ++i) {
    const double chord = at_low[i] / 2 + at_high[i] / 2;
    if (std::isnan(chord) || std::isnan(at_middle[i]) || chord == infinity) continue;
    // Three values within an ulp each, and the chord's own rounding in double.
    const double error = 4 * p.u() * (std::abs(at_low[i]) + std::abs(at_high[i]) + std::abs(at_middle[i])) +
                         4 * ulp(p.dtype, 0);
    if (at_middle[i] > chord + error) RC_LOG() << witness(low) << witness(middle) << witness(high);
    RC_ASSERT(at_middle[i] <= chord + error);
  }
}

void is_lipschitz(const Promised& p) {
  Case c = drawn(p);
  c.wrt = {std::string(p.promise.subject)};
  const Case full = complete(c);
  double limit = p.promise.constant;
  if (!p.promise.parameter.empty()) limit = std::get<double>(full.parameters.at(std::string(p.promise.parameter)));
  const Answer answer = p.ask(c);
  for (double slope : answer.gradient.at(c.wrt.front()).real) {
    if (std::abs(slope) > limit) RC_LOG() << witness(c);
    RC_ASSERT(!(std::abs(slope) > limit));
  }
}

void is_shift_invariant(const Promised& p) {
  Case c = drawn(p);
  move_to_grid(p.record, c);
  Case shifted = c;
  const double by = *rc::gen::inRange(-64, 65) * 8.;
  for (double& x : shifted.inputs[std::string(p.promise.subject)].real) x += by;
  expect_same(p, p.values(c), p.values(shifted), c);
}

void is_translation_invariant(const Promised& p) {
  Case c = drawn(p);
  move_to_grid(p.record, c);
  const std::string first(p.record.inputs[0].name), second(p.record.inputs[1].name);
  Case moved = c;
  const double by = *rc::gen::inRange(-64, 65) * 8.;
  for (const std::string& name : {first, second})
    for (double& x : moved.inputs[name].real) x += by;
  expect_same(p, p.values(c), p.values(moved), c);
}

void is_permutation_invariant(const Promised& p) {
  const Case c = drawn(p);
  Case reversed = c;
  const char last = p.record.inputs[0].axes.back();
  for (const Input& input : p.record.inputs) {
    const auto given = reversed.inputs.find(std::string(input.name));
    if (given == reversed.inputs.end() || input.axes.back() != last) continue;
    std::vector<double>& numbers = given->second.real;
    const auto width = static_cast<std::ptrdiff_t>(given->second.shape.back());
    for (auto row = numbers.begin(); row != numbers.end(); row += width) std::reverse(row, row + width);
  }
  expect_same(p, p.values(c), p.values(reversed), c);
}

void sums_to_one(const Promised& p) {
  const Case c = drawn(p);
  const std::vector<double> shares = p.values(c);
  const auto width = static_cast<std::size_t>(c.inputs.at(std::string(p.record.inputs[0].name)).shape.back());
  for (std::size_t row = 0; row < shares.size(); row += width) {
    double total = 0;
    for (std::size_t k = row; k < row + width; ++k) total += shares[k];
    // Each share is within an ulp of itself, and no share is above 1.
    RC_ASSERT(std::isnan(total) || std::abs(total - 1) <= 2 * static_cast<double>(width) * p.u());
  }
}

using Claim = void (*)(const Promised&);

// No default: a promise without its test does not compile.
std::pair<const char*, Claim> claim(Property property) {
  switch (property) {
    case Property::nonnegative: return {"IsNonnegative", is_nonnegative};
    case Property::zero_at_match: return {"IsZeroWhereInputsMatch", is_zero_at_match};
    case Property::symmetric: return {"IsSymmetric", is_symmetric};
    case Property::convex: return {"IsConvex", is_convex};
    case Property::lipschitz: return {"IsLipschitz", is_lipschitz};
    case Property::shift_invariant: return {"IsShiftInvariant", is_shift_invariant};
    case Property::translation_invariant: return {"IsTranslationInvariant", is_translation_invariant};
    case Property::permutation_invariant: return {"IsPermutationInvariant", is_permutation_invariant};
    case Property::unit_range: return {"IsInTheUnitRange", is_in_unit_range};
    case Property::sums_to_one: return {"SumsToOne", sums_to_one};
  }
  std::abort();
}

class PromiseTest : public ::testing::Test {
 public:
  PromiseTest(Promised promised, Claim claim) : promised_(std::move(promised)), claim_(claim) {}
  void TestBody() override {
    const auto result = rc::detail::checkTestable([this] { claim_(promised_); });
    if (result.template is<rc::detail::SuccessResult>()) return;
    std::ostringstream why;
    rc::detail::printResultMessage(result, why);
    FAIL() << promised_.record.name << " " << name(promised_.dtype) << ": " << why.str();
  }

 private:
  Promised promised_;
  Claim claim_;
};

bool register_promises() {
  const std::pair<const char*, Ask> whose[] = {{"Kernel", kernel_answer}, {"Reference", certified_answer}};
  for (const Record& record : catalogue())
    for (const Promise& promise : record.promises)
      for (const auto& [who, ask] : whose)
        for (Dtype dtype : both_dtypes) {
          const auto [sentence, body] = claim(promise.property);
          std::string title(sentence);
          if (!promise.subject.empty()) title += "In" + std::string(promise.subject);
          title += dtype == Dtype::f32 ? "F32" : "F64";
          ::testing::RegisterTest(
              fmt::format("{}Promises/{}", who, record.name).c_str(), title.c_str(), nullptr, nullptr, __FILE__,
              __LINE__, [&record, &promise, dtype, ask = ask, body = body]() -> ::testing::Test* {
                return new PromiseTest({record, promise, dtype, ask}, body);
              });
        }
  return true;
}
const bool registered = register_promises();

}  // namespace
}  // namespace assay::tests
