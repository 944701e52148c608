// A vector whose memory is kept for the next one of its thread: for small cases, asking the system for fresh
// pages takes longer than what is computed in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace assay::reference {

template <class T>
class Recycled {
 public:
  Recycled() : vector_(taken()) {}
  Recycled(std::size_t size, const T& fill) : Recycled() { vector_.assign(size, fill); }
  ~Recycled() {
    constexpr std::size_t kept = 4, largest = 1 << 16;
    if (spare().size() < kept && vector_.capacity() <= largest) spare().push_back(std::move(vector_));
  }
  Recycled(const Recycled&) = delete;
  Recycled& operator=(const Recycled&) = delete;

  std::vector<T>& operator*() { return vector_; }
  std::vector<T>* operator->() { return &vector_; }
  T& operator[](std::int32_t node) { return vector_[static_cast<std::size_t>(node)]; }
  const T& operator[](std::int32_t node) const { return vector_[static_cast<std::size_t>(node)]; }
  T* data() { return vector_.data(); }
  const T* data() const { return vector_.data(); }

 private:
  static std::vector<std::vector<T>>& spare() {
    thread_local std::vector<std::vector<T>> vectors;
    return vectors;
  }
  static std::vector<T> taken() {
    if (spare().empty()) return {};
    std::vector<T> vector = std::move(spare().back());
    spare().pop_back();
    vector.clear();
    return vector;
  }

  std::vector<T> vector_;
};

}  // namespace assay::reference
