// Prints a sum of the bits that every loss of the catalogue gives, on every instruction set that this machine
// has: two trees whose lines are the same compute the same. Every NaN counts as one: which sign it has is the
// compiler's choice of operands. `assay_loss_bits huber_f32 dice_f64` asks those only.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "losses/spec/dtype.hpp"
#include "tests/losses/lanes/subject.hpp"
#include "tests/losses/lanes/targets.hpp"

namespace assay::tests {
namespace {

/// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
class BitSum {
 public:
  void add(const Answer& answer) {
    for (const Answer::Tensor& tensor : answer.tensors)
      visit(answer.dtype, [&]<class T>() { add<T>(tensor); });
  }
  [[nodiscard]] unsigned long long value() const { return sum_; }

 private:
  template <class T>
  void add(const Answer::Tensor& tensor) {
    for (std::size_t at = 0; at < tensor.bytes.size(); at += sizeof(T)) {
      T number;
      std::memcpy(&number, &tensor.bytes[at], sizeof(T));
      const std::uint64_t bits = pattern(dtype_of<T>, static_cast<double>(number));
      for (std::size_t i = 0; i < sizeof(T); ++i) sum_ = (sum_ ^ (bits >> (8 * i) & 0xff)) * 0x100000001b3;
    }
  }

  std::uint64_t sum_ = 0xcbf29ce484222325;
};

void print(Subject& subject, std::int64_t target) {
  const OnTarget forced(target);
  BitSum sum;
  std::size_t first = 0, asked = 0;
  for (const Question& shape : shapes(subject)) {
    const auto size = static_cast<std::size_t>(shape.rows * shape.width);
    for (const Question& question : questions(subject, shape,
                                              size < 100    ? 20
                                              : size < 5000 ? 6
                                                            : 2,
                                              first += 7)) {
      subject.prepare(question);
      sum.add(subject.ask(0, 1));
      ++asked;
    }
  }
  std::printf("%s %s %zu %016llx\n", name(subject).c_str(), hwy::TargetName(target), asked, sum.value());
  std::fflush(stdout);
}

}  // namespace
}  // namespace assay::tests

int main(int count, char** wanted) {
  using namespace assay::tests;
  for (const auto& subject : subjects()) {
    bool asked = count == 1;
    for (int i = 1; i < count; ++i) asked = asked || name(*subject) == wanted[i];
    if (!asked) continue;
    for (const std::int64_t target : targets()) print(*subject, target);
  }
}
