// One class label a row, some of which say that their row does not count.
#pragma once

#include <cstddef>
#include <cstdint>

#include "losses/call.hpp"

namespace assay {

class Labels {
 public:
  template <class T>
  Labels(const Argument<T>& labels, std::int64_t classes) : labels_(labels.integer), classes_(classes) {}
  template <class T>
  Labels(const Argument<T>& labels, std::int64_t classes, std::int64_t ignored)
      : labels_(labels.integer), classes_(classes), ignored_(ignored), some_ignored_(true) {}

  [[nodiscard]] bool kept(std::int64_t i) const { return !some_ignored_ || labels_[i] != ignored_; }
  /// The label names a class.
  [[nodiscard]] bool known(std::int64_t i) const { return labels_[i] >= 0 && labels_[i] < classes_; }
  /// Of a known label.
  [[nodiscard]] std::size_t operator[](std::int64_t i) const { return static_cast<std::size_t>(labels_[i]); }

 private:
  const std::int64_t* labels_;
  std::int64_t classes_;
  std::int64_t ignored_ = 0;
  bool some_ignored_ = false;
};

}  // namespace assay
