// Element-wise losses: the loop of all of them. Included once a target by a kernel's file, which holds
//
//   #include "losses/shapes/kernel_in_lanes.hpp"
//
//   #include "losses/shapes/element_wise/element_wise-inl.hpp"
//
//   ASSAY_BEGIN
//   template <>
//   struct Formula<Huber> { ... };               the mathematics of one element
//   ASSAY_END
//
//   ASSAY_KERNEL(Huber)
//
// The formula is one text over the numbers of losses/lanes/lanes-inl.hpp and over Quad
// (losses/numbers/quad.hpp), with + - * /, abs, half, twice, square, sqrt, exp, expm1, log, log1p, select,
// comparisons, and
//   short_exp, short_log, short_log1p, log1p_unit    for what is only multiplied and added to its like
//   ordinary(a)          lanes can compute with a: no rounding but their own, no overflow, no lost low word
//   survives(d, size)    a difference d of terms of that size is good to a rounding of itself
//   weigh(c, term)       0 where c is exactly 0, NaN and infinite terms included
//   positive_part(a)     max(0, a)
//   less(a, b)           a - b where a >= b >= 0
// A formula of a few operations, that waits for memory, has a member `few_operations`; its loop is written
// out. One may also have a member `sum_shows()`, which says of the parameters that elements need not be
// looked at, as the sum tells whether the formula held for all: an element for which it does not is NaN or
// infinite, or has low words, at most 2^240 times as large as they were when they were lost, that are nothing
// beside a sum above 2^-700. Everything else is here (loops, sums, means, cotangents), in
// element_wise_sum.hpp (threads) and in element_wise_quad.hpp (elements that lanes do not vouch for).

#if defined(ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_WISE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_WISE_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_WISE_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_WISE_INL_HPP
#endif

#include <array>
#include <cstring>

#include "losses/shapes/element_wise/element_wise_quad.hpp"
#include "losses/shapes/element_wise/element_wise_sum.hpp"

#include "losses/lanes/loop-inl.hpp"
#include "losses/shapes/element_wise/element-inl.hpp"
#include "losses/shapes/kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// The mathematics of one element; specialised in the kernel's file. Made from the loss, whose parameters
/// have been rounded to the dtype, it maps the inputs (1 for an optional one that is not given) to an
/// Element. One text serves f32 in lanes (X = Real), f64 in lanes (X = Exact) and both in Quad.
template <class Loss>
struct Formula;
template <class Loss>
concept HasFormula = requires {
  sizeof(Formula<Loss>);
};

template <class Loss, class T>
class Loop {
 public:
  static constexpr std::size_t inputs = facts<Loss>.inputs.size();
  static constexpr bool positive = promises_nonnegative<Loss>();
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

  Loop(const Loss& loss, const ElementPlan<Loss, T>& plan)
      : loss_(loss),
        formula_(loss),
        call_(plan.call),
        element_at_(plan.element_at),
        scale_hi_(plan.scale.hi),
        scale_lo_(plan.scale.lo) {
    const Call<T>& call = call_;
    if (call.reduction == Reduction::none) route_ = Route::each_value;
    for (std::size_t k = 0; k < inputs; ++k) {
      const bool present = call.inputs[k].present();
      shared_[k] = is_shared<Loss>(k) && present;
      if (shared_[k]) columns_ = static_cast<std::size_t>(call.inputs[k].extent[0]);
      slopes_ = slopes_ || call.gradient[k] != nullptr;
      if (facts<Loss>.inputs[k].optional == present || (k > 0 && call.gradient[k] != nullptr))
        route_ = Route::everything;
    }
    if (slopes_ && route_ == Route::value) route_ = Route::gradient;
    if (slopes_ && route_ == Route::each_value)
      route_ = call.cotangent == nullptr ? Route::everything : Route::each_gradient;
    if (route_ >= Route::each_value && call.value == nullptr) route_ = Route::everything;
  }

