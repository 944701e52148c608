#include "tools/text/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

using testing::HasSubstr;

constexpr std::array encodings{Encoding::data, Encoding::bits, Encoding::base64};

/// Any number of the dtype, by its pattern: subnormals, infinities and NaNs come as often as their patterns
/// do, and every third one is made from a small pattern's neighbourhood so that all of them do come.
double number(Dtype dtype, std::uint64_t raw) {
  if (raw % 3 == 0) raw = raw % 7 << (8 * format(dtype).bytes - 3) | raw >> 50;
  return from_pattern(dtype, raw);
}

double read_by_the_library(Dtype dtype, const char* text) {
  return visit(dtype, [text]<class T>() {
    if constexpr (std::is_same_v<T, double>)
      return std::strtod(text, nullptr);
    else
      return static_cast<double>(std::strtof(text, nullptr));
  });
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

Tensor tensor(std::vector<std::int64_t> shape, std::vector<double> real) {
  return {.shape = std::move(shape), .real = std::move(real), .integer = {}};
}

std::string fault(std::string_view json, Dtype dtype = Dtype::f32, bool integer = false) {
  try {
    tensor_from_json(parse_json(json), dtype, integer, "x");
  } catch (const CodecError& e) {
    return e.what();
  }
  return "accepted";
}

std::string case_fault(std::string_view json) {
  try {
    case_from_json(parse_json(json));
  } catch (const CodecError& e) {
    return e.what();
  }
  return "accepted";
}

constexpr std::string_view example = R"({"id": "huber/f32/50351964cf46", "loss": "huber", "dtype": "f32",
  "reduction": "mean", "parameters": {"delta": 0.5},
  "inputs": {"prediction": {"shape": [3], "data": [0.5, -1, 1e-40]},
             "target":     {"shape": [3], "data": [0, 0, 0]}},
  "wrt": ["prediction"]})";

RC_GTEST_PROP(Decimals, ReadBackToTheSameNumberDirectlyAndThroughBinary64, (std::uint64_t raw)) {
  for (const Dtype dtype : dtypes) {
    const double x = number(dtype, raw);
    const std::string text = shortest(dtype, x);
    RC_ASSERT(same(number_from_json(number_to_json(dtype, x), dtype, "x"), x));
    if (!std::isfinite(x)) continue;
    // The C library reads decimals independently of the codec.
    RC_ASSERT(same(read_by_the_library(dtype, text.c_str()), x));
    RC_ASSERT(same(round_to(dtype, std::strtod(text.c_str(), nullptr)), x));
    RC_ASSERT(dump_json(parse_json(text)) == text);
  }
}

RC_GTEST_PROP(Decimals, NoShorterOneReadsBack, (std::uint64_t raw)) {
  for (const Dtype dtype : dtypes) {
    const double x = number(dtype, raw);
    if (!std::isfinite(x) || x == 0) continue;
    const auto digits_of = [](std::string text) {
      text = text.substr(0, text.find('e'));
      std::erase_if(text, [](char c) { return c == '-' || c == '.'; });
      text.erase(0, text.find_first_not_of('0'));
      return text.substr(0, text.find_last_not_of('0') + 1).size();
    };
    const std::size_t count = digits_of(shortest(dtype, x));
    if (count == 1) continue;
    std::array<char, 64> shorter;
    std::snprintf(shorter.data(), shorter.size(), "%.*e", static_cast<int>(count) - 2, x);
    const bool good = read_by_the_library(dtype, shorter.data()) == x &&
                      round_to(dtype, std::strtod(shorter.data(), nullptr)) == x;
    RC_ASSERT(!good);
  }
}

TEST(Decimals, AreLaidOutForReaders) {
  EXPECT_EQ(shortest(Dtype::f32, -1), "-1");
  EXPECT_EQ(shortest(Dtype::f32, 0x1.16c2p-133), "1e-40");
  EXPECT_EQ(shortest(Dtype::f64, 0.1), "0.1");
  EXPECT_EQ(shortest(Dtype::f64, double{0.1F}), "0.10000000149011612");
  EXPECT_EQ(shortest(Dtype::f64, 1e15), "1000000000000000");
  EXPECT_EQ(shortest(Dtype::f64, 1.5e22), "1.5e22");
  EXPECT_EQ(shortest(Dtype::f64, -0.0), "-0.0");
  EXPECT_EQ(shortest(Dtype::f64, 0.0), "0");
  EXPECT_EQ(dump_json(number_to_json(Dtype::f32, -infinity)), R"("-Infinity")");
  EXPECT_EQ(dump_json(number_to_json(Dtype::f32, std::nan(""))), R"("NaN")");
}

