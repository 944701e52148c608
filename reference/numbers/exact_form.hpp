// Numbers that are known exactly although their formula is transcendental: quotients of sums of r e^a, r and
// a fractions, plus fractions times logarithms of such sums.
//
// Sums are written from their largest exponential down, so that log(1+e^x) - log(1+e^-x) is x, the softmax of
// a row of equal numbers is 1/C, and log(e^x) is x.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace assay::reference {

using Fraction =
    boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

/// Thrown by every function here: products of sums grow, and a tie worth seeing is short.
struct FormTooLong {};

class ExactForm {
 public:
  ExactForm() = default;  ///< 0
  explicit ExactForm(const Fraction& c) : above_(constant(c)) {}
  static ExactForm exp(const Fraction& x);

  /// The fraction that it is, if it is one.
  [[nodiscard]] std::optional<Fraction> fraction() const;
  [[nodiscard]] bool zero() const { return fraction() == Fraction(0); }

  [[nodiscard]] ExactForm scaled(const Fraction& by) const;
  friend ExactForm operator+(const ExactForm& a, const ExactForm& b);
  // Nothing where the result has no such form.
  friend std::optional<ExactForm> operator*(const ExactForm& a, const ExactForm& b);
  [[nodiscard]] std::optional<ExactForm> inverse() const;
  [[nodiscard]] std::optional<ExactForm> log() const;  ///< of a quotient of sums of positive terms
  /// Of what is 1 but for r e^a, a far below 0: 1 + exponent r e^a.
  [[nodiscard]] std::optional<ExactForm> power_near_one(const Fraction& exponent) const;

  /// The fraction that it hugs, and the side, when everything else is exponentially small.
  [[nodiscard]] std::optional<std::pair<Fraction, int>> hugged() const;

 private:
  /// sum of coefficient * e^exponent; no coefficient is 0.
  using ExpSum = std::map<Fraction, Fraction>;
  static ExpSum constant(const Fraction& c) { return c == 0 ? ExpSum{} : ExpSum{{0, c}}; }
  static void add_term(ExpSum& s, const Fraction& exponent, const Fraction& coefficient);
  static ExpSum times(const ExpSum& a, const ExpSum& b);
  static std::pair<Fraction, Fraction> take_leading(ExpSum& s);
  static std::optional<Fraction> larger(const std::optional<Fraction>& a, const std::optional<Fraction>& b);

  [[nodiscard]] bool exact() const { return !dropped_; }
  [[nodiscard]] std::optional<Fraction> dropped_beside(const ExactForm& other) const;
  [[nodiscard]] std::optional<ExactForm> without_logs() const;
  [[nodiscard]] std::optional<std::pair<Fraction, int>> side() const;
  void add_log(const ExpSum& sum, const Fraction& factor);
  void normalise();

  ExpSum above_, below_ = constant(1);
  std::map<ExpSum, Fraction> logs_;
  std::optional<Fraction> dropped_;  ///< the power of e that bounds what it is known up to; else it is exact
};

Fraction power_of_two(unsigned exponent);

/// The square root of a fraction, where it is one.
std::optional<Fraction> root_of(const Fraction& square);

}  // namespace assay::reference
