// What a handshake means: what of a case it covers, what it says that nobody knows.
#include "tools/testees/handshake.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/text/codec.hpp"

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string huber =
    R"({"id": "x", "loss": "huber", "dtype": "f32", "reduction": "mean", "parameters": {"delta": 0.5}, )"
    R"("inputs": {"prediction": {"shape": [3], "data": [0.5, -1, 1e-40]}, "target": {"shape": [3], "data": [0, 0, 0]}},)"
    R"( "wrt": ["prediction"]})";

Case asked(const std::string& json) { return case_from_json(parse_json(json)); }
Handshake saying(const std::string& offer) {
  return handshake_from_json(
             parse_json(R"({"assay": 1, "implementation": {"name": "n"}, "losses": {"huber": )" + offer +
                        "}}"))
      .handshake;
}

TEST(Offered, IsWhatTheHandshakeSaysAndNoMore) {
  const Case c = asked(huber);
  const std::string all = R"("dtypes": ["f32", "f16"], "reductions": ["mean"])";
  EXPECT_EQ(offered(c, saying("{" + all + R"(, "gradient": true})")).value().wrt, c.wrt);
  EXPECT_TRUE(offered(c, saying("{" + all + R"(, "gradient": false})")).value().wrt.empty());
  EXPECT_TRUE(offered(c, saying("{" + all + R"(, "gradient": ["target"]})")).value().wrt.empty());
  EXPECT_EQ(offered(c, saying("{" + all + R"(, "gradient": ["prediction"]})")).value().wrt, c.wrt);
  EXPECT_FALSE(offered(c, saying(R"({"dtypes": ["f64"], "reductions": ["mean"]})")));
  EXPECT_FALSE(offered(c, saying(R"({"dtypes": ["f32"], "reductions": ["none", "sum"]})")));
  EXPECT_TRUE(offered(c, saying("{" + all + R"(, "parameters": {"delta": [1, 0.5]}})")));
  EXPECT_FALSE(offered(c, saying("{" + all + R"(, "parameters": {"delta": [1]}})")));
  EXPECT_FALSE(offered(c, saying("{" + all + R"(, "parameters": {"delta": []}})")));
  Case other = c;
  other.loss = "mse";
  EXPECT_FALSE(offered(other, saying("{" + all + "}")));
}

TEST(Offered, ParametersAreComparedInTheCasesDtypeAndDefaultsCount) {
  Case c = asked(huber);
  c.parameters["delta"] = double{0.1F};
  const std::string all = R"({"dtypes": ["f32"], "reductions": ["mean"], "parameters": {"delta": )";
  EXPECT_TRUE(offered(c, saying(all + "[0.1]}}")));
  c.parameters.clear();
  EXPECT_TRUE(offered(c, saying(all + "[1]}}")));
  EXPECT_TRUE(offered(c, saying(all + "[1.0]}}")));
  EXPECT_FALSE(offered(c, saying(all + "[2]}}")));
}

TEST(Offered, AWrongRequestStaysWrong) {
  Case c = asked(huber);
  c.wrt = {"no such input"};
  EXPECT_FALSE(offered(c, saying(R"({"dtypes": ["f32"], "reductions": ["mean"], "gradient": false})")));
  EXPECT_EQ(
      offered(c, saying(R"({"dtypes": ["f32"], "reductions": ["mean"], "gradient": true})")).value().wrt,
      c.wrt);
}

TEST(Offered, NarrowedOptionalInputs) {
  const Case c = asked(
      R"({"loss": "binary_cross_entropy_with_logits", "dtype": "f64", "inputs": {"logits": )"
      R"({"shape": [1], "data": [1]}, "target": {"shape": [1], "data": [1]}, "pos_weight": {"shape": [1], "data": [1]}}})");
  const auto with = [](const std::string& inputs) {
    return handshake_from_json(
               parse_json(
                   R"({"assay": 1, "implementation": {"name": "n"}, "losses": {"binary_cross_entropy_with_logits": )"
                   R"({"dtypes": ["f64"], "reductions": ["mean"])" +
                   inputs + "}}}"))
        .handshake;
  };
  EXPECT_TRUE(offered(c, with("")));
  EXPECT_TRUE(offered(c, with(R"(, "inputs": ["pos_weight"])")));
  EXPECT_FALSE(offered(c, with(R"(, "inputs": [])")));
}

