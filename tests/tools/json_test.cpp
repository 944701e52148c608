#include "tools/text/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace assay {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string fault(std::string_view text, int nesting = max_nesting) {
  try {
    parse_json(text, nesting);
  } catch (const JsonError& e) {
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    return e.what();
  }
  return "accepted";
}

/// Some JSON, as deep as `depth` allows, made from the words.
Json some_json(const std::vector<std::uint32_t>& words, std::size_t& at, int depth) {
  const auto next = [&] { return at < words.size() ? words[at++] : 0; };
  switch (next() % (depth > 0 ? 6 : 4)) {
    case 0:
      return {};
    case 1:
      return Json::boolean(next() % 2);
    case 2:
      return Json::number(std::to_string(next()) + ".50e-" + std::to_string(next() % 1000));
    case 3: {
      std::string s;
      for (auto n = next() % 5; n > 0; --n) s += static_cast<char>(next() % 128);
      return Json::string(s + "\xc3\xa9\xf0\x9f\x98\x80");
    }
    case 4: {
      Json out = Json::array();
      for (auto n = next() % 4; n > 0; --n) out.items.push_back(some_json(words, at, depth - 1));
      return out;
    }
    default: {
      Json out = Json::object();
      for (auto n = next() % 4; n > 0; --n)
        out.add(std::to_string(n) + "\"\n", some_json(words, at, depth - 1));
      return out;
    }
  }
}

RC_GTEST_PROP(JsonTexts, SurviveParsing, (const std::vector<std::uint32_t>& words)) {
  std::size_t at = 0;
  const std::string text = dump_json(some_json(words, at, 5));
  RC_ASSERT(text.find('\n') == std::string::npos);
  RC_ASSERT(dump_json(parse_json(text)) == text);
  RC_ASSERT(dump_json(parse_json(" " + text + "\n")) == text);
}

TEST(JsonTexts, KeepEveryNumberAsItWasWritten) {
  for (const char* number : {"0", "-0", "-0.0", "1e400", "-1E+400", "0.10", "1.5e-9999",
                             "18446744073709551616", "123456789012345678901234567890.5"}) {
    const Json json =
        parse_json(std::string("[") + number + ",{\"0\":" + number + "},\"1 -2\"," + number + "]");
    EXPECT_EQ(json.items.at(0).text, number);
    EXPECT_EQ(json.items.at(1).find("0")->text, number);
    EXPECT_EQ(json.items.at(2).text, "1 -2");
    EXPECT_EQ(json.items.at(3).text, number);
  }
  EXPECT_EQ(parse_json("-0").text, "-0");
}

TEST(JsonTexts, KeepTheOrderOfKeys) {
  const Json json = parse_json(R"({"b": 1, "a": 2, "b2": {"z": 3, "y": 4}})");
  EXPECT_EQ(dump_json(json), R"({"b":1,"a":2,"b2":{"z":3,"y":4}})");
  EXPECT_EQ(json.find("c"), nullptr);
}

TEST(JsonTexts, ThatAreMalformedSayWhere) {
  EXPECT_THAT(fault(""), StartsWith("line 1, column 1: not JSON"));
  EXPECT_THAT(fault("[1,\n 2,"), StartsWith("line 2, column 3: "));
  EXPECT_THAT(fault("{\"a\": 1,\n\n  x}"), StartsWith("line 3, column 3: "));
  EXPECT_THAT(fault("{} x"), StartsWith("line 1, column 4: "));
  EXPECT_THAT(fault("[1] [2]"), HasSubstr("expected end of input"));
  EXPECT_THAT(fault("\"\xff\""), HasSubstr("UTF-8"));
  EXPECT_THAT(fault("\"\xc3\xa9\xc3\xa9\xff\""), StartsWith("line 1, column 4: "));  // characters, not bytes
  EXPECT_THAT(fault("[\"\\ud800\"]"), HasSubstr("surrogate"));
  EXPECT_THAT(fault(std::string("{}\0{}", 5)), StartsWith("line 1, column 3: not JSON: a NUL byte"));
  EXPECT_THAT(fault("[\"" + std::string(100000, 'x')), testing::SizeIs(testing::Lt(200)));
  for (const char* malformed : {"01",    "-01", "1.",       ".5",   "+1",       "-",       "1e",        "1e+",
                                "0x1",   "NaN", "Infinity", "[1,]", "{\"a\"}",  "{1:2}",   "'a'",       "tru",
                                "[1 2]", "1-2", "[00]",     "//",   "\"a\nb\"", "\"\\x\"", "{\"a\":1,}"})
    EXPECT_NE(fault(malformed), "accepted") << malformed;
}

TEST(JsonTexts, HoldNoKeyTwice) {
  EXPECT_EQ(fault("{\"a\": 1,\n \"a\": 2}"),
            "line 2, column 4: the key \"a\" stands twice in one object; keep one of them");
  EXPECT_THAT(fault(R"({"a": 1, "\u0061": 2})"), HasSubstr("twice"));
  EXPECT_EQ(fault(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]})"), "accepted");
}

TEST(JsonTexts, NestNoDeeperThanTheLimit) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_EQ(fault(nested(16)), "accepted");
  EXPECT_EQ(fault(nested(17)), "line 1, column 17: nested deeper than the limit of 16");
  EXPECT_EQ(fault(nested(3), 2), "line 1, column 3: nested deeper than the limit of 2");
  EXPECT_THAT(fault(std::string(1000000, '[')), HasSubstr("limit of 16"));
  EXPECT_THAT(fault("{\"a\":{\"a\":1}}", 1), HasSubstr("limit of 1"));
}

TEST(JsonTexts, AreWrittenOnOneLineAndInValidUtf8) {
  EXPECT_EQ(dump_json(Json::string("a\"\\\n\t\x01\x7f\xc3\xa9")),
            "\"a\\\"\\\\\\n\\t\\u0001\\u007f\xc3\xa9\"");
  // Stray, overlong, surrogate, truncated and beyond Unicode: each byte becomes U+FFFD.
  for (const char* invalid : {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\xff"}) {
    const std::string text = dump_json(Json::string(invalid));
    EXPECT_THAT(text, HasSubstr("\xef\xbf\xbd"));
    EXPECT_EQ(dump_json(parse_json(text)), text);
  }
}

}  // namespace
}  // namespace assay
