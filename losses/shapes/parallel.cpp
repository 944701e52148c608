#include "losses/shapes/parallel.hpp"

#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace assay::detail {

void for_each_segment(int threads, std::size_t segments, FunctionRef<void(std::size_t)> job) noexcept {
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    for (std::size_t segment; (segment = next.fetch_add(1, std::memory_order_relaxed)) < segments;)
      job(segment);
  };
  std::vector<std::jthread> others;
  const std::size_t wanted = threads < 1 ? 1 : static_cast<std::size_t>(threads);
  try {
    while (others.size() + 1 < wanted && others.size() + 1 < segments) others.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads to be had.
  } catch (const std::bad_alloc&) {
  }
  work();
}

}  // namespace assay::detail
