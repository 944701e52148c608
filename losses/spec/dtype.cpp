#include "losses/spec/dtype.hpp"

#include <charconv>

namespace assay {
namespace {

// The longest shortest decimal of binary64 takes 24 characters.
template <class... Shape>
std::string shortest(Dtype dtype, double x, Shape... shape) {
  std::array<char, 40> buffer;
  const auto end = visit(dtype, [&]<class T>() {
    return std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<T>(x), shape...).ptr;
  });
  return {buffer.data(), end};
}

}  // namespace

std::string shortest_decimal(Dtype dtype, double x) { return shortest(dtype, x); }
std::string shortest_scientific(Dtype dtype, double x) {
  return shortest(dtype, x, std::chars_format::scientific);
}

}  // namespace assay
