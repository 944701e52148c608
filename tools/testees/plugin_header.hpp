// What stands before the tensors of a case in memory: everything about it but numbers, in one run of bytes
// without pointers, so that two processes may have it at different addresses.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "include/assay/testee.h"
#include "tools/testees/plugin_layout.hpp"

namespace assay {

/// Its size is a multiple of 64; the places of tensors count from its end.
std::string plugin_header(const Case& c, const std::vector<PlacedTensor>& tensors, std::size_t inputs);

/// A request made from such memory, without a copy: names, shapes and lists are where they were written. One
/// object serves many calls, since it keeps its vectors.
class PluginRequest {
 public:
  /// `message` must have room for `message_size` bytes.
  const AssayRequest& read(std::byte* memory, char* message, std::size_t message_size);

 private:
  AssayRequest request_{};
  std::vector<AssayParameter> parameters_;
  std::vector<DLTensor> tensors_;
  std::vector<AssayInput> inputs_;
  std::vector<AssayOutput> outputs_;
};

}  // namespace assay
