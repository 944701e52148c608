#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "losses/catalogue/catalogue.hpp"
#include "reference/cases/case.hpp"
#include "reference/cases/shapes.hpp"

namespace assay {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor real(std::vector<std::int64_t> shape, std::vector<double> numbers) {
  return {.shape = std::move(shape), .real = std::move(numbers), .integer = {}};
}
Tensor integers(std::vector<std::int64_t> shape, std::vector<std::int64_t> numbers) {
  return {.shape = std::move(shape), .real = {}, .integer = std::move(numbers), .is_integer = true};
}

Case of(std::string loss, std::map<std::string, Tensor> inputs) {
  Case c;
  c.loss = std::move(loss);
  c.inputs = std::move(inputs);
  return c;
}
Case mse() { return of("mse", {{"prediction", real({2}, {1, 2})}, {"target", real({2}, {3, 4})}}); }
Case sparse() {
  return of("sparse_categorical_cross_entropy_with_logits",
            {{"logits", real({2, 3}, {1, 2, 3, 4, 5, 6})}, {"labels", integers({2}, {0, 2})}});
}
Case with(Case c, std::string name, Tensor t) {
  c.inputs[std::move(name)] = std::move(t);
  return c;
}
Case with(Case c, std::string name, ParameterValue value) {
  c.parameters[std::move(name)] = std::move(value);
  return c;
}
Case wrt(Case c, std::vector<std::string> names) {
  c.wrt = std::move(names);
  return c;
}
Case reduced(Case c, Reduction r) {
  c.reduction = r;
  return c;
}

std::string why(const Case& c) { return why_invalid(c).value_or("valid"); }

/// A number that the domain admits.
double inside(const Domain& d) {
  return d.kind == Domain::Kind::points ? d.low : d.contains(.5) ? .5 : d.contains(1) ? 1 : 0;
}

/// The least case of a loss, every optional input present, every axis 2 long.
Case least(const Record& record) {
  Case c;
  c.loss = record.name;
  reference::AxisExtents axes;
  axes.leading = {2};
  for (char letter = 'A'; letter <= 'Z'; ++letter) axes.extent[letter] = 2;
  for (const Input& each : record.inputs) {
    Tensor t;
    t.shape = axes.shape(each.axes);
    t.is_integer = each.integer;
    const auto count = static_cast<std::size_t>(product(t.shape));
    if (each.integer)
      t.integer.assign(count, 0);
    else
      t.real.assign(count, inside(each.domain));
    for (std::size_t i = 0; each.domain.kind == Domain::Kind::one_hot && i < count; ++i)
      t.real[i] = i % 2 ? 0 : 1;
    c.inputs.emplace(each.name, std::move(t));
    if (each.differentiable()) c.wrt.emplace_back(each.name);
  }
  return c;
}

TEST(Validation, AdmitsTheLeastCaseOfEveryLoss) {
  ASSERT_FALSE(catalogue().empty());
  for (const Record& record : catalogue()) {
    EXPECT_EQ(why(least(record)), "valid") << record.name;
    EXPECT_EQ(why(complete(least(record))), "valid") << record.name;
  }
}

TEST(Validation, WantsEveryInputThatIsNotOptional) {
  for (const Record& record : catalogue())
    for (const Input& each : record.inputs) {
      Case c = least(record);
      c.inputs.erase(std::string(each.name));
      std::erase(c.wrt, each.name);
      if (each.optional)
        EXPECT_EQ(why(c), "valid") << record.name;
      else
        EXPECT_EQ(why(c), std::string(record.name) + " needs the input \"" + std::string(each.name) + "\"");
    }
}

TEST(Validation, HoldsEveryRealInputToItsDomainAndLetsNaNPass) {
  for (const Record& record : catalogue())
    for (const Input& each : record.inputs) {
      if (each.integer) continue;
      for (const double x : {-infinity, infinity, -1.5, -1.0, -0.25, 0.0, 0.25, 1.0, 1.5}) {
        if (each.domain.kind == Domain::Kind::one_hot) continue;
        Case c = least(record);
        c.inputs.at(std::string(each.name)).real[1] = x;
        if (each.domain.contains(x))
          EXPECT_EQ(why(c), "valid") << record.name << ' ' << each.name << ' ' << x;
        else
          EXPECT_THAT(why(c), HasSubstr(std::string(each.name) + "[1] is ")) << record.name << ' ' << x;
      }
      Case c = least(record);
      c.inputs.at(std::string(each.name)).real[1] = nan;
      EXPECT_EQ(why(c), "valid") << record.name << ' ' << each.name;
    }
}

/// The least case with the parameter at `x`, of whatever kind it is.
Case least_with(const Record& record, std::string_view parameter, double x) {
  const ParameterFacts::Value& initial = record.parameter(parameter)->initial;
  ParameterValue value = x;
  if (std::holds_alternative<bool>(initial)) value = x != 0;
  if (std::holds_alternative<std::int64_t>(initial)) value = static_cast<std::int64_t>(x);
  return with(least(record), std::string(parameter), value);
}

TEST(Validation, HoldsInputsToTheDomainUnderTheirParameters) {
  for (const Record& record : catalogue())
    for (const Instead& each : record.instead)
      for (const double x : {-infinity, infinity, -1.5, 0.0, 0.25, 1.5}) {
        Case c = least_with(record, each.parameter, each.low);
        for (const Input& input : record.inputs)
          if (!input.integer) c.inputs.at(std::string(input.name)).real = {.5, .5};
        c.wrt.clear();
        c.inputs.at(std::string(each.input)).real[1] = x;
        if (each.domain.contains(x))
          EXPECT_EQ(why(c), "valid") << record.name << ' ' << each.input << ' ' << x;
        else
          EXPECT_THAT(why(c), HasSubstr(std::string(each.input) + "[1] is ")) << record.name << ' ' << x;
        c.inputs.at(std::string(each.input)).real[1] = .5;
        c.wrt = {std::string(each.input)};
        EXPECT_EQ(why(c) == "valid", !each.constant) << record.name << ' ' << each.input << ": " << why(c);
      }
}

TEST(Validation, HoldsEveryInputToItsShape) {
  for (const Record& record : catalogue())
    for (const Input& each : record.inputs) {
      // One number more along the last axis fits nobody, unless nobody else has that axis.
      Case c = least(record);
      Tensor& t = c.inputs.at(std::string(each.name));
      ++t.shape.back();
      const auto count = static_cast<std::size_t>(product(t.shape));
      if (each.integer)
        t.integer.resize(count, 0);
      else
        t.real.resize(count, inside(each.domain));
      const char last = each.axes.back();
      const bool alone =
          record.inputs.size() == 1 || (each.axes.size() > 1 && last != '.' &&
                                        std::ranges::count_if(record.inputs, [&](const Input& other) {
                                          return other.axes.contains(last);
                                        }) == 1);
      EXPECT_EQ(why(c) == "valid", alone) << record.name << ' ' << each.name << ": " << why(c);

      Case short_of_one = least(record);
      Tensor& cut = short_of_one.inputs.at(std::string(each.name));
      each.integer ? cut.integer.pop_back() : cut.real.pop_back();
      EXPECT_THAT(why(short_of_one), HasSubstr("that shape needs ")) << record.name;

      Case other_kind = least(record);
      Tensor& flipped = other_kind.inputs.at(std::string(each.name));
      flipped = each.integer ? real(flipped.shape, std::vector<double>(flipped.size(), 0))
                             : integers(flipped.shape, std::vector<std::int64_t>(flipped.size(), 0));
      EXPECT_EQ(why(other_kind),
                std::string(each.name) + " must hold " + (each.integer ? "integers" : "real numbers"));
    }
}

TEST(Validation, HoldsEveryParameterToItsKindAndDomain) {
  for (const Record& record : catalogue())
    for (const ParameterFacts& each : record.parameters) {
      const std::string name(each.name);
      const bool text = std::holds_alternative<std::string_view>(each.initial);
      EXPECT_NE(
          why(with(least(record), name, text ? ParameterValue(true) : ParameterValue(std::string("no")))),
          "valid")
          << record.name << ' ' << name;
      if (!std::holds_alternative<double>(each.initial)) continue;
      for (const double x : {nan, infinity, -infinity, -1.0, 0.0, .5, 2.0}) {
        const bool good = each.domain.contains(x);
        EXPECT_EQ(why(with(least(record), name, x)) == "valid", good)
            << record.name << ' ' << name << ' ' << x;
      }
    }
}

TEST(Validation, SaysWhichLossWasProbablyMeant) {
  const std::string count = std::to_string(catalogue().size());
  EXPECT_EQ(why(of("hubber", {})),
            "no loss named \"hubber\"; did you mean \"huber\"? 'assay losses' lists all " + count + ".");
  EXPECT_EQ(why(of("zzzzzz", {})), "no loss named \"zzzzzz\"; 'assay losses' lists all " + count + ".");
  EXPECT_THAT(why(of("a\nb\x1b", {})), HasSubstr("\"a\\x0ab\\x1b\""));
  EXPECT_EQ(nearest("Log-Cosh", {"huber", "log_cosh"}), "log_cosh");
  EXPECT_EQ(nearest("hbuer", {"mse", "huber"}), "huber");
  EXPECT_EQ(nearest("abc", {"xyz", "q"}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100000, 'x'), {"huber"}), std::nullopt);
}

