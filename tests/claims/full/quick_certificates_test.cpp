// Certificates without decimals, as an audit asks for them, beside the full ones: of drawn cases, of all
// systematic ones, and of those that a search begins with.
#include <gtest/gtest.h>

#include "tests/reference/agreement.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/search/draws.hpp"

namespace assay::tests {
namespace {

class QuickCertificates : public testing::TestWithParam<const Record*> {};
INSTANTIATE_TEST_SUITE_P(Of, QuickCertificates, testing::ValuesIn([] {
                           std::vector<const Record*> out;
                           for (const Record& each : catalogue()) out.push_back(&each);
                           return out;
                         }()),
                         [](const auto& each) { return std::string(each.param->name); });

TEST_P(QuickCertificates, AgreeWithThoseThatHaveDigits) {
  const Record& record = *GetParam();
  std::int64_t compared = 0;
  const auto compare = [&](const Case& c) {
    std::size_t numbers = 0;
    for (const auto& [name, tensor] : c.inputs) numbers += tensor.size();
    if (numbers > 600) return;  // the full certificate of a large case takes seconds
    ++compared;
    EXPECT_EQ(disagreement(c), "") << witness(c);
  };
  for (const Dtype dtype : dtypes) {
    for (std::int64_t i = 0; i < 200; ++i) compare(random_case(record, dtype, 31, i).question);
    for (const AnnotatedCase& each : systematic_cases(record, dtype, 1)) compare(each.question);
    Random random(seed_for(37, record.name));
    for (int i = 0; i < 200; ++i)
      if (const auto start = search::foothill({record, dtype}, random)) compare(*start);
  }
  EXPECT_GT(compared, 400);
}

}  // namespace
}  // namespace assay::tests
