// Prints the bits of some losses, for programs of two compilers to be compared: values, sums and gradients on
// numbers that are the same everywhere, sums of them for the long ones. What another target gives is printed
// where it differs.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/classification.hpp"
#include "losses/catalogue/regression.hpp"
#include "tests/losses/lanes/targets.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

template <class T>
std::string hex(const std::vector<T>& numbers) {
  std::string out;
  for (const T x : numbers) {
    char text[40];
    std::snprintf(text, sizeof text, " %a", static_cast<double>(x));
    out += x != x ? " nan" : text;
  }
  return out;
}

/// Numbers of every size, special ones among them.
template <class T>
T draw(const Domain& d, Random& numbers, bool special) {
  const T candidates[] = {static_cast<T>(numbers.spread(-40, 6)),
                          static_cast<T>(numbers.spread(-1000, 1000)),
                          std::numeric_limits<T>::infinity(),
                          -std::numeric_limits<T>::infinity(),
                          std::numeric_limits<T>::denorm_min(),
                          std::numeric_limits<T>::max(),
                          T{0},
                          T{1}};
  const T wild = candidates[numbers.bits() % 8], near = static_cast<T>(4 * numbers.symmetric());
  for (const T x : {special ? wild : near, near, static_cast<T>(numbers.unit())})
    if (d.contains(static_cast<double>(x))) return x;
  return T{1};
}

/// Everything that one call gives, as lines.
template <class T, class Loss>
std::string answers(const Loss& loss, std::size_t n, bool special, std::uint64_t seed) {
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  Random numbers(seed);
  std::vector<T> input[inputs], gradient[inputs], value;
  Call<T> call;
  for (std::size_t k = 0; k < inputs; ++k) {
    const Input& each = facts<Loss>.inputs[k];
    if (each.optional) continue;
    for (std::size_t i = 0; i < n; ++i) input[k].push_back(draw<T>(each.domain, numbers, special));
    gradient[k].resize(n);
    call.inputs[k].real = input[k].data();
    call.inputs[k].extent = {static_cast<std::int64_t>(n), 1, 1};
    call.gradient[k] = gradient[k].data();
  }
  std::string out;
  for (const Reduction reduction : {Reduction::none, Reduction::mean}) {
    call.reduction = reduction;
    value.assign(reduction == Reduction::none ? n : 1, T{0});
    call.value = value.data();
    evaluate(loss, call);
    out += std::string(facts<Loss>.name) + " " + std::string(format_of<T>.name) + " " + std::to_string(n) +
           (reduction == Reduction::none ? " none" : " mean") + hex(value) + "\n";
    for (const std::vector<T>& each : gradient)
      if (!each.empty()) out += "  by an input" + hex(each) + "\n";
  }
  return out;
}

template <class Loss>
std::string of_loss(const Loss& loss) {
  std::string out;
  for (const std::size_t n : {1u, 9u, 1000u, 5000u})
    for (const bool special : {false, true}) {
      out += answers<float>(loss, n, special, n + 1);
      out += answers<double>(loss, n, special, n + 2);
    }
  return out;
}
std::string everything() {
  return of_loss(Huber{.delta = .7}) + of_loss(LogCosh{}) + of_loss(BinaryCrossEntropyWithLogits{});
}

}  // namespace
}  // namespace assay::tests

int main() {
  using namespace assay::tests;
  const std::string expected = everything();
  std::fputs(expected.c_str(), stdout);
  for (const std::int64_t target : targets()) {
    const OnTarget forced(target);
    if (everything() != expected) std::printf("%s differs\n", hwy::TargetName(target));
  }
}