TEST(Validation, NamesUnknownInputsParametersAndGradients) {
  EXPECT_EQ(why(with(mse(), "traget", real({2}, {1, 2}))),
            "mse has no input \"traget\"; did you mean \"target\"?");
  EXPECT_EQ(why(with(mse(), "delta", 1.0)), "mse has no parameter \"delta\"; it has none");
  EXPECT_EQ(why(with(least(*find("huber")), "detla", 1.0)),
            "huber has no parameter \"detla\"; did you mean \"delta\"?");
  EXPECT_THAT(why(wrt(mse(), {"predictoin"})), HasSubstr("did you mean \"prediction\"?"));
  EXPECT_THAT(why(wrt(mse(), {"target", "target"})), HasSubstr("\"target\" twice"));
  EXPECT_THAT(why(wrt(with(mse(), "cotangent", real({}, {1})), {"cotangent"})), HasSubstr("not an input"));
  EXPECT_THAT(why(wrt(sparse(), {"labels"})), HasSubstr("labels"));
  EXPECT_THAT(why(wrt(sparse(), {"weight"})), HasSubstr("which the case does not give"));
  EXPECT_THAT(why(wrt(least(*find("hinge")), {"target"})), HasSubstr("no gradient exists"));
  EXPECT_EQ(why(wrt(mse(), {"target", "prediction"})), "valid");
}

