#include "tests/claims/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("Accuracy", {.systematic = true, .drawn = 20, .seed = 1});
}  // namespace
}  // namespace assay::tests
