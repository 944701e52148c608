// Every promise of every record, on the kernels and on the reference, in both dtypes.
#include <gtest/gtest.h>

#include <cctype>
#include <sstream>
#include <tuple>

#include "tests/claims/promises/trials.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

class PromiseTest : public ::testing::Test {
 public:
  PromiseTest(Testee& testee, search::Promised promised, search::Check check)
      : testee_(testee), promised_(std::move(promised)), check_(check) {}
  void TestBody() override {
    const auto result = kept(testee_, promised_, check_);
    if (result.template is<rc::detail::SuccessResult>()) return;
    std::ostringstream why;
    rc::detail::printResultMessage(result, why);
    FAIL() << promised_.record.name << " " << name(promised_.dtype) << ": " << why.str();
  }

 private:
  Testee& testee_;
  search::Promised promised_;
  search::Check check_;
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

std::string title(std::string_view sentence, const Promise& promise) {
  std::string out(sentence);
  const char* joint = "In";
  if (!promise.subject.empty())
    for (const std::string& name : search::names(promise.subject)) {
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

Testee& kernels() {
  static const std::unique_ptr<Testee> testee = kernel_testee();
  return *testee;
}
Testee& reference() {
  static const std::unique_ptr<Testee> testee = reference_testee();
  return *testee;
}

void register_claim(const Record& record, const Promise& promise, const std::string& sentence,
                    const search::Check& check) {
  for (const Dtype dtype : dtypes) {
    // The reference rounds once, and sensitivity excuses nothing.
    const std::tuple<const char*, Testee& (*)(), search::Tolerance> whose[] = {
        {"Kernel", kernels, search::Tolerance::declared(record.accuracy[dtype])},
        {"Reference", reference, search::Tolerance::rounded()}};
    for (const auto& [who, testee, tolerance] : whose)
      ::testing::RegisterTest(
          fmt::format("{}Promises/{}", who, record.name).c_str(), (sentence + in_capitals(dtype)).c_str(),
          nullptr, nullptr, __FILE__, __LINE__,
          [&record, &promise, dtype, testee = testee, tolerance = tolerance, check]() -> ::testing::Test* {
            return new PromiseTest(testee(), {record, promise, dtype, tolerance}, check);
          });
  }
}

bool register_promises() {
  static constexpr Promise of_every_loss{};
  for (const Record& record : catalogue()) {
    for (const Promise& promise : record.promises) {
      const search::Check check = search::check_of(promise.property);
      register_claim(record, promise, title(check.sentence, promise), check);
    }
    const search::Check order = search::order_of_rows();
    register_claim(record, of_every_loss, std::string(order.sentence), order);
  }
  return true;
}
const bool registered = register_promises();

}  // namespace
}  // namespace assay::tests
