#include "tests/witnesses/textbook/ctc.hpp"

namespace assay::tests::textbook {

std::vector<Entry> sequences() {
  return {{"ctc", [](const auto& in) { return ctc(in); }}};
}

}  // namespace assay::tests::textbook
