#include <cmath>

#include "tests/witnesses/mutants/mutants.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests::mutants {
namespace {

/// The unreduced values.
std::vector<double> terms(Case c) {
  c.reduction = Reduction::none;
  c.wrt.clear();
  c.inputs.erase("cotangent");
  return kernel_answer(c).value.real;
}

/// The reduced value by `total` of the terms, the gradient as it should be.
Mutant summing(const Record& record, std::string fault, double (*total)(Dtype, const std::vector<double>&)) {
  return {std::string(record.name), std::move(fault), [total](const Case& c) {
            Answer answer = kernel_answer(c);
            if (c.reduction == Reduction::none || answer.outcome != Answer::Outcome::answered) return answer;
            const std::vector<double> each = terms(c);
            const double sum = total(c.dtype, each);
            const double n = static_cast<double>(each.size());
            answer.value.real.at(0) = round_to(c.dtype, c.reduction == Reduction::mean ? sum / n : sum);
            return answer;
          }};
}

}  // namespace

std::vector<Mutant> of_long_inputs(const Record& record) {
  if (record.kind != Kind::element_wise) return {};
  return {summing(record, "a running sum",
                  [](Dtype dtype, const std::vector<double>& all) {
                    double sum = 0;
                    for (const double x : all) sum = round_to(dtype, sum + x);
                    return sum;
                  }),
          summing(record, "what is left beyond whole blocks of 256 is dropped",
                  [](Dtype, const std::vector<double>& all) {
                    double sum = 0;
                    const std::size_t n = all.size() < 256 ? all.size() : all.size() - all.size() % 256;
                    for (std::size_t i = 0; i < n; ++i) sum += all[i];
                    return sum;
                  }),
          summing(record, "what lies beyond 1024 is dropped", [](Dtype, const std::vector<double>& all) {
            double sum = 0;
            for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 1024); ++i) sum += all[i];
            return sum;
          })};
}

}  // namespace assay::tests::mutants