TEST(Validation, NamesTheInputTheIndexAndTheRule) {
  Case c = least(*find("binary_cross_entropy"));
  c.inputs["probability"] = real({4}, {0, 1, .5, 1.5});
  c.inputs["target"] = real({4}, {0, 1, 0, 1});
  EXPECT_EQ(why(c), "probability[3] is 1.5; it must be in [0, 1]");
  c.dtype = Dtype::f32;
  c.inputs["probability"].real[3] = double{-1e-40F};
  EXPECT_EQ(why(c), "probability[3] is -1e-40; it must be in [0, 1]");
  EXPECT_EQ(why(with(mse(), "target", real({2}, {1, infinity}))), "target[1] is Infinity; it must be finite");
}

TEST(Validation, RoundsParametersBeforeItJudgesThem) {
  Case c = with(least(*find("huber")), "delta", 1e-60);
  EXPECT_EQ(why(c), "valid");
  c.dtype = Dtype::f32;
  EXPECT_EQ(why(c), "delta is 0; it must be positive and finite");
  EXPECT_EQ(why(with(least(*find("triplet_margin")), "p", std::int64_t{3})), "p is 3; it must be 1 or 2");
  EXPECT_EQ(why(with(least(*find("triplet_margin")), "p", 1.5)), "p is 1.5; it must be a whole number");
}

