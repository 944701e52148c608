// A shared library behind the C ABI of include/assay/testee.h.
#pragma once

#include <cstddef>
#include <string>

#include "tools/testees/handshake.hpp"
#include "tools/testees/plugin_header.hpp"
#include "tools/testees/plugin_layout.hpp"

namespace assay {

/// Loaded once and never unloaded: its threads and its destructors are its own.
class PluginLibrary {
 public:
  /// Throws TesteeError, one line: it cannot be loaded, exports no table, or one that cannot be used.
  explicit PluginLibrary(const std::string& path);

  /// Throws TesteeError where `describe` gives no JSON object.
  [[nodiscard]] Json describe() const;
  /// Puts the case that lies there. What it lets out is an outcome.
  PluginReply answer(std::byte* memory);
  /// The numbers through the plugin's own tensors; unchanged where it has no such function. Throws
  /// TesteeError.
  [[nodiscard]] Tensor echo(const Tensor& sent, Dtype dtype) const;

 private:
  std::string path_;
  const AssayTestee* table_ = nullptr;
  PluginRequest request_;
};

}  // namespace assay
