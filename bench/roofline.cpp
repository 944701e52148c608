#include "bench/roofline.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>

// Between these and their neighbours nothing differs in how memory is read and written.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/roofline.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef ASSAY_BENCH_ROOFLINE_ONCE
#define ASSAY_BENCH_ROOFLINE_ONCE
namespace assay::bench {

/// Buffers of one size, which a kernel would walk through together.
struct Group {
  std::array<const std::uint8_t*, 3> in;
  std::array<std::uint8_t*, 3> out;
  std::size_t ins = 0, outs = 0, bytes = 0;
};

enum class Order : std::uint8_t {
  in_turn,   ///< one buffer after the other, each written one beside one that is read
  together,  ///< buffers of one size at once, as a kernel does
};

/// Named by the fields, in their order.
struct Variant {
  std::string_view name;
  Order order;
  int unroll;         ///< vectors a step, each added into an accumulator of its own
  int ahead;          ///< bytes that are prefetched ahead; 0 for none
  bool around_cache;  ///< non-temporal stores
};

inline constexpr std::array variants{
    Variant{"in-turn-1", Order::in_turn, 1, 0, false},
    Variant{"in-turn-4", Order::in_turn, 4, 0, false},
    Variant{"in-turn-8", Order::in_turn, 8, 0, false},
    Variant{"in-turn-8-prefetch-2K", Order::in_turn, 8, 2048, false},
    Variant{"in-turn-8-prefetch-4K", Order::in_turn, 8, 4096, false},
    Variant{"together-2", Order::together, 2, 0, false},
    Variant{"together-4-prefetch-2K", Order::together, 4, 2048, false},
    Variant{"together-4", Order::together, 4, 0, false},
    Variant{"together-4-stream", Order::together, 4, 0, true},
    Variant{"together-4-prefetch-2K-stream", Order::together, 4, 2048, true},
};

}  // namespace assay::bench
#endif

HWY_BEFORE_NAMESPACE();
namespace assay::bench::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Unroll vectors a step from each of Ins buffers into each of Outs. Everything that is read goes into what
/// is written, or into the accumulators, so that no load can be left out.
template <int Ins, int Outs, int Unroll, int Ahead, bool AroundCache>
HWY_NOINLINE std::uint8_t walk(const Group& g) {
  const hn::ScalableTag<std::uint8_t> d;
  using V = hn::VFromD<decltype(d)>;
  constexpr std::size_t line = 64;
  const std::size_t lanes = hn::Lanes(d), step = lanes * Unroll;
  const std::array<const std::uint8_t*, 3> in = g.in;
  const std::array<std::uint8_t*, 3> out = g.out;
  // An array of vectors would be laid out in memory; g++ keeps these eight in registers.
  V a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;

  const auto one = [&](V& accumulator, std::size_t i) HWY_ATTR {
    V v = hn::Zero(d);
    if constexpr (Ins > 0) v = hn::Or(v, hn::Load(d, in[0] + i));
    if constexpr (Ins > 1) v = hn::Or(v, hn::Load(d, in[1] + i));
    if constexpr (Ins > 2) v = hn::Or(v, hn::Load(d, in[2] + i));
    if constexpr (Outs == 0) accumulator = hn::Or(accumulator, v);
    const auto store = [&](std::uint8_t* to) HWY_ATTR {
      if constexpr (AroundCache)
        hn::Stream(v, d, to + i);
      else
        hn::Store(v, d, to + i);
    };
    if constexpr (Outs > 0) store(out[0]);
    if constexpr (Outs > 1) store(out[1]);
    if constexpr (Outs > 2) store(out[2]);
  };

  std::size_t i = 0;
  for (; i + step <= g.bytes; i += step) {
    if constexpr (Ahead > 0)
      for (std::size_t at = i; at < i + step; at += line) {
        if constexpr (Ins > 0) hwy::Prefetch(in[0] + at + Ahead);
        if constexpr (Ins > 1) hwy::Prefetch(in[1] + at + Ahead);
        if constexpr (Ins > 2) hwy::Prefetch(in[2] + at + Ahead);
      }
    one(a0, i);
    if constexpr (Unroll > 1) one(a1, i + lanes);
    if constexpr (Unroll > 2) one(a2, i + 2 * lanes), one(a3, i + 3 * lanes);
    if constexpr (Unroll > 4) {
      one(a4, i + 4 * lanes), one(a5, i + 5 * lanes);
      one(a6, i + 6 * lanes), one(a7, i + 7 * lanes);
    }
  }
  for (; i + lanes <= g.bytes; i += lanes) one(a0, i);
  const V sum = hn::Or(hn::Or(hn::Or(a0, a1), hn::Or(a2, a3)), hn::Or(hn::Or(a4, a5), hn::Or(a6, a7)));
  alignas(128) std::uint8_t bytes[128];
  hn::Store(sum, d, bytes);
  return std::accumulate(bytes, bytes + lanes, std::uint8_t{0}, std::bit_or());
}

