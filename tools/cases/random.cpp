#include "tools/cases/random.hpp"

namespace assay {

std::uint64_t Random::bits() {
  state_ += 0x9e3779b97f4a7c15u;  // the odd integer nearest to 2^64 / golden ratio
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t n) {
  // The high half of a 32 by 32 bit product; its bias, below 2^-32 n, does not matter here.
  return ((bits() >> 32) * n) >> 32;
}

std::uint64_t seed_for(std::uint64_t seed, std::string_view text) {
  // FNV-1a over the text, started at the mixed seed, mixed again by one step of the generator.
  std::uint64_t hash = Random(seed).bits() ^ 0xcbf29ce484222325u;
  for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3u;
  return Random(hash).bits();
}

}  // namespace assay
