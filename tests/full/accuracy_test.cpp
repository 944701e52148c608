#include "tests/accuracy.hpp"

namespace assay::tests {
namespace {
const bool registered = register_accuracy("DeepAccuracy", 400, 2);
}  // namespace
}  // namespace assay::tests
