// The declared accuracy at lengths and on rows that the systematic cases are too small for: rows longer than
// the lanes, more rows than lanes, and rows that are all but decided, tied, masked or far apart.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/claims/accuracy.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

enum class Pattern { ordinary, decided, tied, masked, far_apart };
constexpr Pattern patterns[] = {Pattern::ordinary, Pattern::decided, Pattern::tied, Pattern::masked,
                                Pattern::far_apart};

/// Number `i` of an input whose rows have `width`.
double draw(const Domain& d, Pattern pattern, std::int64_t i, std::int64_t width, Random& numbers) {
  const double u = numbers.unit();
  switch (d.kind) {
    case Domain::Kind::points:
      return u < .5 ? d.low : d.high;
    case Domain::Kind::one_hot:
      return i % width == (i / width) % width ? 1 : 0;
    case Domain::Kind::nonzero:
      return u < .5 ? -.25 - 4 * u : .25 + 4 * u;
    case Domain::Kind::class_index:
    case Domain::Kind::class_index_or_ignored:
    case Domain::Kind::length:
      return std::floor(u * static_cast<double>(width));
    case Domain::Kind::group:  // few enough that rows have company
      return std::floor(3 * u);
    case Domain::Kind::class_index_or_end:
      return std::floor(u * static_cast<double>(width + 1)) - 1;
    case Domain::Kind::interval:
      break;
  }
  const bool bounded = std::isfinite(d.low) || std::isfinite(d.high);
  if (pattern == Pattern::tied) return bounded ? .5 : std::floor(3 * u) - 1;
  if (bounded) {
    const double low = std::isfinite(d.low) ? d.low : d.high - 4,
                 high = std::isfinite(d.high) ? d.high : d.low + 4;
    if (pattern == Pattern::decided && d.high == 1) return i % width == 0 ? 1 - 0x1p-20 * u : 0x1p-20 * u;
    if (pattern == Pattern::masked && d.high == 1 && i % 3 == 1) return 0;
    return low + u * (high - low);
  }
  if (pattern == Pattern::decided) return i % width == width / 2 ? 40 : u;
  if (pattern == Pattern::masked && d.infinities && i % 3 == 1 && width > 2) return -infinity;
  if (pattern == Pattern::far_apart) return (u - .5) * 1400;
  return (u - .5) * 8;
}

Case make(const Record& record, Dtype dtype, std::int64_t rows, std::int64_t width, Pattern pattern,
          Random& numbers) {
  Case c;
  c.loss = record.name;
  c.dtype = dtype;
  c.reduction = rows % 2 == 0 ? Reduction::sum : Reduction::none;
  auto extent = [&](char axis) -> std::int64_t {
    switch (axis) {
      case '.':
      case 'N':
        return rows;
      case 'M':
        return 3;
      case 'S':  // as rows, or beside them
        return record.output.contains('S') ? rows : 3;
      case 'T':
        return std::min<std::int64_t>(width, 12);
      case 'U':
        return 2;
      default:
        return width;
    }
  };
  for (const Input& input : record.inputs) {
    if (input.optional) continue;
    Tensor t;
    t.is_integer = input.integer;
    for (const char axis : input.axes) t.shape.push_back(extent(axis));
    std::int64_t count = 1;
    for (const std::int64_t each : t.shape) count *= each;
    for (std::int64_t i = 0; i < count; ++i) {
      const bool length = input.domain.kind == Domain::Kind::length;
      double x = draw(input.domain, pattern, i, length ? extent(input.domain.axis) + 1 : width, numbers);
      if (!input.domain.other_than.empty()) x = std::max(x, 1.);  // than class 0
      if (input.integer)
        t.integer.push_back(static_cast<std::int64_t>(x));
      else
        t.real.push_back(round_to(dtype, x));
    }
    c.inputs[std::string(input.name)] = std::move(t);
    if (input.differentiable()) c.wrt.emplace_back(input.name);
  }
  return c;
}

void hold_at_every_length(const Record& record, Dtype dtype) {
  Random numbers(5u + static_cast<unsigned>(dtype));
  Worst worst;
  const bool by_rows = record.kind == Kind::row_wise;
  const std::vector<std::int64_t> lengths =
      by_rows ? std::vector<std::int64_t>{2, 3, 17, 64, 65, 80} : std::vector<std::int64_t>{16, 17, 47, 200};
  // Rows that are each compared with all of another input's, or with all others: the reference takes minutes
  // or seconds where they are long.
  const bool every_pair = std::ranges::any_of(record.inputs, [&](const Input& input) {
    return input.axes.size() == 2 && search::is_shared(record, input.name);
  });
  for (const std::int64_t length : lengths)
    for (const Pattern pattern : patterns) {
      if (length > 17 && every_pair) continue;
      if (length > 17 && record.rows_depend && (length != 65 || pattern != Pattern::ordinary)) continue;
      const std::int64_t rows = !by_rows       ? length
                                : length <= 3  ? (record.rows_depend ? 7 : 19)
                                : length <= 17 ? 4
                                               : 1,
                         width = by_rows ? length : 1;
      for (const std::int64_t count : {rows, rows + 1}) {
        const Case c = make(record, dtype, count, width, pattern, numbers);
        if (why_invalid(c)) continue;
        hold_case(record, c, true, worst);
        if (::testing::Test::HasFailure()) return;
      }
    }
}

const bool registered = [] {
  class Claim : public ::testing::Test {
   public:
    Claim(const Record& record, Dtype dtype) : record_(record), dtype_(dtype) {}
    void TestBody() override { hold_at_every_length(record_, dtype_); }

   private:
    const Record& record_;
    Dtype dtype_;
  };
  for (const Record& record : catalogue())
    for (const Dtype dtype : dtypes)
      ::testing::RegisterTest(("AccuracyAtEveryLength/" + std::string(record.name)).c_str(),
                              ("HoldsItsBoundIn" + in_capitals(dtype)).c_str(), nullptr, nullptr, __FILE__,
                              __LINE__,
                              [&record, dtype]() -> ::testing::Test* { return new Claim(record, dtype); });
  return true;
}();

}  // namespace
}  // namespace assay::tests
