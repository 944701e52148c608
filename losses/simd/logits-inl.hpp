// Rows of logits in lanes. Included once a target by way of losses/logit_rows.hpp.
//
// With m the row's maximum and e_c = e^{x_c - m}, `ties` numbers equal to m have e_c = 1 exactly; the others'
// sum is added to ties - 1: others = (ties - 1) + sum over x_c < m of e_c, total = 1 + others. Nothing is
// ever taken from 1:
//   log sum e^x   = m + log1p(others)
//   -log p_c      = (m - x_c) + log1p(others)            two terms that are not negative
//   p_c           = e_c / total
//   1 - p_c       = others / total at the only maximum; elsewhere p_c <= 1/2
// Against targets t_c with the sum T the loss is sum t_c (m - x_c) + T log1p(others), and its slope
//   T p_c - t_c   = (T - t_c) - T others/total           at the only maximum, T - t_c summed apart
// What of such a difference is left must be 2^-15 (f32) or 2^-18 (f64) of its terms; else the row is computed
// without lanes, as are rows with NaN, infinite maxima and what lies below 2^-960.

#if defined(ASSAY_LOSSES_SIMD_LOGITS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#endif

#include <algorithm>

#include "losses/logit_rows_plan.hpp"
#include "losses/simd/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// Two words as a number of either length, so that one text serves Real and Twin.
HWY_INLINE Real number(detail::Pair x, Real) { return x.hi; }
HWY_INLINE Twin number(detail::Pair x, Twin) { return {x.hi, x.lo}; }

template <class T, LogitLoss kind, bool Short>
class LogitRows {
 public:
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

