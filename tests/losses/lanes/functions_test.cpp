// Every building block of losses/lanes/ against Arb, held to the error that its header states, on every
// target.
#include "tests/losses/lanes/functions.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/numbers/arb.hpp"
#include "tests/losses/lanes/points.hpp"
#include "tests/losses/lanes/targets.hpp"

namespace assay::tests {
namespace {

using reference::Ball;

constexpr slong precision = 300;

Ball ball(double x) {
  Ball out;
  arb_set_d(out, x);
  return out;
}
/// Sums of doubles are exact.
Ball ball(const Words& x) {
  Ball out = ball(x.hi);
  const Ball lo = ball(x.lo);
  arb_add(out, out, lo, ARF_PREC_EXACT);
  return out;
}
Ball minus_one(const Ball& x) {
  Ball out;
  arb_sub_si(out, x, 1, ARF_PREC_EXACT);
  return out;
}
/// |x|, rounded up.
double size(const Ball& x) {
  arf_t bound;
  arf_init(bound);
  arb_get_abs_ubound_arf(bound, x, 64);
  const double out = arf_get_d(bound, ARF_RND_UP);
  arf_clear(bound);
  return out;
}

using Of = void (*)(Ball& y, const Ball& a, const Ball& b);

void exp_of(Ball& y, const Ball& a, const Ball&) { arb_exp(y, a, precision); }
/// exp of the nearest number in +-700.
void clamped_exp_of(Ball& y, const Ball& a, const Ball&) {
  const double x = arf_get_d(arb_midref(static_cast<arb_srcptr>(a)), ARF_RND_NEAR);
  if (std::fabs(x) <= 700)
    arb_exp(y, a, precision);
  else
    arb_exp(y, ball(x > 0 ? 700. : -700.), precision);
}
void expm1_of(Ball& y, const Ball& a, const Ball&) { arb_expm1(y, a, precision); }
/// Near 1 by way of a - 1, which is exact, so that the ball is narrow beside a small logarithm too.
void log_of(Ball& y, const Ball& a, const Ball&) {
  const Ball f = minus_one(a);
  if (size(f) < .5)
    arb_log1p(y, f, precision);
  else
    arb_log(y, a, precision);
}
void log1p_of(Ball& y, const Ball& a, const Ball&) {
  if (size(a) < .5) {
    arb_log1p(y, a, precision);
  } else {
    Ball sum;
    arb_add_si(sum, a, 1, ARF_PREC_EXACT);
    arb_log(y, sum, precision);
  }
}
/// log(p/q) = log1p((p-q)/q), of which p-q is exact.
void log_quotient_of(Ball& y, const Ball& p, const Ball& q) {
  arb_sub(y, p, q, ARF_PREC_EXACT);
  arb_div(y, y, q, 2 * precision);
  arb_log1p(y, y, 2 * precision);
}
void sum_of(Ball& y, const Ball& a, const Ball& b) { arb_add(y, a, b, ARF_PREC_EXACT); }
void difference_of(Ball& y, const Ball& a, const Ball& b) { arb_sub(y, a, b, ARF_PREC_EXACT); }
void product_of(Ball& y, const Ball& a, const Ball& b) { arb_mul(y, a, b, ARF_PREC_EXACT); }
void quotient_of(Ball& y, const Ball& a, const Ball& b) { arb_div(y, a, b, precision); }
void square_of(Ball& y, const Ball& a, const Ball&) { arb_mul(y, a, a, ARF_PREC_EXACT); }
void root_of(Ball& y, const Ball& a, const Ball&) { arb_sqrt(y, a, precision); }
void size_of(Ball& y, const Ball& a, const Ball&) { arb_abs(y, a); }
void half_of(Ball& y, const Ball& a, const Ball&) { arb_mul_2exp_si(y, a, -1); }
void twice_of(Ball& y, const Ball& a, const Ball&) { arb_mul_2exp_si(y, a, 1); }

enum class RelativeTo { result, larger_operand };

/// What the headers say of one block.
struct Claim {
  std::string_view block;
  Of exact;
  Points (*points)();
  double bound;  ///< 0: no error at all
  RelativeTo relative;
  double low;  ///< |lo| <= low |hi| in the result; 0 where there is no second word
  std::string_view operands = "";
};

/// In the order of blocks().
const std::vector<Claim>& claims() {
  constexpr auto positive_real = [] { return positive(Kind::real); };
  constexpr auto positive_twin = [] { return positive(Kind::twin); };
  constexpr auto real_above = [] { return above_minus_one(Kind::real); };
  constexpr auto twin_above = [] { return above_minus_one(Kind::twin); };
  constexpr auto real_unit = [] { return unit(Kind::real); };
  constexpr auto twin_unit = [] { return unit(Kind::twin); };
  constexpr auto result = RelativeTo::result, larger = RelativeTo::larger_operand;
  static const std::vector<Claim> all{
      {"Real exp", clamped_exp_of, real_clamped, 0x1p-51, result, 0},
      {"Real expm1", expm1_of, real_exponents, 0x1p-51, result, 0},
      {"Real powers.exp", exp_of, real_exponents, 0x1p-51, result, 0},
      {"Real powers.expm1", expm1_of, real_exponents, 0x1p-51, result, 0},
      {"Real short_exp", clamped_exp_of, real_clamped, 0x1.6a1p-38, result, 0},
      {"Real short_exp_down", exp_of, real_exponents, 0x1.6a1p-38, result, 0},
      {"Real short_powers.exp", exp_of, real_exponents, 0x1.6a1p-38, result, 0},
      {"Real short_powers.expm1", expm1_of, real_exponents, 0x1p-36, result, 0},
      {"Real log_quotient", log_quotient_of, quotients, 0x1p-51, result, 0},
      {"Exact log_quotient", log_quotient_of, quotients, 0x1p-74, result, 0x1p-51},
      {"Real log", log_of, positive_real, 0x1p-51, result, 0},
      {"Real log1p", log1p_of, real_above, 0x1p-51, result, 0},
      {"Real log1p_unit", log1p_of, real_unit, 0x1.6a1p-39, result, 0},
      {"Twin exp", clamped_exp_of, twin_clamped, 0x1p-74, result, 0x1p-51},
      {"Twin short_exp", clamped_exp_of, twin_clamped, 0x1p-57, result, 0x1p-51},
      {"Twin short_exp_down", exp_of, twin_exponents, 0x1p-57, result, 0x1p-51},
      {"Twin fine_exp", exp_of, twin_moderate, 0x1p-95, result, 0x1p-51},
      {"Twin fine_exp", exp_of, twin_near_0, 0x1p-100, result, 0x1p-51, " near 0"},
      {"Twin expm1", expm1_of, twin_exponents, 0x1p-73, result, 0x1p-51},
      {"Twin powers.exp", exp_of, twin_exponents, 0x1p-74, result, 0x1p-51},
      {"Twin powers.expm1", expm1_of, twin_exponents, 0x1p-73, result, 0x1p-51},
      {"Twin short_powers.exp", exp_of, twin_exponents, 0x1p-58, result, 0x1p-51},
      {"Twin short_powers.expm1", expm1_of, twin_exponents, 0x1p-56, result, 0x1p-51},
      {"Twin log", log_of, positive_twin, 0x1p-74, result, 0x1p-51},
      {"Twin short_log", log_of, positive_twin, 0x1p-57, result, 0x1p-51},
      {"Twin log1p", log1p_of, twin_above, 0x1p-74, result, 0x1p-51},
      {"Twin short_log1p", log1p_of, twin_above, 0x1p-57, result, 0x1p-51},
      {"Twin log1p_unit", log1p_of, twin_unit, 0x1p-57, result, 0x1p-51},
      {"two_sum", sum_of, reals, 0, result, 0x1p-53},
      {"fast_two_sum", sum_of, ordered_reals, 0, result, 0x1p-53},
      {"two_product", product_of, reals, 0, result, 0x1p-53},
      {"Exact + Exact", sum_of, reals, 0, result, 0x1p-53},
      {"Exact - Exact", difference_of, reals, 0, result, 0x1p-53},
      {"Exact * Exact", product_of, reals, 0, result, 0x1p-53},
      {"Exact / Exact", quotient_of, reals, 0x1p-103, result, 0x1p-51},
      {"square(Exact)", square_of, reals, 0, result, 0x1p-53},
      {"Twin + Exact", sum_of, twin_and_real<normal>, 0x1p-104, larger, 0x1p-53},
      {"Twin + Exact", sum_of, twin_and_real<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"Exact + Twin", sum_of, real_and_twin<normal>, 0x1p-104, larger, 0x1p-53},
      {"Exact + Twin", sum_of, real_and_twin<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"Twin - Exact", difference_of, twin_and_real<normal>, 0x1p-104, larger, 0x1p-53},
      {"Twin - Exact", difference_of, twin_and_real<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"Exact - Twin", difference_of, real_and_twin<normal>, 0x1p-104, larger, 0x1p-53},
      {"Exact - Twin", difference_of, real_and_twin<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"less(Twin Exact)", difference_of, descending, 0x1p-104, larger, 0x1p-51},
      {"Twin + Twin", sum_of, twins<normal>, 0x1p-104, larger, 0x1p-53},
      {"Twin + Twin", sum_of, twins<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"Twin - Twin", difference_of, twins<normal>, 0x1p-104, larger, 0x1p-53},
      {"Twin - Twin", difference_of, twins<loose>, 0x1p-102, larger, 0x1p-53, " of products"},
      {"Twin * Exact", product_of, twin_and_real<normal>, 0x1p-104, result, 0x1p-51},
      {"Twin * Exact", product_of, twin_and_real<loose>, 0x1p-102, result, 0x1p-49, " of products"},
      {"Exact * Twin", product_of, real_and_twin<normal>, 0x1p-104, result, 0x1p-51},
      {"Exact * Twin", product_of, real_and_twin<loose>, 0x1p-102, result, 0x1p-49, " of products"},
      {"Twin * Twin", product_of, twins<normal>, 0x1p-102, result, 0x1p-51},
      {"Twin * Twin", product_of, twins<loose>, 0x1p-100, result, 0x1p-49, " of products"},
      {"Twin / Twin", quotient_of, twins<normal>, 0x1p-101, result, 0x1p-51},
      {"Twin / Twin", quotient_of, twins<loose>, 0x1p-99, result, 0x1p-51, " of products"},
      {"square(Twin)", square_of, twins<normal>, 0x1p-102, result, 0x1p-51},
      {"square(Twin)", square_of, twins<loose>, 0x1p-100, result, 0x1p-49, " of products"},
      {"sqrt(Twin)", root_of, positive_twins<normal>, 0x1p-102, result, 0x1p-51},
      {"sqrt(Twin)", root_of, positive_twins<loose>, 0x1p-100, result, 0x1p-51, " of products"},
      {"abs(Twin)", size_of, twins<normal>, 0, result, 0x1p-53},
      {"abs(Twin)", size_of, twins<loose>, 0, result, 0x1p-51, " of products"},
      {"half(Twin)", half_of, twins<normal>, 0, result, 0x1p-53},
      {"half(Twin)", half_of, twins<loose>, 0, result, 0x1p-51, " of products"},
      {"twice(Twin)", twice_of, twins<normal>, 0, result, 0x1p-53},
      {"twice(Twin)", twice_of, twins<loose>, 0, result, 0x1p-51, " of products"},
      {"Real + Real", sum_of, reals, 0x1p-53, result, 0},
      {"Real * Real", product_of, reals, 0x1p-53, result, 0},
      {"Real / Real", quotient_of, reals, 0x1p-53, result, 0},
      {"sqrt(Real)", root_of, positive_reals, 0x1p-53, result, 0},
  };
  return all;
}

const Block& block(std::int64_t target, std::string_view name) {
  for (const Block& each : blocks(target))
    if (each.name == name) return each;
  throw std::logic_error("no block " + std::string(name));
}
std::vector<Words> results(const Block& f, const Points& at) {
  std::vector<Words> out(at.a.size());
  f.run(at.a, at.b, out);
  return out;
}
std::string hex(Words x) {
  std::ostringstream out;
  out << std::hexfloat << x.hi << " + " << x.lo;
  return out.str();
}

/// GoogleTest takes letters only.
std::string in_words(const testing::TestParamInfo<Claim>& each) {
  std::string out;
  for (const char c : std::string(each.param.block) + std::string(each.param.operands)) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    out += c == '+'   ? "plus"
           : c == '-' ? "minus"
           : c == '*' ? "times"
           : c == '/' ? "by"
           : plain    ? std::string(1, c)
                      : "_";
  }
  return out;
}
void PrintTo(const Claim& claim, std::ostream* out) { *out << claim.block; }
class BuildingBlocks : public testing::TestWithParam<Claim> {};
INSTANTIATE_TEST_SUITE_P(Every, BuildingBlocks, testing::ValuesIn(claims()), in_words);

TEST_P(BuildingBlocks, KeepTheErrorThatTheirHeaderStatesAndNeedIt) {
  const Claim& claim = GetParam();
  const Points points = claim.points();
  const std::vector<Words> got = results(block(targets().front(), claim.block), points);
  double worst = 0;
  std::size_t where = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto at = [&] {
      return std::string(claim.block) + " at " + hex(points.a[i]) + ", " + hex(points.b[i]) + ": got " +
             hex(got[i]);
    };
    const Ball a = ball(points.a[i]), b = ball(points.b[i]);
    Ball truth, error;
    claim.exact(truth, a, b);
    ASSERT_TRUE(std::isfinite(got[i].hi) && std::isfinite(got[i].lo)) << at();
    ASSERT_LE(std::fabs(got[i].lo), claim.low * std::fabs(got[i].hi)) << at();
    arb_sub(error, truth, ball(got[i]), precision);
    if (arb_is_zero(error)) continue;
    ASSERT_FALSE(arb_is_zero(truth)) << at();
    if (claim.relative == RelativeTo::result)
      arb_div(error, error, truth, precision);
    else
      arb_div(error, error, size(a) > size(b) ? a : b, precision);
    if (size(error) <= worst) continue;
    worst = size(error);
    where = i;
  }
  EXPECT_LE(worst, claim.bound) << claim.block << claim.operands << ": 2^" << std::log2(worst)
                                << ", stated 2^" << std::log2(claim.bound) << ", at " << hex(points.a[where])
                                << ", " << hex(points.b[where]) << ": got " << hex(got[where]);
  EXPECT_GE(worst, claim.bound / 8) << claim.block << ": the worst seen is 2^" << std::log2(worst)
                                    << "; state that instead of 2^" << std::log2(claim.bound);
  RecordProperty("worst", std::to_string(std::log2(worst)));
}