TEST(Offered, RanksAreTheLargestOfRealInputsTheCotangentAside) {
  Case c = asked(huber);
  const std::string all = R"({"dtypes": ["f32"], "reductions": ["mean", "none"])";
  EXPECT_TRUE(offered(c, saying(all + R"(, "ranks": [1]})")));
  EXPECT_TRUE(offered(c, saying(all + R"(, "ranks": [2, 1]})")));
  EXPECT_FALSE(offered(c, saying(all + R"(, "ranks": [2]})")));
  EXPECT_FALSE(offered(c, saying(all + R"(, "ranks": []})")));
  for (auto& [name, tensor] : c.inputs) tensor.shape = {1, 3, 1};
  EXPECT_TRUE(offered(c, saying(all + R"(, "ranks": [3]})")));
  c.inputs["cotangent"].shape = {1, 1, 1, 3};
  EXPECT_TRUE(offered(c, saying(all + R"(, "ranks": [3]})")));

  const Case rows = asked(
      R"({"loss": "nll", "dtype": "f32", "inputs": {"log_probability": {"shape": [1, 2], "data": [-1, -1]}, )"
      R"("labels": {"shape": [1], "data": [0]}, "weight": {"shape": [2], "data": [1, 1]}}})");
  const auto nll = [](const std::string& ranks) {
    return handshake_from_json(
               parse_json(R"({"assay": 1, "implementation": {"name": "n"}, "losses": {"nll": )"
                          R"({"dtypes": ["f32"], "reductions": ["mean"], "ranks": )" +
                          ranks + "}}}"))
        .handshake;
  };
  EXPECT_TRUE(offered(rows, nll("[2]")));
  EXPECT_FALSE(offered(rows, nll("[1]"))) << "neither labels nor weights have the rank of the case";
}

/// Huber's loss twice, the second without its gradient and in f64; mse once.
Handshake two_variants() {
  return handshake_from_json(
             parse_json(R"({"assay": 1, "implementation": {"name": "n"}, "losses": {"huber": {"variants": )"
                        R"({"layers": {"dtypes": ["f32"], "reductions": ["mean"], "gradient": true}, )"
                        R"("core": {"dtypes": ["f32", "f64"], "reductions": ["mean"]}}}, )"
                        R"("mse": {"dtypes": ["f32"], "reductions": ["mean"]}}})"))
      .handshake;
}

TEST(Variants, EachIsAnOfferOfItsOwn) {
  const Handshake both = two_variants();
  EXPECT_THAT(variants_of(both), ElementsAre("", "layers", "core"));
  EXPECT_FALSE(both.losses.contains("huber"));
  Case c = asked(huber);
  EXPECT_FALSE(offered(c, both)) << "which one?";
  c.variant = "layers";
  EXPECT_EQ(offered(c, both).value().variant, "layers");
  EXPECT_EQ(offered(c, both).value().wrt, c.wrt);
  c.variant = "core";
  EXPECT_TRUE(offered(c, both).value().wrt.empty());
  c.variant = "none such";
  EXPECT_FALSE(offered(c, both));
  c.loss = "mse";
  EXPECT_FALSE(offered(c, both)) << "it has no variants";
}

TEST(Variants, AHandshakeOfOneNamesItInTheCasesThatAreDrawnFromIt) {
  const Handshake both = two_variants(), core = of_variant(both, "core"), plain = of_variant(both, "");
  Case c = asked(huber);
  EXPECT_EQ(offered(c, core).value().variant, "core");
  EXPECT_FALSE(offered(c, plain));
  EXPECT_EQ(of_variant(core, "core").losses.size(), 1u) << "of itself, the same";
  EXPECT_TRUE(of_variant(core, "layers").losses.empty());
  c.variant = "layers";
  EXPECT_FALSE(offered(c, core)) << "another one was meant";
  Case other;
  other.loss = "mse";
  other.dtype = Dtype::f32;
  EXPECT_EQ(offered(other, plain).value().variant, "");
  EXPECT_EQ(plain.implementation.name, "n");
}

