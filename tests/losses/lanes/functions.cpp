#include "tests/losses/lanes/functions.hpp"

#include "tests/losses/lanes/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/losses/lanes/functions.cpp"
#include <hwy/foreach_target.h>

#include "losses/lanes/fine_exp-inl.hpp"
#include "losses/lanes/functions-inl.hpp"

/// A name in code, a name for people, and the block on the operands `o`.
#undef ASSAY_BLOCKS
#define ASSAY_BLOCKS(X)                                                          \
  X(real_exp, "Real exp", exp(o.x))                                              \
  X(real_expm1, "Real expm1", expm1(o.x))                                        \
  X(real_powers_exp, "Real powers.exp", powers(o.x).exp)                         \
  X(real_powers_expm1, "Real powers.expm1", powers(o.x).expm1)                   \
  X(real_short_exp, "Real short_exp", short_exp(o.x))                            \
  X(real_short_exp_down, "Real short_exp_down", short_exp_down(o.x))             \
  X(real_short_powers_exp, "Real short_powers.exp", short_powers(o.x).exp)       \
  X(real_short_powers_expm1, "Real short_powers.expm1", short_powers(o.x).expm1) \
  X(real_log, "Real log", log(o.x))                                              \
  X(real_log1p, "Real log1p", log1p(o.x))                                        \
  X(real_log1p_unit, "Real log1p_unit", log1p_unit(o.x))                         \
  X(real_log_quotient, "Real log_quotient", log_quotient(o.x, o.y))              \
  X(twin_exp, "Twin exp", exp(o.a))                                              \
  X(twin_short_exp, "Twin short_exp", short_exp(o.a))                            \
  X(twin_short_exp_down, "Twin short_exp_down", short_exp_down(o.a))             \
  X(twin_fine_exp, "Twin fine_exp", fine_exp(o.a))                               \
  X(twin_expm1, "Twin expm1", expm1(o.a))                                        \
  X(twin_powers_exp, "Twin powers.exp", powers(o.a).exp)                         \
  X(twin_powers_expm1, "Twin powers.expm1", powers(o.a).expm1)                   \
  X(twin_short_powers_exp, "Twin short_powers.exp", short_powers(o.a).exp)       \
  X(twin_short_powers_expm1, "Twin short_powers.expm1", short_powers(o.a).expm1) \
  X(twin_log, "Twin log", log(o.a))                                              \
  X(twin_short_log, "Twin short_log", short_log(o.a))                            \
  X(twin_log1p, "Twin log1p", log1p(o.a))                                        \
  X(twin_short_log1p, "Twin short_log1p", short_log1p(o.a))                      \
  X(twin_log1p_unit, "Twin log1p_unit", log1p_unit(o.a))                         \
  X(exact_log_quotient, "Exact log_quotient", log_quotient(o.e, o.f))            \
  X(two_sum_of, "two_sum", two_sum(o.x, o.y))                                    \
  X(fast_two_sum_of, "fast_two_sum", fast_two_sum(o.x, o.y))                     \
  X(two_product_of, "two_product", two_product(o.x, o.y))                        \
  X(exact_plus_exact, "Exact + Exact", o.e + o.f)                                \
  X(exact_minus_exact, "Exact - Exact", o.e - o.f)                               \
  X(exact_times_exact, "Exact * Exact", o.e* o.f)                                \
  X(exact_by_exact, "Exact / Exact", o.e / o.f)                                  \
  X(exact_square, "square(Exact)", square(o.e))                                  \
  X(twin_plus_exact, "Twin + Exact", o.a + o.f)                                  \
  X(exact_plus_twin, "Exact + Twin", o.e + o.b)                                  \
  X(twin_minus_exact, "Twin - Exact", o.a - o.f)                                 \
  X(exact_minus_twin, "Exact - Twin", o.e - o.b)                                 \
  X(twin_less_exact, "less(Twin Exact)", less(o.a, o.f))                         \
  X(twin_plus_twin, "Twin + Twin", o.a + o.b)                                    \
  X(twin_minus_twin, "Twin - Twin", o.a - o.b)                                   \
  X(twin_times_exact, "Twin * Exact", o.a* o.f)                                  \
  X(exact_times_twin, "Exact * Twin", o.e* o.b)                                  \
  X(twin_times_twin, "Twin * Twin", o.a* o.b)                                    \
  X(twin_by_twin, "Twin / Twin", o.a / o.b)                                      \
  X(twin_square, "square(Twin)", square(o.a))                                    \
  X(twin_sqrt, "sqrt(Twin)", sqrt(o.a))                                          \
  X(twin_abs, "abs(Twin)", abs(o.a))                                             \
  X(twin_half, "half(Twin)", half(o.a))                                          \
  X(twin_twice, "twice(Twin)", twice(o.a))                                       \
  X(real_plus, "Real + Real", o.x + o.y)                                         \
  X(real_times, "Real * Real", o.x* o.y)                                         \
  X(real_by, "Real / Real", o.x / o.y)                                           \
  X(real_sqrt, "sqrt(Real)", sqrt(o.x))                                          \
  X(real_fused, "fused(Real)", fused(o.x, o.y, o.a.lo))

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {
namespace {

using tests::Words;

/// One operand or two, as each kind of number that blocks take.
struct Operands {
  Twin a, b;
  Real x, y;
  Exact e, f;
};
HWY_INLINE Twin two_words(Twin a) { return a; }
HWY_INLINE Twin two_words(Real a) { return {a, 0.0}; }

template <class Block>
void over(std::span<const Words> a, std::span<const Words> b, std::span<Words> out) {
  HWY_ALIGN double word[4][lanes];
  for (std::size_t i = 0; i < out.size(); i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) {
      const std::size_t at = i + j < out.size() ? i + j : i;
      word[0][j] = a[at].hi;
      word[1][j] = a[at].lo;
      word[2][j] = b[at].hi;
      word[3][j] = b[at].lo;
    }
    Operands o;
    o.a = {Real(hn::Load(Doubles(), word[0])), Real(hn::Load(Doubles(), word[1]))};
    o.b = {Real(hn::Load(Doubles(), word[2])), Real(hn::Load(Doubles(), word[3]))};
    o.x = o.a.hi;
    o.y = o.b.hi;
    o.e = exact(o.x);
    o.f = exact(o.y);
    const Twin result = two_words(Block::of(o));
    hn::Store(result.hi.v, Doubles(), word[0]);
    hn::Store(result.lo.v, Doubles(), word[1]);
    for (std::size_t j = 0; j < lanes && i + j < out.size(); ++j) out[i + j] = {word[0][j], word[1][j]};
  }
}

#undef ASSAY_DEFINE
#define ASSAY_DEFINE(id, name, expression)                              \
  struct id {                                                           \
    HWY_INLINE static auto of(const Operands& o) { return expression; } \
  };
ASSAY_BLOCKS(ASSAY_DEFINE)

#undef ASSAY_ENTRY
#define ASSAY_ENTRY(id, name, expression) {name, over<id>},
const tests::Block all_blocks[] = {ASSAY_BLOCKS(ASSAY_ENTRY)};
std::span<const tests::Block> list_blocks() { return all_blocks; }

}  // namespace
}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace assay {
HWY_EXPORT(list_blocks);

namespace tests {

std::span<const Block> blocks(std::int64_t target) {
  const OnTarget forced(target);
  return HWY_DYNAMIC_DISPATCH(list_blocks)();
}

}  // namespace tests
}  // namespace assay
#endif
