// What the building blocks of losses/lanes/ are applied to: around the places where their formulas change, at
// both ends of their domains, and drawn.
#pragma once

#include <cmath>
#include <vector>

#include "tests/losses/lanes/functions.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {

inline constexpr double ln2 = 0x1.62e42fefa39efp-1, root2 = 0x1.6a09e667f3bcdp0, root_half = root2 / 2;

/// What a block is applied to.
struct Points {
  std::vector<Words> a, b;

  void add(double x) { add(Words{x, 0}); }
  void add(Words x) { add(x, {}); }
  void add(Words x, Words y) {
    a.push_back(x);
    b.push_back(y);
  }
  /// x and the three doubles on either side of it.
  void around(double x) {
    add(x);
    double up = x, down = x;
    for (int i = 0; i < 3; ++i) {
      add(up = std::nextafter(up, 1e308));
      add(down = std::nextafter(down, -1e308));
    }
  }
};

inline constexpr int drawn = 20000;

enum class Kind { real, twin };

/// A second word: up to 2^bits of the first and often all of that, sometimes much smaller, sometimes none.
inline double low_word(double hi, int bits, Random& numbers) {
  const double u = numbers.symmetric();
  switch (numbers.bits() % 8) {
    case 0:
      return 0;
    case 1:
      return std::ldexp(hi * u, -90);
    case 2:
      return std::ldexp(hi * (u < 0 ? -.999999 : .999999), bits);
    default:
      return std::ldexp(hi * u, bits);
  }
}
/// What + - / and the functions leave, and what * and sqrt leave.
inline constexpr int normal = -53, loose = -51;

/// The points of a function of one operand; Twins have second words.
inline Points with_low_words(Points points, Kind kind) {
  if (kind == Kind::twin) {
    Random numbers(77);
    for (Words& each : points.a)
      if (each.lo == 0) each.lo = low_word(each.hi, loose, numbers);
  }
  return points;
}

inline Points exponents(Kind kind, double end, double least) {
  Points points;
  for (const double x : {0., -0., 1., -1., .5, -.5, 1e-3, 87.3, -87.3, 89., -104., 300., -300., end, -end})
    points.add(x);
  for (int k = -1009; k <= 1009; ++k)  // where the whole part of x/log 2 changes, and where it is all of it
    for (const double x : {(k + .5) * ln2, k * ln2})
      if (std::fabs(x) < end - .1) points.around(x);
  for (double x = least; x < 1; x *= 2) {
    points.add(x);
    points.add(-x * 1.75);
  }
  Random numbers(1);
  for (int i = 0; i < drawn; ++i) {
    const double u = numbers.symmetric();
    points.add(i % 3 == 0 ? end * u : i % 3 == 1 ? 1.5 * u : numbers.spread(-60, 8));
  }
  return with_low_words(std::move(points), kind);
}
inline Points clamped_exponents(Kind kind) {
  Points points = exponents(kind, 690, 0x1p-900);
  for (const double x : {695., 700.5, 1e3, 1e300}) points.add(x);
  if (kind == Kind::real)
    for (const double x : {-695., -699.9, -700.5, -1e3, -1e300}) points.add(x);
  return points;
}

inline Points positive(Kind kind) {
  Points points;
  for (const double x : {1., .5, 2., 3., 10., 0x1p-1000, 0x1p1000, 0x1p-149, 0x1p127}) points.add(x);
  for (const int k : {-1000, -150, -126, -3, -2, -1, 0, 1, 2, 3, 24, 127, 999})  // where the exponent changes
    for (const double x : {root_half, 1., root2}) points.around(std::ldexp(x, k));
  for (double f = .5; f > 0x1p-53; f /= 2) {
    points.around(1 + f);
    points.around(1 - f);
  }
  Random numbers(2);
  for (int i = 0; i < drawn; ++i) {
    const double u = numbers.unit();
    points.add(i % 4 == 0   ? std::fabs(numbers.spread(-999, 999))
               : i % 4 == 1 ? root_half + u * (root2 - root_half)
               : i % 4 == 2 ? 1 + numbers.spread(-52, -2)
                            : 4 * u);
  }
  points = with_low_words(std::move(points), kind);
  if (kind == Kind::twin)  // so near 1 that the second word alone tells
    for (double lo = 0x1p-54; lo > 0x1p-200; lo /= 8) {
      points.add({1, lo * 1.25});
      points.add({1, -lo});
    }
  return points;
}

inline Points above_minus_one(Kind kind) {
  Points points;
  for (const double x : {0., -0., 1., -.5, 2., 1e10, 0x1p1000, -0x1.fffffffffffffp-1}) points.add(x);
  for (const double m : {root_half, root2}) {
    points.around(m - 1);
    for (int k = -5; k <= 5; ++k) points.around(std::ldexp(m, k) - 1);
  }
  for (const int k : {52, 53, 54, 55, 100, 900})
    for (const double m : {1., root2}) points.around(std::ldexp(m, k));
  for (double x = kind == Kind::real ? 0x1p-1074 : 0x1p-240; x < .6; x *= 2) {
    points.add(x);
    points.add(-x);
    points.add(x * 1.625);
  }
  for (double gap = .25; gap >= 0x1p-53; gap /= 2) points.add(-1 + gap);
  Random numbers(3);
  for (int i = 0; i < drawn; ++i) {
    const double u = numbers.unit();
    points.add(i % 4 == 0   ? std::fabs(numbers.spread(-60, 999))
               : i % 4 == 1 ? (root_half - 1) + u * (root2 - root_half)
               : i % 4 == 2 ? numbers.spread(-60, -2)
                            : -1 + std::fabs(numbers.spread(-52, -1)));
  }
  points = with_low_words(std::move(points), kind);
  if (kind == Kind::twin)
    for (double gap = 0x1p-54; gap > 0x1p-500; gap /= 1024) points.add({-1, gap * 1.375});
  return points;
}