TEST(Variants, AreWrittenAsTheyAreRead) {
  const Handshake both = two_variants();
  const Json written = handshake_to_json(both, Encoding::data);
  const HandshakeReply again = handshake_from_json(written);
  EXPECT_TRUE(again.oddities.empty());
  EXPECT_EQ(dump_json(handshake_to_json(again.handshake, Encoding::data)), dump_json(written));
  EXPECT_THAT(dump_json(written), HasSubstr(R"("huber":{"variants":{"layers":{"dtypes":["f32"])"));
}

TEST(Variants, ARequestCarriesItsVariantAndAnIdDoesNot) {
  Case c = asked(huber);
  const std::string plain = dump_json(case_to_json(c, Encoding::data));
  EXPECT_EQ(plain.find("variant"), std::string::npos);
  c.variant = "layers";
  const std::string written = dump_json(case_to_json(c, Encoding::data));
  EXPECT_THAT(written, HasSubstr(R"("variant":"layers")"));
  EXPECT_EQ(asked(written).variant, "layers");
  EXPECT_EQ(asked(written).id, c.id);
}

TEST(Handshake, AMistakeIsNamedWithItsPlace) {
  const auto complaint = [](const std::string& handshake) -> std::string {
    try {
      handshake_from_json(parse_json(handshake));
    } catch (const CodecError& e) {
      return e.what();
    }
    return "";
  };
  const std::string start = R"({"assay": 1, "implementation": {"name": "n"}, "losses": )";
  EXPECT_NE(complaint(R"({"assay": 2})").find("\"assay\" must be 1"), std::string::npos);
  EXPECT_NE(complaint(R"({"assay": 1})").find("implementation"), std::string::npos);
  EXPECT_NE(complaint(start + "[]}").find("losses"), std::string::npos);
  EXPECT_NE(complaint(start + R"({}, "snippets": "yes"})").find("\"snippets\" must be true or false"),
            std::string::npos);
  EXPECT_NE(complaint(start + R"({"mse": {"reductions": []}}})").find("losses.mse.dtypes"),
            std::string::npos);
  EXPECT_NE(complaint(start + R"({"mse": {"dtype": ["f32"], "reductions": []}}})")
                .find("losses.mse.dtypes must be a list of strings; it has \"dtype\" instead"),
            std::string::npos);
  EXPECT_NE(complaint(start + R"({"mse": {"dtypes": [], "reductions": [], "ranks": [9]}}})")
                .find("losses.mse.ranks must be a list of numbers of axes, 0 to 8"),
            std::string::npos);
  EXPECT_NE(complaint(start + R"({"mse": {"variants": ["layers"]}}})")
                .find("losses.mse.variants must be an object, one offer a variant"),
            std::string::npos);
  EXPECT_NE(complaint(start + R"({}, "encoding": "hex"})").find("\"encoding\""), std::string::npos);
  EXPECT_EQ(complaint(start + R"({"a_loss_of_the_future": {"dtypes": ["f128"], "reductions": []}}})"), "");
}

/// The findings of a handshake that offers this of these losses.
std::vector<std::string> oddities(const std::string& losses) {
  std::vector<std::string> out;
  for (const Finding& each :
       handshake_from_json(
           parse_json(R"({"assay": 1, "implementation": {"name": "n"}, "losses": )" + losses + "}"))
           .oddities) {
    EXPECT_EQ(each.id, "protocol/offer");
    out.push_back((each.severity == Severity::note ? "note: " : "") + each.message);
  }
  return out;
}

