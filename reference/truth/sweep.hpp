// The truth about a loss as a function of one number, for millions of numbers a second: in blocks, and where
// a block does not decide, by certify.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reference/cases/case.hpp"
#include "reference/truth/truth.hpp"

namespace assay::reference {

class Sweep {
 public:
  /// How many numbers it takes at once.
  static constexpr std::size_t most = 256;

  /// What is true of the value, or of the gradient, at each of them.
  struct Output {
    std::array<double, most> rounded;  ///< the exact result rounded once to the dtype
    /// The exact result lies within `radius` of `middle`. Where it rounds to an infinity and is beyond e^700,
    /// `middle` is that infinity.
    std::array<double, most> middle, radius;
    /// The places, in order, that were certified one by one: there this counts and not the above. Kinks and
    /// what lies near one, infinite results and what is not checked are among them. Without `checked` where
    /// any number passes, and also where no precision decides; see `undecided`.
    std::vector<std::pair<std::size_t, Component>> apart;
  };

  /// `one` is a valid case under `none` whose real inputs are single numbers, `swept` one of them. Its dtype
  /// has numbers of at most 24 bits, below 2^512. `one.wrt` is `swept` or nothing.
  Sweep(Case one, std::string swept);
  ~Sweep();
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  /// At x, at least one number and at most `most`, of the input's domain, NaN and infinities included. Quick
  /// where they are neighbours.
  void evaluate(std::span<const double> x);
  [[nodiscard]] const Output& value() const { return outputs_.front(); }
  [[nodiscard]] const Output& gradient() const { return outputs_.back(); }
  [[nodiscard]] bool has_gradient() const { return outputs_.size() > 1; }

  /// The certified truth at one number, all details included: value, then gradient.
  [[nodiscard]] std::vector<Component> certified(double x) const;

  /// So far: numbers that certify was asked about, and those of them that it did not decide.
  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t undecided() const { return undecided_; }

 private:
  struct Recorded;
  void take(std::size_t output, std::size_t count);
  void ask(std::span<const double> x);
  const std::vector<Component>& remembered(double x);

  Case one_;
  std::string swept_;
  std::unique_ptr<Recorded> recorded_;
  std::vector<Output> outputs_;
  std::array<std::array<std::uint8_t, most>, 2> open_{};          // of each output, where it is not decided
  std::array<std::optional<std::vector<Component>>, 3> special_;  // at NaN, +inf, -inf
  mutable std::uint64_t asked_ = 0, undecided_ = 0;
};

}  // namespace assay::reference