inline Points unit(Kind kind) {
  Points points;
  points.add(0.);
  points.around(.5);
  points.around(.4142135623730951);
  for (const double x : {1., 0x1.fffffffffffffp-1, 0x1.ffffffffffffep-1}) points.add(x);
  for (double x = kind == Kind::real ? 0x1p-1074 : 0x1p-240; x < 1; x *= 2) points.add(x);
  Random numbers(4);
  for (int i = 0; i < drawn; ++i)
    points.add(i % 2 == 0 ? numbers.unit() : std::fabs(numbers.spread(-60, -1)));
  if (kind == Kind::twin) {
    Random low(5);
    for (Words& each : points.a)
      if (each.hi < 1) each.lo = std::fabs(low_word(each.hi, loose, low));
  }
  return points;
}

/// Pairs of every distance in size, near cancellation among them. Second words of up to 2^bits; 0: none.
inline Points pairs(int bits_of_a, int bits_of_b) {
  Points points;
  Random numbers(6);
  auto add = [&](double x, double y) {
    Words a{x, 0}, b{y, 0};
    if (bits_of_a != 0) a.lo = low_word(x, bits_of_a, numbers);
    if (bits_of_b != 0) b.lo = low_word(y, bits_of_b, numbers);
    points.add(a, b);
  };
  for (const double x : {0., 1., -1., 3., 0x1.fffffffffffffp0, 0x1.0000000000001p0, 0x1p-100})
    for (const double y : {1., -1., 3., 0x1.fffffffffffffp0, -0x1.0000000000001p0, 0x1p100}) add(x, y);
  for (int i = 0; i < drawn; ++i) {
    const double x = numbers.spread(-200, 200);
    const int apart = static_cast<int>(numbers.bits() % 120);
    double y = numbers.spread(-200, 200);
    if (i % 4 == 1) y = std::ldexp(x * (1 + numbers.unit()), -apart);
    if (i % 4 == 2) y = -x * (1 + std::ldexp(numbers.symmetric(), -apart % 55));
    if (i % 4 == 3) y = numbers.symmetric() + 1.5;
    add(x, y);
    if (i % 16 == 0) add(x, -x);
  }
  return points;
}
/// The same with |a| >= |b|.
inline Points ordered(Points points) {
  for (std::size_t i = 0; i < points.a.size(); ++i)
    if (std::fabs(points.a[i].hi) < std::fabs(points.b[i].hi)) std::swap(points.a[i], points.b[i]);
  return points;
}
inline Points positive_firsts(Points points) {
  for (Words& each : points.a)
    if (each.hi < 0) each = {-each.hi, -each.lo};
  return points;
}

/// Of every size, near 1, and around the places where the quotient's exponent changes.
inline Points quotients() {
  Points points;
  Random numbers(8);
  for (int i = 0; i < drawn; ++i) {
    const double q = std::fabs(numbers.spread(-140, 10)), u = numbers.unit();
    const double near = 1 + std::ldexp(numbers.symmetric(), -static_cast<int>(numbers.bits() % 52));
    const double edge = (i % 2 == 0 ? root2 : root_half) * (1 + std::ldexp(numbers.symmetric(), -50));
    const double ratio = i % 4 == 0   ? near
                         : i % 4 == 1 ? edge
                         : i % 4 == 2 ? root_half + u * (root2 - root_half)
                                      : std::fabs(numbers.spread(-100, 100));
    points.add({q * ratio, 0}, {q, 0});
  }
  for (const double q : {1., .1, 3e-300}) points.add({q, 0}, {q, 0});
  return points;
}

inline Points reals() { return pairs(0, 0); }
inline Points positive_reals() { return positive_firsts(reals()); }
inline Points ordered_reals() { return ordered(reals()); }
template <int Bits>
Points real_and_twin() {
  return pairs(0, Bits);
}
template <int Bits>
Points twin_and_real() {
  return pairs(Bits, 0);
}
template <int Bits>
Points twins() {
  return pairs(Bits, Bits);
}
template <int Bits>
Points positive_twins() {
  return positive_firsts(twins<Bits>());
}
/// The second at most .7 of the first.
inline Points descending() {
  Points points = positive_firsts(ordered(twin_and_real<normal>()));
  for (std::size_t i = 0; i < points.a.size(); ++i)
    points.b[i] = {std::fmin(std::fabs(points.b[i].hi), .7 * points.a[i].hi), 0};
  return points;
}
inline Points real_exponents() { return exponents(Kind::real, 700, 0x1p-1074); }
inline Points real_clamped() { return clamped_exponents(Kind::real); }
inline Points twin_exponents() { return exponents(Kind::twin, 690, 0x1p-240); }
inline Points twin_moderate() { return exponents(Kind::twin, 600, 0x1p-240); }
/// Where the whole part of x/log 2 costs no digits that show.
inline Points twin_near_0() {
  Points all = twin_moderate(), points;
  for (const Words& each : all.a)
    if (std::fabs(each.hi) < 40) points.add(each);
  return points;
}
inline Points twin_clamped() { return clamped_exponents(Kind::twin); }

}  // namespace assay::tests