// The double nearest to 7.038531e-26 is the middle between two floats: read through it the decimal becomes
// the other one, so a shortest decimal for direct readers alone would not do.
TEST(Decimals, OfFloatsSurviveReadersThatRoundTwice) {
  const float x = std::bit_cast<float>(0x15ae43fdu);
  ASSERT_EQ(std::strtof("7.038531e-26", nullptr), x);
  ASSERT_NE(static_cast<float>(std::strtod("7.038531e-26", nullptr)), x);
  const std::string text = shortest(Dtype::f32, x);
  EXPECT_NE(text, "7.038531e-26");
  EXPECT_EQ(std::strtof(text.c_str(), nullptr), x);
  EXPECT_EQ(static_cast<float>(std::strtod(text.c_str(), nullptr)), x);
}

TEST(Decimals, AreRoundedOnceToTheDtype) {
  EXPECT_EQ(number_from_json(Json::number("7.038531e-26"), Dtype::f32, "x"),
            double{std::bit_cast<float>(0x15ae43fdu)});
  EXPECT_TRUE(same(number_from_json(Json::number("-0"), Dtype::f64, "x"), -0.0));
  EXPECT_TRUE(same(number_from_json(Json::number("-1e-400"), Dtype::f64, "x"), -0.0));
  EXPECT_TRUE(same(number_from_json(Json::number("1e-99999999999999999999"), Dtype::f32, "x"), 0.0));
  EXPECT_EQ(number_from_json(Json::number("3.4028235677973366e38"), Dtype::f64, "x"), 3.4028235677973366e38);
  EXPECT_EQ(number_from_json(Json::number("3.4028235677973365e38"), Dtype::f32, "x"), 0x1.fffffep127);
  for (const char* beyond : {"3.4028235677973367e38", "1e39", "-1e400", "1e99999999999999999999"})
    EXPECT_THROW(number_from_json(Json::number(beyond), Dtype::f32, "x"), CodecError) << beyond;
}

RC_GTEST_PROP(Tensors, SurviveEveryEncoding, (const std::vector<std::uint64_t>& raw)) {
  for (const Dtype dtype : dtypes)
    for (const Encoding encoding : encodings) {
      Tensor t = tensor({static_cast<std::int64_t>(raw.size())}, {});
      for (const std::uint64_t each : raw) t.real.push_back(number(dtype, each));
      const std::string text = dump_json(tensor_to_json(t, dtype, encoding));
      const Tensor back = tensor_from_json(parse_json(text), dtype, false, "x");
      RC_ASSERT(back.shape == t.shape);
      RC_ASSERT(back.real.size() == t.real.size());
      for (std::size_t i = 0; i < raw.size(); ++i) RC_ASSERT(same(back.real[i], t.real[i]));
    }
}

RC_GTEST_PROP(Tensors, OfIntegersSurviveExactly, (const std::vector<std::int64_t>& numbers)) {
  Tensor t{.shape = {static_cast<std::int64_t>(numbers.size())},
           .real = {},
           .integer = numbers,
           .is_integer = true};
  for (const Encoding encoding : encodings) {
    const Json json = parse_json(dump_json(tensor_to_json(t, Dtype::f32, encoding)));
    RC_ASSERT(json.find("data") != nullptr);
    RC_ASSERT(tensor_from_json(json, Dtype::f32, true, "x").integer == numbers);
  }
}

TEST(Tensors, AreWrittenAsTheContractSays) {
  const Tensor t = tensor({2}, {1, -2});
  EXPECT_EQ(dump_json(tensor_to_json(t, Dtype::f32, Encoding::bits)),
            R"({"shape":[2],"bits":"3f800000 c0000000"})");
  EXPECT_EQ(dump_json(tensor_to_json(t, Dtype::f32, Encoding::base64)),
            R"({"shape":[2],"base64":"AACAPwAAAMA="})");
  EXPECT_EQ(dump_json(tensor_to_json(tensor({}, {5}), Dtype::f64, Encoding::data)),
            R"({"shape":[],"data":[5]})");
  EXPECT_EQ(dump_json(tensor_to_json(tensor({0}, {}), Dtype::f64, Encoding::bits)),
            R"({"shape":[0],"bits":""})");
  EXPECT_EQ(bits(Dtype::f64, -std::nan("7")), "7ff8000000000000");
}

