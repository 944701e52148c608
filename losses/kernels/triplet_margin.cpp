#include "losses/catalogue/metric.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/triplet-inl.hpp"

#if HWY_ONCE

#include "losses/numbers/direction.hpp"
#include "losses/numbers/exact_sum.hpp"
#include "losses/numbers/sum_of_three.hpp"

namespace assay {
namespace {

/// d(u,v) of two rows, and what of its gradient depends on all components.
template <class T>
class Distance {
 public:
  using W = Wide<T>;

  Distance() = default;
  Distance(std::span<const T> u, std::span<const T> v, bool euclidean) : u_(u), v_(v), euclidean_(euclidean) {
    if (euclidean) {
      length_ = Length<W>(u.size(), [this](std::size_t i) { return difference(i); });
      distance_ = length_.length;
      for (std::size_t i = 0; i < u.size(); ++i)  // a comparison with NaN found no largest component
        if (is_nan(difference(i))) distance_ = difference(i);
    } else {
      Sum<W> sum;
      for (std::size_t i = 0; i < u.size(); ++i) sum.add(abs(difference(i)));
      distance_ = sum.total();
    }
  }

  [[nodiscard]] const W& distance() const { return distance_; }
  [[nodiscard]] W difference(std::size_t i) const { return widen(u_[i]) - widen(v_[i]); }
  /// Its derivative by u_i: a Euclidean direction, or a sign. Both are 0 at 0.
  [[nodiscard]] Direction<W> slope(std::size_t i) const {
    const W d = difference(i);
    if (euclidean_) return Direction<W>(length_, i, d);
    Direction<W> sign(Length<W>(), 1, W(0));
    sign.value = d > W(0) ? W(1) : d < W(0) ? W(-1) : W(0);
    return sign;
  }

 private:
  std::span<const T> u_, v_;
  bool euclidean_ = true;
  Length<W> length_;
  W distance_{0};
};

}  // namespace

/// h = d(a,p) - d(a,n) + margin. Far from the origin or from the two others, a shared point has large
/// distances that differ by little; their difference is taken component by component instead, where the point
/// drops out. For |.|_1 it is a sum of the numbers themselves with their signs; for |.|_2 that of the
/// squares,
///   (a-p)^2 - (a-n)^2 = (n-p) (2a - p - n),
/// of three numbers, as p and n may be opposite and far larger than a, over the sum of the distances. `swap`
/// shares p or n in place of a.
template <class T>
class Row<TripletMargin, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 3;

  Row(const TripletMargin& loss, const Call<T>& call) : call_(call), loss_(loss), margin_(W(loss.margin)) {}

  W value(std::int64_t i) {
    const auto a = row_wise::row(call_.inputs[0], i), p = row_wise::row(call_.inputs[1], i),
               n = row_wise::row(call_.inputs[2], i);
    const bool euclidean = loss_.p == 2;
    positive_ = Distance<T>(a, p, euclidean);
    negative_ = Distance<T>(a, n, euclidean);
    negative_part_ = 1;
    swapped_part_ = 0;
    if (loss_.swap) {
      swapped_ = Distance<T>(p, n, euclidean);
      const W longer = excess(n, a, p, negative_.distance(), swapped_.distance());
      if (longer > W(0)) {
        negative_part_ = 0;
        swapped_part_ = 1;
      } else if (longer == W(0)) {  // a tie is shared equally
        negative_part_ = .5;
        swapped_part_ = .5;
      }
    }
    excess_ = negative_part_ == W(0) ? excess(p, a, n, positive_.distance(), swapped_.distance())
                                     : excess(a, p, n, positive_.distance(), negative_.distance());
    h_ = margin_ + excess_;
    if (loss_.swap && is_nan(swapped_.distance())) h_ = swapped_.distance();
    return h_ < W(0) ? W(0) : h_;
  }

  /// With e = d' of each distance: by a, e(a,p) - n e(a,n); by p, -e(a,p) - s e(p,n); by n, n e(a,n) + s
  /// e(p,n); n and s are 1 and 0, or what `swap` made of them. Squares of |.|_2 have e = 2 (u-v): there, as
  /// in the value, what p and n share with the point in question drops out before it is rounded.
  void adjoint(std::int64_t i, const W& cotangent) const {
    const auto a = row_wise::row(call_.inputs[0], i), p = row_wise::row(call_.inputs[1], i),
               n = row_wise::row(call_.inputs[2], i);
    const W &by_negative = negative_part_, &by_swapped = swapped_part_;
    const bool plain = loss_.squared && loss_.p == 2;
    auto twice = [](const W& x, T u, const W& y, T v, T from) {
      return W(2) * (x * (widen(u) - widen(from)) + y * (widen(v) - widen(from)));
    };
    write(row_wise::gradient_row(call_, 0, i), cotangent, [&](std::size_t c) {
      return plain                 ? twice(by_negative, n[c], by_swapped, a[c], p[c])
             : by_negative == W(1) ? apart(c, W(1), a, p, n, negative_)
                                   : sum(c, W(1), positive_, -by_negative, negative_);
    });
    write(row_wise::gradient_row(call_, 1, i), cotangent, [&](std::size_t c) {
      return plain                ? twice(by_negative, p[c], by_swapped, n[c], a[c])
             : by_swapped == W(1) ? apart(c, W(-1), p, a, n, swapped_)
                                  : sum(c, W(-1), positive_, -by_swapped, swapped_);
    });
    write(row_wise::gradient_row(call_, 2, i), cotangent, [&](std::size_t c) {
      return plain ? twice(by_negative, a[c], by_swapped, p[c], n[c])
                   : sum(c, by_negative, negative_, by_swapped, swapped_);
    });
  }

