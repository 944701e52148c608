#include "reference/engines/exact_engine.hpp"

#include <boost/multiprecision/gmp.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>
#include <vector>

namespace assay::reference {
namespace {

namespace mp = boost::multiprecision;
using Fraction = mp::number<mp::gmp_rational, mp::et_off>;
using Integer = mp::number<mp::gmp_int, mp::et_off>;

constexpr int most_factors = 64;
constexpr std::size_t most_terms = 512;  // products of sums grow; a tie worth seeing is short
struct TooLong {};

/// sum of coefficient * e^exponent; no coefficient is 0.
using ExpSum = std::map<Fraction, Fraction>;

ExpSum constant(const Fraction& c) { return c == 0 ? ExpSum{} : ExpSum{{0, c}}; }

void add_term(ExpSum& s, const Fraction& exponent, const Fraction& coefficient) {
  auto [at, fresh] = s.try_emplace(exponent, coefficient);
  if (!fresh) at->second += coefficient;
  if (at->second == 0) s.erase(at);
  if (s.size() > most_terms) throw TooLong();
}
ExpSum times(const ExpSum& a, const ExpSum& b) {
  ExpSum product;
  for (const auto& [e, c] : a)
    for (const auto& [f, d] : b) add_term(product, e + f, c * d);
  return product;
}
/// Divided by its term of largest exponent, which is returned.
std::pair<Fraction, Fraction> take_leading(ExpSum& s) {
  const auto [exponent, coefficient] = *s.rbegin();
  ExpSum rest;
  for (const auto& [e, c] : s) rest.emplace(e - exponent, c / coefficient);
  s = std::move(rest);
  return {exponent, coefficient};
}

class Form {
 public:
  Form() = default;
  explicit Form(const Fraction& c) : above_(constant(c)) {}

  /// The fraction that it is, if it is one.
  [[nodiscard]] std::optional<Fraction> fraction() const {
    if (!exact() || !logs_.empty()) return std::nullopt;
    if (above_.empty()) return Fraction(0);
    if (above_.size() != below_.size()) return std::nullopt;
    const Fraction ratio = above_.begin()->second / below_.begin()->second;
    for (auto a = above_.begin(), b = below_.begin(); a != above_.end(); ++a, ++b)
      if (a->first != b->first || a->second != ratio * b->second) return std::nullopt;
    return ratio;
  }
  [[nodiscard]] bool zero() const { return fraction() == Fraction(0); }

  static Form exp(const Fraction& x) {
    Form f;
    f.above_ = {{x, 1}};
    return f;
  }

  [[nodiscard]] Form scaled(const Fraction& by) const {
    Form f;
    if (by == 0) return f;
    f = *this;
    for (auto& term : f.above_) term.second *= by;
    for (auto& each : f.logs_) each.second *= by;
    return f;
  }

  friend Form operator+(const Form& a, const Form& b) {
    Form f;
    if (a.below_ == b.below_) {
      f.above_ = a.above_;
      f.below_ = a.below_;
      for (const auto& [e, c] : b.above_) add_term(f.above_, e, c);
    } else {
      f.above_ = times(a.above_, b.below_);
      for (const auto& [e, c] : times(b.above_, a.below_)) add_term(f.above_, e, c);
      f.below_ = times(a.below_, b.below_);
    }
    f.logs_ = a.logs_;
    for (const auto& [sum, factor] : b.logs_) f.add_log(sum, factor);
    f.dropped_ = larger(a.dropped_, b.dropped_);
    f.normalise();
    return f;
  }

  friend std::optional<Form> operator*(const Form& a, const Form& b) {
    if (const auto c = a.fraction()) return b.scaled(*c);
    if (const auto c = b.fraction()) return a.scaled(*c);
    if (!a.logs_.empty() || !b.logs_.empty()) {
      const auto plain_a = a.without_logs(), plain_b = b.without_logs();
      return plain_a && plain_b ? *plain_a * *plain_b : std::nullopt;
    }
    if ((!a.exact() || !b.exact()) && (a.above_.empty() || b.above_.empty())) return std::nullopt;
    Form f;
    f.above_ = times(a.above_, b.above_);
    f.below_ = times(a.below_, b.below_);
    f.dropped_ = larger(a.dropped_beside(b), b.dropped_beside(a));
    f.normalise();
    return f;
  }

