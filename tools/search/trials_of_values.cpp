// Of trials.hpp: promises about one answer.
#include <fmt/format.h>

#include <cmath>

#include "tools/search/trials.hpp"

namespace assay::search::trials {
namespace {

/// Every value that is a number is as it must be.
template <class Holds>
Trial each_value(Case c, std::string must, Holds holds) {
  return {{std::move(c)},
          [must = std::move(must), holds](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::vector<double>& values = answers[0].value.real;
            for (std::size_t i = 0; i < values.size(); ++i)
              if (!std::isnan(values[i]) && !holds(values[i]))
                return fmt::format("value[{}] is {:a}, must be {}", i, values[i], must);
            return std::nullopt;
          }};
}

}  // namespace

Trial nonnegative(const Promised&, const Draw& d, Random) {
  return each_value(d.base, "nonnegative", [](double v) { return v >= 0; });
}

Trial at_most(const Promised& p, const Draw& d, Random) {
  const double most = p.promise.constant;
  return each_value(d.base, fmt::format("at most {}", most), [most](double v) { return v <= most; });
}

Trial unit_range(const Promised&, const Draw& d, Random) {
  return each_value(d.base, "in [0, 1]", [](double v) { return v >= 0 && v <= 1; });
}

Trial zero_at_match(const Promised& p, const Draw& d, Random) {
  Case c = d.base;
  const std::string first(p.record.inputs[0].name), second(p.record.inputs[1].name);
  const Domain domain = under_parameters(p.record, p.record.inputs[1], c).domain;
  for (double& x : c.inputs.at(first).real)
    if (!domain.contains(x)) x = 1;
  c.inputs.at(second) = c.inputs.at(first);
  return {{std::move(c)}, [](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::vector<double>& values = answers[0].value.real;
            for (std::size_t i = 0; i < values.size(); ++i)
              if (!(values[i] == 0)) return fmt::format("value[{}] is {:a}, must be 0", i, values[i]);
            return std::nullopt;
          }};
}

Trial sums_to_one(const Promised& p, const Draw& d, Random) {
  const auto width =
      static_cast<std::size_t>(d.base.inputs.at(std::string(p.record.inputs[0].name)).shape.back());
  return {{d.base}, [p, width](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::vector<double>& shares = answers[0].value.real;
            for (std::size_t row = 0; row < shares.size(); row += width) {
              double total = 0;
              for (std::size_t k = row; k < row + width; ++k) total += shares[k];
              // No share is above 1; each is within its bound, and each sum here rounds once.
              const double error = static_cast<double>(width) * (p.tolerance.always(p.dtype, 1) + 0x1p-53);
              if (!std::isnan(total) && !(std::abs(total - 1) <= error))
                return fmt::format("the values from {} on sum to {:a}, must be 1", row, total);
            }
            return std::nullopt;
          }};
}

}  // namespace assay::search::trials
