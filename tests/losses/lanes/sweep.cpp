#include "tests/losses/lanes/sweep.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <optional>
#include <ostream>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "reference/truth/rounding.hpp"

namespace assay::tests {
namespace {

using reference::Ball;
using Oracle = Unary::Oracle;

constexpr std::size_t block = 4096;

// The kernels.

enum class Part { value, slope };

/// `Swept`: which input x is; the others are `fixed`.
template <Part P, std::size_t Swept = 0, class Loss>
void ask(const Loss& loss, std::array<float, max_inputs> fixed, std::span<const float> x,
         std::span<float> y) {
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  static thread_local std::array<std::array<float, block>, max_inputs> constant;
  Call<float> call;
  call.reduction = Reduction::none;
  for (std::size_t k = 0; k < inputs; ++k) {
    if (facts<Loss>.inputs[k].optional) continue;
    constant[k].fill(fixed[k]);
    call.inputs[k].real = k == Swept ? x.data() : constant[k].data();
    call.inputs[k].extent = {static_cast<std::int64_t>(x.size()), 1, 1};
  }
  if constexpr (P == Part::value)
    call.value = y.data();
  else
    call.gradient[Swept] = y.data();
  evaluate(loss, call);
}
template <class Loss, Part P = Part::value>
void against_zero(std::span<const float> x, std::span<float> y) {
  ask<P>(Loss{}, {}, x, y);
}
/// Against the target `Tenths`/10.
template <class Loss, int Tenths, Part P = Part::value>
void against(std::span<const float> x, std::span<float> y) {
  ask<P>(Loss{}, {0, Tenths / 10.F}, x, y);
}
void half_log_variance(std::span<const float> x, std::span<float> y) {
  ask<Part::value, 2>(GaussianNll{}, {}, x, y);
}

// The oracles. Functions of the C library are good to 1 ulp, 2^-52, tanh to 2; the few operations around them
// round by 2^-53 each. oracle_error() measures what they come to.
//
// Most floats are tiny or huge: there a few terms of a series, what they leave out below 2^-53 of them, spare
// a call, and the C library the trouble of an underflow.

constexpr double tiny = 0x1p-20, ln_two = 0x1.62e42fefa39efp-1;

/// e^-a for a >= 0.
double falling(double a) {
  if (a < tiny) return 1 - a + a * a / 2;
  return a < 745 ? std::exp(-a) : a >= 745 ? 0 : a;
}
/// log(1 + e^-a) for a >= 0.
double softplus_down_of(double a) { return a < tiny ? ln_two - a / 2 + a * a / 8 : std::log1p(falling(a)); }
double softplus(double x) { return std::fmax(x, 0) + softplus_down_of(std::fabs(x)); }
double tangent_of(double x) {
  return std::fabs(x) < 0x1p-14 ? x - x * x * x / 3 : std::fabs(x) > 20 ? std::copysign(1, x) : std::tanh(x);
}

Oracle sigmoid(double x) {
  const double q = falling(std::fabs(x));
  return {(x < 0 ? q : 1) / (1 + q)};
}
Oracle sigmoid_slope(double x) {
  const double q = falling(std::fabs(x));
  return {q / ((1 + q) * (1 + q))};
}
Oracle squared(double x) { return {x * x, 0}; }
Oracle size(double x) { return {std::fabs(x), 0}; }
/// Floats beyond 2^52 are even: half of one does not show.
Oracle half_square_then_linear(double x) {
  const double a = std::fabs(x);
  return a <= 1 ? Oracle{x * x / 2, 0} : Oracle{a - .5, a < 0x1p52 ? 0 : 0x1p-50};
}
/// Below 1/4 the Taylor series; what it leaves out is below 2^-52 of the first term.
Oracle log_cosh(double x) {
  const double a = std::fabs(x), z = a * a;
  if (a < .25) {
    // log cosh a = sum 2^2n (2^2n - 1) B_2n / (2n (2n)!) a^2n
    constexpr double c[] = {1. / 2,
                            -1. / 12,
                            1. / 45,
                            -17. / 2520,
                            31. / 14175,
                            -691. / 935550,
                            10922. / 42567525,
                            -929569. / 10216206000.,
                            3202291. / 97692469875.,
                            -221930581. / 18561569276250.};
    double sum = 0;
    for (std::size_t n = std::size(c); n-- > 1;) sum = (sum + c[n]) * z;
    return {(c[0] + sum) * z};
  }
  if (a < 1) {
    const double m = std::expm1(a);  // cosh a - 1 = m^2/(2 (1+m))
    return {std::log1p(m * m / (2 * (1 + m))), 0x1p-49};
  }
  return {a - ln_two + softplus_down_of(2 * a)};
}
Oracle tangent(double x) { return {tangent_of(x)}; }
/// 1 - x of a float between 2^-29 and 2^29 takes no more than 53 bits.
Oracle hinge_up(double x) {
  const double a = std::fabs(x);
  return {std::isnan(x) ? x : std::fmax(0, 1 - x), a >= 0x1p-29 && a <= 0x1p29 ? 0 : 0x1p-50};
}
Oracle hinge_down(double x) { return hinge_up(-x); }
Oracle growth(double x) {
  return {x < 0 ? falling(-x) : x > 745 ? infinity : x < tiny ? 1 + x + x * x / 2 : std::exp(x)};
}
Oracle decay(double x) { return growth(-x); }
Oracle softplus_up(double x) { return {softplus(x)}; }
Oracle softplus_down(double x) { return softplus_up(-x); }
Oracle log_sigmoid(double x) { return {-softplus(-x)}; }
Oracle log1p_squared(double x) {
  const double l = std::log1p(x);
  return {l * l};
}
/// The square of what hinge_up has exactly, or next to a power of two, rounded once or twice.
Oracle squared_hinge(double x) {
  const double h = hinge_up(x).value;
  return {h * h};
}
Oracle softplus_mean(double x) { return {std::fabs(x) / 2 + softplus_down_of(std::fabs(x))}; }
Oracle sigmoid_fall(double x) { return {-sigmoid(-x).value}; }
Oracle half_tangent(double x) { return {tangent_of(x / 2) / 2}; }
Oracle minus_log(double p) { return {-std::log(p)}; }
Oracle minus_log1m(double p) { return {-std::log1p(-p)}; }
Oracle half_log(double v) { return {std::log(v) / 2}; }

// The truth. x is finite.

void exp_of(Ball& y, const Ball& x, int sign, long bits) {
  arb_set(y, x);
  if (sign < 0) arb_neg(y, y);
  arb_exp(y, y, bits);
}
void sigmoid_truth(Ball& y, const Ball& x, long bits) {
  exp_of(y, x, -1, bits);
  arb_add_si(y, y, 1, bits);
  arb_inv(y, y, bits);
}
void sigmoid_slope_truth(Ball& y, const Ball& x, long bits) {
  arb_mul_2exp_si(y, x, -1);
  arb_sech(y, y, bits);
  arb_mul(y, y, y, bits);
  arb_mul_2exp_si(y, y, -2);
}
void squared_truth(Ball& y, const Ball& x, long) { arb_mul(y, x, x, ARF_PREC_EXACT); }
void size_truth(Ball& y, const Ball& x, long) { arb_abs(y, x); }
void half_square_then_linear_truth(Ball& y, const Ball& x, long) {
  Ball half;
  arb_set_d(half, .5);
  arb_abs(y, x);
  if (arf_cmpabs_2exp_si(arb_midref(static_cast<arb_srcptr>(x)), 0) <= 0) {
    arb_mul(y, y, y, ARF_PREC_EXACT);
    arb_mul(y, y, half, ARF_PREC_EXACT);
  } else {
    arb_sub(y, y, half, ARF_PREC_EXACT);
  }
}
void log_cosh_truth(Ball& y, const Ball& x, long bits) {
  // 2 sinh^2(x/2) = cosh x - 1, which near 0 the ball of cosh would not know.
  arb_mul_2exp_si(y, x, -1);
  arb_sinh(y, y, bits);
  arb_mul(y, y, y, bits);
  arb_mul_2exp_si(y, y, 1);
  arb_log1p(y, y, bits);
}
void tangent_truth(Ball& y, const Ball& x, long bits) { arb_tanh(y, x, bits); }
void half_tangent_truth(Ball& y, const Ball& x, long bits) {
  arb_mul_2exp_si(y, x, -1);
  arb_tanh(y, y, bits);
  arb_mul_2exp_si(y, y, -1);
}
void hinge_up_truth(Ball& y, const Ball& x, long) {
  arb_sub_si(y, x, 1, ARF_PREC_EXACT);
  arb_neg(y, y);
  if (arb_is_negative(y)) arb_zero(y);
}
void hinge_down_truth(Ball& y, const Ball& x, long bits) {
  Ball opposite;
  arb_neg(opposite, x);
  hinge_up_truth(y, opposite, bits);
}
void decay_truth(Ball& y, const Ball& x, long bits) { exp_of(y, x, -1, bits); }
void growth_truth(Ball& y, const Ball& x, long bits) { exp_of(y, x, 1, bits); }
void softplus_up_truth(Ball& y, const Ball& x, long bits) {
  exp_of(y, x, 1, bits);
  arb_log1p(y, y, bits);
}
void softplus_down_truth(Ball& y, const Ball& x, long bits) {
  exp_of(y, x, -1, bits);
  arb_log1p(y, y, bits);
}
void log_sigmoid_truth(Ball& y, const Ball& x, long bits) {
  softplus_down_truth(y, x, bits);
  arb_neg(y, y);
}
void log1p_squared_truth(Ball& y, const Ball& x, long bits) {
  arb_log1p(y, x, bits);
  arb_mul(y, y, y, bits);
}
void squared_hinge_truth(Ball& y, const Ball& x, long bits) {
  hinge_up_truth(y, x, bits);
  arb_mul(y, y, y, ARF_PREC_EXACT);
}
void softplus_mean_truth(Ball& y, const Ball& x, long bits) {
  Ball other;
  softplus_up_truth(y, x, bits);
  softplus_down_truth(other, x, bits);
  arb_add(y, y, other, bits);
  arb_mul_2exp_si(y, y, -1);
}
void sigmoid_fall_truth(Ball& y, const Ball& x, long bits) {
  exp_of(y, x, 1, bits);
  arb_add_si(y, y, 1, bits);
  arb_inv(y, y, bits);
  arb_neg(y, y);
}
void minus_log_truth(Ball& y, const Ball& x, long bits) {
  arb_sub_si(y, x, 1, ARF_PREC_EXACT);
  arb_log1p(y, y, bits);
  arb_neg(y, y);
}
void minus_log1m_truth(Ball& y, const Ball& x, long bits) {
  arb_neg(y, x);
  arb_log1p(y, y, bits);
  arb_neg(y, y);
}
void half_log_truth(Ball& y, const Ball& x, long bits) {
  arb_sub_si(y, x, 1, ARF_PREC_EXACT);
  arb_log1p(y, y, bits);
  arb_mul_2exp_si(y, y, -1);
}

constexpr std::uint32_t one = std::bit_cast<std::uint32_t>(1.F), largest = 0x7f7fffff;

constexpr Unary all[] = {
    {"sigmoid", against_zero<Sigmoid>, sigmoid, sigmoid_truth},
    {"sigmoid_slope", against_zero<Sigmoid, Part::slope>, sigmoid_slope, sigmoid_slope_truth},
    {"log_sigmoid", against_zero<LogSigmoid>, log_sigmoid, log_sigmoid_truth},
    {"softplus", against_zero<Softplus>, softplus_up, softplus_up_truth},
    {"softplus_slope", against_zero<Softplus, Part::slope>, sigmoid, sigmoid_truth},
    {"msle", against_zero<Msle>, log1p_squared, log1p_squared_truth, 0, largest},
    {"mse", against_zero<Mse>, squared, squared_truth},
    {"mae", against_zero<Mae>, size, size_truth},
    {"huber", against_zero<Huber>, half_square_then_linear, half_square_then_linear_truth},
    {"smooth_l1", against_zero<SmoothL1>, half_square_then_linear, half_square_then_linear_truth},
    {"log_cosh", against_zero<LogCosh>, log_cosh, log_cosh_truth},
    {"log_cosh_slope", against_zero<LogCosh, Part::slope>, tangent, tangent_truth},
    {"hinge_1", against<Hinge, 10>, hinge_up, hinge_up_truth},
    {"hinge_minus_1", against<Hinge, -10>, hinge_down, hinge_down_truth},
    {"squared_hinge_1", against<SquaredHinge, 10>, squared_hinge, squared_hinge_truth},
    {"soft_margin_1", against<SoftMargin, 10>, softplus_down, softplus_down_truth},
    {"soft_margin_minus_1", against<SoftMargin, -10>, softplus_up, softplus_up_truth},
    {"exponential_1", against<Exponential, 10>, decay, decay_truth},
    {"exponential_minus_1", against<Exponential, -10>, growth, growth_truth},
    {"binary_cross_entropy_with_logits_0", against<BinaryCrossEntropyWithLogits, 0>, softplus_up,
     softplus_up_truth},
    {"binary_cross_entropy_with_logits_1", against<BinaryCrossEntropyWithLogits, 10>, softplus_down,
     softplus_down_truth},
    {"binary_cross_entropy_with_logits_half", against<BinaryCrossEntropyWithLogits, 5>, softplus_mean,
     softplus_mean_truth},
    {"binary_cross_entropy_with_logits_1_slope", against<BinaryCrossEntropyWithLogits, 10, Part::slope>,
     sigmoid_fall, sigmoid_fall_truth},
    {"binary_cross_entropy_with_logits_half_slope", against<BinaryCrossEntropyWithLogits, 5, Part::slope>,
     half_tangent, half_tangent_truth, 0, 0xffffffff, .998},
    {"binary_cross_entropy_0", against<BinaryCrossEntropy, 0>, minus_log1m, minus_log1m_truth, 0, one},
    {"binary_cross_entropy_1", against<BinaryCrossEntropy, 10>, minus_log, minus_log_truth, 0, one},
    {"gaussian_nll_log_variance", half_log_variance, half_log, half_log_truth, 1, largest},
};

double ulp(double x) { return x == 0 ? 0x1p-149 : std::ldexp(1, std::max(std::ilogb(x) - 23, -149)); }

Ball ball(double x) {
  Ball out;
  arb_set_d(out, x);
  return out;
}

/// The truth rounded once to float; nothing for a tie that balls do not decide.
std::optional<float> certified(const Unary& f, float x) {
  const Ball at = ball(x);
  for (long bits = 96; bits <= 1536; bits *= 2) {
    Ball y;
    f.truth(y, at, bits);
    if (const auto rounded = reference::round_ball(y, Dtype::f32)) return static_cast<float>(*rounded);
  }
  return std::nullopt;
}

void judge(const Unary& f, float x, float got, Swept& out) {
  const Oracle o = f.oracle(x);
  const double slack = o.value * o.error;
  const auto low = static_cast<float>(o.value - slack), high = static_cast<float>(o.value + slack);
  if (low == high || std::isnan(o.value) || std::isinf(o.value)) {
    const auto nearest = static_cast<float>(o.value);
    if (got == nearest || (std::isnan(got) && std::isnan(nearest))) return;
  } else {
    ++out.by_arb;
    const std::optional<float> nearest = certified(f, x);
    if (!nearest) ++out.undecided;
    if (nearest ? got == *nearest : got == low || got == high) return;
  }
  ++out.misrounded;
  if (!std::isfinite(got) || !std::isfinite(o.value)) {
    ++out.wrong;
    out.at = x;
    return;
  }
  const double error = std::fabs(got - o.value) / ulp(o.value);
  if (error <= out.worst) return;
  out.worst = error;
  out.at = x;
}

}  // namespace

std::span<const Unary> unaries() { return all; }
void PrintTo(const Unary& f, std::ostream* out) { *out << f.name; }

std::string Swept::text(const std::string& name) const {
  char out[300];
  std::snprintf(out, sizeof out,
                "%s: %llu inputs, worst %.6f ulp at %a, %.6f %% correctly rounded, %llu by Arb", name.c_str(),
                static_cast<unsigned long long>(inputs), worst, static_cast<double>(at), 100 * share(),
                static_cast<unsigned long long>(by_arb));
  return out;
}

Swept sweep(const Unary& f, std::uint32_t stride,
            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  Swept out;
  const std::uint64_t numbers = (std::uint64_t{f.last} - f.first) / stride + 1;
  std::array<float, block> x, y;
  for (std::uint64_t done = 0; done < numbers; done += block) {
    const std::size_t n = std::min<std::uint64_t>(block, numbers - done);
    for (std::size_t i = 0; i < n; ++i)
      x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(f.first + (done + i) * stride));
    f.kernel({x.data(), n}, {y.data(), n});
    for (std::size_t i = 0; i < n; ++i) judge(f, x[i], y[i], out);
    if (progress && done % (block << 12) == 0) progress(done, numbers);
  }
  out.inputs = numbers;
  return out;
}

double oracle_error(const Unary& f, float x) {
  const Oracle o = f.oracle(x);
  if (!std::isfinite(x) || !std::isfinite(o.value) || o.value == 0) return 0;
  Ball y, error;
  f.truth(y, ball(x), 300);
  arb_sub(error, y, ball(o.value), 300);
  arb_div(error, error, y, 300);
  arf_t bound;
  arf_init(bound);
  arb_get_abs_ubound_arf(bound, error, 30);
  const double out = arf_get_d(bound, ARF_RND_UP) / (o.error == 0 ? 0x1p-1000 : o.error);
  arf_clear(bound);
  return out;
}

}  // namespace assay::tests
