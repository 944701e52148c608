// A golden file made: hand-picked and generated cases, each with its certified truth.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "reference/truth/truth.hpp"

namespace assay {

/// Who says what is true; the tests put others in.
struct Oracle {
  std::function<reference::Truth(const Case&)> certify;
  std::function<std::vector<reference::ConventionTruth>(const Case&, const reference::Truth&)> conventions;
  std::function<reference::SecondOpinion(const Case&, reference::Backend)> second_opinion;
};
Oracle certified_reference();

/// What makes a file impossible: one line each.
struct NotGenerated : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a file is made of.
struct GoldenRecipe {
  const Record& record;
  Dtype dtype;
  std::uint64_t seed;
  std::int64_t count;                ///< at least so many cases
  std::filesystem::path handpicked;  ///< the folder of hand-picked cases
};

struct MadeGolden {
  std::string text;
  std::size_t cases = 0, errors = 0;
  std::int64_t confirmed = 0;     ///< numbers that another library agrees with
  std::int64_t out_of_range = 0;  ///< numbers that it cannot hold
};

/// The same for the same recipe, on as many threads as the machine has. Throws NotGenerated for a case that
/// is undecided, that two libraries disagree about or that the reference refuses; what plan_file throws.
MadeGolden make_golden(const GoldenRecipe& recipe, const Oracle& oracle);

}  // namespace assay
