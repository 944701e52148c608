// What every HTML report is: one file that loads nothing, whose text is all there without scripts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/text/json.hpp"

namespace assay {

/// Text from anywhere as text of HTML or of a quoted attribute: nothing in it acts, hides or is markup.
std::string html_text(std::string_view raw);
/// The same of text of many lines, which stay lines; no break after the last.
std::string html_lines(std::string_view raw);
/// <code>...</code>
std::string html_code(std::string_view raw);

/// A loss, and the variant of it where there is one.
std::string html_loss(std::string_view loss, std::string_view variant);

/// A section of the page: a landmark with a heading, in the table of contents. Nothing where it has no body.
struct HtmlSection {
  std::string id, heading;
  std::string body;  ///< HTML
};

struct HtmlPage {
  std::string title;  ///< text, as it came
  std::string lead;   ///< HTML below the heading: what was found, in a sentence or two
  std::vector<HtmlSection> sections;
  Json data;  ///< what the scripts draw and filter
};
std::string html_page(const HtmlPage& page);

/// A list of terms and what is said of each, both HTML; those of which nothing is said are left out.
std::string html_terms(const std::vector<std::pair<std::string, std::string>>& terms);

}  // namespace assay