  /// The sum over one segment; every element's value and gradient on the way.
  [[nodiscard]] ElementWiseSum segment(std::size_t begin, std::size_t end) const {
    ElementWiseSum sum;
    Quad slow;
    for (std::size_t at = begin; at < end; at += chunk) {
      const std::size_t stop = end - at < chunk ? end : at + chunk;
      const std::size_t whole = stop - (stop - at) % virtual_lanes;
      Sum lanes_sum;
      const bool done = straight(at, whole, lanes_sum);
      if (!done) lanes_sum.clear();
      if (!done || whole < stop) with_care(done ? whole : at, stop, lanes_sum, slow);
      if (call_.reduction == Reduction::none) continue;
      if (at == begin)  // nothing to add to, which for few elements is most of what adding costs
        sum = {lanes_sum.total(), lanes_sum.size(), Quad()};
      else
        sum.add(lanes_sum.total(), lanes_sum.size());
    }
    sum.slow = slow;
    return sum;
  }

 private:
  using Sum = ChunkSum<Number, positive>;

  /// What is asked for most gets a loop of its own: without optional inputs the value of a reduced call, or
  /// each value, by itself or with the gradient by the first input.
  enum class Route : std::uint8_t { value, gradient, each_value, each_gradient, everything };

  HWY_INLINE bool straight(std::size_t i, std::size_t end, Sum& result) const {
    switch (route_) {
      case Route::value:
        return straight_sum<0>(i, end, result);
      case Route::gradient:
        return straight_sum<1>(i, end, result);
      case Route::each_value:
        return straight_each<0>(i, end);
      case Route::each_gradient:
        return straight_each<1>(i, end);
      case Route::everything:
        break;
    }
    return false;
  }

  /// 16 elements from `first` on: where their numbers are read and written.
  struct Place {
    std::size_t first;
    std::size_t count;
    const T* input[inputs];
    const T* cotangent;
    T* value;
    T* gradient[inputs];
  };

  template <std::size_t Slopes>
  HWY_INLINE bool straight_sum(std::size_t i, std::size_t end, Sum& result) const {
    if constexpr (positive && requires { formula_.sum_shows(); }) {
      // Nor must what it is multiplied with make the loss of a slope's low word larger.
      const bool shrinks = Slopes == 0 || std::fabs(scale_hi_) <= 1;
      if (shrinks && formula_.sum_shows()) return straight_sum<Slopes, true>(i, end, result);
    }
    return straight_sum<Slopes, false>(i, end, result);
  }
  /// Takes it that the formula holds for all elements and looks at the end whether it did: no branch in the
  /// loop, and the sums stay in registers. False where it did not. `Shown`: the sum is all that is looked at.
  template <std::size_t Slopes, bool Shown>
  HWY_NOINLINE bool straight_sum(std::size_t i, std::size_t end, Sum& result) const {
    const T* from[inputs];
    for (std::size_t k = 0; k < inputs; ++k) from[k] = call_.inputs[k].real;
    T* const to = call_.gradient[0];
    const Number scale = scale_as(Number());
    const Formula<Loss> formula = formula_;
    Condition held = first(lanes);
    Sum sum;
    sum.clear();
    for (; i < end; i += virtual_lanes)
      straight_groups<Slopes, Shown>(formula, from, to, i, scale, sum, held);
    result = sum;
    if constexpr (Shown)
      return all(held) && sum.shows();
    else
      return all(held);
  }
  template <std::size_t Slopes, bool Shown, std::size_t Group = 0>
  HWY_INLINE static void straight_groups(const Formula<Loss>& formula, const T* const (&from)[inputs], T* to,
                                         std::size_t i, const Number& scale, Sum& sum, Condition& held) {
    if constexpr (groups <= 4 && requires { Formula<Loss>::few_operations; }) {
      straight_group<Slopes, Shown>(formula, from, to, i, Group, scale, sum, held);
      if constexpr (Group + 1 < groups)
        straight_groups<Slopes, Shown, Group + 1>(formula, from, to, i, scale, sum, held);
    } else {
      for (std::size_t g = 0; g < groups; ++g)
        straight_group<Slopes, Shown>(formula, from, to, i, g, scale, sum, held);
    }
  }
  template <std::size_t Slopes, bool Shown>
  HWY_INLINE static void straight_group(const Formula<Loss>& formula, const T* const (&from)[inputs], T* to,
                                        std::size_t i, std::size_t group, const Number& scale, Sum& sum,
                                        Condition& held) {
    const std::size_t at = i + group * lanes;
    const Element<Input, inputs> e = at_required(formula, from, at, std::make_index_sequence<inputs>());
    if constexpr (!Shown) held = held & e.holds;
    if constexpr (Slopes > 0)
      held =
          held & e.slopes_hold.template get<0>() & store_product(e.slope.template get<0>(), scale, to + at);
    sum.add(group, e.value);
  }

