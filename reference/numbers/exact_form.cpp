#include "reference/numbers/exact_form.hpp"

#include <cmath>
#include <iterator>
#include <numbers>

namespace assay::reference {
namespace {

namespace mp = boost::multiprecision;
using Integer = mp::number<mp::gmp_int, mp::et_off>;

constexpr std::size_t most_terms = 512;

/// The power of 2 that a fraction is within a factor of 2 of.
double magnitude(const Fraction& x) {
  const Integer above = mp::abs(Integer(mp::numerator(x))), below = Integer(mp::denominator(x));
  return static_cast<double>(mp::msb(above)) - static_cast<double>(mp::msb(below));
}

}  // namespace

void ExactForm::add_term(ExpSum& s, const Fraction& exponent, const Fraction& coefficient) {
  auto [at, fresh] = s.try_emplace(exponent, coefficient);
  if (!fresh) at->second += coefficient;
  if (at->second == 0) s.erase(at);
  if (s.size() > most_terms) throw FormTooLong();
}

ExactForm::ExpSum ExactForm::times(const ExpSum& a, const ExpSum& b) {
  ExpSum product;
  for (const auto& [e, c] : a)
    for (const auto& [f, d] : b) add_term(product, e + f, c * d);
  return product;
}

// Divided by its term of largest exponent, which is returned.
std::pair<Fraction, Fraction> ExactForm::take_leading(ExpSum& s) {
  const auto [exponent, coefficient] = *s.rbegin();
  ExpSum rest;
  for (const auto& [e, c] : s) rest.emplace(e - exponent, c / coefficient);
  s = std::move(rest);
  return {exponent, coefficient};
}

std::optional<Fraction> ExactForm::larger(const std::optional<Fraction>& a,
                                          const std::optional<Fraction>& b) {
  if (!a || !b) return a ? a : b;
  return *a > *b ? a : b;
}

ExactForm ExactForm::exp(const Fraction& x) {
  ExactForm f;
  f.above_ = {{x, 1}};
  return f;
}

std::optional<Fraction> ExactForm::fraction() const {
  if (!exact() || !logs_.empty()) return std::nullopt;
  if (above_.empty()) return Fraction(0);
  if (above_.size() != below_.size()) return std::nullopt;
  const Fraction ratio = above_.begin()->second / below_.begin()->second;
  for (auto a = above_.begin(), b = below_.begin(); a != above_.end(); ++a, ++b)
    if (a->first != b->first || a->second != ratio * b->second) return std::nullopt;
  return ratio;
}

ExactForm ExactForm::scaled(const Fraction& by) const {
  ExactForm f;
  if (by == 0) return f;
  f = *this;
  for (auto& term : f.above_) term.second *= by;
  for (auto& each : f.logs_) each.second *= by;
  return f;
}

void ExactForm::normalise() {
  if (above_.empty()) {
    below_ = constant(1);
    return;
  }
  const auto [exponent, coefficient] = take_leading(below_);
  ExpSum shifted;
  for (const auto& [e, c] : above_) shifted.emplace(e - exponent, c / coefficient);
  above_ = std::move(shifted);
  if (const auto c = fraction(); c && below_.size() > 1) {
    above_ = constant(*c);
    below_ = constant(1);
  }
}

ExactForm operator+(const ExactForm& a, const ExactForm& b) {
  ExactForm f;
  if (a.below_ == b.below_) {
    f.above_ = a.above_;
    f.below_ = a.below_;
    for (const auto& [e, c] : b.above_) ExactForm::add_term(f.above_, e, c);
  } else {
    f.above_ = ExactForm::times(a.above_, b.below_);
    for (const auto& [e, c] : ExactForm::times(b.above_, a.below_)) ExactForm::add_term(f.above_, e, c);
    f.below_ = ExactForm::times(a.below_, b.below_);
  }
  f.logs_ = a.logs_;
  for (const auto& [sum, factor] : b.logs_) f.add_log(sum, factor);
  f.dropped_ = ExactForm::larger(a.dropped_, b.dropped_);
  f.normalise();
  return f;
}

// What is dropped of it in a product with another, whose leading power of e counts.
std::optional<Fraction> ExactForm::dropped_beside(const ExactForm& other) const {
  if (!dropped_ || other.above_.empty()) return std::nullopt;
  return *dropped_ + other.above_.rbegin()->first;
}

std::optional<ExactForm> operator*(const ExactForm& a, const ExactForm& b) {
  if (const auto c = a.fraction()) return b.scaled(*c);
  if (const auto c = b.fraction()) return a.scaled(*c);
  if (!a.logs_.empty() || !b.logs_.empty()) {
    const auto plain_a = a.without_logs(), plain_b = b.without_logs();
    return plain_a && plain_b ? *plain_a * *plain_b : std::nullopt;
  }
  if ((!a.exact() || !b.exact()) && (a.above_.empty() || b.above_.empty())) return std::nullopt;
  ExactForm f;
  f.above_ = ExactForm::times(a.above_, b.above_);
  f.below_ = ExactForm::times(a.below_, b.below_);
  f.dropped_ = ExactForm::larger(a.dropped_beside(b), b.dropped_beside(a));
  f.normalise();
  return f;
}

std::optional<ExactForm> ExactForm::inverse() const {
  if (!exact() || !logs_.empty() || above_.empty()) return std::nullopt;
  ExactForm f;
  f.above_ = below_;
  f.below_ = above_;
  f.normalise();
  return f;
}

void ExactForm::add_log(const ExpSum& sum, const Fraction& factor) {
  auto [at, fresh] = logs_.try_emplace(sum, factor);
  if (!fresh) at->second += factor;
  if (at->second == 0) logs_.erase(at);
  if (logs_.size() > most_terms) throw FormTooLong();
}

std::optional<ExactForm> ExactForm::log() const {
  if (!exact() || !logs_.empty() || above_.empty()) return std::nullopt;
  ExactForm f;
  for (const auto& [sum, sign] : {std::pair{above_, 1}, std::pair{below_, -1}}) {
    for (const auto& term : sum)
      if (term.second < 0) return std::nullopt;
    ExpSum rest = sum;
    const auto [exponent, coefficient] = take_leading(rest);
    f = f + ExactForm(exponent * sign);
    if (coefficient != 1) {
      const bool small = coefficient < 1;
      f.add_log(constant(small ? Fraction(1 / coefficient) : coefficient), small ? -sign : sign);
    }
    if (rest.size() > 1) f.add_log(rest, sign);
  }
  return f;
}

// The same with r e^a, the first order, for each log(1 + r e^a + ...): the second is dropped.
std::optional<ExactForm> ExactForm::without_logs() const {
  ExactForm f;
  f.above_ = above_;
  f.below_ = below_;
  f.dropped_ = dropped_;
  for (const auto& [sum, factor] : logs_) {
    if (sum.size() < 2) return std::nullopt;  // the logarithm of a fraction
    const auto first = std::next(sum.rbegin());
    for (auto term = first; term != sum.rend(); ++term)
      for (const auto& [e, c] : below_) add_term(f.above_, e + term->first, c * factor * term->second);
    f.dropped_ = larger(f.dropped_, first->first * 2);
  }
  return f;
}

std::optional<std::pair<Fraction, int>> ExactForm::side() const {
  // Normalised, below_ is 1 + smaller terms, so the fraction is above_'s term at exponent 0.
  if (!above_.empty() && above_.rbegin()->first > 0) return std::nullopt;
  const auto level = above_.find(0);
  const Fraction limit = level == above_.end() ? Fraction(0) : level->second;
  ExpSum left = above_;
  for (const auto& [e, c] : below_) add_term(left, e, -limit * c);
  if (left.empty()) return std::nullopt;
  // Above e^-12000 the balls see for themselves. Coefficients are fractions of a few thousand bits at most:
  // 2^7000 < e^5000, so what was dropped cannot turn the sign.
  const auto first = left.rbegin();
  if (first->first > -12000 || (dropped_ && *dropped_ > first->first - 5000)) return std::nullopt;
  double against = 0;  // what stands against the first term, over it, with half of it to spare
  for (auto term = std::next(first); term != left.rend(); ++term)
    if ((term->second > 0) != (first->second > 0))
      against += std::exp(static_cast<double>(Fraction(term->first - first->first)) +
                          (magnitude(term->second) - magnitude(first->second) + 2) * std::numbers::ln2);
  if (!(against < .5)) return std::nullopt;
  return std::pair{limit, first->second > 0 ? 1 : -1};
}

std::optional<std::pair<Fraction, int>> ExactForm::hugged() const {
  const auto plain = without_logs();
  return plain ? plain->side() : std::nullopt;
}

std::optional<ExactForm> ExactForm::power_near_one(const Fraction& exponent) const {
  auto f = without_logs();
  if (!f) return std::nullopt;
  ExpSum left = f->above_;
  for (const auto& [e, c] : f->below_) add_term(left, e, -c);
  if (left.empty() || left.rbegin()->first > -12000) return std::nullopt;
  f->above_ = f->below_;
  for (const auto& [e, c] : left) add_term(f->above_, e, exponent * c);
  f->dropped_ = larger(f->dropped_, left.rbegin()->first * 2);
  return f;
}

Fraction power_of_two(unsigned exponent) { return Fraction(Integer(1) << exponent); }

std::optional<Fraction> root_of(const Fraction& square) {
  if (square < 0) return std::nullopt;
  const Integer n = mp::sqrt(Integer(mp::numerator(square))), d = mp::sqrt(Integer(mp::denominator(square)));
  const Fraction root(n, d);
  return root * root == square ? std::optional(root) : std::nullopt;
}

}  // namespace assay::reference
