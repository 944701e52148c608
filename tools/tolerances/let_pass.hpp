// What a test with a tolerance lets pass of the corpus, and where the tolerance would have to lie.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/tolerances/measured.hpp"

namespace assay::tolerances {

/// The tolerances of one kind, everything else being 0, between what a sound implementation needs and what
/// lets the first wrong one pass.
struct Limit {
  double sound_needs = 0;  ///< infinite where it is within none
  double lets_pass = 0;    ///< the least that lets a wrong one pass; infinite where none does

  /// The largest that lets none pass; nothing where a sound implementation would fail, too.
  [[nodiscard]] std::optional<double> largest() const;
  void also(const Limit& other);
};

/// Implementations of one kind of mistake.
struct Count {
  int wrong = 0, passed = 0;
};

/// The values, or the gradients, of a loss in a dtype.
struct Row {
  std::string loss;
  Dtype dtype = Dtype::f64;
  Part part = Part::value;
  int wrong = 0;                        ///< implementations
  std::vector<const Measured*> passed;  ///< of these; the worst first
  std::map<std::string, Count> kinds;   ///< by kind_of
  bool sound_passes = true;
  Limit rtol, atol;
};

struct LetPass {
  std::vector<Row> rows;  ///< by the catalogue, then as the dtypes are listed, values first
  int implementations = 0;
  /// Loss and name of those that no case of the asked regimes shows to be wrong, in any dtype asked: no
  /// tolerance could see them there.
  std::vector<std::pair<std::string, std::string>> unseen;
};

/// What is wrong with it, by the first of its names in the table of mechanisms; "another formula" where that
/// has none.
std::string kind_of(const Measured& m);

/// Whether a is worse than b. A tail's lost digits come last. Else that counts first how far it is off over
/// all cases, then the judge's grade and ulps: 1e-38 in the place of 0 is wrong by 10^7 ulps, a gradient of
/// the other sign by two times 2^24.
bool is_worse(const MeasuredPart& a, const MeasuredPart& b);

/// The result refers to the corpus, which has to outlive it.
LetPass let_pass(const std::vector<Measured>& corpus, const PerDtype<Tolerance>& tolerance,
                 Operand operand = Operand::expected);

}  // namespace assay::tolerances
