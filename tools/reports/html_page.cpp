#include "tools/reports/html_page.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "tools/reports/html_sources.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

constexpr std::array scripts{"plot.js", "state.js", "charts.js", "page.js"};

std::string escaped(std::string_view visible) {
  std::string out;
  for (const char c : visible) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// The name by which a policy admits that script and no other.
std::string hash_source(std::string_view script) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available from this OpenSSL; no page can be written");
  std::array<unsigned char, 45> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

/// JSON between tags: neither "</script" nor "<!--" may stand there.
std::string data_text(const Json& data) {
  std::string out;
  for (const char c : dump_json(data)) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string html_text(std::string_view raw) { return escaped(printable(raw)); }
std::string html_lines(std::string_view raw) {
  std::string out = escaped(printable_lines(raw));
  while (out.ends_with('\n')) out.pop_back();
  return out;
}
std::string html_code(std::string_view raw) { return fmt::format("<code>{}</code>", html_text(raw)); }

std::string html_loss(std::string_view loss, std::string_view variant) {
  return variant.empty() ? html_text(loss)
                         : fmt::format("{} <small>{}</small>", html_text(loss), html_text(variant));
}

std::string html_terms(const std::vector<std::pair<std::string, std::string>>& terms) {
  std::string out = "<dl>\n";
  for (const auto& [term, said] : terms)
    if (!said.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, said);
  return out + "</dl>\n";
}

std::string html_page(const HtmlPage& page) {
  // Charts set styles of their own, so that styles cannot be told by hash; scripts can.
  std::string admitted, scripted;
  for (const char* each : scripts) {
    const std::string_view text = html_source(each);
    admitted += " " + hash_source(text);
    scripted += fmt::format("<script>{}</script>\n", text);
  }
  const std::string title = html_text(page.title);
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src{}; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
      admitted, title, html_source("page.css"));
  std::string contents, body;
  for (const HtmlSection& each : page.sections) {
    if (each.body.empty()) continue;
    contents += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", each.id, each.heading);
    body += fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
                        each.id, each.heading, each.body);
  }
  out += fmt::format(
      "<a class=\"skip\" href=\"#content\">Skip to the report</a>\n<header>\n<h1>{}</h1>\n{}</header>\n"
      "<nav aria-label=\"Sections\">\n<ul>\n{}</ul>\n</nav>\n<main id=\"content\">\n{}</main>\n",
      title, page.lead, contents, body);
  out += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", data_text(page.data));
  return out + scripted + "</body>\n</html>\n";
}

}  // namespace assay
