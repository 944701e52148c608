#include "reference/engines/ball_engine.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "reference/graph/operations/operations.hpp"

namespace assay::reference {
namespace {

// Balls outlive engines, a pool a thread: initialising thousands of them costs more than a small case.
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

BallEngine::BallEngine(const Graph& graph) : graph_(graph) {}
BallEngine::~BallEngine() {
  if (values_) pool.give(values_, size_);
}

void BallEngine::evaluate(long bits, std::span<const std::uint8_t> needed, AtKink at_kink,
                          std::span<const std::int8_t> fixed) {
  if (size_ < graph_.nodes.size()) {
    if (values_) pool.give(values_, size_);
    std::tie(values_, size_) = pool.take(graph_.nodes.size());
  }
  if (specials_.size() < graph_.nodes.size()) specials_.assign(graph_.nodes.size(), Special::none);
  any_special_ =
      std::any_of(specials_.begin(), specials_.end(), [](Special s) { return s != Special::none; });
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    const auto node = static_cast<std::int32_t>(i);
    specials_[i] = Special::none;
    if (!fixed.empty() && fixed[i] != free_slope)
      arb_set_si(values_ + i, fixed[i]);
    else if (any_special_ && any_special_operand(node))
      enclose_edge(node, bits);
    else
      enclose(node, bits, at_kink);
    any_special_ |= specials_[i] != Special::none;
  }
}

bool BallEngine::any_special_operand(std::int32_t node) const {
  bool any = false;
  graph_.each_operand(node, [&](std::int32_t o) { any |= special(o) != Special::none; });
  return any;
}

void BallEngine::enclose(std::int32_t node, long bits, AtKink at_kink) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  const BallStep step{{graph_, values_, specials_.data()}, node, n, bits, at_kink};
  visit(n.op, [&]<Op op>() { Operation<op>::enclose(step); });
}

// Some operand is infinite, NaN or not checked. What is not settled here is a NaN, which is the contract's
// answer where no limit exists.
void BallEngine::enclose_edge(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  const OperationFacts& facts = facts_of(n.op);
  const EdgeStep step{{{graph_, values_, specials_.data()}, node, n, bits}};
  const bool dropped = (facts.drops != Drops::nothing && step.first().zero()) ||
                       (facts.drops == Drops::by_either && step.second().zero());
  if (dropped) {
    arb_zero(step.z());
    return;
  }
  bool nan = false, unchecked = false;
  if (!facts.selects)
    graph_.each_operand(node, [&](std::int32_t o) {
      nan |= special(o) == Special::nan;
      unchecked |= special(o) == Special::unchecked;
    });
  step.becomes(unchecked ? Special::unchecked : Special::nan);
  if (!nan && !unchecked) visit(n.op, [&]<Op op>() { Operation<op>::enclose_edge(step); });
}

}  // namespace assay::reference
