// What the kernels and the reference say of one case, and how to write a case down when they are wrong.
#pragma once

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/testees/testee.hpp"
#include "tools/text/codec.hpp"

namespace assay::tests {

inline Tensor reals(std::vector<std::int64_t> shape, std::vector<double> numbers) {
  return {std::move(shape), std::move(numbers), {}, false};
}
inline Tensor labels(std::vector<std::int64_t> shape, std::vector<std::int64_t> numbers) {
  return {std::move(shape), {}, std::move(numbers), true};
}

inline Answer kernel_answer(const Case& c) {
  static const std::unique_ptr<Testee> kernels = kernel_testee();
  Answer answer;
  kernels->ask(
      {c}, [&](std::size_t, Answer a) { answer = std::move(a); },
      [](std::size_t, Finding f) { throw std::logic_error(f.message); });
  return answer;
}

/// The same answer from the reference: its numbers are the exact ones rounded once.
inline Answer certified_answer(const Case& c) {
  const reference::Truth truth = reference::certify(c, {.details = false});
  Answer answer;
  if (!truth.error.empty() || !truth.undecided.empty()) {
    answer.outcome = Answer::Outcome::errored;
    answer.reason = truth.error + truth.undecided;
    return answer;
  }
  auto tensor = [](const reference::TensorTruth& t) {
    Tensor out = reals(t.shape, {});
    for (const reference::Component& each : t.components) out.real.push_back(each.rounded);
    return out;
  };
  answer.value = tensor(truth.value);
  for (const auto& [name, t] : truth.gradient) answer.gradient.emplace(name, tensor(t));
  return answer;
}

/// One line that a person can paste to `assay serve`.
inline std::string witness(const Case& c) { return dump_json(case_to_json(c, Encoding::data)); }

/// "F32", for the names of tests.
inline std::string in_capitals(Dtype dtype) {
  std::string out(name(dtype));
  for (char& each : out) each = static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return out;
}

}  // namespace assay::tests
