// `assay serve` as a peer meets it: through pipes, with requests that are right, wrong, huge and many.
#include "tools/commands/serve.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "losses/catalogue/catalogue.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/serving.hpp"
#include "tools/testees/testee.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

/// Everything that the engine says to these lines, sent whole before anything is read.
std::vector<std::string> conversation(const std::string& engine, const std::string& requests) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  std::string said;
  std::thread peer([&] {
    for (std::size_t sent = 0; sent < requests.size();) {
      const ssize_t written = write(in[1], requests.data() + sent, requests.size() - sent);
      if (written < 0) break;
      sent += static_cast<std::size_t>(written);
    }
    close(in[1]);
    char buffer[1 << 16];
    for (ssize_t got; (got = read(out[0], buffer, sizeof buffer)) > 0;)
      said.append(buffer, static_cast<std::size_t>(got));
    close(out[0]);
  });
  EXPECT_EQ(
      engine == "kernels" ? serve(*kernel_testee(), Served{}, in[0], out[1]) : serve({engine}, in[0], out[1]),
      0);
  close(out[1]);
  peer.join();
  close(in[0]);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t end = said.find('\n', at);
    lines.push_back(said.substr(at, end - at));
    if (end == std::string::npos) {
      ADD_FAILURE() << "the last line has no line break";
      break;
    }
    at = end + 1;
  }
  return lines;
}

Json only(const std::string& engine, const std::string& request) {
  const std::vector<std::string> lines = conversation(engine, request + "\n");
  EXPECT_EQ(lines.size(), 1u) << request;
  return lines.empty() ? Json{} : parse_json(lines[0]);
}

std::string text(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  return found ? found->text : "(absent)";
}

const std::string huber =
    R"({"id": "x", "loss": "huber", "dtype": "f32", "reduction": "mean", "parameters": {"delta": 0.5}, )"
    R"("inputs": {"prediction": {"shape": [3], "data": [0.5, -1, 1e-40]}, "target": {"shape": [3], "data": [0, 0, 0]}},)"
    R"( "wrt": ["prediction"]})";

class Serve : public testing::TestWithParam<const char*> {};

TEST_P(Serve, OffersEveryLossOfTheCatalogue) {
  const HandshakeReply reply = handshake_from_json(only(GetParam(), R"({"assay": 1})"));
  EXPECT_EQ(reply.handshake.losses.size(), catalogue().size());
  for (const Record& each : catalogue()) {
    ASSERT_TRUE(reply.handshake.losses.contains(std::string(each.name))) << each.name;
    const Offer& offer = reply.handshake.losses.at(std::string(each.name));
    EXPECT_EQ(offer.dtypes.size(), dtypes.size());
    EXPECT_EQ(offer.reductions.size(), reductions.size());
    EXPECT_TRUE(offer.any_gradient);
  }
  EXPECT_TRUE(reply.oddities.empty());
}

TEST_P(Serve, AnswersACaseWithValueAndGradient) {
  const Json answer = only(GetParam(), huber);
  EXPECT_EQ(text(answer, "id"), "x");
  ASSERT_TRUE(answer.find("value")) << dump_json(answer);
  const Json* data = answer.find("value")->find("data");
  ASSERT_TRUE(data);
  EXPECT_EQ(number_from_json(data->items.at(0), Dtype::f32, "value"), double{0.16666667F});
  const Json* gradient = answer.find("gradient")->find("prediction");
  ASSERT_TRUE(gradient);
  EXPECT_EQ(gradient->find("data")->items.size(), 3u);
}

TEST_P(Serve, EchoesEveryNumberAsItCame) {
  const Json reply = only(GetParam(), R"({"id": "e", "dtype": "f32", "echo": {"shape": [6], "data": )"
                                      R"([-0.0, 1e-45, 3.4028235e38, "NaN", "-Infinity", 0.1]}})");
  EXPECT_EQ(text(reply, "id"), "e");
  EXPECT_EQ(dump_json(*reply.find("echo")->find("data")),
            dump_json(parse_json(R"([-0.0, 1e-45, 3.4028235e38, "NaN", "-Infinity", 0.1])")));
}

