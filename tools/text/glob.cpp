#include "tools/text/glob.hpp"

#include <cstddef>

namespace assay {

bool glob_matches(std::string_view pattern, std::string_view text) {
  // Backtracks to the last star only: an earlier one can always leave more to a later one. Linear in
  // practice, at worst |pattern| |text|.
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace assay