 private:
  template <class Slope>
  void write(std::span<T> gradient, const W& cotangent, const Slope& slope) const {
    for (std::size_t c = 0; c < gradient.size(); ++c)
      gradient[c] = narrow<T>(cotangent * (is_nan(h_) ? h_ : h_ > W(0) ? slope(c) : W(0)));
  }
  static W difference_of_squares(std::span<const T> o, std::span<const T> u, std::span<const T> v) {
    Sum<W> sum;
    for (std::size_t c = 0; c < o.size(); ++c)
      sum.add((widen(v[c]) - widen(u[c])) * sum_of_three(W(2) * widen(o[c]), -widen(u[c]), -widen(v[c])));
    return sum.total();
  }
  /// Exact: what is left of far components that cancel may be any smaller number of the row.
  static W difference_of_sums(std::span<const T> o, std::span<const T> u, std::span<const T> v) {
    ExactSum sum;
    auto add = [&sum](T from, T to) {  // |from - to|, the sign of which is in the order
      sum.add(static_cast<double>(from));
      sum.add(-static_cast<double>(to));
    };
    for (std::size_t c = 0; c < o.size(); ++c) {
      o[c] > u[c] ? add(o[c], u[c]) : add(u[c], o[c]);
      o[c] > v[c] ? add(v[c], o[c]) : add(o[c], v[c]);
    }
    return sum.template total<W>();
  }
  /// d(o,u) - d(o,v), or the difference of their squares.
  [[nodiscard]] W excess(std::span<const T> o, std::span<const T> u, std::span<const T> v, const W& to_u,
                         const W& to_v) const {
    const bool euclidean = loss_.p == 2;
    const W difference = euclidean ? difference_of_squares(o, u, v) : difference_of_sums(o, u, v);
    const W both = to_u + to_v;
    if (euclidean == loss_.squared) return difference;
    if (loss_.squared) return difference * both;
    return difference == W(0) ? difference : difference / both;
  }
  /// Component c of e(o,u) - e(o,v), which are `sign` e(positive) and e(to_v). Euclidean directions of x =
  /// o-u and y = o-v that almost agree are not subtracted; what tells them apart is added up,
  ///   x/|x| - y/|y| = ((v-u) |y| - y (|x|-|y|)) / (|x| |y|),
  /// v-u being exact and |x|-|y| the excess. In the largest component of both that would cancel again: there
  /// it is what the others say, x^_c^2 - y^_c^2 = sum_{j != c} (y^_j^2 - x^_j^2).
  [[nodiscard]] W apart(std::size_t c, const W& sign, std::span<const T> o, std::span<const T> u,
                        std::span<const T> v, const Distance<T>& to_v) const {
    const W difference = sum(c, sign, positive_, W(-1), to_v);
    if (loss_.squared || loss_.p != 2) return difference;
    const Direction<W> x = positive_.slope(c), y = to_v.slope(c);
    if (abs(difference) >= ldexp(x.is_top && y.is_top ? y.lack : abs(y.value), -10)) return difference;
    if (x.is_top && y.is_top) {
      Sum<W> others;
      for (std::size_t j = 0; j < o.size(); ++j)
        if (j != c)
          others.add(apart(j, sign, o, u, v, to_v) * (sign * positive_.slope(j).value + to_v.slope(j).value));
      return -others.total() / (sign * x.value + y.value);
    }
    // Its terms are some (v-u)/|x| and cancel to what is asked for: with v farther from u than o is, the
    // directions themselves, which are at most 1, leave more digits of each other.
    const W &x_length = positive_.distance(), &y_length = to_v.distance();
    const W between = widen(v[c]) - widen(u[c]);
    if (abs(between) >= x_length || abs(excess_) >= x_length) return difference;
    return (between * y_length - (widen(o[c]) - widen(v[c])) * excess_) / (x_length * y_length);
  }
  /// a e(first)_c + b e(second)_c.
  [[nodiscard]] W sum(std::size_t c, const W& a, const Distance<T>& first, const W& b,
                      const Distance<T>& second) const {
    if (b == W(0)) return a * slope(c, first);
    if (a == W(0)) return b * slope(c, second);
    if (loss_.squared) return a * slope(c, first) + b * slope(c, second);
    return combine(a, first.slope(c), b, second.slope(c));
  }
  /// d' by u_c; of the square of |.|_1 twice the distance with the sign of this component.
  [[nodiscard]] W slope(std::size_t c, const Distance<T>& d) const {
    const W own = d.slope(c).value;
    return loss_.squared ? W(2) * d.distance() * own : own;
  }

  const Call<T>& call_;
  TripletMargin loss_;
  W margin_, h_{0}, excess_{0};
  W negative_part_{1}, swapped_part_{0};
  Distance<T> positive_, negative_, swapped_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(TripletMargin)