  [[nodiscard]] std::optional<Form> inverse() const {
    if (!exact() || !logs_.empty() || above_.empty()) return std::nullopt;
    Form f;
    f.above_ = below_;
    f.below_ = above_;
    f.normalise();
    return f;
  }

  /// Of a quotient of sums of positive terms.
  [[nodiscard]] std::optional<Form> log() const {
    if (!exact() || !logs_.empty() || above_.empty()) return std::nullopt;
    Form f;
    for (const auto& [sum, sign] : {std::pair{above_, 1}, std::pair{below_, -1}}) {
      for (const auto& term : sum)
        if (term.second < 0) return std::nullopt;
      ExpSum rest = sum;
      const auto [exponent, coefficient] = take_leading(rest);
      f = f + Form(exponent * sign);
      if (coefficient != 1) {
        const bool small = coefficient < 1;
        f.add_log(constant(small ? Fraction(1 / coefficient) : coefficient), small ? -sign : sign);
      }
      if (rest.size() > 1) f.add_log(rest, sign);
    }
    return f;
  }

  /// The fraction that it hugs, and the side, when everything else is exponentially small.
  [[nodiscard]] std::optional<std::pair<Fraction, int>> hugged() const {
    const auto plain = without_logs();
    return plain ? plain->side() : std::nullopt;
  }

