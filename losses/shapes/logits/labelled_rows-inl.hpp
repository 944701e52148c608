// Rows of logits of which a label chooses one. Included once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SHAPES_LOGITS_LABELLED_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_LOGITS_LABELLED_ROWS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_LOGITS_LABELLED_ROWS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_LOGITS_LABELLED_ROWS_INL_HPP
#endif

#include "losses/shapes/logits/logit_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// The labels of the rows in hand, input 1 of their loss, and the weights of their classes, if they have
/// some. Rows with the label `ignored`, or with one that is no class, are left to others.
template <class T>
class LabelledRows {
 public:
  using Rows = LogitRows<T>;
  using Number = typename Rows::Number;

  HWY_INLINE explicit LabelledRows(const RowPlan<T>& plan, const T* weights = nullptr,
                                   std::int64_t ignored = -1)
      : plan_(plan), weights_(weights), ignored_(ignored) {}

  /// x_y, NaN where a row has no class, and the weight of y.
  HWY_INLINE unsigned look(const Rows& rows) {
    const T* const x = plan_.call.inputs[0].real;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      const std::size_t row = rows.row(j);
      const std::int64_t y = label(row);
      const bool known = is_class(y);
      chosen_.hi[j] = known ? static_cast<double>(x[row * rows.width() + static_cast<std::size_t>(y)])
                            : std::numeric_limits<double>::quiet_NaN();
      if (weights_ != nullptr) weight_.hi[j] = known ? static_cast<double>(weights_[y]) : 1;
    }
    return 0;
  }

  /// m - x_y, not negative, which beside log1p(others) makes -log p_y.
  [[nodiscard]] HWY_INLINE Vouched<Number> distance(const Rows& rows, std::size_t g) const {
    const Real x_y = chosen_.get(g);
    return {Number(below(rows.maximum(g), exact_input(x_y))),
            x_y > Real(-std::numeric_limits<double>::infinity())};
  }
  [[nodiscard]] HWY_INLINE Number weighted(Number x, std::size_t g) const {
    return weights_ == nullptr ? x : x * exactly<Number>(weight_.get(g));
  }

  struct Shares {
    Number own, lacking;
  };
  /// p_y, and 1 - p_y, for which p_y is taken from 1 only below 1/2.
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Shares shares(const Rows& rows, std::size_t g) const {
    const Real m = rows.maximum(g), x_y = chosen_.get(g);
    const Number total = rows.total(g);
    const Condition top = x_y == m, near = (x_y > m - Real(690.0)) | top;  // m - 690 may be m
    const Number own = only(near, exponential<digits>(exact_input(x_y), m)) / total;
    return {own, select(top, rows.others(g) / total, exactly<Number>(1.0) - own)};
  }

  /// What the gradients of the rows are multiplied with.
  [[nodiscard]] HWY_INLINE Sixteen<Number> scales(const Rows& rows) const {
    Sixteen<Number> out = rows.scales();
    for (std::size_t g = 0; g < groups; ++g) out.set(g, weighted(out.get(g), g));
    return out;
  }
  /// The same where -log p_y has a slope in the loss besides: `factor`, of rows.registers().
  [[nodiscard]] HWY_INLINE Sixteen<Number> scales(const Rows& rows, const Sixteen<Number>& factor) const {
    Sixteen<Number> out = scales(rows);
    for (std::size_t g = 0; g < groups; ++g) out.set(g, out.get(g) * factor.get(rows.joined() ? 0 : g));
    return out;
  }
  /// The gradient of `scale` times -log p_y: scale p_c, and by the label's own logit -(1 - p_y) scale.
  template <Digits digits>
  HWY_INLINE unsigned write_slopes(Rows& rows, T* out, const Sixteen<Number>& scale) const {
    const unsigned doubtful = rows.template write_shares<digits>(out, scale);
    Sixteen<Number> own;
    for (std::size_t g = 0; g < rows.registers(); ++g)
      own.set(g, -(shares<digits>(rows, g).lacking * scale.get(g)));
    write_own(rows, out, own);
    return doubtful;
  }
  /// The slopes by the labels' own logits, in place of what stands there.
  HWY_INLINE void write_own(const Rows& rows, T* out, const Sixteen<Number>& slopes) const {
    for (std::size_t j = 0; j < rows.count(); ++j) {
      const std::int64_t y = label(rows.row(j));
      if (is_class(y)) out[rows.row(j) * rows.width() + static_cast<std::size_t>(y)] = rounded<T>(slopes, j);
    }
  }

 private:
  [[nodiscard]] HWY_INLINE std::int64_t label(std::size_t row) const {
    return plan_.call.inputs[1].integer[row];
  }
  [[nodiscard]] HWY_INLINE bool is_class(std::int64_t y) const {
    return y >= 0 && y < plan_.width && y != ignored_;
  }
  HWY_INLINE static typename Rows::Input exact_input(Real x) {
    if constexpr (Rows::two_words)
      return exact(x);
    else
      return x;
  }

  const RowPlan<T>& plan_;
  const T* weights_;
  std::int64_t ignored_;
  Sixteen<Real> chosen_, weight_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
