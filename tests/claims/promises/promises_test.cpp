// Every promise of every record, on the kernels and on the reference, in both dtypes.
#include "tests/claims/promises/promises.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <sstream>
#include <tuple>

namespace assay::tests {
namespace {

using Claim = void (*)(const Promised&);

// No default: a promise without its test does not compile.
std::pair<const char*, Claim> claim(Property property) {
  switch (property) {
    case Property::nonnegative:
      return {"IsNonnegative", is_nonnegative};
    case Property::at_most:
      return {"IsBounded", is_at_most};
    case Property::zero_at_match:
      return {"IsZeroWhereInputsMatch", is_zero_at_match};
    case Property::symmetric:
      return {"IsSymmetric", is_symmetric};
    case Property::convex:
      return {"IsConvex", is_convex};
    case Property::concave:
      return {"IsConcave", is_concave};
    case Property::affine:
      return {"IsAffine", is_affine};
    case Property::lipschitz:
      return {"IsLipschitz", is_lipschitz};
    case Property::smooth:
      return {"IsSmooth", is_smooth};
    case Property::shift_invariant:
      return {"IsShiftInvariant", is_shift_invariant};
    case Property::scale_invariant:
      return {"IsScaleInvariant", is_scale_invariant};
    case Property::homogeneous:
      return {"IsHomogeneous", is_homogeneous};
    case Property::translation_invariant:
      return {"IsTranslationInvariant", is_translation_invariant};
    case Property::rotation_invariant:
      return {"IsRotationInvariant", is_rotation_invariant};
    case Property::permutation_invariant:
      return {"IsPermutationInvariant", is_permutation_invariant};
    case Property::repetition_invariant:
      return {"IsRepetitionInvariant", is_repetition_invariant};
    case Property::unit_range:
      return {"IsInTheUnitRange", is_in_unit_range};
    case Property::sums_to_one:
      return {"SumsToOne", sums_to_one};
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

/// "score_positive" as "ScorePositive".
std::string capitalised(std::string_view name) {
  std::string out;
  bool start = true;
  for (const char c : name) {
    if (c != '_') out += start ? static_cast<char>(std::toupper(c)) : c;
    start = c == '_';
  }
  return out;
}

std::string title(const char* sentence, const Promise& promise) {
  std::string out(sentence);
  const char* joint = "In";
  if (!promise.subject.empty())
    for (const std::string& name : names(promise.subject)) {
      out += joint + capitalised(name);
      joint = "And";
    }
  if (promise.property == Property::homogeneous) out += fmt::format("OfDegree{}", promise.constant);
  for (const While& each : promise.where) {
    out += "While" + capitalised(each.parameter) + fmt::format("Is{}", each.low);
    if (each.high != each.low) out += fmt::format("To{}", each.high);
  }
  return out;
}

void register_claim(const Record& record, const Promise& promise, const std::string& sentence, Claim body) {
  for (const Dtype dtype : dtypes) {
    // The reference rounds once, and sensitivity excuses nothing.
    const Accuracy declared = record.accuracy[dtype], rounded{.5, -10'000};
    const std::tuple<const char*, Ask, Accuracy> whose[] = {{"Kernel", kernel_answer, declared},
                                                            {"Reference", certified_answer, rounded}};
    for (const auto& [who, ask, accuracy] : whose)
      ::testing::RegisterTest(
          fmt::format("{}Promises/{}", who, record.name).c_str(), (sentence + in_capitals(dtype)).c_str(),
          nullptr, nullptr, __FILE__, __LINE__,
          [&record, &promise, dtype, ask = ask, accuracy = accuracy, body]() -> ::testing::Test* {
            return new PromiseTest({record, promise, dtype, ask, accuracy}, body);
          });
  }
}

bool register_promises() {
  static constexpr Promise of_every_loss{};
  for (const Record& record : catalogue()) {
    for (const Promise& promise : record.promises) {
      const auto [sentence, body] = claim(promise.property);
      register_claim(record, promise, title(sentence, promise), body);
    }
    register_claim(record, of_every_loss, "SeesNoOrderOfRows", sees_no_order_of_rows);
  }
  return true;
}
const bool registered = register_promises();

}  // namespace
}  // namespace assay::tests
