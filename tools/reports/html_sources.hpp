// The parts of HTML reports that are no C++: tools/pages/report/, put into the program when it is built.
#pragma once

#include <string_view>

namespace assay {

/// The text of that file.
std::string_view html_source(std::string_view name);

}  // namespace assay
