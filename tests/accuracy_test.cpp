#include "tests/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("Accuracy", {.systematic = true, .drawn = 60, .seed = 1});
}  // namespace
}  // namespace assay::tests
