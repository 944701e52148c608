#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// (log v + a^2/v)/2, and log(2 pi)/2 more when full; by x and t +-a/v, by v (v - a^2)/(2 v^2); a = x-t.
///
/// The terms of the value cancel where log v < 0, and do so between the elements of a mean, where no
/// sensitivity excuses it: the logarithms of two variances, 44 each, may sum to 2^-20. So f32 too computes in
/// Quad, and the doubles' 2^-53 of 44 never shows. v - a^2 is good to 2^-104 of a^2, and the sensitivity is
/// at least a^2/v^2. Limits at x = +-inf: inf, +-inf, -+inf, and by v -inf, which the arithmetic gives by
/// itself.
template <class T>
struct Formula<GaussianNll, T> {
  using Number = Quad;
  explicit Formula(const GaussianNll& loss) : full(loss.full) {}

  Element<Number, 3> operator()(const std::array<Number, 3>& input, bool wanted) const {
    const Number& v = input[2];
    if (v <= 0 || is_infinite(v)) return undefined<Number, 3>();
    const Number a = input[0] - input[1];
    const Number slope = a / v;
    Element<Number, 3> e;
    e.value = ldexp(log(v) + a * slope, -1);
    if (full) e.value += half_log_two_pi();
    if (wanted) e.slope = {slope, -slope, ldexp((v - square(a)) / square(v), -1)};
    return e;
  }

  /// log(2 pi)/2. Recipe: mpmath.log(2*mpmath.pi)/2 at 400 bits, rounded to nearest twice.
  static Quad half_log_two_pi() { return Quad(0x1.d67f1c864beb5p-1) + Quad(-0x1.65b5a1b7ff5dfp-55); }

  bool full;
};

template std::size_t workspace_bytes(const GaussianNll&, const Call<float>&);
template std::size_t workspace_bytes(const GaussianNll&, const Call<double>&);
template void evaluate(const GaussianNll&, const Call<float>&);
template void evaluate(const GaussianNll&, const Call<double>&);

}  // namespace assay
