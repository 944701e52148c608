#include "tests/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("Accuracy", 60, 1);
}  // namespace
}  // namespace assay::tests
