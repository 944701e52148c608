#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "losses/catalogue/sequence.hpp"
#include "losses/numbers/log_number.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {
namespace {

/// The states of an alignment are the labels with a blank in front, between and behind: odd ones are labels.
/// In the next frame an alignment stays, goes on to the next state, or skips the blank between two labels
/// that differ. So there are a first and a last frame in which a state can be met, and it can be met in all
/// between. Elsewhere it is not looked at.
///
/// One alignment, the most probable one up to rounding, stands for all; one that rounding has passed over may
/// weigh e^{2^500} times as much beside logarithms of 2^600. With d_t(s) = log p_t(s) - log p_t(of its state
/// in frame t) its own weight is 1, that of another e^{the sum of its d}, and
///   loss = -sum_t log p_t(of its state) - log1p(the sum of the others' weights).
/// alpha_t(s) is the sum of the weights of what leads to state s in frame t, beta_t(s) that of what follows.
/// Both are carried without the one alignment, whose 1 is added where they are used: where it is all but
/// certain, nothing is lost beside it. No difference is taken but those of the inputs, d, and the one in the
/// line above, whose error the size of the inputs excuses. The gradient is -alpha_t(s) beta_t(s) / (1 + the
/// others), summed over the states of a class: sums and products of positive numbers, some T roundings deep.
///
/// Weights are Quads, which reach e^{2^39}. Where sums of d may go beyond, and where logarithms are infinite,
/// they are LogNumber. A limit, where there is one, does not depend on how fast each infinity grows: several
/// ways are tried, and there is none where they disagree.
class Alignments {
 public:
  /// Scratch for the longest sample of a call.
  Alignments(const Ctc& loss, std::int64_t frames, std::int64_t letters, std::int64_t classes,
             row_wise::Scratch& scratch)
      : loss_(loss), classes_(classes) {
    const std::int64_t states = 2 * letters + 1, symbols = letters + 1;
    logs_ = scratch.take<Log>(frames * symbols);
    signs_ = scratch.take<std::int64_t>(frames * symbols);
    posterior_ = scratch.take<Quad>(frames * symbols);
    trial_ = scratch.take<Quad>(frames * symbols);
    weights_ = scratch.take<LogNumber>(frames * symbols);
    leading_ = scratch.take<LogNumber>(frames * states);
    following_ = scratch.take<LogNumber>(2 * states);
    came_from_ = scratch.take<std::int64_t>(frames * states);
    most_ = scratch.take<Log>(2 * states);
    chosen_ = scratch.take<std::int64_t>(frames);
    first_ = scratch.take<std::int64_t>(states);
    last_ = scratch.take<std::int64_t>(states);
    owner_ = scratch.take<std::int64_t>(symbols);
    owner_of_class_ = scratch.take<std::int64_t>(classes);
  }

  /// The loss of a sample, whose numbers are log_probability(t, c). With `differentiate`, `posterior` is
  /// ready afterwards.
  template <class Read>
  Quad loss(std::int64_t frames, std::span<const std::int64_t> labels, const Read& log_probability,
            bool differentiate) {
    labels_ = labels;
    frames_ = static_cast<std::size_t>(frames);
    states_ = 2 * labels.size() + 1;
    symbols_ = labels.size() + 1;
    std::fill_n(posterior_.begin(), frames_ * symbols_, Quad(0));
    find_owners();
    find_reach();
    impossible_ = undefined_ = false;
    if (frames_ == 0 ? !labels.empty() : first_[ends()] >= frames) {
      impossible_ = !loss_.zero_infinity;
      return loss_.zero_infinity ? Quad(0) : Quad(infinity);  // the gradient of the latter is not checked
    }
    if (frames_ == 0) return 0;

    bool infinite = false;
    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t k = 0; k < symbols_; ++k) {
        const Quad x = log_probability(t, class_of(k));
        signs_[at(t, k)] = is_infinite(x) ? (x > Quad(0) ? 1 : -1) : 0;
        logs_[at(t, k)] = {0, is_infinite(x) ? Quad(0) : x};
      }
    each_met([&](std::size_t t, std::size_t s) {
      undefined_ = undefined_ || is_nan(log(t, s).finite);
      infinite = infinite || signs_[at(t, symbol(s))] != 0;
    });
    if (undefined_) {
      each_met([&](std::size_t t, std::size_t s) { posterior_[at(t, owner(s))] = nan(); });
      return nan();
    }
    if (!infinite) return computed(posterior_, differentiate);
    if (loss_.zero_infinity) {
      spread([](std::int64_t sign, std::size_t) { return std::min<std::int64_t>(sign, 0); });
      if (choose().infinities < 0) return 0;  // -inf on every alignment
    }
    return limit(differentiate);
  }

