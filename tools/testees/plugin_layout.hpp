// A case in memory, as a plugin sees it: what stands where, with poison wherever nothing may be read or
// written, and what became of it all after the call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

/// Where a tensor lies. Names and shapes are views into the case.
struct PlacedTensor {
  std::string_view name;
  const Tensor* input = nullptr;  ///< null: an output
  std::span<const std::int64_t> shape{};
  std::vector<std::int64_t> strides{};  ///< empty: compact
  std::size_t count = 0;                ///< of numbers
  std::size_t width = 0;                ///< bytes of a number
  std::size_t begin = 0, end = 0;       ///< bytes from the end of the header, gaps of strides included
};

/// What a plugin said, before anybody looked at what it did to the memory.
struct PluginReply {
  std::int32_t outcome = 0;  ///< of AssayOutcome, or `threw`
  std::string message{};

  static constexpr std::int32_t threw = -1;
};

/// The case must be valid, and outlives this.
class PluginLayout {
 public:
  /// Tensors begin at addresses that numbers of their type may have and vectors would rather not. Where the
  /// plugin takes strides, some inputs have them. The same case always gets the same places, since a sum may
  /// depend on them.
  PluginLayout(const Case& c, bool strided);

  /// A multiple of 64, as the address of the memory must be.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Header, poison and inputs.
  void write(std::byte* memory) const;
  /// The answer, or the finding that there is none: "protocol/out-of-bounds", "protocol/inputs-changed",
  /// "protocol/unwritten-output", "protocol/exception" or "protocol/malformed".
  [[nodiscard]] std::variant<Answer, Finding> read(const std::byte* memory, const PluginReply& reply) const;

 private:
  void place(std::string_view name, const Tensor* input, std::span<const std::int64_t> shape, bool strided);
  [[nodiscard]] std::optional<Finding> damage(const std::byte* memory) const;
  [[nodiscard]] std::variant<Answer, Finding> answer(const std::byte* memory) const;

  const Case* case_;
  std::vector<std::int64_t> value_shape_;
  std::vector<PlacedTensor> tensors_;  // the inputs, then the outputs
  std::size_t inputs_ = 0;
  std::string header_;
  std::size_t bytes_ = 0;
};

}  // namespace assay
