// What an operation is given to hand a sensitivity down to its operands: Operation<...>::propagate.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/graph/operations/ball_step.hpp"
#include "reference/numbers/ball_pool.hpp"

namespace assay::reference {

/// The derivative of one number by every node below it, in balls; of few nodes at a time.
class BallAdjoints {
 public:
  enum class State : std::uint8_t { untouched, finite, infinite };

  explicit BallAdjoints(std::size_t size) : balls_(size), states_(size, State::untouched) {}

  [[nodiscard]] State state(std::int32_t node) const { return states_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] arb_srcptr ball(std::int32_t node) const { return balls_.get() + node; }

  void give(std::int32_t node, arb_srcptr slope, arb_srcptr local, long bits) {
    State& state = states_[static_cast<std::size_t>(node)];
    if (state == State::infinite || arb_is_zero(local)) return;
    if (state == State::untouched) {
      arb_zero(balls_.get() + node);
      state = State::finite;
      touched_.push_back(node);
    }
    arb_addmul(balls_.get() + node, slope, local, bits);
  }
  void give_infinite(std::int32_t node) {
    State& state = states_[static_cast<std::size_t>(node)];
    if (state == State::untouched) touched_.push_back(node);
    state = State::infinite;
  }
  void clear() {
    for (std::int32_t node : touched_) states_[static_cast<std::size_t>(node)] = State::untouched;
    touched_.clear();
  }

 private:
  PooledBalls balls_;
  std::vector<State> states_;
  std::vector<std::int32_t> touched_;
};

/// One node of the numeric reverse sweep, whose adjoint is not 0: pass() multiplies it by a local derivative.
struct SensitivityStep {
  const Balls& balls;
  BallAdjoints& adjoints;
  std::int32_t node;
  const Node& n;
  long bits;
  Ball local{};  ///< for the operation to compute a local derivative in

  [[nodiscard]] arb_srcptr z() const { return balls.ball(node); }
  [[nodiscard]] arb_srcptr value(std::int32_t i) const { return balls.ball(i); }
  [[nodiscard]] bool zero(std::int32_t i) const { return arb_is_zero(value(i)); }
  [[nodiscard]] bool ordinary(std::int32_t i) const { return balls.special(i) == Special::none; }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return balls.graph.operands[static_cast<std::size_t>(n.a + k)];
  }

  void pass(std::int32_t to, arb_srcptr derivative) {
    if (adjoints.state(node) != BallAdjoints::State::infinite)
      adjoints.give(to, adjoints.ball(node), derivative, bits);
    else if (!arb_is_zero(derivative))
      adjoints.give_infinite(to);
  }
  /// A local derivative that is itself infinite or lost: infinite from here on down.
  void pass_infinite(std::int32_t to) { adjoints.give_infinite(to); }
  void pass_whole(std::int32_t to, slong derivative) {
    arb_set_si(local, derivative);
    pass(to, local);
  }
  void pass_value(std::int32_t to, std::int32_t factor) {
    if (ordinary(factor))
      pass(to, value(factor));
    else if (!(adjoints.state(node) == BallAdjoints::State::finite && arb_is_zero(adjoints.ball(node))))
      pass_infinite(to);
  }
  void pass_inverse(std::int32_t to, std::int32_t of, bool negated = false) {
    if (!ordinary(of)) return;  // 1 / infinity
    if (zero(of)) {
      pass_infinite(to);
      return;
    }
    arb_inv(local, value(of), bits);
    if (negated) arb_neg(local, local);
    pass(to, local);
  }
  /// Of z = a / b, b not 0: by both operands.
  void pass_quotient() {
    pass_inverse(n.a, n.b);
    arb_div(local, z(), value(n.b), bits);
    arb_neg(local, local);
    pass(n.b, local);
  }
};

}  // namespace assay::reference