template <std::size_t V, int Ins, int Outs>
std::uint8_t walk_variant(const Group& g) {
  constexpr Variant v = variants[V];
  return walk<Ins, Outs, v.unroll, v.ahead, v.around_cache>(g);
}

template <std::size_t V>
std::uint8_t walk_group(const Group& g) {
  switch (g.ins * 4 + g.outs) {
    case 1:
      return walk_variant<V, 0, 1>(g);
    case 4:
      return walk_variant<V, 1, 0>(g);
    case 5:
      return walk_variant<V, 1, 1>(g);
    default:
      break;
  }
  if constexpr (variants[V].order == Order::together) {
    switch (g.ins * 4 + g.outs) {
      case 8:
        return walk_variant<V, 2, 0>(g);
      case 9:
        return walk_variant<V, 2, 1>(g);
      case 10:
        return walk_variant<V, 2, 2>(g);
      case 12:
        return walk_variant<V, 3, 0>(g);
      case 13:
        return walk_variant<V, 3, 1>(g);
      case 14:
        return walk_variant<V, 3, 2>(g);
      case 15:
        return walk_variant<V, 3, 3>(g);
      default:
        break;
    }
  }
  return 0;
}

template <std::size_t... V>
std::uint8_t dispatch(std::size_t variant, const Group& g, std::index_sequence<V...>) {
  std::uint8_t out = 0;
  ((variant == V ? void(out = walk_group<V>(g)) : void()), ...);
  return out;
}

std::uint8_t run_group(std::size_t variant, const Group& g) {
  return dispatch(variant, g, std::make_index_sequence<variants.size()>{});
}

}  // namespace assay::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace assay::bench {
namespace {

HWY_EXPORT(run_group);

/// Groups in which nothing is read or written twice. The combinations are those that walk_group knows.
std::vector<Group> grouped(const Traffic& traffic, Order order) {
  std::vector<Group> out;
  std::vector<bool> taken(traffic.written.size());
  const std::size_t most = order == Order::together ? 3 : 1;
  std::vector<bool> given(traffic.read.size());
  for (std::size_t i = 0; i < traffic.read.size(); ++i) {
    if (given[i]) continue;
    Group g;
    g.bytes = traffic.read[i].size();
    for (std::size_t k = i; k < traffic.read.size() && g.ins < most; ++k)
      if (!given[k] && traffic.read[k].size() == g.bytes) {
        given[k] = true;
        g.in[g.ins++] = reinterpret_cast<const std::uint8_t*>(traffic.read[k].data());
      }
    for (std::size_t k = 0; k < traffic.written.size() && g.outs < g.ins; ++k)
      if (!taken[k] && traffic.written[k].size() == g.bytes) {
        taken[k] = true;
        g.out[g.outs++] = reinterpret_cast<std::uint8_t*>(traffic.written[k].data());
      }
    out.push_back(g);
  }
  for (std::size_t k = 0; k < traffic.written.size(); ++k) {
    if (taken[k]) continue;
    Group g;
    g.bytes = traffic.written[k].size();
    g.out[g.outs++] = reinterpret_cast<std::uint8_t*>(traffic.written[k].data());
    out.push_back(g);
  }
  return out;
}

volatile std::uint8_t sink;

}  // namespace

bool Traffic::writes() const {
  return std::ranges::any_of(written, [](const auto& each) { return each.size() > sizeof(double); });
}

std::span<const std::string_view> loops(bool writes) {
  static constexpr auto names = [] {
    std::array<std::string_view, variants.size()> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = variants[i].name;
    return out;
  }();
  static constexpr auto without_stores = static_cast<std::size_t>(
      std::ranges::count_if(variants, [](const Variant& v) { return !v.around_cache; }));
  static_assert(std::ranges::is_sorted(variants, {}, &Variant::around_cache));
  return std::span(names).first(writes ? names.size() : without_stores);
}

std::function<void()> loop_over(std::size_t loop, const Traffic& traffic) {
  return [loop, groups = grouped(traffic, variants[loop].order)] {
    std::uint8_t sum = 0;
    for (const Group& g : groups)
      sum = static_cast<std::uint8_t>(sum | HWY_DYNAMIC_DISPATCH(run_group)(loop, g));
    if (variants[loop].around_cache) hwy::FlushStream();
    sink = sum;
  };
}

std::string_view instruction_set() {
  const std::int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(supported & -supported);
}

}  // namespace assay::bench
#endif
