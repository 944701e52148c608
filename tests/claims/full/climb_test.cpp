// Hill-climbed worst cases of the kernels, by tools/search: what random draws meet once in a billion, a climb
// walks to.
#include "tools/search/climb.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "tests/claims/answers.hpp"

namespace assay::tests {
namespace {

class Climb : public testing::TestWithParam<std::tuple<const Record*, Dtype>> {};
INSTANTIATE_TEST_SUITE_P(Of, Climb,
                         testing::Combine(testing::ValuesIn([] {
                                            std::vector<const Record*> out;
                                            for (const Record& each : catalogue()) out.push_back(&each);
                                            return out;
                                          }()),
                                          testing::ValuesIn(dtypes)),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param)->name) + "_" +
                                  std::string(name(std::get<1>(each.param)));
                         });

TEST_P(Climb, FindsNothingBeyondTheDeclaredBound) {
  const auto [record, dtype] = GetParam();
  const auto tolerance = search::Tolerance::declared(record->accuracy[dtype]);
  // Where rows meet each other a step costs the reference some ten times as much.
  const std::int64_t enough = record->kind == Kind::element_wise ? 1200 : record->rows_depend ? 200 : 360;
  std::int64_t judged = 0;
  double highest = 0;
  search::Search climbs(
      [&, record = record, dtype = dtype](std::size_t number) -> std::unique_ptr<search::Strand> {
        if (judged >= enough || number == 400) return nullptr;
        const std::uint64_t seed = seed_for(2718, fmt::format("{}/{}", record->name, number));
        Random random(seed);
        Case start = *search::foothill({*record, dtype}, random);
        return std::make_unique<search::Climb>(
            *record, tolerance, std::move(start), random.bits(),
            static_cast<int>(enough / 10));  // some start where nothing moves
      },
      [&](std::size_t, search::Strand& strand) {
        const auto& climb = dynamic_cast<const search::Climb&>(strand);
        judged += climb.judged();
        highest = std::max(highest, climb.strain().share);
        if (const auto& which = climb.unanswered())
          ADD_FAILURE() << which->reason << ": " << witness(which->question);
        const search::Strain& most = climb.strain();
        if (most.share > 1)
          ADD_FAILURE() << fmt::format(
              "{} {}: {} ulp, {} times what is declared, at {} of {}: got {:a}, true {}",
              climb.highest().loss.name(), name(climb.highest().dtype), most.ulps, most.share, most.where,
              witness(climb.highest()), most.got, most.truth.digits);
      },
      1);
  kernel_testee()->ask(climbs);
  if (HasFailure()) return;
  EXPECT_GE(judged, enough);
  EXPECT_GE(highest, .49) << "a climb that finds less than a rounding does not climb";
  RecordProperty("judged", std::to_string(judged));
  RecordProperty("highest", std::to_string(highest));
}

}  // namespace
}  // namespace assay::tests