TEST(Validation, HoldsEveryNumberOfAListToItsDomain) {
  const Case c = least(*find("poly_cross_entropy_with_logits"));
  EXPECT_EQ(why(with(c, "epsilon", std::vector<double>{})), "valid");
  EXPECT_EQ(why(with(c, "epsilon", std::vector<double>{1, -2, 0})), "valid");
  EXPECT_EQ(why(with(c, "epsilon", std::vector<double>{1, infinity})),
            "epsilon[1] is Infinity; it must be finite");
  EXPECT_EQ(why(with(c, "epsilon", std::vector<double>{nan})), "epsilon[0] is NaN; it must be finite");
  EXPECT_EQ(why(with(c, "epsilon", 1.)), "epsilon is 1; it must be a list of numbers");
  Case f32 = with(c, "epsilon", std::vector<double>{1e60});
  f32.dtype = Dtype::f32;
  EXPECT_EQ(why(f32), "epsilon[0] is Infinity; it must be finite");
}

TEST(Validation, BindsAxesAcrossInputs) {
  EXPECT_EQ(why(with(mse(), "target", real({1, 2}, {1, 2}))),
            "target has shape [1, 2]; it must have the shape of prediction, [2]");
  EXPECT_EQ(why(with(sparse(), "labels", integers({3}, {0, 1, 2}))),
            "labels has shape [3]; its leading axes must be [2], since logits has shape [2, 3]");
  EXPECT_EQ(why(with(sparse(), "weight", real({2}, {1, 1}))),
            "weight has shape [2]; its axis C must be 3, since logits has shape [2, 3]");
  EXPECT_THAT(why(with(sparse(), "weight", real({1, 3}, {1, 1, 1}))), HasSubstr("it must have 1 axis"));
  EXPECT_THAT(why(of("log_sum_exp", {{"x", real({}, {1})}})), HasSubstr("at least 1 axis"));
  EXPECT_EQ(why(of("log_sum_exp", {{"x", real({1}, {1})}})), "valid");
  EXPECT_THAT(why(of("log_sum_exp", {{"x", real({2, 0}, {})}})),
              HasSubstr("number of classes must be at least 1"));
  EXPECT_EQ(why(of("log_sum_exp", {{"x", real({0, 2}, {})}})), "valid");

  const Case info = of("info_nce", {{"query", real({2, 3}, std::vector<double>(6, 1))},
                                    {"positive", real({2, 3}, std::vector<double>(6, 1))},
                                    {"negative", real({0, 3}, {})}});
  EXPECT_EQ(why(info), "valid");
  EXPECT_THAT(why(with(info, "negative", real({2, 2}, {1, 1, 1, 1}))), HasSubstr("its axis D must be 3"));
  EXPECT_THAT(why(with(info, "positive", real({1, 3}, {1, 1, 1}))), HasSubstr("its axis N must be 2"));
}

TEST(Validation, BindsALetterThatNoRowCarriesToTheLastLeadingAxis) {
  const std::string loss = "binary_cross_entropy_with_logits";
  const auto logits = [&](std::vector<std::int64_t> shape, std::size_t n) {
    return of(loss, {{"logits", real(shape, std::vector<double>(n, 1))},
                     {"target", real(shape, std::vector<double>(n, 1))}});
  };
  const Tensor three = real({3}, {1, 1, 1});
  EXPECT_EQ(why(with(logits({2, 3}, 6), "pos_weight", three)), "valid");
  EXPECT_EQ(why(with(logits({3}, 3), "pos_weight", three)), "valid");
  EXPECT_THAT(why(with(logits({3, 2}, 6), "pos_weight", three)), HasSubstr("its axis C must be 2"));
  EXPECT_THAT(why(with(logits({}, 1), "pos_weight", real({1}, {1}))), HasSubstr("which is a scalar"));
  EXPECT_EQ(why(logits({}, 1)), "valid");
}

TEST(Validation, RefusesShapesThatAreNone) {
  EXPECT_THAT(why(with(mse(), "target", real({-2}, {1, 2}))), HasSubstr("cannot be negative"));
  EXPECT_THAT(why(with(mse(), "target", real({1, 1, 1, 1, 1, 1, 1, 1, 2}, {1, 2}))),
              HasSubstr("the limit is 8"));
  EXPECT_THAT(why(with(mse(), "target", real({std::int64_t{1} << 40, std::int64_t{1} << 40}, {1, 2}))),
              HasSubstr("too large"));
  EXPECT_EQ(why(with(mse(), "target", real({3}, {1, 2}))),
            "target has shape [3] and 2 numbers; that shape needs 3");
}

