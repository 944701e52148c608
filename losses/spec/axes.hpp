// What an axes string means: the shape of a tensor, as a record writes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay {

/// A sequence of axes, each a character. A letter is one axis, the same letter the same extent everywhere in
/// a loss. '.', which only the first may be, stands for any number of leading axes, none too, the same in
/// every tensor of the loss that has it. "" is a scalar. Which letter goes along the last leading axis is a
/// matter of all inputs together: see Facts::along_last_leading.
class Axes {
 public:
  static constexpr char leading = '.';
  /// What a class index counts along, at least 1.
  static constexpr char classes = 'C';
  /// How many axes a kernel sees at most, leading ones as one.
  static constexpr std::size_t most = 3;

  constexpr Axes() = default;
  constexpr Axes(const char* text) : text_(text) {}
  constexpr explicit Axes(std::string_view text) : text_(text) {}

  [[nodiscard]] constexpr std::string_view text() const { return text_; }
  [[nodiscard]] constexpr bool has_leading() const { return text_.starts_with(leading); }
  /// What follows the leading axes.
  [[nodiscard]] constexpr std::string_view letters() const { return text_.substr(has_leading() ? 1 : 0); }
  [[nodiscard]] constexpr bool contains(char axis) const {
    return text_.find(axis) != std::string_view::npos;
  }
  /// Where the axis stands, all leading ones counting as one.
  [[nodiscard]] constexpr std::optional<std::size_t> position(char axis) const {
    const std::size_t at = text_.find(axis);
    return at == std::string_view::npos ? std::nullopt : std::optional(at);
  }
  /// Whether these axes begin with all of those.
  [[nodiscard]] constexpr bool begins_with(Axes those) const { return text_.starts_with(those.text_); }
  [[nodiscard]] constexpr Axes without_first() const { return Axes(text_.substr(1)); }
  [[nodiscard]] constexpr Axes without_last() const { return Axes(text_.substr(0, text_.size() - 1)); }

  // As a sequence of characters.
  [[nodiscard]] constexpr std::size_t size() const { return text_.size(); }
  [[nodiscard]] constexpr bool empty() const { return text_.empty(); }
  [[nodiscard]] constexpr char operator[](std::size_t k) const { return text_[k]; }
  [[nodiscard]] constexpr char front() const { return text_.front(); }
  [[nodiscard]] constexpr char back() const { return text_.back(); }
  [[nodiscard]] constexpr auto begin() const { return text_.begin(); }
  [[nodiscard]] constexpr auto end() const { return text_.end(); }
  friend constexpr bool operator==(Axes, Axes) = default;

  /// Whether a tensor with that many axes has these.
  [[nodiscard]] constexpr bool admits(std::size_t rank) const {
    return has_leading() ? rank >= letters().size() : rank == letters().size();
  }
  /// How many leading axes a tensor of a rank that they admit has.
  [[nodiscard]] constexpr std::size_t leading_rank(std::size_t rank) const { return rank - letters().size(); }
  /// The extents that a kernel sees of a tensor of that shape, whose rank they admit: the leading ones
  /// multiplied into one, 1 where there is no axis. Of ".C" and [2, 3, 4]: {6, 4, 1}.
  [[nodiscard]] constexpr std::array<std::int64_t, most> folded(std::span<const std::int64_t> shape) const {
    std::array<std::int64_t, most> out{1, 1, 1};
    const std::size_t folded = leading_rank(shape.size());
    for (std::size_t k = 0; k < folded; ++k) out[0] *= shape[k];
    for (std::size_t k = folded; k < shape.size(); ++k) out[k - folded + (has_leading() ? 1 : 0)] = shape[k];
    return out;
  }

  /// What the compiler holds every record to.
  [[nodiscard]] constexpr bool well_formed() const {
    for (const char each : letters())
      if (each < 'A' || each > 'Z') return false;
    return text_.size() <= most;
  }

 private:
  std::string_view text_ = "";
};

/// What the extent of an axis may be, where not every one will do.
struct AxisRule {
  char axis;
  std::int64_t least = 0, multiple = 1;
  std::string_view text;  ///< completes "... must be "

  [[nodiscard]] constexpr bool admits(std::int64_t extent) const {
    return extent >= least && extent % multiple == 0;
  }
};

}  // namespace assay
