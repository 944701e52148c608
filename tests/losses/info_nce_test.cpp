// InfoNCE over more rows, negatives and components than lanes take at a time, which the reference is too slow
// for: against the formula in long double, with nothing done about its roundings.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/random.hpp"

namespace assay {
namespace {

using Long = long double;
template <class T>
using Matrix = std::vector<std::vector<T>>;

struct Size {
  std::size_t rows, negatives, width;
};

/// Numbers in +-1 without a pattern.
template <class T>
Matrix<T> drawn(std::size_t rows, std::size_t width, Random& numbers) {
  Matrix<T> out(rows, std::vector<T>(width));
  for (auto& row : out)
    for (T& each : row) each = static_cast<T>(numbers.symmetric());
  return out;
}

Long dot(const std::vector<Long>& a, const std::vector<Long>& b) {
  Long sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

/// A vector as scores take it.
struct Taken {
  std::vector<Long> direction;
  Long length = 1;

  template <class T>
  Taken(const std::vector<T>& v, bool normalize) : direction(v.begin(), v.end()) {
    if (normalize) length = std::sqrt(dot(direction, direction));
    for (Long& each : direction) each /= length;
  }
  /// Adds c d(this other^)/d(this) to `slope`.
  void add_slope(Long c, const Taken& other, bool normalize, std::vector<Long>& slope) const {
    const Long along = normalize ? dot(direction, other.direction) : 0;
    for (std::size_t d = 0; d < slope.size(); ++d)
      slope[d] += c * (other.direction[d] - along * direction[d]) / length;
  }
};

struct Expected {
  std::vector<Long> value;
  Matrix<Long> gradient[3];
};

template <class T>
Expected expect(const InfoNce& loss, const Matrix<T> (&inputs)[3], const std::vector<T>& cotangent) {
  const auto taken = [&](const std::vector<T>& v) { return Taken(v, loss.normalize); };
  std::vector<Taken> negatives;
  for (const auto& k : inputs[2]) negatives.push_back(taken(k));
  Expected out;
  for (std::size_t k = 0; k < 3; ++k)
    out.gradient[k].assign(inputs[k].size(), std::vector<Long>(inputs[k][0].size()));
  const Long temperature = static_cast<T>(loss.temperature);
  for (std::size_t i = 0; i < inputs[0].size(); ++i) {
    const Taken query = taken(inputs[0][i]), positive = taken(inputs[1][i]);
    const Long own = std::exp(dot(query.direction, positive.direction) / temperature);
    std::vector<Long> powers;
    Long others = 0;  // by themselves: beside a best candidate that is the positive nothing of them is lost
    for (const Taken& k : negatives)
      others += powers.emplace_back(std::exp(dot(query.direction, k.direction) / temperature));
    const Long total = own + others;
    out.value.push_back(std::log1p(others / own));
    const auto give = [&](const Taken& k, Long share, std::vector<Long>& by_k) {
      const Long c = static_cast<Long>(cotangent[i]) * share / temperature;
      query.add_slope(c, k, loss.normalize, out.gradient[0][i]);
      k.add_slope(c, query, loss.normalize, by_k);
    };
    give(positive, -others / total, out.gradient[1][i]);
    for (std::size_t k = 0; k < negatives.size(); ++k)
      give(negatives[k], powers[k] / total, out.gradient[2][k]);
  }
  return out;
}

/// Within some roundings of the largest number of the row.
template <class T>
void expect_near(const T* got, const std::vector<Long>& expected, const std::string& what) {
  Long largest = 0;
  for (const Long each : expected) largest = std::max(largest, std::fabs(each));
  for (std::size_t d = 0; d < expected.size(); ++d)
    ASSERT_NEAR(static_cast<double>(got[d]), static_cast<double>(expected[d]),
                static_cast<double>(2 * std::numeric_limits<T>::epsilon() * largest))
        << what << "[" << d << "]";
}

template <class T>
void check(const InfoNce& loss, Size size, bool an_odd_row) {
  Random numbers(size.rows * 100 + size.negatives * 10 + size.width);
  Matrix<T> inputs[3] = {drawn<T>(size.rows, size.width, numbers), drawn<T>(size.rows, size.width, numbers),
                         drawn<T>(size.negatives, size.width, numbers)};
  if (an_odd_row) inputs[0][size.rows / 2][0] = std::numeric_limits<T>::min();
  std::vector<T> cotangent, value(size.rows), flat[3], gradient[3];
  for (const auto& row : drawn<T>(size.rows, 1, numbers)) cotangent.push_back(row[0]);
  Call<T> call;
  call.reduction = Reduction::none;
  call.cotangent = cotangent.data();
  call.value = value.data();
  for (std::size_t k = 0; k < 3; ++k) {
    for (const auto& row : inputs[k]) flat[k].insert(flat[k].end(), row.begin(), row.end());
    gradient[k].resize(flat[k].size());
    call.inputs[k] = {
        flat[k].data(),
        nullptr,
        {static_cast<std::int64_t>(inputs[k].size()), static_cast<std::int64_t>(size.width), 1}};
    call.gradient[k] = gradient[k].data();
  }
  std::vector<double> scratch(workspace_bytes(loss, call) / sizeof(double));
  call.workspace = std::as_writable_bytes(std::span(scratch));
  evaluate(loss, call);

  const Expected expected = expect(loss, inputs, cotangent);
  for (std::size_t i = 0; i < size.rows; ++i) expect_near(&value[i], {expected.value[i]}, "value");
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < inputs[k].size(); ++i)
      expect_near(&gradient[k][i * size.width], expected.gradient[k][i],
                  "gradient " + std::to_string(k) + " of row " + std::to_string(i));
}

TEST(InfoNceAtLength, IsWhatTheFormulaSays) {
  for (const Size size :
       {Size{1, 5, 130}, {15, 31, 33}, {17, 33, 31}, {33, 70, 64}, {40, 3, 5}, {16, 128, 32}})
    for (const bool normalize : {true, false})
      for (const bool odd : {false, true}) {
        SCOPED_TRACE(testing::Message() << size.rows << " rows, " << size.negatives << " negatives, width "
                                        << size.width << ", normalize " << normalize << ", odd row " << odd);
        const InfoNce loss{.temperature = normalize ? .1 : 2, .normalize = normalize};
        check<float>(loss, size, odd);
        check<double>(loss, size, odd);
        if (HasFatalFailure()) return;
      }
}

TEST(InfoNceAtLength, DropsWhatIsFarBelowTheBestCandidate) {
  // Scores hundreds apart: some of their exponentials are beyond doubles.
  for (const double temperature : {.05, .02, .01}) {
    SCOPED_TRACE(temperature);
    check<double>({.temperature = temperature, .normalize = false}, {33, 70, 64}, false);
  }
}

}  // namespace
}  // namespace assay
