#include "tests/claims/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("DeepAccuracy", {.systematic = false, .drawn = 200, .seed = 2});
}  // namespace
}  // namespace assay::tests