TEST_P(Serve, AWrongRequestGetsAnErrorAndEndsNothing) {
  const std::vector<std::string> wrong{
      "garbage",
      "[1]",
      "{}",
      R"({"id": 3})",
      R"({"assay": 2})",
      R"({"id": "a"})",
      R"({"id": "a", "echo": {"shape": [1], "data": [1]}, "dtype": "f99"})",
      R"({"id": "a", "echo": {"shape": [2], "data": [1]}, "dtype": "f32"})",
      R"({"id": "a", "loss": "hubber", "dtype": "f32", "inputs": {}})",
      R"({"id": "a", "loss": "mse", "dtype": "f32", "inputs": {}})",
      R"({"id": "a", "loss": "mse", "dtype": "f32", "inputs": {"prediction": {"shape": [4611686018427387904, 8], "data": []}, "target": {"shape": [1], "data": [1]}}})",
      std::string(1000, '['),
      "{\"id\": \"\xff\"}",
  };
  std::string requests;
  for (const std::string& each : wrong) requests += each + "\n" + huber + "\n";
  const std::vector<std::string> lines = conversation(GetParam(), requests);
  ASSERT_EQ(lines.size(), 2 * wrong.size());
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    const Json refusal = parse_json(lines[2 * i]), answer = parse_json(lines[2 * i + 1]);
    ASSERT_TRUE(refusal.find("id")) << lines[2 * i];
    EXPECT_EQ(refusal.find("id")->is(Json::Kind::string), wrong[i].find("\"id\": \"a\"") != std::string::npos)
        << lines[2 * i];
    EXPECT_FALSE(text(refusal, "error").empty() || text(refusal, "error") == "(absent)") << lines[2 * i];
    EXPECT_EQ(text(refusal, "error").find('\n'), std::string::npos) << lines[2 * i];
    EXPECT_FALSE(refusal.find("value"));
    EXPECT_TRUE(answer.find("value")) << lines[2 * i + 1];
  }
}

TEST_P(Serve, AnInvalidCaseGetsItsReason) {
  const Json reply =
      only(GetParam(),
           R"({"id": "a", "loss": "binary_cross_entropy", "dtype": "f64", "inputs": )"
           R"({"probability": {"shape": [1], "data": [1.5]}, "target": {"shape": [1], "data": [1]}}})");
  EXPECT_NE(text(reply, "error").find("probability"), std::string::npos) << dump_json(reply);
}

TEST_P(Serve, AnAnswerThatNoLineHoldsIsRefusedBeforeItIsMade) {
  const Json reply =
      only(GetParam(), R"({"id": "a", "loss": "log_sum_exp", "dtype": "f64", "reduction": "none", "inputs": )"
                       R"({"x": {"shape": [1099511627776, 0], "data": []}}})");
  EXPECT_TRUE(reply.find("error")) << dump_json(reply);
  const Json rows =
      only(GetParam(), R"({"id": "a", "loss": "info_nce", "dtype": "f64", "reduction": "none", "inputs": )"
                       R"({"query": {"shape": [1099511627776, 0], "data": []}, )"
                       R"("positive": {"shape": [1099511627776, 0], "data": []}, )"
                       R"("negative": {"shape": [1, 0], "data": []}}})");
  EXPECT_TRUE(rows.find("error")) << dump_json(rows);
}

TEST_P(Serve, ByeAndTheEndOfInputBothEndIt) {
  EXPECT_EQ(conversation(GetParam(), "").size(), 0u);
  EXPECT_EQ(conversation(GetParam(), R"({"bye": true})").size(), 0u);
  EXPECT_EQ(conversation(GetParam(), huber).size(), 1u);  // no line break after the last request
  EXPECT_EQ(conversation(GetParam(), "{\"bye\": true}\n" + huber + "\n").size(), 0u);
  EXPECT_EQ(conversation(GetParam(), "\n\r\n" + huber + "\r\n").size(), 1u);
}

TEST_P(Serve, APeerMaySendEverythingBeforeItReads) {
  std::string requests;
  for (int i = 0; i < 1500; ++i)  // several times what the pipes hold, in either direction
    requests += R"({"id": ")" + std::to_string(i) + std::string(200, 'i') + R"(", "dtype": "f64", "echo": )" +
                R"({"shape": [2], "data": [1, 2]}})" + "\n";
  const std::vector<std::string> lines = conversation(GetParam(), requests);
  ASSERT_EQ(lines.size(), 1500u);
  EXPECT_TRUE(text(parse_json(lines.back()), "id").starts_with("1499i"));
}