TEST(Validation, HoldsLabelsToTheirClasses) {
  EXPECT_EQ(why(sparse()), "valid");
  EXPECT_EQ(why(with(sparse(), "labels", integers({2}, {0, 3}))),
            "labels[1] is 3; it must be a class index in [0, C) or ignore_index, C = 3, ignore_index = -100");
  EXPECT_THAT(why(with(sparse(), "labels", integers({2}, {-1, 0}))), HasSubstr("labels[0] is -1"));
  EXPECT_EQ(why(with(sparse(), "labels", integers({2}, {-100, 0}))), "valid");
  EXPECT_EQ(why(with(with(sparse(), "labels", integers({2}, {-1, 0})), "ignore_index", std::int64_t{-1})),
            "valid");
  EXPECT_THAT(why(with(with(sparse(), "labels", integers({2}, {-100, 0})), "ignore_index", std::int64_t{-1})),
              HasSubstr("labels[0] is -100"));
}

TEST(Validation, HoldsListsOfLabelsUpToTheirEnd) {
  const auto lists = [](std::vector<std::int64_t> labels) {
    return of("multilabel_margin",
              {{"score", real({2, 3}, {1, 2, 3, 4, 5, 6})}, {"labels", integers({2, 3}, std::move(labels))}});
  };
  EXPECT_EQ(why(lists({0, 1, 2, 2, 2, 0})), "valid");
  EXPECT_EQ(why(lists({-1, -1, -1, 0, -1, -1})), "valid");
  EXPECT_EQ(why(lists({-1, 3, -7, 2, -1, 99})), "valid");  // what follows the end means nothing
  EXPECT_EQ(why(lists({0, -1, 99, 1, 3, -1})),
            "labels[4] is 3; it must be a class index in [0, C), or -1 where the list ends, C = 3");
  EXPECT_THAT(why(lists({-2, 0, 0, 0, 0, 0})), HasSubstr("labels[0] is -2"));
  EXPECT_THAT(why(lists({-1, 0, 0, -100, 0, 0})), HasSubstr("labels[3] is -100"));
  EXPECT_EQ(why(with(lists({0, 0, 0, 0, 0, 0}), "labels", integers({2, 2}, {0, 0, 0, 0}))),
            "labels has shape [2, 2]; its axis C must be 3, since score has shape [2, 3]");
}

TEST(Validation, LetsAnyIntegerNameAGroup) {
  const auto grouped = [](std::vector<std::int64_t> labels) {
    const auto count = static_cast<std::int64_t>(labels.size());
    return of("supcon",
              {{"z", real({3, 2}, {1, 2, 3, 4, 5, 6})}, {"labels", integers({count}, std::move(labels))}});
  };
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(why(grouped({-100, most, -most - 1})), "valid");
  EXPECT_EQ(why(grouped({0, 0})), "labels has shape [2]; its axis N must be 3, since z has shape [3, 2]");
}

TEST(Validation, DropsIgnoredRowsUnseen) {
  Case c = reduced(with(sparse(), "labels", integers({2}, {0, -100})), Reduction::none);
  EXPECT_EQ(why(with(c, "cotangent", real({2}, {1, infinity}))), "valid");
  EXPECT_EQ(why(with(c, "cotangent", real({2}, {infinity, 1}))),
            "cotangent[0] is Infinity; it must be finite");
  c.inputs["logits"].real = {1, 2, 3, nan, infinity, -infinity};
  EXPECT_EQ(why(c), "valid");
  // One weight a class belongs to no row.
  EXPECT_THAT(why(with(c, "weight", real({3}, {1, 1, -1}))), HasSubstr("weight[2] is -1"));
}