TEST(Tensors, ThatDisagreeWithThemselvesAreRefused) {
  EXPECT_EQ(fault(R"({"shape":[2],"bits":"3f800000 40000000","data":[1,2]})"), "accepted");
  EXPECT_EQ(fault(R"({"shape":[1],"bits":"ffc00001","data":["NaN"],"base64":"AADAfw=="})"), "accepted");
  EXPECT_THAT(fault(R"({"shape":[2],"bits":"3f800000 40000000","data":[1,3]})"),
              HasSubstr("disagree at [1]: 2 and 3"));
  EXPECT_THAT(fault(R"({"shape":[1],"bits":"00000000","data":[-0.0]})"), HasSubstr("disagree"));
  EXPECT_THAT(fault(R"({"shape":[1],"data":[1],"base64":"AAAAAA=="})"), HasSubstr("disagree"));
  EXPECT_THAT(fault(R"({"shape":[3],"data":[1,2]})"), HasSubstr("has 2 numbers; the shape needs 3"));
  EXPECT_THAT(fault(R"({"shape":[],"bits":""})"), HasSubstr("the shape needs 1"));
}

TEST(Tensors, WithMalformedNumbersAreRefused) {
  for (const char* malformed : {R"({"shape":[1],"bits":"3F800000"})",
                                R"({"shape":[1],"bits":"3f80000"})",
                                R"({"shape":[1],"bits":"3f8000000"})",
                                R"({"shape":[2],"bits":"3f800000  40000000"})",
                                R"({"shape":[1],"bits":" 3f800000"})",
                                R"({"shape":[1],"base64":"AACAPw"})",
                                R"({"shape":[1],"base64":"AACAPx=="})",
                                R"({"shape":[1],"base64":"AACA!w=="})",
                                R"({"shape":[2],"base64":"AACAPw==AACAPw=="})",
                                R"({"shape":[1],"data":["nan"]})",
                                R"({"shape":[1],"data":[null]})",
                                R"({"shape":[1],"data":[true]})",
                                R"({"shape":[1],"data":[[1]]})",
                                R"({"shape":[1],"data":[1e39]})",
                                R"({"shape":[1],"data":1})",
                                R"({"shape":[1]})",
                                R"({"data":[1]})",
                                R"([1])",
                                R"({"shape":[1],"data":[1],"color":2})",
                                R"({"shape":["1"],"data":[1]})",
                                R"({"shape":[1.5],"data":[1]})",
                                R"({"shape":1,"data":[1]})"})
    EXPECT_NE(fault(malformed), "accepted") << malformed;
  EXPECT_NE(fault(R"({"shape":[1],"bits":"00000001"})", Dtype::f32, true), "accepted");
  EXPECT_NE(fault(R"({"shape":[1],"data":[0.5]})", Dtype::f32, true), "accepted");
  EXPECT_NE(fault(R"({"shape":[1],"data":["NaN"]})", Dtype::f32, true), "accepted");
  EXPECT_NE(fault(R"({"shape":[1],"data":[9223372036854775808]})", Dtype::f32, true), "accepted");
}

// Were any of these allocated first, the test would end in std::bad_alloc instead of CodecError.
TEST(Tensors, WithAbsurdShapesAreRefusedBeforeAnythingIsAllocated) {
  for (const char* absurd :
       {R"({"shape":[1099511627776],"data":[]})", R"({"shape":[1099511627776],"bits":""})",
        R"({"shape":[1099511627776],"base64":""})", R"({"shape":[4611686018427387904],"base64":"AAAA"})",
        R"({"shape":[4611686018427387904],"base64":""})", R"({"shape":[4294967296,4294967296],"data":[]})",
        R"({"shape":[0,9223372036854775807,3],"data":[]})", R"({"shape":[1099511627776,0],"data":[]})",
        R"({"shape":[-1],"data":[]})", R"({"shape":[-1,-1],"data":[1]})", R"({"shape":[1e30],"data":[]})",
        R"({"shape":[1,1,1,1,1,1,1,1,1],"data":[1]})"})
    EXPECT_NE(fault(absurd), "accepted") << absurd;
}