  /// Of what is 1 but for r e^a, a far below 0: 1 + exponent r e^a.
  [[nodiscard]] std::optional<Form> power_near_one(const Fraction& exponent) const {
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

 private:
  [[nodiscard]] bool exact() const { return !dropped_; }
  static std::optional<Fraction> larger(const std::optional<Fraction>& a, const std::optional<Fraction>& b) {
    if (!a || !b) return a ? a : b;
    return *a > *b ? a : b;
  }
  /// What is dropped of it in a product with another, whose leading power of e counts.
  [[nodiscard]] std::optional<Fraction> dropped_beside(const Form& other) const {
    if (!dropped_ || other.above_.empty()) return std::nullopt;
    return *dropped_ + other.above_.rbegin()->first;
  }

  /// The same with r e^a, the first order, for each log(1 + r e^a + ...): the second is dropped.
  [[nodiscard]] std::optional<Form> without_logs() const {
    Form f;
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

  /// The power of 2 that a fraction is within a factor of 2 of.
  static double magnitude(const Fraction& x) {
    const Integer above = mp::abs(Integer(mp::numerator(x))), below = Integer(mp::denominator(x));
    return static_cast<double>(mp::msb(above)) - static_cast<double>(mp::msb(below));
  }

  [[nodiscard]] std::optional<std::pair<Fraction, int>> side() const {
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

  void add_log(const ExpSum& sum, const Fraction& factor) {
    auto [at, fresh] = logs_.try_emplace(sum, factor);
    if (!fresh) at->second += factor;
    if (at->second == 0) logs_.erase(at);
    if (logs_.size() > most_terms) throw TooLong();
  }
  void normalise() {
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

  ExpSum above_, below_ = constant(1);
  std::map<ExpSum, Fraction> logs_;
  std::optional<Fraction> dropped_;  ///< the power of e that bounds what it is known up to; else it is exact
};

using Known = std::optional<Form>;

std::optional<Fraction> root_of(const Fraction& square) {
  if (square < 0) return std::nullopt;
  const Integer n = mp::sqrt(Integer(mp::numerator(square))), d = mp::sqrt(Integer(mp::denominator(square)));
  const Fraction root(n, d);
  return root * root == square ? std::optional(root) : std::nullopt;
}

class ExactEngine {
 public:
  explicit ExactEngine(const Graph& graph) : graph_(graph), values_(graph.nodes.size()) {}

  Known evaluate(std::int32_t root) {
    const std::vector<std::uint8_t> needed = needed_for(graph_, {{root}});
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i]) continue;
      try {
        values_[i] = compute(graph_.nodes[i]);
      } catch (const TooLong&) {
        values_[i].reset();
      }
    }
    return values_[static_cast<std::size_t>(root)];
  }

 private:
  const Known& value(std::int32_t i) const { return values_[static_cast<std::size_t>(i)]; }
  std::optional<Fraction> fraction(std::int32_t i) const {
    return value(i) ? value(i)->fraction() : std::nullopt;
  }
  bool zero(std::int32_t i) const { return value(i) && value(i)->zero(); }

  Known product(std::int32_t a, std::int32_t b) const {
    return value(a) && value(b) ? *value(a) * *value(b) : Known();
  }
  Known quotient(std::int32_t a, std::int32_t b) const {
    if (!value(a) || !value(b)) return {};
    const Known inverse = value(b)->inverse();
    return inverse ? *value(a) * *inverse : Known();
  }
  Known log(const Known& x) const { return x ? x->log() : Known(); }
  template <class F>
  Known of_fraction(std::int32_t i, F&& f) const {
    const auto x = fraction(i);
    return x ? Known(f(*x)) : Known();
  }

  Known compute(const Node& n) const {
    switch (n.op) {
      case Op::whole:
        return Form(Fraction(n.whole));
      case Op::number:
        return std::isfinite(n.number) ? Known(Form(Fraction(n.number))) : Known();
      case Op::stand_in:
        return Form(Fraction(n.number) * Fraction(Integer(1) << static_cast<unsigned>(n.whole)));
      case Op::pi:
        return {};
      case Op::add:
        return value(n.a) && value(n.b) ? Known(*value(n.a) + *value(n.b)) : Known();
      case Op::sub:
        return value(n.a) && value(n.b) ? Known(*value(n.a) + value(n.b)->scaled(-1)) : Known();
      case Op::stop_gradient:
        return value(n.a);
      case Op::neg:
        return value(n.a) ? Known(value(n.a)->scaled(-1)) : Known();
      case Op::mul:
        return product(n.a, n.b);
      case Op::weigh:
      case Op::chain:
        if (zero(n.a) || (n.op == Op::chain && zero(n.b))) return Form();
        return product(n.a, n.b);
      case Op::div:
      case Op::mean:
        return quotient(n.a, n.b);
      case Op::unit:
      case Op::normal:
        return zero(n.b) ? Known(Form()) : quotient(n.a, n.b);
      case Op::overlap:
        return zero(n.b) ? Known(Form(Fraction(1))) : quotient(n.a, n.b);
      case Op::mean_slope:
      case Op::normal_slope:
        return value(n.a) ? value(n.a)->inverse() : Known();
      case Op::exp:
        return of_fraction(n.a, [](const Fraction& x) { return Form::exp(x); });
      case Op::cosh:
      case Op::sinh:
        return of_fraction(n.a, [&](const Fraction& x) {
          return Form::exp(x).scaled(Fraction(1, 2)) +
                 Form::exp(-x).scaled(Fraction(n.op == Op::cosh ? 1 : -1, 2));
        });
      case Op::cos:
      case Op::sin:  // rational at 0 alone
        return zero(n.a) ? Known(Form(Fraction(n.op == Op::cos ? 1 : 0))) : Known();
      case Op::log:
        return log(value(n.a));
      case Op::sqrt: {
        const auto square = fraction(n.a);
        const auto root = square ? root_of(*square) : std::nullopt;
        return root ? Known(Form(*root)) : Known();
      }
      case Op::norm: {
        Fraction total = 0;
        for (std::int32_t k = 0; k < n.b; ++k) {
          const auto x = fraction(graph_.operands[static_cast<std::size_t>(n.a + k)]);
          if (!x) return {};
          total += *x * *x;
        }
        const auto root = root_of(total);
        return root ? Known(Form(*root)) : Known();
      }
      case Op::abs:
        return of_fraction(n.a, [](const Fraction& x) { return Form(x < 0 ? Fraction(-x) : x); });
      case Op::sign:
        return of_fraction(n.a, [](const Fraction& x) { return Form(Fraction(x > 0 ? 1 : x < 0 ? -1 : 0)); });
      case Op::positive:
        return of_fraction(n.a, [](const Fraction& x) { return Form(x > 0 ? x : Fraction(0)); });
      case Op::step:
        return of_fraction(n.a, [](const Fraction& x) { return Form(Fraction(x > 0 ? 1 : 0)); });
      case Op::maximum:
        return maximum(n);
      case Op::share:
        return share(n);
      case Op::where: {
        const std::int32_t* o = graph_.operands.data() + n.a;
        const auto left = fraction(o[0]), right = fraction(o[1]);
        if (!left || !right) return {};
        return *left <= *right ? value(o[2]) : value(o[3]);
      }
      case Op::power:
        return power(n);
      case Op::xlogy: {
        if (zero(n.a)) return Form();
        const auto x = fraction(n.a);
        const Known l = log(value(n.b));
        return x && l ? Known(l->scaled(*x)) : Known();
      }
      case Op::divergence:
      case Op::log_ratio: {
        if (n.op == Op::divergence && zero(n.a)) return Form();
        const auto p = fraction(n.a);
        const Known l = log(quotient(n.a, n.b));
        if (!p || !l) return {};
        return n.op == Op::divergence ? l->scaled(*p) : *l;
      }
    }
    return {};
  }

  /// A whole number of times, or half of one, a few times; 0, 1 and what hugs 1 to any power.
  Known power(const Node& n) const {
    const auto exponent = fraction(n.b);
    if (!exponent) return {};
    if (*exponent == 0) return Form(Fraction(1));
    const auto base = fraction(n.a);
    if (base && *base == 1) return Form(Fraction(1));
    if (base && *base == 0) return *exponent > 0 ? Known(Form()) : Known();
    Fraction steps = *exponent < 0 ? Fraction(-*exponent) : *exponent;
    Known factor = value(n.a);
    if (mp::denominator(steps) == 2) {
      const auto root = base ? root_of(*base) : std::nullopt;
      if (!root) return factor ? factor->power_near_one(*exponent) : Known();
      factor = Form(*root);
      steps *= 2;
    }
    if (!factor) return {};
    if (mp::denominator(steps) != 1 || steps > most_factors) return factor->power_near_one(*exponent);
    Known result = Form(Fraction(1));
    for (int k = 0; result && k < steps; ++k) result = *result * *factor;
    return result && *exponent < 0 ? result->inverse() : result;
  }

  Known maximum(const Node& n) const {
    std::optional<Fraction> most;
    for (std::int32_t k = 0; k < n.b; ++k) {
      const auto x = fraction(graph_.operands[static_cast<std::size_t>(n.a + k)]);
      if (!x) return {};
      if (!most || *x > *most) most = x;
    }
    return Form(*most);
  }

  Known share(const Node& n) const {
    const Node& top = graph_.nodes[static_cast<std::size_t>(n.a)];
    const auto most = fraction(n.a);
    if (!most) return {};
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k)
      ties += fraction(graph_.operands[static_cast<std::size_t>(top.a + k)]) == most;
    const bool wins = fraction(graph_.operands[static_cast<std::size_t>(top.a + n.whole)]) == most;
    return Form(wins ? Fraction(1, ties) : Fraction(0));
  }

  const Graph& graph_;
  std::vector<Known> values_;
};

}  // namespace

std::optional<ExactFraction> exact_fraction(const Graph& graph, std::int32_t node) try {
  const Known known = ExactEngine(graph).evaluate(node);
  if (!known) return std::nullopt;
  if (const auto fraction = known->fraction()) return ExactFraction{fraction->str(), 0};
  if (const auto hugged = known->hugged()) return ExactFraction{hugged->first.str(), hugged->second};
  return std::nullopt;
} catch (const TooLong&) {
  return std::nullopt;
}

}  // namespace assay::reference
