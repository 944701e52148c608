// What the program is called, in commands that a person is told to type.
#pragma once

#include <string>

namespace assay {

/// As whoever started the program typed it ("tools/assay", "../assay/tools/assay", "assay"), so that a
/// command that begins so works where they stand; not quoted. "assay" until it is set.
const std::string& program_name();
void set_program_name(std::string name);

/// The name to set: what the wrapper was called as (the variable ASSAY_CALLED_AS, which is taken out of the
/// environment: what a testee starts was not called so), else `argument`, the program's own first argument.
std::string name_from_environment(const char* argument);

}  // namespace assay
