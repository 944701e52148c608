// What each operation does with a whole block: Block<op>::enclose, its value at each number. What is unknown
// there, as an infinity always is, is for the engine of balls of any precision.
#pragma once

#include <array>
#include <cstdint>

#include "reference/engines/block_step.hpp"

namespace assay::reference {

template <Op op>
struct Block;

template <>
struct Block<Op::whole> : block_ops::Given {};
template <>
struct Block<Op::number> : block_ops::Given {};
template <>
struct Block<Op::stand_in> : block_ops::Given {};
template <>
struct Block<Op::pi> : block_ops::Given {};

template <>
struct Block<Op::add> {
  static void enclose(const BlockStep& s) { block_ops::add(s, 1); }
};
template <>
struct Block<Op::sub> {
  static void enclose(const BlockStep& s) { block_ops::add(s, -1); }
};
template <>
struct Block<Op::mul> {
  static void enclose(const BlockStep& s) { block_ops::multiply(s); }
};
template <>
struct Block<Op::div> {
  static void enclose(const BlockStep& s) { block_ops::divide(s); }
};
template <>
struct Block<Op::neg> {
  static void enclose(const BlockStep& s) {
    block_ops::with_factor(s, -s.a().factor, [](DoubleBall x) { return double_ball::negated(x); });
  }
};
template <>
struct Block<Op::stop_gradient> {
  static void enclose(const BlockStep& s) {
    block_ops::with_factor(s, s.a().factor, [](DoubleBall a) { return a; });
  }
};

template <>
struct Block<Op::exp> {
  static void enclose(const BlockStep& s) {
    const BlockNumbers& x = block_numbers::plain(s.a(), s.spare[0]);
    if (x.most() > block_numbers::most_exponent)
      return s.becomes_powers(1, [&](std::size_t i) { return x[i]; });
    s.z.fill([&](std::size_t i) { return double_ball::exp(x[i]); });
  }
};

template <>
struct Block<Op::log> {
  static void enclose(const BlockStep& s) {
    const Node& of = s.node(s.n.a);
    const bool one_and =
        (of.op == Op::add || of.op == Op::sub) && s.node(of.a).op == Op::whole && s.node(of.a).whole == 1;
    if (one_and)
      of_one_and(s, of.op == Op::add ? 1 : -1, s.at(of.b));
    else if (of.op == Op::cosh && !s.a().powers)
      of_cosh(s, s.at(of.a));
    else if (s.a().powers && s.a().factor < 0)
      s.becomes_lost();
    else if (s.a().powers)
      s.z.fill([&](std::size_t i) { return block_numbers::exponent(s.a(), i); });
    else
      s.map([](DoubleBall x) { return double_ball::log(x); });
  }

