#include "reference/numbers/ball_pool.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace assay::reference {
namespace {

class Pool {
 public:
  ~Pool() {
    for (const auto& [balls, size] : free_) _arb_vec_clear(balls, static_cast<slong>(size));
    flint_cleanup();  // this thread's caches of constants
  }
  std::pair<arb_ptr, std::size_t> take(std::size_t size) {
    for (auto each = free_.begin(); each != free_.end(); ++each) {
      if (each->second < size) continue;
      const auto found = *each;
      free_.erase(each);
      return found;
    }
    const std::size_t rounded = std::max<std::size_t>(256, size + size / 2);
    return {_arb_vec_init(static_cast<slong>(rounded)), rounded};
  }
  void give(arb_ptr balls, std::size_t size) {
    constexpr std::size_t kept = 4, largest = 1 << 16;
    if (free_.size() < kept && size <= largest)
      free_.emplace_back(balls, size);
    else
      _arb_vec_clear(balls, static_cast<slong>(size));
  }

 private:
  std::vector<std::pair<arb_ptr, std::size_t>> free_;
};
thread_local Pool pool;

}  // namespace

PooledBalls::PooledBalls(std::size_t size) { std::tie(balls_, size_) = pool.take(size); }
PooledBalls::~PooledBalls() {
  if (balls_) pool.give(balls_, size_);
}
PooledBalls& PooledBalls::operator=(PooledBalls&& other) noexcept {
  std::swap(balls_, other.balls_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace assay::reference
