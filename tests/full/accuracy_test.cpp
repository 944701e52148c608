#include "tests/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("DeepAccuracy", 200, 2);
}  // namespace
}  // namespace assay::tests
