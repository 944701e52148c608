// A case by itself: a file, or a few lines in a report, that holds what golden files hold of one case, or
// less.
#pragma once

#include <string>
#include <string_view>

#include "tools/golden/golden_file.hpp"

namespace assay {

/// The question (contract, section 3) with its slug and comment, as text of a few lines. read_lone_case reads
/// it back.
std::string write_lone_case(const AnnotatedCase& c);

/// A file of one case, with the notes on its flags where these are known, and its truth.
///
/// `text` is a case, with or without what golden files say beside it, or a golden file that holds one. What
/// is not told is found out: the id, the default parameters, whether the case is outside the domain, and else
/// the certified truth and what it comes to under its loss's conventions. Throws CodecError, one line that
/// begins with `where`: for what is no such text; where the id or what is expected belongs to another case;
/// where no precision decides the truth.
GoldenFile read_lone_case(std::string_view text, std::string_view where);

}  // namespace assay
