// Balls that outlive their users, a pool a thread: initialising thousands of them costs more than a small
// case.
#pragma once

#include <cstddef>

#include "reference/numbers/arb.hpp"

namespace assay::reference {

/// At least `size` balls, whatever they hold.
class PooledBalls {
 public:
  PooledBalls() = default;
  explicit PooledBalls(std::size_t size);
  ~PooledBalls();
  PooledBalls(PooledBalls&& other) noexcept : balls_(other.balls_), size_(other.size_) {
    other.balls_ = nullptr;
  }
  PooledBalls& operator=(PooledBalls&& other) noexcept;
  PooledBalls(const PooledBalls&) = delete;
  PooledBalls& operator=(const PooledBalls&) = delete;

  [[nodiscard]] arb_ptr get() const { return balls_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  arb_ptr balls_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace assay::reference