  /// There is no alignment, whatever the numbers: the loss is +inf for every one of them.
  [[nodiscard]] bool impossible() const { return impossible_; }
  /// A number that matters is NaN.
  [[nodiscard]] bool undefined() const { return undefined_; }

  /// Calls write(t, c, posterior probability of class c in frame t) for every class that an alignment can
  /// meet. What the size of the logarithms excuses may be beyond 1, which no probability is.
  template <class Write>
  void each_posterior(const Write& write) const {
    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t k = 0; k < symbols_; ++k)
        if (static_cast<std::size_t>(owner_[k]) == k) {
          const Quad& found = posterior_[at(t, k)];
          write(t, class_of(k), found > Quad(1) ? Quad(1) : found);
        }
  }

 private:
  static Quad nan() { return row_wise::not_a_number<Quad>(); }

  // Symbol 0 is the blank, symbol k the label k - 1. The first symbol of a class owns what concerns the
  // class.
  static std::size_t symbol(std::size_t s) { return s % 2 == 0 ? 0 : s / 2 + 1; }
  [[nodiscard]] std::int64_t class_of(std::size_t k) const { return k == 0 ? loss_.blank : labels_[k - 1]; }
  [[nodiscard]] std::size_t owner(std::size_t s) const { return static_cast<std::size_t>(owner_[symbol(s)]); }
  [[nodiscard]] std::size_t at(std::size_t t, std::size_t k) const { return t * symbols_ + k; }
  [[nodiscard]] const Log& log(std::size_t t, std::size_t s) const { return logs_[at(t, symbol(s))]; }

  [[nodiscard]] bool skips_to(std::size_t s) const {
    return s % 2 == 1 && s >= 3 && class_of(symbol(s)) != class_of(symbol(s - 2));
  }
  /// The first of the states in which an alignment may end.
  [[nodiscard]] std::size_t ends() const { return states_ < 2 ? 0 : states_ - 2; }
  [[nodiscard]] bool met(std::size_t t, std::size_t s) const {
    return first_[s] <= static_cast<std::int64_t>(t) && static_cast<std::int64_t>(t) <= last_[s];
  }
  template <class Visit>
  void each_met(const Visit& visit) const {
    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t s = 0; s < states_; ++s)
        if (met(t, s)) visit(t, s);
  }
  /// Calls visit(s') for each state of the frame before t that leads to s.
  template <class Visit>
  void each_before(std::size_t t, std::size_t s, const Visit& visit) const {
    for (std::size_t back = 0; back <= (skips_to(s) ? 2u : std::min<std::size_t>(s, 1)); ++back)
      if (met(t - 1, s - back)) visit(s - back);
  }
  /// Calls visit(s') for each state of the frame after t that s leads to.
  template <class Visit>
  void each_after(std::size_t t, std::size_t s, const Visit& visit) const {
    for (std::size_t on = 0; on <= 2 && s + on < states_; ++on)
      if ((on < 2 || skips_to(s + 2)) && met(t + 1, s + on)) visit(s + on);
  }

  void find_owners() {
    for (std::size_t k = symbols_; k-- > 0;)
      owner_of_class_[static_cast<std::size_t>(class_of(k))] = static_cast<std::int64_t>(k);
    for (std::size_t k = 0; k < symbols_; ++k)
      owner_[k] = owner_of_class_[static_cast<std::size_t>(class_of(k))];
  }
  void find_reach() {
    for (std::size_t s = 0; s < states_; ++s) first_[s] = s < 2 ? 0 : first_[s - (skips_to(s) ? 2 : 1)] + 1;
    for (std::size_t s = states_; s-- > 0;)
      last_[s] =
          s >= ends() ? static_cast<std::int64_t>(frames_) - 1 : last_[s + (skips_to(s + 2) ? 2 : 1)] - 1;
  }

  /// Gives each infinite logarithm its count of infinities, by its sign and its place.
  template <class Weigh>
  void spread(const Weigh& weigh) {
    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t k = 0; k < symbols_; ++k)
        logs_[at(t, k)].infinities = weigh(signs_[at(t, k)], at(t, static_cast<std::size_t>(owner_[k])));
  }

  /// Chooses the most probable alignment; returns its logarithm.
  Log choose() {
    std::span<Log> now = most_.first(states_), before = most_.last(states_);
    for (std::size_t t = 0; t < frames_; ++t) {
      for (std::size_t s = 0; s < states_; ++s) {
        if (!met(t, s)) continue;
        if (t == 0) {
          now[s] = log(t, s);
          continue;
        }
        bool any = false;
        std::size_t best = s;
        each_before(t, s, [&](std::size_t from) {
          if (!any || before[from] > before[best]) best = from;
          any = true;
        });
        now[s] = before[best] + log(t, s);
        came_from_[t * states_ + s] = static_cast<std::int64_t>(best);
      }
      std::swap(now, before);
    }
    std::size_t s = ends();
    if (states_ > 1 && (!met(frames_ - 1, s) || (met(frames_ - 1, s + 1) && before[s + 1] > before[s]))) ++s;
    const Log total = before[s];
    for (std::size_t t = frames_; t-- > 0;) {
      chosen_[t] = static_cast<std::int64_t>(s);
      if (t > 0) s = static_cast<std::size_t>(came_from_[t * states_ + s]);
    }
    return total;
  }

  [[nodiscard]] bool is_chosen(std::size_t t, std::size_t s) const {
    return chosen_[t] == static_cast<std::int64_t>(s);
  }
  /// The loss, and the posterior probabilities if they are wanted.
  Quad computed(std::span<Quad> posterior, bool differentiate) {
    const Log total = choose();
    bool ordinary = total.infinities == 0;
    Quad farthest = 0;  // from 0, of any sum of d
    for (std::size_t t = 0; t < frames_; ++t) {
      Quad most = 0;
      for (std::size_t s = 0; s < states_; ++s) {
        if (!met(t, s)) continue;
        const Log d = log(t, s) - log(t, static_cast<std::size_t>(chosen_[t]));
        ordinary = ordinary && d.infinities == 0;
        if (abs(d.finite) > most) most = abs(d.finite);
      }
      farthest += most;
    }
    const Quad log_all = ordinary && farthest < Quad(0x1p38) ? summed<Quad>(posterior, differentiate)
                                                             : summed<LogNumber>(posterior, differentiate);
    if (total.infinities != 0) return total.infinities > 0 ? Quad(-infinity) : Quad(infinity);
    Sum<Quad> loss;
    for (std::size_t t = 0; t < frames_; ++t) loss.add(-log(t, static_cast<std::size_t>(chosen_[t])).finite);
    return loss.total() - log_all;
  }

  static Quad power(const Log& x, const Quad&) { return exp(x.finite); }
  static LogNumber power(const Log& x, const LogNumber&) { return LogNumber(x); }
  /// The scratch of LogNumbers as the numbers in use.
  template <class Number>
  static std::span<Number> as(std::span<LogNumber> scratch, std::size_t count) {
    Number* const first = reinterpret_cast<Number*>(scratch.data());
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  /// The logarithm of the sum of all weights.
  template <class Number>
  Quad summed(std::span<Quad> posterior, bool differentiate) {
    const auto weights = as<Number>(weights_, frames_ * symbols_);
    const auto leading = as<Number>(leading_, frames_ * states_);
    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t k = 0; k < symbols_; ++k)
        if (static_cast<std::size_t>(owner_[k]) == k)
          weights[at(t, k)] = power(logs_[at(t, k)] - log(t, static_cast<std::size_t>(chosen_[t])), Number());

    for (std::size_t t = 0; t < frames_; ++t)
      for (std::size_t s = 0; s < states_; ++s) {
        if (!met(t, s)) continue;
        Number sum = t == 0 && !is_chosen(t, s) ? 1 : 0;
        if (t > 0)
          each_before(t, s, [&](std::size_t from) {
            sum += leading[(t - 1) * states_ + from];
            if (is_chosen(t - 1, from) && !is_chosen(t, s)) sum += Number(1);
          });
        leading[t * states_ + s] = sum * weights[at(t, owner(s))];
      }
    Number others = 0;
    for (std::size_t s = ends(); s < states_; ++s)
      if (met(frames_ - 1, s)) others += leading[(frames_ - 1) * states_ + s];
    if (differentiate) follow<Number>(weights, leading, others + Number(1), posterior);
    return log1p(others);
  }

  template <class Number>
  void follow(std::span<const Number> weights, std::span<const Number> leading, const Number& all,
              std::span<Quad> posterior) {
    const auto both = as<Number>(following_, 2 * states_);
    std::span<Number> now = both.first(states_), after = both.last(states_);
    std::fill_n(posterior.begin(), frames_ * symbols_, Quad(0));
    for (std::size_t t = frames_; t-- > 0;) {
      for (std::size_t s = 0; s < states_; ++s) {
        if (!met(t, s)) continue;
        Number sum = t + 1 == frames_ && !is_chosen(t, s) ? 1 : 0;
        if (t + 1 < frames_)
          each_after(t, s, [&](std::size_t to) {
            sum += weights[at(t + 1, owner(to))] * after[to];
            if (is_chosen(t + 1, to) && !is_chosen(t, s)) sum += Number(1);
          });
        now[s] = sum;
        const Number chosen = is_chosen(t, s) ? 1 : 0;
        posterior[at(t, owner(s))] += quotient((leading[t * states_ + s] + chosen) * (sum + chosen), all);
      }
      std::swap(now, after);
    }
  }

  /// Where logarithms are infinite: what the loss and the posterior probabilities tend to.
  Quad limit(bool differentiate) {
    const std::size_t places = frames_ * symbols_;
    Quad loss = 0;
    for (int way = 0; way < 7; ++way) {
      spread([way, places](std::int64_t sign, std::size_t place) {
        return sign * speed(way, static_cast<std::int64_t>(place), static_cast<std::int64_t>(places));
      });
      const Quad tried = computed(way == 0 ? posterior_ : trial_, differentiate);
      if (way == 0) {
        loss = tried;
        continue;
      }
      keep_if_same(loss, tried);
      for (std::size_t i = 0; differentiate && i < places; ++i) keep_if_same(posterior_[i], trial_[i]);
    }
    return loss;
  }
  static void keep_if_same(Quad& kept, const Quad& tried) {
    if (kept == tried || abs(kept - tried) <= Quad(0x1p-40) * abs(kept)) return;
    kept = nan();
  }
  /// All alike; faster one by one, from either end; and such that one may outrun several others.
  static std::int64_t speed(int way, std::int64_t place, std::int64_t places) {
    if (way == 0) return 1;
    if (way == 1) return place + 1;
    if (way == 2) return places - place;
    const auto mixed = static_cast<std::uint64_t>(place * 4 + way) * 0x9e3779b97f4a7c15u;
    return std::int64_t{1} << (mixed >> 60);
  }

  const Ctc& loss_;
  std::int64_t classes_;
  std::span<const std::int64_t> labels_;
  std::size_t frames_ = 0, states_ = 0, symbols_ = 0;
  bool impossible_ = false, undefined_ = false;
  std::span<Log> logs_;            ///< log p by frame and symbol
  std::span<std::int64_t> signs_;  ///< of those that are infinite
  std::span<Quad> posterior_, trial_;
  std::span<LogNumber> weights_;    ///< e^d by frame and owner
  std::span<LogNumber> leading_;    ///< alpha by frame and state
  std::span<LogNumber> following_;  ///< beta by state, of two frames
  std::span<Log> most_;
  std::span<std::int64_t> came_from_, chosen_;  ///< the way back to the most probable alignment, and it
  std::span<std::int64_t> first_, last_;        ///< frames in which a state can be met
  std::span<std::int64_t> owner_, owner_of_class_;
};

