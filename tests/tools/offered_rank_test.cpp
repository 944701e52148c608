// A testee that offers some ranks alone is audited at these.
#include "tools/audit/offered_rank.hpp"

#include <gtest/gtest.h>

#include <set>

#include "losses/catalogue/catalogue.hpp"
#include "tools/audit/cell.hpp"
#include "tools/audit/drawing.hpp"

namespace assay::audit {
namespace {

std::size_t rank_of(const Case& c) {
  std::size_t out = 0;
  for (const auto& [name, tensor] : c.inputs)
    if (!tensor.is_integer && name != "cotangent") out = std::max(out, tensor.shape.size());
  return out;
}

/// A testee with everything, at these ranks.
Handshake at_ranks(std::vector<std::int64_t> ranks) {
  Handshake out;
  for (const Record& each : catalogue())
    out.losses.emplace(each.name, Offer{.dtypes = {Dtype::f64},
                                        .reductions = {Reduction::none, Reduction::mean, Reduction::sum},
                                        .any_gradient = true,
                                        .gradient = {},
                                        .parameters = {},
                                        .inputs = {},
                                        .conventions = {},
                                        .ranks = ranks});
  return out;
}

/// The ranks of what is drawn of a loss; every case is a right one.
std::set<std::size_t> ranks_drawn(const Record& record, const Handshake& offers) {
  std::set<std::size_t> out;
  Random random(1);
  const Cell cell{.record = &record, .dtype = Dtype::f64};
  for (int i = 0; i < 24; ++i)
    if (const auto c =
            drawn(cell, offers, i % 2 == 0 ? Structure::ordinary : Structure::seam, Batch{}, random)) {
      EXPECT_EQ(why_invalid(*c).value_or(""), "") << record.name;
      out.insert(rank_of(*c));
    }
  return out;
}

TEST(OfferedRanks, AreThoseThatAnAuditDraws) {
  const Handshake two_or_four = at_ranks({2, 4}), any = at_ranks({0, 1, 2, 3, 4});
  for (const Record& each : catalogue()) {
    const std::set<std::size_t> drawn_of_any = ranks_drawn(each, any);
    EXPECT_FALSE(drawn_of_any.empty()) << each.name;
    const std::set<std::size_t> expected =
        each.has_leading() ? std::set<std::size_t>{2, 4} : std::set<std::size_t>{};
    const std::set<std::size_t> narrowed = ranks_drawn(each, two_or_four);
    if (each.has_leading())
      EXPECT_EQ(narrowed, expected) << each.name;
    else  // its rank is the record's: offered whole, or not at all
      EXPECT_TRUE(narrowed.empty() || narrowed == drawn_of_any) << each.name;
  }
}

TEST(OfferedRanks, AScalarIsOneOfThem) {
  const Record& mse = *find("mse");
  EXPECT_EQ(ranks_drawn(mse, at_ranks({0})), std::set<std::size_t>{0});
  EXPECT_EQ(ranks_drawn(mse, at_ranks({3})), std::set<std::size_t>{3});
  EXPECT_EQ(ranks_drawn(*find("softmax"), at_ranks({1})), std::set<std::size_t>{1});
  EXPECT_TRUE(ranks_drawn(*find("softmax"), at_ranks({0})).empty()) << "a row has an axis";
}

}  // namespace
}  // namespace assay::audit