 private:
  // log(1 + sign x), with all of x's digits. For x = e^t, t > 100, it is t + log(1 + e^-t); for x = +-e^t,
  // t < -40, it is sign x (1 + d), |d| <= |x| < 2^-57.
  static void of_one_and(const BlockStep& s, double sign, const BlockNumbers& x) {
    if (x.powers && sign * x.factor == 1 && block_numbers::large(x)) {
      s.z.fill([&](std::size_t i) {
        return double_ball::settled(x.middle[i], double_ball::above(x.radius[i] + 0x1p-143));
      });
    } else if (x.powers && std::fabs(x.factor) == 1 &&
               x.all([](DoubleBall t) { return t.mid + t.rad < -40; })) {
      s.becomes_powers(sign * x.factor, [&](std::size_t i) {
        return DoubleBall{x.middle[i], double_ball::above(x.radius[i] + 0x1p-56)};
      });
    } else {
      const BlockNumbers& y = block_numbers::plain(x, s.spare[0]);
      s.z.fill([&](std::size_t i) { return double_ball::log1p({sign * y.middle[i], y.radius[i]}); });
    }
  }
  static void of_cosh(const BlockStep& s, const BlockNumbers& x) {
    const BlockNumbers& y = block_numbers::plain(x, s.spare[0]);
    s.z.fill([&](std::size_t i) { return block_ball::log_cosh(y[i]); });
  }
};

template <>
struct Block<Op::sqrt> {
  static void enclose(const BlockStep& s) {
    const BlockNumbers& a = s.a();
    if (a.powers && a.factor == 1)
      s.becomes_powers(1, [&](std::size_t i) { return DoubleBall{a.middle[i] / 2, a.radius[i] / 2}; });
    else
      s.map([](DoubleBall x) { return double_ball::sqrt(x); });
  }
};
template <>
struct Block<Op::cosh> {
  static void enclose(const BlockStep& s) {
    if (!s.a().powers && s.a().most() > block_numbers::most_exponent)
      block_ops::half_power(s, false);
    else
      s.map([](DoubleBall x) { return double_ball::cosh(x); });
  }
};
template <>
struct Block<Op::sinh> {
  static void enclose(const BlockStep& s) {
    if (!s.a().powers && s.a().most() > block_numbers::most_exponent)
      block_ops::half_power(s, true);
    else
      s.map([](DoubleBall x) { return double_ball::sinh(x); });
  }
};
template <>
struct Block<Op::cos> {
  static void enclose(const BlockStep& s) {
    s.map([](DoubleBall x) { return double_ball::cos(x); });
  }
};
template <>
struct Block<Op::sin> {
  static void enclose(const BlockStep& s) {
    s.map([](DoubleBall x) { return double_ball::sin(x); });
  }
};
template <>
struct Block<Op::power> {
  static void enclose(const BlockStep& s) {
    const BlockNumbers &a = s.a(), &b = s.b();
    if (a.powers && a.factor > 0 && !b.powers)
      s.becomes_powers(1,
                       [&](std::size_t i) { return double_ball::mul(block_numbers::exponent(a, i), b[i]); });
    else
      s.map_two([](DoubleBall x, DoubleBall y) { return double_ball::pow(x, y); });
  }
};

template <>
struct Block<Op::abs> {
  static void enclose(const BlockStep& s) {
    block_ops::with_factor(s, std::fabs(s.a().factor), [](DoubleBall x) { return double_ball::abs(x); });
  }
};
template <>
struct Block<Op::sign> {
  static void enclose(const BlockStep& s) {
    if (s.a().powers)
      s.becomes_whole(s.a().factor > 0 ? 1 : -1);
    else
      s.map([](DoubleBall a) { return block_ball::side(a, -1); });
  }
};
template <>
struct Block<Op::positive> {
  static void enclose(const BlockStep& s) {
    if (s.a().powers && s.a().factor < 0)
      s.becomes_whole(0);
    else
      block_ops::with_factor(s, s.a().factor, [](DoubleBall x) { return double_ball::positive_part(x); });
  }
};
template <>
struct Block<Op::step> {
  static void enclose(const BlockStep& s) {
    if (s.a().powers)
      s.becomes_whole(s.a().factor > 0 ? 1 : 0);
    else
      s.map([](DoubleBall a) { return block_ball::side(a, 0); });
  }
};
template <>
struct Block<Op::maximum> {
  static void enclose(const BlockStep& s) {
    const BlockNumbers& first = block_numbers::plain(s.at(s.operand(0)), s.spare[0]);
    s.z.fill([&](std::size_t i) { return first[i]; });
    for (std::int32_t k = 1; k < s.n.b; ++k) {
      const BlockNumbers& next = block_numbers::plain(s.at(s.operand(k)), s.spare[0]);
      s.z.fill([&](std::size_t i) { return double_ball::maximum(s.z[i], next[i]); });
    }
  }
};
template <>
struct Block<Op::share> {
  /// 0 or 1 where that is certain; whether two operands tie is seen by balls of any precision alone.
  static void enclose(const BlockStep& s) {
    const Node& top = s.node(s.n.a);
    const std::int32_t* others = s.graph.operands.data() + top.a;
    const BlockNumbers& own = block_numbers::plain(s.at(others[s.n.whole]), s.spare[0]);
    s.becomes_whole(1);
    for (std::int32_t k = 0; k < top.b; ++k) {
      if (k == s.n.whole) continue;
      const BlockNumbers& other = block_numbers::plain(s.at(others[k]), s.spare[1]);
      s.z.fill([&](std::size_t i) {
        if (s.z[i].zero() || double_ball::compare(other[i], own[i]) == 1) return block_ball::exactly(0);
        return double_ball::compare(own[i], other[i]) == 1 ? s.z[i] : DoubleBall::unknown();
      });
    }
  }
};
template <>
struct Block<Op::where> {
  static void enclose(const BlockStep& s) {
    const BlockNumbers& left = block_numbers::plain(s.at(s.operand(0)), s.spare[0]);
    const BlockNumbers& right = block_numbers::plain(s.at(s.operand(1)), s.spare[1]);
    std::array<signed char, block_size> taken;  // 1 the first, -1 the second, 0 not known
    bool first = true, second = true;
    for (std::size_t i = 0; i < block_size; ++i) {
      const int order = double_ball::compare(left[i], right[i]);
      const bool below = order <= 0, above = order == 1;
      taken[i] = below ? 1 : above ? -1 : 0;
      first &= below;
      second &= above;
    }
    const BlockNumbers &a = s.at(s.operand(2)), &b = s.at(s.operand(3));
    if (first || second) {
      const BlockNumbers& all = first ? a : b;
      s.z.fill([&](std::size_t i) { return all[i]; });
      s.z.powers = all.powers;
      s.z.factor = all.factor;
      return;
    }
    const BlockNumbers &x = block_numbers::plain(a, s.spare[0]), &y = block_numbers::plain(b, s.spare[1]);
    s.z.fill([&](std::size_t i) {
      return taken[i] > 0 ? x[i] : taken[i] < 0 ? y[i] : block_ball::hull(x[i], y[i]);
    });
  }
};

template <>
struct Block<Op::norm> {
  static void enclose(const BlockStep& s) {
    s.becomes_whole(0);
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const BlockNumbers& x = block_numbers::plain(s.at(s.operand(k)), s.spare[0]);
      s.z.fill([&](std::size_t i) { return double_ball::add(s.z[i], double_ball::mul(x[i], x[i])); });
    }
    s.z.fill([&](std::size_t i) { return double_ball::sqrt(s.z[i]); });
  }
};
// Quotients with a rule of their own where the divisor is 0: there a ball never excludes 0, and is lost.
template <>
struct Block<Op::unit> : Block<Op::div> {};
template <>
struct Block<Op::normal> : Block<Op::div> {};
template <>
struct Block<Op::overlap> : Block<Op::div> {};
template <>
struct Block<Op::mean> : Block<Op::div> {};
template <>
struct Block<Op::normal_slope> {
  static void enclose(const BlockStep& s) { block_ops::invert(s); }
};
template <>
struct Block<Op::mean_slope> : Block<Op::normal_slope> {};

template <>
struct Block<Op::weigh> : block_ops::DroppingProduct<false> {};
template <>
struct Block<Op::chain> : block_ops::DroppingProduct<true> {};
template <>
struct Block<Op::xlogy> {
  static void enclose(const BlockStep& s) {
    s.map_two([](DoubleBall a, DoubleBall b) {
      return block_ball::dropped_by_first(a, double_ball::mul(a, double_ball::log(b)));
    });
  }
};
template <>
struct Block<Op::divergence> {
  static void enclose(const BlockStep& s) {
    s.map_two([](DoubleBall p, DoubleBall q) {
      const DoubleBall log_ratio = double_ball::log(double_ball::div(p, q));
      return block_ball::dropped_by_first(p, double_ball::mul(p, log_ratio));
    });
  }
};
template <>
struct Block<Op::log_ratio> {
  static void enclose(const BlockStep& s) {
    s.map_two([](DoubleBall p, DoubleBall q) { return double_ball::log(double_ball::div(p, q)); });
  }
};

}  // namespace assay::reference