  HWY_INLINE LogitRows(const RowPlan<T>& plan, const LogitTerms& terms)
      : plan_(plan),
        terms_(terms),
        width_(static_cast<std::size_t>(plan.width)),
        x_(plan.call.inputs[0].real),
        gradient_(plan.call.gradient[0]),
        labels_(kind == LogitLoss::labels ? plan.call.inputs[1].integer : nullptr),
        second_(kind == LogitLoss::targets ? plan.call.inputs[1].real : nullptr) {
    if (kind == LogitLoss::softmax && gradient_ != nullptr) second_ = plan.call.cotangent;
  }

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    return sum_of_blocks<positive>(*this, width_, begin, end, values_);
  }

  /// One long row, or up to sixteen short ones.
  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    const Columns<T> columns(width_, first_row, count);
    const std::size_t steps = columns.steps();
    const bool joined = !columns.is_short();
    columns.gather(x_, x_[first_row * width_], x_columns_);
    if (second_ != nullptr) columns.gather(second_, T{0}, second_columns_);

    const bool finite = find_maximum(columns, steps, joined);
    if (!finite) {
      for (std::size_t j = 0; j < count; ++j) compute_slowly(plan_, first_row + j, out, values_, pending + j);
      return;
    }
    unsigned doubtful = 0;
    if (quick) columns.pad(static_cast<T>(maximum_.hi[0] - 680), x_columns_);  // no share of any sum
    if (!quick || !add_up_quickly(columns, steps, joined)) {
      columns.pad(-std::numeric_limits<T>::infinity(), x_columns_);
      doubtful = add_up(columns, steps, joined);
    }
    if constexpr (kind != LogitLoss::softmax) doubtful |= find_values(first_row, count, joined, pending);
    if constexpr (kind == LogitLoss::softmax) doubtful |= write_shares(columns, steps, joined);
    if (gradient_ != nullptr) doubtful |= write_gradient(columns, first_row, count, steps, joined);
    if (joined && doubtful != 0) doubtful = 1;
    if (HWY_UNLIKELY(doubtful != 0))
      for (std::size_t j = 0; j < count; ++j)
        if (doubtful >> j & 1) compute_slowly(plan_, first_row + j, out, values_, pending + j);
  }

 private:
  static constexpr std::size_t kept_steps = 128;  ///< so many steps' exponentials are kept for the gradient
  static constexpr bool positive = kind == LogitLoss::labels || kind == LogitLoss::targets;
  static constexpr double enough = enough_left<T>;

  /// e^{x-m}. In two words what lies below e^-800 is 0, and what lies above that but below e^-690 is not
  /// known.
  HWY_INLINE Real exponential(Real x, Real m, Condition&) const {
    return Short ? short_exp_down(x - m) : exp(x - m);
  }
  HWY_INLINE Twin exponential(Exact x, Real m, Condition& holds) const {
    const Twin d = x - exact(m);
    const Condition far = d.hi < Real(-690.0);
    holds = holds & !(far & (d.hi >= Real(-800.0)));
    const Twin inside = select(far, Twin(0.0), d);
    return only(!far, Short ? short_exp(inside) : exp(inside));
  }
  HWY_INLINE static Real high(Real x) { return x; }
  HWY_INLINE static Real high(Exact x) { return real(x); }

  /// False where some number is NaN or a maximum is infinite. Maxima are exact: they are found in the dtype.
  HWY_INLINE bool find_maximum(const Columns<T>& columns, std::size_t steps, bool joined) {
    const hn::CappedTag<T, virtual_lanes> dtype;
    constexpr std::size_t width = HWY_LANES(T) < virtual_lanes ? HWY_LANES(T) : virtual_lanes;
    constexpr std::size_t registers = virtual_lanes / width;
    using Register = hn::Vec<decltype(dtype)>;
    Register maximum[registers], minimum[registers];
    hn::Mask<decltype(dtype)> numbers[registers];
    for (std::size_t r = 0; r < registers; ++r) {
      maximum[r] = hn::Set(dtype, -std::numeric_limits<T>::infinity());
      minimum[r] = hn::Set(dtype, std::numeric_limits<T>::infinity());
      numbers[r] = hn::FirstN(dtype, width);
    }
    for (std::size_t s = 0; s < steps; ++s) {
      const T* const from = columns.at(x_, x_columns_, s);
      for (std::size_t r = 0; r < registers; ++r) {
        const Register x = hn::LoadU(dtype, from + r * width);
        maximum[r] = hn::Max(maximum[r], x);
        if (sizeof(T) == sizeof(double)) minimum[r] = hn::Min(minimum[r], x);
        numbers[r] = hn::And(numbers[r], hn::Eq(x, x));
      }
    }
    HWY_ALIGN T found[virtual_lanes];
    bool finite = true;
    for (std::size_t r = 0; r < registers; ++r) {
      hn::Store(maximum[r], dtype, found + r * width);
      finite = finite && hn::AllTrue(dtype, numbers[r]);
    }
    HWY_ALIGN T least[virtual_lanes];
    for (std::size_t r = 0; r < registers; ++r) hn::Store(minimum[r], dtype, least + r * width);
    T most = found[0];
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      most = found[j] > most ? found[j] : most;
      maximum_.hi[j] = static_cast<double>(found[j]);
    }
    if (joined) maximum_.set_all({static_cast<double>(most), 0});
    narrow_ = true;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      finite = finite && maximum_.hi[j] - maximum_.hi[j] == 0;
      narrow_ = narrow_ && maximum_.hi[j] - static_cast<double>(least[j]) < 690;
    }
    return finite;
  }

  /// A target as the loss takes it: kept t + floor.
  HWY_INLINE Number target(Input t) const {
    return number(terms_.kept, Number()) * t + number(terms_.floor, Number());
  }

  /// Where half the digits beyond the dtype will do.
  static constexpr bool quick = Short && kind == LogitLoss::labels;

  /// others = (sum over all c of e_c) - 1: no number has to be told from the maximum. The lanes' sums start
  /// at 1, which no term exceeds. f32: a sum is good to 2^-50 of itself, so that others above 2^-14 are good
  /// to 2^-36; f64: to 2^-58 of others and 2^-104 of the sum. False where others are too small for that.
  HWY_INLINE bool add_up_quickly(const Columns<T>& columns, std::size_t steps, bool joined) {
    if (sizeof(T) == sizeof(double) && !narrow_) return false;
    QuickSum sum;
    sum.start();
    if (gradient_ == nullptr) {
      for (std::size_t s = 0; s < steps; ++s) quick_step<false>(columns.at(x_, x_columns_, s), s, sum);
    } else {
      const std::size_t kept = steps < kept_steps ? steps : kept_steps;
      for (std::size_t s = 0; s < kept; ++s) quick_step<true>(columns.at(x_, x_columns_, s), s, sum);
      for (std::size_t s = kept; s < steps; ++s) quick_step<false>(columns.at(x_, x_columns_, s), s, sum);
    }
    const double started = joined ? virtual_lanes : 1;
    if (joined) {
      others_.set_all(merged(sum.sum));
    } else {
      for (std::size_t g = 0; g < groups; ++g) others_.set(g, sum.sum[g]);
    }
    Condition holds = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      const Number others = others_.get(g) - exact_number(started + 1);
      others_.set(g, others);
      ties_.set(g, 1.0);
      holds = holds & (leading(others) > Real(sizeof(T) == sizeof(float) ? 0x1p-14 : 0x1p-40));
    }
    return all(holds);
  }
  struct QuickSum {
    Number sum[groups];

    HWY_INLINE void start() {
      for (std::size_t g = 0; g < groups; ++g) sum[g] = exact_number(1.0);
    }
    HWY_INLINE void add(std::size_t g, Real x) { sum[g] = sum[g] + x; }
    HWY_INLINE void add(std::size_t g, Twin x) {
      const Twin s = fast_two_sum(sum[g].hi, x.hi);
      sum[g] = {s.hi, sum[g].lo + (s.lo + x.lo)};
    }
  };
  HWY_INLINE static Real quick_exponential(Real x, Real m) { return short_exp_down(x - m); }
  HWY_INLINE static Twin quick_exponential(Exact x, Real m) { return short_exp_down(x - exact(m)); }
  /// Written out where registers are few, so that the sums stay in them.
  template <bool Keep, std::size_t Group = 0>
  HWY_INLINE void quick_step(const T* from, std::size_t s, QuickSum& sum) {
    if constexpr (groups <= 4) {
      quick_group<Keep>(from, s, Group, sum);
      if constexpr (Group + 1 < groups) quick_step<Keep, Group + 1>(from, s, sum);
    } else {
      for (std::size_t g = 0; g < groups; ++g) quick_group<Keep>(from, s, g, sum);
    }
  }
  template <bool Keep>
  HWY_INLINE void quick_group(const T* from, std::size_t s, std::size_t g, QuickSum& sum) {
    const Number e = quick_exponential(load(from + g * lanes), maximum_.get(g));
    if constexpr (Keep) keep_exponential(s, g, e);
    sum.add(g, e);
  }

  /// The sums over a row. Bit j of the answer: lane j is not to be trusted.
  HWY_INLINE unsigned add_up(const Columns<T>& columns, std::size_t steps, bool joined) {
    StepSum<Number> rest, target_rest, target_top, distance;
    Real ties[groups];
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      ties[g] = 0.0;
      holds[g] = first(lanes);
    }
    const bool keep = gradient_ != nullptr || kind == LogitLoss::softmax;
    const bool floored = kind == LogitLoss::labels && terms_.floor.hi != 0;
    for (std::size_t s = 0; s < steps; ++s) {
      const T* const from = columns.at(x_, x_columns_, s);
      const T* const other = second_ == nullptr ? nullptr : columns.at(second_, second_columns_, s);
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = load(from + g * lanes);
        const Real m = maximum_.get(g);
        const Number e = exponential(x, m, holds[g]);
        const Condition top = high(x) == m;
        rest.add(g, only(!top, e));
        ties[g] = ties[g] + only(top, Real(1.0));
        if (keep && s < kept_steps) keep_exponential(s, g, e);
        if constexpr (kind == LogitLoss::targets) {
          const Input given = load(other + g * lanes);
          const Condition there = high(x) > Real(-std::numeric_limits<double>::infinity());
          const Number t = only(there | !(high(given) == Real(0.0)), target(given));
          holds[g] = holds[g] & between(0, given, 1) & (there | (high(given) == Real(0.0)));
          target_rest.add(g, only(!top, t));
          target_top.add(g, only(top, t));
          distance.add(g, only(there, t * below(m, x)));
        } else if (floored) {
          const Condition there = high(x) > Real(-std::numeric_limits<double>::infinity());
          holds[g] = holds[g] & (there | columns.missing(s, g));
          distance.add(g, only(there, number(terms_.floor, Number()) * below(m, x)));
        }
      }
    }
    rest.result(joined, others_);
    if constexpr (kind == LogitLoss::targets) {
      target_rest.result(joined, target_rest_);
      target_top.result(joined, target_top_);
    }
    if (kind == LogitLoss::targets || floored) distance.result(joined, distance_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      ties_.set(g, ties[g]);
      doubtful |= (~bits(holds[g]) & ((1u << lanes) - 1)) << (g * lanes);
    }
    if (joined) {
      double all_ties = 0;
      for (const double each : ties_.hi) all_ties += each;
      ties_.set_all({all_ties, 0});
    }
    for (std::size_t g = 0; g < groups; ++g)
      others_.set(g, others_.get(g) + exact_number(ties_.get(g) - Real(1.0)));
    return doubtful;
  }

  /// m - x, not negative.
  HWY_INLINE static Real below(Real m, Real x) { return m - x; }
  HWY_INLINE static Twin below(Real m, Exact x) { return exact(m) - x; }
  HWY_INLINE static Real exact_number_as(Real x, Real) { return x; }
  HWY_INLINE static Twin exact_number_as(Real x, Twin) { return Twin(exact(x)); }
  HWY_INLINE static Number exact_number(Real x) { return exact_number_as(x, Number()); }
  HWY_INLINE void keep_exponential(std::size_t s, std::size_t g, Real e) {
    hn::Store(e.v, Doubles(), kept_high_ + s * virtual_lanes + g * lanes);
  }
  HWY_INLINE void keep_exponential(std::size_t s, std::size_t g, Twin e) {
    hn::Store(e.hi.v, Doubles(), kept_high_ + s * virtual_lanes + g * lanes);
    hn::Store(e.lo.v, Doubles(), kept_low_ + s * virtual_lanes + g * lanes);
  }
  HWY_INLINE Real kept(std::size_t at, Real) const { return Real(hn::Load(Doubles(), kept_high_ + at)); }
  HWY_INLINE Twin kept(std::size_t at, Twin) const {
    return {Real(hn::Load(Doubles(), kept_high_ + at)), Real(hn::Load(Doubles(), kept_low_ + at))};
  }
  HWY_INLINE Number exponential_at(std::size_t s, std::size_t g, Input x) const {
    if (s < kept_steps) return kept(s * virtual_lanes + g * lanes, Number());
    Condition holds = first(lanes);
    return exponential(x, maximum_.get(g), holds);
  }

  [[nodiscard]] HWY_INLINE bool counts(std::int64_t y) const {
    return y >= 0 && y < plan_.width && y != terms_.ignored;
  }

  /// Values of rows: each to its place, or with the others of its sum.
  HWY_INLINE unsigned find_values(std::size_t first_row, std::size_t count, bool joined,
                                  std::size_t pending) {
    Sixteen<Real> chosen;  // x_y
    if constexpr (kind == LogitLoss::labels)
      for (std::size_t j = 0; j < virtual_lanes; ++j) {
        const std::size_t row = first_row + (j < count ? j : 0);
        const std::int64_t y = labels_[row];
        const bool is_class = counts(y);
        chosen.hi[j] = is_class ? static_cast<double>(x_[row * width_ + static_cast<std::size_t>(y)])
                                : std::numeric_limits<double>::quiet_NaN();
        if (terms_.weighted && is_class) weight_.hi[j] = plan_.call.inputs[2].real[y];
      }
    Sixteen<Number> values;
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < (joined ? 1 : groups); ++g) {
      const Real m = maximum_.get(g);
      const Number log_total = log1p_of(others_.get(g));
      Number value;
      Condition holds = first(lanes);
      if constexpr (kind == LogitLoss::log_sum_exp) {
        value = exact_number(m) + log_total;
        holds = holds & survives(value, log_total);
      } else if constexpr (kind == LogitLoss::targets) {
        value = distance_.get(g) + (target_rest_.get(g) + target_top_.get(g)) * log_total;
      } else {
        const Real x_y = chosen.get(g);
        holds = x_y > Real(-std::numeric_limits<double>::infinity());
        value = below(m, input(x_y)) + log_total;
        if (terms_.floor.hi != 0)
          value = distance_.get(g) + number(terms_.kept, Number()) * below(m, input(x_y)) + log_total;
        if (terms_.weighted) value = value * exact_number(weight_.get(g));
      }
      holds = holds & (abs(leading(value)) < Real(0x1p1000)) & is_normal(value);
      values.set(g, value);
      doubtful |= (~bits(holds) & ((1u << lanes) - 1)) << (g * lanes);
    }
    for (std::size_t j = 0; j < count; ++j) {
      if (plan_.call.reduction == Reduction::none && plan_.call.value != nullptr)
        plan_.call.value[first_row + j] = rounded<T>(values, j);
      copy(values, j, values_, pending + j);
    }
    return doubtful;
  }
  HWY_INLINE static Real input_as(Real x, Real) { return x; }
  HWY_INLINE static Exact input_as(Real x, Exact) { return exact(x); }
  HWY_INLINE static Input input(Real x) { return input_as(x, Input()); }
  HWY_INLINE static Real log1p_of(Real x) { return log1p(x); }
  HWY_INLINE static Twin log1p_of(Twin x) { return Short ? short_log1p(x) : log1p(x); }
  HWY_INLINE static Condition is_normal(Real) { return first(lanes); }
  HWY_INLINE static Condition is_normal(Twin x) { return (abs(x.hi) > Real(0x1p-900)) | (x.hi == Real(0.0)); }

  /// p_c for the values of softmax, and sum_c s_c p_c with cotangents s for its gradient.
  HWY_INLINE unsigned write_shares(const Columns<T>& columns, std::size_t steps, bool joined) {
    if (plan_.call.value == nullptr || plan_.call.reduction != Reduction::none) return 0;
    unsigned doubtful = 0;
    for (std::size_t s = 0; s < steps; ++s) {
      const T* const from = columns.at(x_, x_columns_, s);
      T* const to = columns.to(plan_.call.value, output_columns_, s);
      for (std::size_t g = 0; g < groups; ++g) {
        const Number share =
            exponential_at(s, g, load(from + g * lanes)) / (exact_number(1.0) + others_.get(g));
        store(share, to + g * lanes);
        doubtful |= (~bits(is_normal(share)) & ((1u << lanes) - 1)) << (g * lanes);
      }
    }
    columns.scatter(plan_.call.value, output_columns_);
    return joined && doubtful != 0 ? 1 : doubtful;
  }

  HWY_INLINE unsigned write_gradient(const Columns<T>& columns, std::size_t first_row, std::size_t count,
                                     std::size_t steps, bool joined) {
    Sixteen<Number> scale;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      // Softmax has a cotangent a number, which `average` has met.
      const detail::Pair s =
          kind == LogitLoss::softmax ? detail::Pair{1, 0} : plan_.scale(first_row + (j < count ? j : 0));
      put(scale, j, s);
      if (joined && j == 0) {
        scale.set_all(s);
        break;
      }
    }
    if constexpr (kind == LogitLoss::labels)
      if (terms_.weighted) {
        if (joined) weight_.set_all({weight_.hi[0], 0});
        for (std::size_t g = 0; g < groups; ++g) scale.set(g, scale.get(g) * exact_number(weight_.get(g)));
      }
    Sixteen<Number> mean, apart;
    Sixteen<Real> size;
    unsigned doubtful = 0;
    if constexpr (kind == LogitLoss::softmax) average(columns, steps, joined, mean, apart, size);

    Condition holds[groups];
    Number factor[groups], total_scale[groups], at_top[groups];
    Real unique[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = exact_number(1.0) + others_.get(g), s = scale.get(g);
      const Real s_size = abs(leading(s));
      holds[g] = (s_size < Real(0x1p400)) & ((s_size > Real(0x1p-400)) | (s_size == Real(0.0)));
      if constexpr (sizeof(T) == sizeof(double)) holds[g] = holds[g] & (s_size < Real(0x1p30));
      unique[g] = ties_.get(g);
      total_scale[g] = s;
      factor[g] = s / total;
      at_top[g] = s;
      if constexpr (kind == LogitLoss::targets) {
        const Number rest = target_rest_.get(g), sum = rest + target_top_.get(g);
        factor[g] = factor[g] * sum;
        const Number lost = sum * (others_.get(g) / total), left = rest - lost;
        at_top[g] = left * s;
        holds[g] =
            holds[g] & ((abs(leading(left)) >= leading(rest) * Real(enough)) | !(unique[g] == Real(1.0)));
      } else if (kind == LogitLoss::labels && terms_.floor.hi != 0) {
        // The label's own part is put in its place below; here only the floor counts.
        const Number floor = number(terms_.floor, Number());
        at_top[g] = (exact_number(1.0) / total - floor) * s;
      }
    }
    for (std::size_t step = 0; step < steps; ++step) {
      const T* const from = columns.at(x_, x_columns_, step);
      const T* const other = second_ == nullptr ? nullptr : columns.at(second_, second_columns_, step);
      T* const to = columns.to(gradient_, output_columns_, step);
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = load(from + g * lanes);
        const Number e = exponential_at(step, g, x);
        Number slope = e * factor[g];
        if constexpr (kind == LogitLoss::targets) {
          const Number t = target(load(other + g * lanes)) * total_scale[g];
          const Number difference = slope - t;
          const Condition top = (high(x) == maximum_.get(g)) & (unique[g] == Real(1.0));
          holds[g] = holds[g] & (top | (abs(leading(difference)) >= abs(leading(t)) * Real(enough)) |
                                 columns.missing(step, g));
          slope = select(top, at_top[g], difference);
        } else if constexpr (kind == LogitLoss::softmax) {
          const Number s = number_of(load(other + g * lanes));
          const Condition top = (high(x) == maximum_.get(g)) & (unique[g] == Real(1.0));
          const Number left = select(top, apart.get(g), s - mean.get(g));
          holds[g] =
              holds[g] & ((abs(leading(left)) >= size.get(g) * Real(enough)) | columns.missing(step, g));
          slope = e * (left / (exact_number(1.0) + others_.get(g)));
        } else if (kind == LogitLoss::labels && terms_.floor.hi != 0) {
          const Number t = number(terms_.floor, Number()) * total_scale[g];
          slope = slope - t;
          holds[g] =
              holds[g] & ((abs(leading(slope)) >= abs(leading(t)) * Real(enough)) | columns.missing(step, g));
        }
        store(slope, to + g * lanes);
        holds[g] = holds[g] & (is_normal(slope) | columns.missing(step, g));
      }
    }
    if constexpr (kind == LogitLoss::labels) put_labels(columns, first_row, count, joined, scale);
    columns.scatter(gradient_, output_columns_);
    for (std::size_t g = 0; g < groups; ++g)
      doubtful |= (~bits(holds[g]) & ((1u << lanes) - 1)) << (g * lanes);
    if constexpr (kind == LogitLoss::labels)
      if (terms_.floor.hi != 0) doubtful |= labels_doubtful_;
    return joined && doubtful != 0 ? 1 : doubtful;
  }
  HWY_INLINE static Real number_of(Real x) { return x; }
  HWY_INLINE static Twin number_of(Exact x) { return x; }

  /// The slope by the label's own logit: -(1 - p_y) w, where p_y is taken from 1 only below 1/2, and with a
  /// floor p_y - (kept + floor).
  HWY_INLINE void put_labels(const Columns<T>& columns, std::size_t first_row, std::size_t count, bool joined,
                             const Sixteen<Number>& scale) {
    labels_doubtful_ = 0;
    Sixteen<Number> slopes;
    Sixteen<Real> chosen;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      const std::size_t row = first_row + (j < count ? j : 0);
      const std::int64_t y = labels_[row];
      chosen.hi[j] = counts(y) ? static_cast<double>(x_[row * width_ + static_cast<std::size_t>(y)]) : 0;
    }
    for (std::size_t g = 0; g < (joined ? 1 : groups); ++g) {
      const Real m = maximum_.get(g), x_y = chosen.get(g);
      const Number total = exact_number(1.0) + others_.get(g);
      Condition holds = first(lanes);
      const Number share = exponential(input(x_y), m, holds) / total;
      const Condition top = (x_y == m) & (ties_.get(g) == Real(1.0));
      Number lacks = select(top, others_.get(g) / total, exact_number(1.0) - share);
      if (terms_.floor.hi != 0) {
        // kept + floor - p = (1 - p) - (C-1) floor, all of it constants but for p.
        const Number all_but = lacks;
        lacks = lacks - number(terms_.floor, Number()) * exact_number(Real(static_cast<double>(width_ - 1)));
        labels_doubtful_ |=
            (~bits(abs(leading(lacks)) >= abs(leading(all_but)) * Real(enough)) & ((1u << lanes) - 1))
            << (g * lanes);
      }
      slopes.set(g, -(lacks * scale.get(g)));
    }
    for (std::size_t j = 0; j < count; ++j) {
      const std::int64_t y = labels_[first_row + j];
      if (!counts(y)) continue;
      const auto c = static_cast<std::size_t>(y);
      if (columns.is_short())
        output_columns_[c * virtual_lanes + j] = rounded<T>(slopes, j);
      else if (c / virtual_lanes * virtual_lanes + virtual_lanes <= width_)
        gradient_[first_row * width_ + c] = rounded<T>(slopes, j);
      else
        output_columns_[c % virtual_lanes] = rounded<T>(slopes, j);
    }
  }

  /// sum s_k p_k over a row, and s_c - that at the only maximum as s_c others/total - sum over the others.
  HWY_INLINE void average(const Columns<T>& columns, std::size_t steps, bool joined, Sixteen<Number>& mean,
                          Sixteen<Number>& apart, Sixteen<Real>& size) {
    Number rest[groups], top_sum[groups];
    Real sizes[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      rest[g] = top_sum[g] = exact_number(0.0);
      sizes[g] = 0.0;
    }
    for (std::size_t s = 0; s < steps; ++s) {
      const T* const from = columns.at(x_, x_columns_, s);
      const T* const other = columns.at(second_, second_columns_, s);
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = load(from + g * lanes);
        const Number term = exponential_at(s, g, x) * number_of(load(other + g * lanes));
        const Condition top = high(x) == maximum_.get(g);
        rest[g] = rest[g] + only(!top, term);
        top_sum[g] = top_sum[g] + only(top, term);
        sizes[g] = sizes[g] + abs(leading(only(!top, term)));
      }
    }
    Sixteen<Number> rests, tops;
    for (std::size_t g = 0; g < groups; ++g) {
      rests.set(g, rest[g]);
      tops.set(g, top_sum[g]);
      size.set(g, sizes[g]);
    }
    if (joined) {
      join(rests);
      join(tops);
      double all_sizes = 0;
      for (const double each : size.hi) all_sizes += each;
      size.set_all({all_sizes, 0});
    }
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = exact_number(1.0) + others_.get(g);
      const Number own = tops.get(g), lost = rests.get(g) / total;
      mean.set(g, lost + own / total);
      apart.set(g, own * (others_.get(g) / total) - lost);
      size.set(g, size.get(g) / leading(total));
    }
  }
  HWY_INLINE static void join(Sixteen<Real>& x) {
    double sum = 0;
    for (const double each : x.hi) sum += each;
    x.set_all({sum, 0});
  }
  HWY_INLINE static void join(Sixteen<Twin>& x) {
    detail::Pair sum;
    for (std::size_t j = 0; j < virtual_lanes; ++j) sum = detail::add(sum, {x.hi[j], x.lo[j]});
    x.set_all(sum);
  }

  const RowPlan<T>& plan_;
  const LogitTerms& terms_;
  std::size_t width_;
  const T* x_;
  T* gradient_;
  const std::int64_t* labels_;
  const T* second_;

  unsigned labels_doubtful_ = 0;
  bool narrow_ = false;  ///< f64: no logit is 690 below the maximum
  Sixteen<Real> maximum_, ties_, weight_;
  Sixteen<Number> others_, target_rest_, target_top_, distance_, values_;
  HWY_ALIGN T x_columns_[short_row * virtual_lanes];
  HWY_ALIGN T second_columns_[short_row * virtual_lanes];
  HWY_ALIGN T output_columns_[short_row * virtual_lanes];
  HWY_ALIGN double kept_high_[kept_steps * virtual_lanes];
  HWY_ALIGN double kept_low_[sizeof(T) == sizeof(double) ? kept_steps * virtual_lanes : virtual_lanes];
};

template <class T, LogitLoss kind, bool Short>
RowSums logit_segment(const RowPlan<T>& plan, const LogitTerms& terms, std::size_t begin, std::size_t end) {
  LogitRows<T, kind, Short> rows(plan, terms);
  return rows.segment(begin, end);
}

/// The rows from `begin` to `end`.
template <class T, LogitLoss kind>
RowSums logit_rows(const RowPlan<T>& plan, const LogitTerms& terms, std::size_t begin, std::size_t end) {
  // Where nothing is taken from anything, half the digits beyond the dtype will do.
  if constexpr (kind == LogitLoss::labels)
    if (terms.floor.hi == 0) return logit_segment<T, kind, true>(plan, terms, begin, end);
  return logit_segment<T, kind, false>(plan, terms, begin, end);
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