TEST(Oddities, AreUnknownNamesOfEveryKindWithTheNearestKnownOne) {
  const auto of_huber = [](const std::string& fields) {
    return oddities(R"({"huber": {"dtypes": ["f32"], "reductions": ["mean"])" + fields + "}}");
  };
  EXPECT_THAT(of_huber(""), ElementsAre());
  EXPECT_THAT(
      oddities(R"({"hubber": {"dtypes": ["f32"], "reductions": ["mean"]}})"),
      ElementsAre("the handshake's \"losses\" names \"hubber\", which is no loss of the catalogue; did you "
                  "mean \"huber\"?"));
  EXPECT_THAT(
      oddities(R"({"huber": {"dtypes": ["f33"], "reductions": ["men"]}})"),
      ElementsAre("the handshake's losses.huber.dtypes names \"f33\", which is no dtype; did you mean "
                  "\"f32\"?",
                  "the handshake's losses.huber.reductions names \"men\", which is no reduction; did you "
                  "mean \"mean\"?"));
  EXPECT_THAT(
      of_huber(R"(, "gradient": ["predicton"], "parameters": {"dleta": [1]}, "inputs": ["weight"])"),
      ElementsAre(HasSubstr("losses.huber.gradient names \"predicton\", which is no input of huber; did "
                            "you mean \"prediction\"?"),
                  HasSubstr("losses.huber.parameters names \"dleta\", which is no parameter of huber; did "
                            "you mean \"delta\"?"),
                  HasSubstr("losses.huber.inputs names \"weight\", which is no input of huber; there are "
                            "prediction, target")));
  EXPECT_THAT(
      of_huber(R"(, "conventions": ["log-clamped-100"], "gradients": true)"),
      ElementsAre(HasSubstr("losses.huber names \"gradients\", which is no field of an offer; did you mean "
                            "\"gradient\"?"),
                  HasSubstr("losses.huber.conventions names \"log-clamped-100\", which is no convention of "
                            "huber; there is none")));
}

TEST(Oddities, OfVariantsNameTheirPlace) {
  EXPECT_THAT(oddities(R"({"mse": {"variants": {"a": {"dtypes": ["f32"], "reductions": ["avg"]}, )"
                       R"("b b": {"dtypes": ["f32"], "reductions": []}}, "gradient": true}})"),
              ElementsAre(HasSubstr("losses.mse has \"gradient\" beside \"variants\", which is not read"),
                          HasSubstr("losses.mse.variants.a.reductions names \"avg\""),
                          HasSubstr("losses.mse.variants has \"b b\", which is no name")));
}

TEST(Oddities, TheRestOfTheOfferIsUsed) {
  const Handshake kept = saying(
      R"({"dtypes": ["f32", "f33"], "reductions": ["mean", "men"], "gradient": ["prediction", "predicton"], )"
      R"("parameters": {"delta": [0.5], "dleta": [1]}})");
  const Case c = asked(huber);
  ASSERT_TRUE(offered(c, kept));
  EXPECT_THAT(offered(c, kept)->wrt, ElementsAre("prediction"));
}

TEST(Oddities, ADtypeOfTheProtocolThatIsNotAskedForIsANote) {
  EXPECT_THAT(
      oddities(R"({"mse": {"dtypes": ["f32", "bf16", "f16"], "reductions": ["mean"], "answers": {}}})"),
      ElementsAre("note: bf16 is offered and not asked for: this version of the suite knows f32 and f64",
                  "note: f16 is offered and not asked for: this version of the suite knows f32 and f64"));
}

TEST(Oddities, AFloodOfThemIsCounted) {
  std::string losses = "{";
  for (int i = 0; i < 100; ++i)
    losses += fmt::format(R"({}"unheard_of_{}": {{"dtypes": [], "reductions": []}})", i == 0 ? "" : ", ", i);
  const std::vector<std::string> told = oddities(losses + "}");
  ASSERT_EQ(told.size(), 21u);
  EXPECT_EQ(told.back(), "and 80 more names that are unknown");
}

}  // namespace
}  // namespace assay