TEST_P(BuildingBlocks, GiveTheSameBitsOnEveryTarget) {
  const Points points = GetParam().points();
  const std::vector<std::int64_t> all = targets();
  const std::vector<Words> first = results(block(all.front(), GetParam().block), points);
  for (const std::int64_t target : all) {
    const std::vector<Words> other = results(block(target, GetParam().block), points);
    for (std::size_t i = 0; i < first.size(); ++i)
      ASSERT_EQ(std::memcmp(&first[i], &other[i], sizeof(Words)), 0)
          << GetParam().block << " at " << hex(points.a[i]) << ", " << hex(points.b[i]) << ": "
          << hex(first[i]) << " on " << hwy::TargetName(all.front()) << ", " << hex(other[i]) << " on "
          << hwy::TargetName(target);
  }
}

TEST(BuildingBlocks, FusedRoundsOnceOnEveryTarget) {
  const Points points = twin_and_real<normal>();
  for (const std::int64_t target : targets()) {
    const std::vector<Words> got = results(block(target, "fused(Real)"), points);
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(got[i].hi),
                std::bit_cast<std::uint64_t>(std::fma(points.a[i].hi, points.b[i].hi, points.a[i].lo)))
          << hex(points.a[i]) << ", " << hex(points.b[i]) << " on " << hwy::TargetName(target);
  }
}

TEST(BuildingBlocks, AreAllClaimedOnEveryTarget) {
  std::set<std::string_view> claimed{"fused(Real)"};
  for (const Claim& each : claims()) claimed.insert(each.block);
  for (const std::int64_t target : targets())
    for (const Block& each : blocks(target)) EXPECT_TRUE(claimed.contains(each.name)) << each.name;
}

TEST(Targets, AreMoreThanOneHere) { EXPECT_GE(targets().size(), 2u); }

}  // namespace
}  // namespace assay::tests
