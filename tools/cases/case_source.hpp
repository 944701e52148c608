// Which cases exist: classes of situations that every loss is put into, found from its record alone (inputs,
// axes, domains, parameters), never from its name; then draws from everywhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tools/cases/case_builder.hpp"

namespace assay {

/// The systematic cases of a loss, in a fixed order, the same on every machine. Every one is inside the
/// domain, or is marked as an error. Slugs are distinct.
std::vector<AnnotatedCase> systematic_cases(const Record& record, Dtype dtype, std::uint64_t seed);

/// The `index`-th draw: shapes, parameters, reduction, wrt and numbers, all from bits. Inside the domain.
AnnotatedCase random_case(const Record& record, Dtype dtype, std::uint64_t seed, std::int64_t index);

namespace source {

/// The classes append here.
struct Plan {
  const Record& record;
  Dtype dtype;
  std::uint64_t seed;
  std::vector<AnnotatedCase> cases{};

  [[nodiscard]] CaseBuilder builder(std::string slug) const { return {record, dtype, seed, std::move(slug)}; }
  void add(const CaseBuilder& builder, std::vector<std::string> flags, std::string comment) {
    cases.push_back(builder.annotated(std::move(flags), std::move(comment)));
  }
};

// One function a family of classes; the comment in each case says why it is there.
void add_ordinary(Plan& plan);      // reductions, wrt, optional inputs, cotangents
void add_parameters(Plan& plan);    // each at other values, jointly, at the ends of its domain
void add_magnitudes(Plan& plan);    // sweeps, thresholds of e^x
void add_specials(Plan& plan);      // each special number in each slot, and in pairs
void add_coincidences(Plan& plan);  // ties, neighbours, kinks at parameters, cancellation
void add_shapes(Plan& plan);        // sizes, ranks, one class, empty sets
void add_ignored_rows(Plan& plan);
void add_label_lists(Plan& plan);
void add_errors(Plan& plan);  // outside the domain

}  // namespace source
}  // namespace assay