  /// The same for unreduced values, and slopes times a cotangent each.
  template <std::size_t Slopes>
  HWY_NOINLINE bool straight_each(std::size_t i, std::size_t end) const {
    const T* from[inputs];
    for (std::size_t k = 0; k < inputs; ++k) from[k] = call_.inputs[k].real;
    const Formula<Loss> formula = formula_;
    Condition held = first(lanes);
    for (; i < end; i += lanes) {
      const Element<Input, inputs> e = at_required(formula, from, i, std::make_index_sequence<inputs>());
      held = held & e.holds;
      store(e.value, call_.value + i);
      if constexpr (Slopes > 0) {
        const Input scale = load(call_.cotangent + i);
        held = held & ordinary(scale) & e.slopes_hold.template get<0>() &
               store_product(e.slope.template get<0>(), Number(scale), call_.gradient[0] + i);
      }
    }
    return all(held);
  }

  /// The same with every input and output looked at, and each element for which the formula does not hold in
  /// lanes computed in Quad and added to `slow`.
  HWY_NOINLINE void with_care(std::size_t i, std::size_t end, Sum& sum, Quad& slow) const {
    T columns[inputs][virtual_lanes];
    for (; i + virtual_lanes <= end; i += virtual_lanes) each_group(here(i, columns), sum, slow);
    if (i < end) rest(i, end - i, columns, sum, slow);
  }

  HWY_INLINE Place here(std::size_t i, T (&columns)[inputs][virtual_lanes]) const {
    Place place;
    place.first = i;
    place.count = virtual_lanes;
    for (std::size_t k = 0; k < inputs; ++k) {
      place.input[k] = call_.inputs[k].real == nullptr ? nullptr : call_.inputs[k].real + i;
      if (shared_[k]) place.input[k] = repeated(k, i, columns[k]);
      place.gradient[k] = call_.gradient[k] == nullptr ? nullptr : call_.gradient[k] + i;
    }
    const bool reduced = call_.reduction != Reduction::none;
    place.cotangent = reduced || call_.cotangent == nullptr ? nullptr : call_.cotangent + i;
    place.value = reduced || call_.value == nullptr ? nullptr : call_.value + i;
    return place;
  }

  /// An input with one number a column, as the elements from i on see it.
  const T* repeated(std::size_t k, std::size_t i, T (&out)[virtual_lanes]) const {
    std::size_t column = i % columns_;
    for (T& each : out) {
      each = call_.inputs[k].real[column];
      if (++column == columns_) column = 0;
    }
    return out;
  }

  /// The last elements, fewer than 16: beside them stand copies of the first of them, whose results are
  /// dropped.
  void rest(std::size_t i, std::size_t count, T (&columns)[inputs][virtual_lanes], Sum& sum,
            Quad& slow) const {
    T input[inputs][virtual_lanes], cotangent[virtual_lanes], value[virtual_lanes],
        gradient[inputs][virtual_lanes];
    const Place from = here(i, columns);
    Place place = from;
    place.count = count;
    for (std::size_t k = 0; k < inputs; ++k) {
      place.input[k] = padded(from.input[k], count, input[k]);
      if (from.gradient[k] != nullptr) place.gradient[k] = gradient[k];
    }
    place.cotangent = padded(from.cotangent, count, cotangent);
    if (from.value != nullptr) place.value = value;
    each_group(place, sum, slow);
    for (std::size_t k = 0; k < inputs; ++k)
      if (from.gradient[k] != nullptr) std::memcpy(from.gradient[k], gradient[k], count * sizeof(T));
    if (from.value != nullptr) std::memcpy(from.value, value, count * sizeof(T));
  }
  static const T* padded(const T* x, std::size_t count, T (&to)[virtual_lanes]) {
    if (x == nullptr) return nullptr;
    for (std::size_t j = 0; j < virtual_lanes; ++j) to[j] = x[j < count ? j : 0];
    return to;
  }

