// A list that a constant can own: its entries lie within it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <stdexcept>

namespace assay {

/// At most `capacity` entries, given once, in braces. A constant's list with more of them does not compile.
template <class T, std::size_t capacity>
class BoundedList {
 public:
  using value_type = T;

  constexpr BoundedList() = default;
  constexpr BoundedList(std::initializer_list<T> entries) {
    if (entries.size() > capacity) throw std::length_error("a list has more entries than its capacity");
    for (const T& each : entries) entries_[size_++] = each;
  }

  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  [[nodiscard]] constexpr const T* data() const { return entries_; }
  [[nodiscard]] constexpr const T* begin() const { return entries_; }
  [[nodiscard]] constexpr const T* end() const { return entries_ + size_; }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const { return entries_[i]; }
  [[nodiscard]] constexpr const T& front() const { return entries_[0]; }
  [[nodiscard]] constexpr const T& back() const { return entries_[size_ - 1]; }

 private:
  T entries_[capacity]{};
  std::size_t size_ = 0;
};

}  // namespace assay
