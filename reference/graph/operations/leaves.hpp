// Nodes without operands.
#pragma once

#include <cmath>

#include "reference/graph/operations/forms.hpp"

namespace assay::reference {

/// What all leaves say: nothing stands below them.
struct Leaf {
  static void enclose_edge(const EdgeStep&) {}
  static void differentiate(const SlopeStep&) {}
  static void propagate(SensitivityStep&) {}
  template <class Number>
  static void point_edge(const PointStep<Number>&) {}
};

template <>
struct Operation<Op::whole> : Leaf {
  static void enclose(const BallStep& s) { arb_set_si(s.z(), s.n.whole); }
  static Known exact(const ExactStep& s) { return ExactForm(Fraction(s.n.whole)); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.n.whole;
  }
};

template <>
struct Operation<Op::number> : Leaf {
  static void enclose(const BallStep& s) {
    if (std::isnan(s.n.number)) {
      s.becomes(Special::nan);
    } else {
      arf_set_d(arb_midref(s.z()), s.n.number);
      mag_zero(arb_radref(s.z()));
    }
  }
  static Known exact(const ExactStep& s) {
    return std::isfinite(s.n.number) ? Known(ExactForm(Fraction(s.n.number))) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (std::isnan(s.n.number))
      s.state = PointState::nan;
    else
      s.z = PointStep<Number>::Functions::exact(s.n.number);
  }
};

template <>
struct Operation<Op::stand_in> : Leaf {
  static void enclose(const BallStep& s) {
    arf_set_d(arb_midref(s.z()), s.n.number);
    mag_zero(arb_radref(s.z()));
    arb_mul_2exp_si(s.z(), s.z(), s.n.whole);
  }
  static Known exact(const ExactStep& s) {
    return ExactForm(Fraction(s.n.number) * power_of_two(static_cast<unsigned>(s.n.whole)));
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.state = PointState::out_of_range;
  }
};

template <>
struct Operation<Op::pi> : Leaf {
  static void enclose(const BallStep& s) { arb_const_pi(s.z(), s.bits); }
  static Known exact(const ExactStep&) { return {}; }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::pi();
  }
};

}  // namespace assay::reference