TEST(Validation, HoldsTheCotangentToTheValuesShape) {
  EXPECT_EQ(why(with(mse(), "cotangent", real({}, {2}))), "valid");
  EXPECT_EQ(why(with(mse(), "cotangent", real({}, {nan}))), "valid");
  EXPECT_EQ(why(with(mse(), "cotangent", real({2}, {1, 1}))),
            "cotangent has shape [2]; it must have the value's shape, []");
  EXPECT_EQ(why(with(mse(), "cotangent", real({}, {-infinity}))),
            "cotangent[0] is -Infinity; it must be finite");
  EXPECT_EQ(why(with(mse(), "cotangent", integers({}, {1}))), "cotangent must hold real numbers");
  EXPECT_EQ(why(with(reduced(mse(), Reduction::none), "cotangent", real({2}, {1, 1}))), "valid");
  EXPECT_EQ(
      why(with(reduced(sparse(), Reduction::none), "cotangent", real({2, 3}, std::vector<double>(6, 1)))),
      "cotangent has shape [2, 3]; it must have the value's shape, [2]");
}

TEST(Cases, CarryTheRecordOfTheLossThatTheyName) {
  Case c;
  EXPECT_EQ(c.record(), nullptr);
  c.loss = "huber";
  EXPECT_EQ(c.record(), find("huber"));
  const Case copy = c;
  EXPECT_EQ(copy.record(), find("huber"));
  c.loss = std::string("hubber");
  EXPECT_EQ(c.record(), nullptr);
  EXPECT_EQ(c.loss, "hubber");
  EXPECT_NE(c.loss, copy.loss);
  c.loss = copy.loss;
  EXPECT_EQ(c.record(), find("huber"));
}

TEST(Cases, KnowTheirShapes) {
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(value_shape(mse()), Shape{});
  EXPECT_EQ(value_shape(reduced(mse(), Reduction::none)), Shape{2});
  EXPECT_EQ(value_shape(reduced(sparse(), Reduction::none)), Shape{2});
  EXPECT_EQ(
      value_shape(reduced(of("softmax", {{"x", real({2, 1, 3}, std::vector<double>(6))}}), Reduction::none)),
      (Shape{2, 1, 3}));
  EXPECT_EQ(value_shape(reduced(of("log_sum_exp", {{"x", real({3}, {1, 2, 3})}}), Reduction::none)), Shape{});

  const Record& record = *find("sparse_categorical_cross_entropy_with_logits");
  const Case c = of(std::string(record.name), {{"logits", real({2, 5, 3}, std::vector<double>(30))},
                                               {"labels", integers({2, 5}, std::vector<std::int64_t>(10))},
                                               {"weight", real({3}, {1, 1, 1})}});
  EXPECT_EQ(extents(c, *record.input("logits")), (std::array<std::int64_t, 3>{10, 3, 1}));
  EXPECT_EQ(extents(c, *record.input("labels")), (std::array<std::int64_t, 3>{10, 1, 1}));
  EXPECT_EQ(extents(c, *record.input("weight")), (std::array<std::int64_t, 3>{3, 1, 1}));
  const Case info = least(*find("info_nce"));
  EXPECT_EQ(extents(info, find("info_nce")->inputs[2]), (std::array<std::int64_t, 3>{2, 2, 1}));
  const Case scalar = of("mse", {{"prediction", real({}, {1})}, {"target", real({}, {1})}});
  EXPECT_EQ(extents(scalar, find("mse")->inputs[0]), (std::array<std::int64_t, 3>{1, 1, 1}));
}

TEST(Cases, AreCompletedWithParametersOfTheirDtype) {
  Case c = least(*find("info_nce"));
  c.dtype = Dtype::f32;
  EXPECT_EQ(std::get<double>(complete(c).parameters.at("temperature")), double{.1F});
  EXPECT_EQ(std::get<bool>(complete(c).parameters.at("normalize")), true);
  EXPECT_EQ(std::get<double>(complete(with(c, "temperature", .3)).parameters.at("temperature")), double{.3F});
  EXPECT_EQ(round_to(Dtype::f32, 3.5e38), infinity);
  EXPECT_EQ(round_to(Dtype::f32, 0x1.8p-149), 0x1p-148);
  EXPECT_EQ(round_to(Dtype::f32, 0x1p-150), 0);
}

}  // namespace
}  // namespace assay