INSTANTIATE_TEST_SUITE_P(Engines, Serve, testing::Values("kernels", "reference"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(ServeKernels, ALineBeyondTheLimitIsRefusedAndTheNextAnswered) {
  const std::vector<std::string> lines =
      conversation("kernels", std::string((std::size_t{65} << 20), 'x') + "\n" + huber + "\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(text(parse_json(lines[0]), "error").find("64 MiB"), std::string::npos);
  EXPECT_TRUE(parse_json(lines[1]).find("value"));
}

TEST(ServeKernels, WritesACaseDownInCpp) {
  EXPECT_TRUE(handshake_from_json(only("kernels", R"({"assay": 1})")).handshake.snippets);
  const std::string request = R"({"id": "s", "snippet": )" + huber + "}";
  EXPECT_EQ(text(only("kernels", request), "snippet"),
            "#include <assay/losses.hpp>\n#include <cstdint>\n#include <cstdio>\n#include <limits>\n"
            "#include <vector>\n\nint main() {\n"
            "  const std::vector<float> prediction{0.5f, -1.f, 0x1.16c2p-133f};\n"
            "  const std::vector<float> target{0.f, 0.f, 0.f};\n"
            "  std::vector<float> by_prediction(3);\n"
            "  const float value = mean(assay::Huber{.delta = 0.5}, assay::into(by_prediction), prediction, "
            "target);\n"
            "  std::printf(\"value %a\\n\", value);\n"
            "  for (const float number : by_prediction) std::printf(\"by_prediction %a\\n\", number);\n}\n");
  EXPECT_EQ(text(only("kernels", R"({"id": "s", "snippet": {"loss": "huber"}})"), "error"),
            "case: needs \"dtype\"");
  std::string invalid = request;
  invalid.replace(invalid.find("\"delta\": 0.5"), 12, "\"delta\": -1 ");
  EXPECT_NE(text(only("kernels", invalid), "error").find("delta"), std::string::npos);
  const std::string empty_rows =
      R"({"id": "s", "snippet": {"loss": "circle", "dtype": "f64", "inputs": {"score_positive": {"shape": [1, 0], )"
      R"("data": []}, "score_negative": {"shape": [1, 1], "data": [0]}}}})";
  EXPECT_NE(text(only("kernels", empty_rows), "skipped"), "(absent)");
  EXPECT_FALSE(handshake_from_json(only("reference", R"({"assay": 1})")).handshake.snippets);
  EXPECT_EQ(text(only("reference", request), "error"), "no snippets are written here");
}

TEST(ServeReference, TellsDigitsSensitivityAndKinks) {
  const Json smooth = only("reference", huber);
  const Json* value = smooth.find("value");
  ASSERT_TRUE(value) << dump_json(smooth);
  EXPECT_EQ(text(*value, "bits"), "3e2aaaab");
  EXPECT_TRUE(value->find("digits")->items.at(0).text.starts_with("0.16666666666666666"));
  EXPECT_EQ(dump_json(*value->find("sensitivity")), "[0.251]");
  EXPECT_FALSE(value->find("lower"));

  const Json kink =
      only("reference",
           R"({"id": "k", "loss": "mae", "dtype": "f64", "reduction": "sum", "inputs": )"
           R"({"prediction": {"shape": [2], "data": [1, 3]}, "target": {"shape": [2], "data": [1, 1]}},)"
           R"( "wrt": ["prediction"]})");
  const Json* gradient = kink.find("gradient")->find("prediction");
  ASSERT_TRUE(gradient) << dump_json(kink);
  ASSERT_TRUE(gradient->find("lower")) << dump_json(kink);
  EXPECT_EQ(number_from_json(gradient->find("lower")->items.at(0), Dtype::f64, ""), -1);
  EXPECT_EQ(number_from_json(gradient->find("upper")->items.at(0), Dtype::f64, ""), 1);
  EXPECT_EQ(number_from_json(gradient->find("lower")->items.at(1), Dtype::f64, ""), 1);
}

TEST(ServeUse, AnUnknownEngineIsAMistakeOfUse) { EXPECT_EQ(serve({"kernel"}, -1, -1), 2); }

// The same conversation with a process between: our own runner against our own server.
TEST(ServeProcess, IsATesteeLikeAnyOther) {
  for (const char* engine : {"kernels", "reference"}) {
    ProcessOptions options;
    options.command = {ASSAY_BINARY, "serve", "--engine", engine};
    const auto testee = process_testee(options);
    EXPECT_EQ(testee->handshake().losses.size(), catalogue().size());
    const Case c = case_from_json(parse_json(huber));
    std::vector<Case> cases(100, c);
    int answers = 0;
    testee->ask(
        cases,
        [&](std::size_t, const Answer& a) {
          ++answers;
          EXPECT_EQ(a.value.real, std::vector<double>{double{0.16666667F}});
        },
        [](std::size_t, const Finding& f) { ADD_FAILURE() << f.id << ": " << f.message; });
    EXPECT_EQ(answers, 100);
    for (const Finding& each : testee->finish()) ADD_FAILURE() << each.id << ": " << each.message;
  }
}

}  // namespace
}  // namespace assay