template <class T>
Alignments alignments(const Ctc& loss, const Call<T>& call, row_wise::Scratch& scratch) {
  const auto [frames, samples, classes] = call.inputs[0].extent;
  return {loss, frames, call.inputs[1].extent[1], classes, scratch};
}

/// Whether the lengths are none beyond their axes, and the labels classes.
template <class T>
bool is_valid(const Ctc& loss, const Call<T>& call, std::int64_t n) {
  const std::int64_t frames = call.inputs[2].integer[n], letters = call.inputs[3].integer[n],
                     classes = call.inputs[0].extent[2], padded = call.inputs[1].extent[1];
  if (frames < 0 || frames > call.inputs[0].extent[0] || letters < 0 || letters > padded) return false;
  if (loss.blank < 0 || loss.blank >= classes) return false;
  return std::all_of(call.inputs[1].integer + n * padded, call.inputs[1].integer + n * padded + letters,
                     [&](std::int64_t c) { return c >= 0 && c < classes && c != loss.blank; });
}

template <class T>
void ctc(const Ctc& loss, const Call<T>& call) {
  row_wise::Scratch scratch(call.workspace);
  Alignments sample = alignments(loss, call, scratch);
  const auto [frames, samples, classes] = call.inputs[0].extent;
  const bool mean = call.reduction == Reduction::mean;
  const Quad divisor = mean ? row_wise::divisor_of<Quad>(samples) : Quad(1);
  Sum<Quad> sum;
  bool impossible = false, undefined = false;
  for (std::int64_t n = 0; n < samples; ++n) {
    auto place = [&, count = samples, width = classes, n](std::size_t t, std::int64_t c) {
      return (static_cast<std::int64_t>(t) * count + n) * width + c;
    };
    const std::int64_t letters = call.inputs[3].integer[n];
    const T cotangent =
        call.cotangent == nullptr ? T{1} : call.cotangent[call.reduction == Reduction::none ? n : 0];
    T* const gradient = call.gradient[0];
    const bool valid = is_valid(loss, call, n), differentiate = gradient != nullptr && cotangent != 0;
    const Quad value =
        !valid
            ? row_wise::not_a_number<Quad>()
            : sample.loss(
                  call.inputs[2].integer[n],
                  {call.inputs[1].integer + n * call.inputs[1].extent[1], static_cast<std::size_t>(letters)},
                  [&](std::size_t t, std::int64_t c) {
                    return Quad(static_cast<double>(call.inputs[0].real[place(t, c)]));
                  },
                  differentiate);
    const Quad own = mean ? Quad(static_cast<double>(std::max<std::int64_t>(1, letters))) : Quad(1);
    if (call.reduction == Reduction::none)
      call.value[n] = narrow<T>(value);
    else
      sum.add(value / own);
    impossible = impossible || (valid && sample.impossible());
    undefined = undefined || !valid || sample.undefined();

    if (gradient == nullptr) continue;
    for (std::int64_t t = 0; t < frames; ++t)
      std::fill_n(gradient + place(static_cast<std::size_t>(t), 0), classes,
                  valid || cotangent == 0 ? T{0} : std::numeric_limits<T>::quiet_NaN());
    if (!valid || !differentiate) continue;
    const Quad scale = -Quad(static_cast<double>(cotangent)) / (divisor * own);
    sample.each_posterior([&](std::size_t t, std::int64_t c, const Quad& posterior) {
      gradient[place(t, c)] = narrow<T>(scale * posterior);
    });
  }
  if (call.reduction == Reduction::none) return;
  // Beside a sample without an alignment the sum is +inf for all finite numbers, so also in their limits, be
  // one of them -inf or none.
  call.value[0] = impossible && !undefined ? narrow<T>(Quad(infinity)) : narrow<T>(sum.total() / divisor);
}

}  // namespace

template <class T>
struct Kernel<Ctc, T> {
  static std::size_t workspace_bytes(const Ctc& loss, const Call<T>& call) {
    row_wise::Scratch scratch;
    alignments(loss, call, scratch);
    return scratch.bytes();
  }
  static void evaluate(const Ctc& loss, const Call<T>& call) { ctc(loss, call); }
};

}  // namespace assay

ASSAY_KERNEL(Ctc)