TEST(Cases, HaveTheContractsCanonicalTextAndId) {
  const Case c = case_from_json(parse_json(example));
  EXPECT_EQ(canonical(c),
            R"({"dtype":"f32","inputs":{"prediction":{"bits":"3f000000 bf800000 000116c2","shape":[3]},)"
            R"("target":{"bits":"00000000 00000000 00000000","shape":[3]}},"loss":"huber",)"
            R"("parameters":{"delta":"3f000000"},"reduction":"mean","wrt":["prediction"]})");
  EXPECT_EQ(canonical_id(c), "huber/f32/50351964cf46");
}

TEST(Cases, KeepTheirIdHoweverTheyAreWritten) {
  const std::string id = canonical_id(case_from_json(parse_json(example)));
  for (const char* other :
       {// reordered, reduction left to its default
        R"({"wrt": ["prediction"], "inputs": {"target": {"data": [0, 0.0, 0e5], "shape": [3]},
            "prediction": {"shape": [3], "bits": "3f000000 bf800000 000116c2"}}, "dtype": "f32",
            "parameters": {"delta": 5e-1}, "loss": "huber"})",
        R"({"loss": "huber", "dtype": "f32", "parameters": {"delta": 0.500},
            "inputs": {"prediction": {"shape": [3], "base64": "AAAAPwAAgL/CFgEA"},
                       "target": {"shape": [3], "base64": "AAAAAAAAAAAAAAAA"}}, "wrt": ["prediction"]})"})
    EXPECT_EQ(canonical_id(case_from_json(parse_json(other))), id) << other;

  Case both = case_from_json(parse_json(example)), swapped = both;
  both.wrt = {"prediction", "target"};
  swapped.wrt = {"target", "prediction"};
  EXPECT_EQ(canonical_id(both), canonical_id(swapped));
  EXPECT_NE(canonical_id(both), id);

  Case f64 = case_from_json(parse_json(example));
  f64.dtype = Dtype::f64;
  Case sum = case_from_json(parse_json(example));
  sum.reduction = Reduction::sum;
  Case negative_zero = case_from_json(parse_json(example));
  negative_zero.inputs["target"].real[1] = -0.0;
  for (const Case& each : {f64, sum, negative_zero}) EXPECT_NE(canonical_id(each).substr(10), id.substr(10));
}

TEST(Cases, KeepTheirIdWhenDefaultsAreSpelled) {
  for (const Record& record : catalogue())
    for (const Dtype dtype : dtypes) {
      Case bare;
      bare.loss = record.name;
      bare.dtype = dtype;
      EXPECT_EQ(canonical_id(bare), canonical_id(complete(bare))) << record.name;
      const Case back = case_from_json(case_to_json(complete(bare), Encoding::data));
      EXPECT_EQ(canonical_id(bare), canonical_id(back)) << record.name;
      EXPECT_EQ(back.parameters, complete(bare).parameters) << record.name;
    }
}

RC_GTEST_PROP(Cases, SurviveTheirJson,
              (const std::vector<std::uint64_t>& raw, const std::vector<std::int64_t>& labels)) {
  for (const Dtype dtype : dtypes) {
    Case c;
    c.id = "any \"id\"\n";
    c.loss = "sparse_categorical_cross_entropy_with_logits";
    c.dtype = dtype;
    c.reduction = Reduction::none;
    c.parameters = {{"label_smoothing", round_to(dtype, .1)}, {"ignore_index", std::int64_t{-7}}};
    c.inputs["logits"] = tensor({static_cast<std::int64_t>(raw.size())}, {});
    for (const std::uint64_t each : raw) c.inputs["logits"].real.push_back(number(dtype, each));
    c.inputs["labels"] = {.shape = {static_cast<std::int64_t>(labels.size())},
                          .real = {},
                          .integer = labels,
                          .is_integer = true};
    c.wrt = {"logits"};
    for (const Encoding encoding : encodings) {
      const Case back = case_from_json(parse_json(dump_json(case_to_json(c, encoding))));
      RC_ASSERT(back.id == c.id);
      RC_ASSERT(back.parameters == c.parameters);
      RC_ASSERT(back.reduction == c.reduction);
      RC_ASSERT(back.wrt == c.wrt);
      RC_ASSERT(canonical(back) == canonical(c));
    }
  }
}

TEST(Cases, WriteWholeParametersWholeAndRealOnesInBinary64) {
  const Case c = case_from_json(parse_json(
      R"({"loss": "triplet_margin", "dtype": "f32", "parameters": {"p": 2.0, "margin": 0.1}, "inputs": {}})"));
  EXPECT_EQ(std::get<std::int64_t>(c.parameters.at("p")), 2);
  EXPECT_EQ(std::get<double>(c.parameters.at("margin")), double{0.1F});
  EXPECT_THAT(dump_json(case_to_json(c, Encoding::data)), HasSubstr(R"("margin":0.10000000149011612,"p":2)"));
  EXPECT_EQ(canonical(c), R"({"dtype":"f32","inputs":{},"loss":"triplet_margin",)"
                          R"("parameters":{"margin":"3dcccccd"},"reduction":"mean","wrt":[]})");
}