  void each_group(const Place& place, Sum& sum, Quad& slow) const {
    for (std::size_t group = 0; group < groups; ++group) {
      const std::size_t at = group * lanes;
      Input x[inputs];
      for (std::size_t k = 0; k < inputs; ++k)
        x[k] = place.input[k] == nullptr ? Input(1.0) : load(place.input[k] + at);
      const Element<Input, inputs> e = at_inputs(formula_, x, std::make_index_sequence<inputs>());
      Condition holds = e.holds;
      if (place.value != nullptr) store(e.value, place.value + at);
      if (slopes_) {
        const Number scale =
            place.cotangent == nullptr ? scale_as(Number()) : Number(load(place.cotangent + at));
        if (place.cotangent != nullptr) holds = holds & ordinary(load(place.cotangent + at));
        put_all<0>(e, scale, place, at, holds);
      }
      if (!all(holds)) again(place, at, ~bits(holds), slow);
      sum.add(group, only(holds & first(place.count < at ? 0 : place.count - at), e.value));
    }
  }

  template <std::size_t K, class Scale>
  HWY_INLINE static void put_all(const Element<Input, inputs>& e, const Scale& scale, const Place& place,
                                 std::size_t at, Condition& holds) {
    if (place.gradient[K] != nullptr)
      holds = holds & e.slopes_hold.template get<K>() &
              store_product(e.slope.template get<K>(), scale, place.gradient[K] + at);
    if constexpr (K + 1 < inputs) put_all<K + 1>(e, scale, place, at, holds);
  }

  template <std::size_t... K>
  HWY_INLINE static Element<Input, inputs> at_required(const Formula<Loss>& formula,
                                                       const T* const (&from)[inputs], std::size_t at,
                                                       std::index_sequence<K...>) {
    return formula(required<K>(from, at)...);
  }
  template <std::size_t K>
  HWY_INLINE static Input required(const T* const (&from)[inputs], std::size_t at) {
    if constexpr (facts<Loss>.inputs[K].optional)
      return 1.0;
    else
      return load(from[K] + at);
  }
  template <std::size_t... K>
  HWY_INLINE static Element<Input, inputs> at_inputs(const Formula<Loss>& formula, const Input (&x)[inputs],
                                                     std::index_sequence<K...>) {
    return formula(x[K]...);
  }

  /// What a slope of a reduced call is multiplied with.
  HWY_INLINE Real scale_as(Real) const { return scale_hi_; }
  HWY_INLINE Twin scale_as(Twin) const { return {scale_hi_, scale_lo_}; }

  /// Computes elements again for which lanes would not do: bit j of `which` stands for lane j.
  HWY_NOINLINE void again(const Place& place, std::size_t at, unsigned which, Quad& slow) const {
    for (std::size_t j = 0; j < lanes && at + j < place.count; ++j) {
      if ((which >> j & 1) == 0) continue;
      const QuadElement<inputs> e = element_at_(loss_, call_, place.first + at + j);
      if (place.value != nullptr)
        place.value[at + j] = narrow<T>(e.value);
      else
        slow += e.value;
      for (std::size_t k = 0; k < inputs; ++k)
        if (place.gradient[k] != nullptr) place.gradient[k][at + j] = narrow<T>(scaled(e.gradient[k]));
    }
  }

  /// The divisor is 1 where cotangents are many.
  [[nodiscard]] Quad scaled(const Quad& slope) const {
    return call_.reduction == Reduction::mean ? slope / Quad(static_cast<double>(call_.inputs[0].extent[0]))
                                              : slope;
  }

  const Loss& loss_;
  Formula<Loss> formula_;
  const Call<T>& call_;
  InQuad<Loss, T> element_at_;
  double scale_hi_, scale_lo_;
  bool slopes_ = false;
  Route route_ = Route::value;
  bool shared_[inputs] = {};
  std::size_t columns_ = 1;
};

template <class Loss, class T>
requires HasFormula<Loss>
struct InLanes<Loss, T> {
  using Plan = ElementPlan<Loss, T>;

  static bool evaluate(const Loss& loss, const Plan& plan) {
    const Loop<Loss, T> loop(loss, plan);
    return sum_of_segments(plan.call, static_cast<std::size_t>(plan.call.inputs[0].extent[0]),
                           [&loop](std::size_t begin, std::size_t end) { return loop.segment(begin, end); });
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace assay {

template <class Loss, class T>
requires HWY_NAMESPACE::HasFormula<Loss>
struct Kernel<Loss, T> {
  static void evaluate(const Loss& loss, const Call<T>& call) {
    evaluate_element_wise(loss, call, element_in_quad<HWY_NAMESPACE::Formula<Loss>, Loss, T>);
  }
};

}  // namespace assay
#endif

#endif
