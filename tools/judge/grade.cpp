#include "tools/judge/grade.hpp"

#include <algorithm>
#include <string>

namespace assay {

std::string_view name(Grade g) {
  switch (g) {
    case Grade::correctly_rounded:
      return "correctly rounded";
    case Grade::faithful:
      return "faithful";
    case Grade::tight:
      return "tight";
    case Grade::stable:
      return "stable";
    case Grade::absolute:
      return "absolute";
    case Grade::inaccurate:
      return "inaccurate";
    case Grade::wrong:
      break;
  }
  return "wrong";
}

std::optional<Grade> grade_named(std::string_view s) {
  std::string wanted(s);
  std::replace_if(
      wanted.begin(), wanted.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  for (int i = 0; i <= static_cast<int>(Grade::wrong); ++i)
    if (const auto each = static_cast<Grade>(i); name(each) == wanted) return each;
  return std::nullopt;
}

}  // namespace assay