TEST(Cases, WriteListsNumberByNumberAndLeaveTheDefaultOut) {
  const std::string before = R"({"loss": "poly_cross_entropy_with_logits", "dtype": "f32", "inputs": {})";
  const auto canonical_with = [&](const std::string& epsilon) {
    return canonical(case_from_json(parse_json(before + R"(, "parameters": {"epsilon": )" + epsilon + "}}")));
  };
  const std::string start =
      R"({"dtype":"f32","inputs":{},"loss":"poly_cross_entropy_with_logits","parameters":)";
  const std::string end = R"(,"reduction":"mean","wrt":[]})";
  EXPECT_EQ(canonical_with("[0.1, -2]"), start + R"({"epsilon":["3dcccccd","c0000000"]})" + end);
  EXPECT_EQ(canonical_with("[]"), start + R"({"epsilon":[]})" + end);
  EXPECT_EQ(canonical_with("[1.0]"), start + "{}" + end);
  EXPECT_EQ(canonical_with("[1]"), canonical(case_from_json(parse_json(before + "}"))));
  const Case c = case_from_json(parse_json(before + R"(, "parameters": {"epsilon": [0.1, 3]}})"));
  EXPECT_EQ(std::get<std::vector<double>>(c.parameters.at("epsilon")),
            (std::vector<double>{double{0.1F}, 3}));
}

TEST(Cases, ThatAreMalformedAreRefusedByTheNameOfTheField) {
  EXPECT_THAT(case_fault(R"([])"), HasSubstr("object"));
  EXPECT_THAT(case_fault(R"({"dtype": "f32", "inputs": {}})"), HasSubstr("\"loss\""));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "inputs": {}})"), HasSubstr("\"dtype\""));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "dtype": "f32"})"), HasSubstr("\"inputs\""));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "dtype": "f16", "inputs": {}})"),
              HasSubstr("\"f32\" or \"f64\""));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "dtype": "f32", "inputs": {}, "reduction": "avg"})"),
              HasSubstr("reduction"));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "dtype": "f32", "inputs": {}, "wrt": "x"})"), HasSubstr("wrt"));
  EXPECT_THAT(case_fault(R"({"loss": "mse", "dtype": "f32", "inputs": {}, "parameter": {}})"),
              HasSubstr("did you mean \"parameters\"?"));
  EXPECT_THAT(case_fault(R"({"loss": "huber", "dtype": "f32", "inputs": {}, "parameters": {"delta": null}})"),
              HasSubstr("parameters.delta"));
  EXPECT_THAT(case_fault(R"({"loss": "huber", "dtype": "f32", "inputs": {}, "parameters": {"delta": 1e39}})"),
              HasSubstr("beyond the range of f32"));
  EXPECT_THAT(
      case_fault(
          R"({"loss": "mse", "dtype": "f32", "inputs": {"prediction": {"shape": [1], "data": [1e39]}}})"),
      HasSubstr("inputs.prediction.data[0]"));
}

// What the record does not know, and what is of the wrong kind, is for why_invalid to name.
TEST(Cases, OutsideTheDomainAreReadAsTheyStand) {
  for (
      const char* odd :
      {R"({"loss": "hubber", "dtype": "f32", "inputs": {"x": {"shape": [1], "data": [1]}}})",
       R"({"loss": "huber", "dtype": "f32", "inputs": {"x": {"shape": [1], "data": [1]}}, "parameters": {"d": "no"}})",
       R"({"loss": "huber", "dtype": "f32", "inputs": {}, "parameters": {"delta": "NaN"}})",
       R"({"loss": "triplet_margin", "dtype": "f32", "inputs": {}, "parameters": {"p": 1.5, "swap": 3}})"}) {
    const Case c = case_from_json(parse_json(odd));
    EXPECT_TRUE(why_invalid(c)) << odd;
    const Case back = case_from_json(parse_json(dump_json(case_to_json(c, Encoding::data))));
    EXPECT_EQ(canonical(back), canonical(c)) << odd;
  }
}

}  // namespace
}  // namespace assay
