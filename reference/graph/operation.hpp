// The operations that a graph is recorded in, and the facts of each that more than one reader asks for. What
// an operation does, form by form, stands in operations/ beside this file.
//
// To add one: an enumerator and its row here, an Operation<Op::...> in a file of operations/, and a function
// of Reals in real.hpp that records it. The compiler names whatever is missing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay::reference {

enum class Op : std::uint8_t {
  whole,     // an integer
  number,    // an exact binary number: an input's or a parameter's
  stand_in,  // number * 2^whole, for an infinite input (truth/limits.hpp)
  pi,
  add,
  sub,
  mul,
  div,
  neg,
  stop_gradient,  // the operand, as a constant: it has no derivative
  exp,
  log,
  sqrt,
  cosh,
  sinh,
  cos,
  sin,
  power,  // first ^ second, the first >= 0; 0^0 is 1
  abs,
  sign,          // abs's slope: -1, 0, 1; anything between at 0
  positive,      // max(0, x)
  step,          // its slope: 0 up to and with 0, then 1; anything between at 0
  maximum,       // of several
  share,         // its slope in one of them: ties share equally
  where,         // third if first <= second, else fourth
  norm,          // Euclidean, of several
  unit,          // its slope in one of them, first / second: 0 at the origin, anything in [-1, 1] there
  normal,        // first / second, the second a norm; 0 where it is 0
  normal_slope,  // 1 / first; not checked where it is 0
  overlap,       // first / second, the second never less; 1 where both are 0
  mean,          // first / second; NaN where the second is 0
  mean_slope,    // 1 / first; not checked where it is 0
  weigh,         // first * second; a first that is exactly 0 drops the second, whatever it is
  chain,         // first * second; either that is exactly 0 drops the other
  xlogy,         // x log y; 0 where x is 0
  divergence,    // p log(p/q); 0 where p is 0, +inf where only q is
  log_ratio,     // log(p/q); +inf where q is 0, else -inf where p is
};

/// How many operands a node has.
enum class Arity : std::uint8_t { leaf, unary, binary, several };

/// Which operand, being exactly 0, makes the result 0 whatever the other is, infinite and NaN included.
enum class Drops : std::uint8_t { nothing, by_first, by_either };

struct OperationFacts {
  Op op;
  Arity arity;
  bool rational = true;  ///< of fractions a fraction
  Drops drops = Drops::nothing;
  bool kink_slope = false;  ///< the slope of a kink: at the kink any member of a set is right
  bool selects = false;     ///< the result is one of the operands, and what the others are is no matter
};

namespace operation_table {
inline constexpr bool irrational = false;
inline constexpr auto rows = std::to_array<OperationFacts>({
    {Op::whole, Arity::leaf},
    {Op::number, Arity::leaf},
    {Op::stand_in, Arity::leaf, irrational},  // too long for one
    {Op::pi, Arity::leaf, irrational},
    {Op::add, Arity::binary},
    {Op::sub, Arity::binary},
    {Op::mul, Arity::binary},
    {Op::div, Arity::binary},
    {Op::neg, Arity::unary},
    {Op::stop_gradient, Arity::unary},
    {Op::exp, Arity::unary, irrational},
    {Op::log, Arity::unary, irrational},
    {Op::sqrt, Arity::unary, irrational},
    {Op::cosh, Arity::unary, irrational},
    {Op::sinh, Arity::unary, irrational},
    {Op::cos, Arity::unary, irrational},
    {Op::sin, Arity::unary, irrational},
    {Op::power, Arity::binary, irrational},
    {Op::abs, Arity::unary},
    {.op = Op::sign, .arity = Arity::unary, .kink_slope = true},
    {Op::positive, Arity::unary},
    {.op = Op::step, .arity = Arity::unary, .kink_slope = true},
    {Op::maximum, Arity::several},
    {.op = Op::share, .arity = Arity::unary, .kink_slope = true},
    {.op = Op::where, .arity = Arity::several, .selects = true},
    {Op::norm, Arity::several, irrational},
    {.op = Op::unit, .arity = Arity::binary, .kink_slope = true},
    {Op::normal, Arity::binary},
    {Op::normal_slope, Arity::unary},
    {Op::overlap, Arity::binary},
    {Op::mean, Arity::binary},
    {Op::mean_slope, Arity::unary},
    {Op::weigh, Arity::binary, true, Drops::by_first},
    {Op::chain, Arity::binary, true, Drops::by_either},
    {Op::xlogy, Arity::binary, irrational, Drops::by_first},
    {Op::divergence, Arity::binary, irrational, Drops::by_first},
    {Op::log_ratio, Arity::binary, irrational},
});
}  // namespace operation_table

constexpr const OperationFacts& facts_of(Op op) {
  return operation_table::rows[static_cast<std::size_t>(op)];
}
constexpr bool is_leaf(Op op) { return facts_of(op).arity == Arity::leaf; }
constexpr bool has_several_operands(Op op) { return facts_of(op).arity == Arity::several; }

/// Calls f<op>(): the one switch over all operations, for whoever asks each of them the same.
template <class F>
decltype(auto) visit(Op op, F&& f) {
#define ASSAY_OPERATION(name)                                                            \
  case Op::name:                                                                         \
    static_assert(facts_of(Op::name).op == Op::name, "the row of " #name " is missing"); \
    return f.template operator()<Op::name>();
  switch (op) {
    ASSAY_OPERATION(whole)
    ASSAY_OPERATION(number)
    ASSAY_OPERATION(stand_in)
    ASSAY_OPERATION(pi)
    ASSAY_OPERATION(add)
    ASSAY_OPERATION(sub)
    ASSAY_OPERATION(mul)
    ASSAY_OPERATION(div)
    ASSAY_OPERATION(neg)
    ASSAY_OPERATION(stop_gradient)
    ASSAY_OPERATION(exp)
    ASSAY_OPERATION(log)
    ASSAY_OPERATION(sqrt)
    ASSAY_OPERATION(cosh)
    ASSAY_OPERATION(sinh)
    ASSAY_OPERATION(cos)
    ASSAY_OPERATION(sin)
    ASSAY_OPERATION(power)
    ASSAY_OPERATION(abs)
    ASSAY_OPERATION(sign)
    ASSAY_OPERATION(positive)
    ASSAY_OPERATION(step)
    ASSAY_OPERATION(maximum)
    ASSAY_OPERATION(share)
    ASSAY_OPERATION(where)
    ASSAY_OPERATION(norm)
    ASSAY_OPERATION(unit)
    ASSAY_OPERATION(normal)
    ASSAY_OPERATION(normal_slope)
    ASSAY_OPERATION(overlap)
    ASSAY_OPERATION(mean)
    ASSAY_OPERATION(mean_slope)
    ASSAY_OPERATION(weigh)
    ASSAY_OPERATION(chain)
    ASSAY_OPERATION(xlogy)
    ASSAY_OPERATION(divergence)
    ASSAY_OPERATION(log_ratio)
  }
#undef ASSAY_OPERATION
  __builtin_unreachable();  // no other Op is recorded
}

}  // namespace assay::reference
