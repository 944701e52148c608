#include "tools/mechanisms/table.hpp"

namespace assay::mechanisms {

std::vector<Mechanism> mechanisms() {
  std::vector<Mechanism> all;
  for (const std::span<const Mechanism> family :
       {misreadings(), clamped_questions(), spoilings(), multiplied_answers(), computations(), insertions(),
        roundings()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

}  // namespace assay::mechanisms
