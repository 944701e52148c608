// Claims about the cases that exist: which situations every loss is put into, and that this never changes by
// itself.
#include "tools/cases/case_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <regex>
#include <set>

#include "tools/cases/canonical.hpp"
#include "tools/cases/domain_numbers.hpp"
#include "tools/golden/handpicked.hpp"
#include "tools/golden/named_number.hpp"
#include "tools/golden/plan_file.hpp"
#include "tools/text/codec.hpp"

namespace assay {
namespace {

const std::filesystem::path handpicked = std::filesystem::path(ASSAY_SOURCE_DIR) / "golden" / "handpicked";

struct Source : testing::TestWithParam<std::tuple<std::string, Dtype>> {
  const Record& record = *find(std::get<0>(GetParam()));
  Dtype dtype = std::get<1>(GetParam());
  const FilePlan& plan = planned(record, dtype);

  /// Made once for all claims.
  static const FilePlan& planned(const Record& record, Dtype dtype) {
    static std::map<std::pair<std::string_view, Dtype>, FilePlan> plans;
    const std::pair key{record.name, dtype};
    const auto at = plans.find(key);
    return at != plans.end() ? at->second
                             : plans.emplace(key, plan_file(record, dtype, 7, 60, handpicked)).first->second;
  }

  std::vector<AnnotatedCase> flagged(const std::string& flag) const {
    std::vector<AnnotatedCase> out;
    for (const AnnotatedCase& each : plan.cases)
      if (std::ranges::find(each.flags, flag) != each.flags.end()) out.push_back(each);
    return out;
  }
  bool any_case(auto holds) const { return std::ranges::any_of(plan.cases, holds); }
  /// How many cells of the input, over all valid cases, satisfy a predicate.
  std::size_t drawn(const Input& input, auto holds) const {
    std::size_t count = 0;
    for (const AnnotatedCase& each : plan.cases)
      if (const auto at = each.question.inputs.find(std::string(input.name));
          !each.error && at != each.question.inputs.end())
        count += static_cast<std::size_t>(std::ranges::count_if(at->second.real, holds));
    return count;
  }
};

std::vector<std::string> all_losses() {
  std::vector<std::string> out;
  for (const Record& each : catalogue()) out.emplace_back(each.name);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Every, Source,
                         testing::Combine(testing::ValuesIn(all_losses()), testing::ValuesIn(dtypes)),
                         [](const auto& each) {
                           return std::get<0>(each.param) + "_" + std::string(name(std::get<1>(each.param)));
                         });

/// Whether what one row holds says nothing of another.
bool rows_apart(const Record& record) {
  const Input& first = record.inputs.front();
  return !record.rows_depend && (first.axes.has_leading() || first.axes.front() == record.output.front());
}

TEST_P(Source, HasAtLeastSixtyDistinctCases) {
  EXPECT_GE(plan.cases.size(), 60u);
  std::set<std::string> ids, slugs;
  for (const AnnotatedCase& each : plan.cases) {
    EXPECT_TRUE(ids.insert(each.question.id).second) << each.slug;
    EXPECT_TRUE(slugs.insert(each.slug).second) << each.slug;
    EXPECT_FALSE(each.comment.empty()) << each.slug;
    EXPECT_FALSE(each.flags.empty()) << each.slug;
  }
}

TEST_P(Source, IsInsideTheDomainUnlessMeantNotToBe) {
  std::size_t errors = 0;
  for (const AnnotatedCase& each : plan.cases) {
    EXPECT_EQ(why_invalid(each.question).has_value(), each.error)
        << each.slug << ": " << why_invalid(each.question).value_or("");
    errors += each.error ? 1 : 0;
  }
  EXPECT_GE(errors, 2u);
  EXPECT_LE(errors, 20u);
}

TEST_P(Source, IsAFunctionOfItsSeed) {
  const FilePlan again = plan_file(record, dtype, 7, 60, handpicked),
                 other = plan_file(record, dtype, 8, 60, handpicked);
  ASSERT_EQ(again.cases.size(), plan.cases.size());
  std::size_t moved = 0;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    EXPECT_EQ(again.cases[i].question.id, plan.cases[i].question.id);
    moved += i < other.cases.size() && other.cases[i].question.id != plan.cases[i].question.id ? 1 : 0;
  }
  EXPECT_GT(moved, 20u);
}

TEST_P(Source, RecordsEnoughToBeMadeAgain) {
  // A file keeps the seed and the count of its cases, and no more.
  for (const std::int64_t wanted : {0, 60, 300}) {
    const FilePlan first = plan_file(record, dtype, 3, wanted, handpicked);
    const FilePlan again =
        plan_file(record, dtype, 3, static_cast<std::int64_t>(first.cases.size()), handpicked);
    ASSERT_EQ(first.cases.size(), again.cases.size());
    EXPECT_EQ(first.cases.back().question.id, again.cases.back().question.id);
    EXPECT_GE(static_cast<std::int64_t>(first.cases.size()), wanted);
  }
}

TEST_P(Source, ExplainsEveryFlagInUseAndNoOther) {
  std::set<std::string> used;
  for (const AnnotatedCase& each : plan.cases) used.insert(each.flags.begin(), each.flags.end());
  std::set<std::string> explained;
  for (const auto& [flag, note] : plan.notes) explained.insert(flag);
  EXPECT_EQ(used, explained);
}

TEST_P(Source, AsksForEveryReductionAndEveryGradientAlone) {
  for (const Reduction r : reductions)
    EXPECT_TRUE(any_case([&](const AnnotatedCase& c) {
      return c.question.reduction == r && !c.question.wrt.empty() && !c.error;
    })) << name(r);
  for (const Input& each : record.inputs) {
    if (!each.differentiable()) continue;
    EXPECT_TRUE(any_case([&](const AnnotatedCase& c) {
      return !c.error && c.question.wrt == std::vector{std::string(each.name)};
    })) << each.name;
  }
  const auto all = std::ranges::count_if(record.inputs, &Input::differentiable);
  EXPECT_TRUE(any_case([&](const AnnotatedCase& c) { return std::ssize(c.question.wrt) == all; }));
  EXPECT_TRUE(any_case([](const AnnotatedCase& c) { return c.question.wrt.empty() && !c.error; }));
}

TEST_P(Source, MeetsEverySpecialNumberInEverySlot) {
  for (const Input& input : record.inputs) {
    if (input.integer) continue;
    // Written out here: a list that the source shares with its test would lose a number in both.
    std::vector<std::string> wanted{
        "0.0", "1",        "-1",       "0.5", "max", "-max", "min_subnormal", "-min_subnormal",
        "NaN", "Infinity", "-Infinity"};
    if (input.axes.has_leading() && is_continuous(input))
      wanted.insert(wanted.end(), {"-0.0", "1+ulp", "1-ulp", "-1-ulp", "-1+ulp", "min_normal",
                                   "min_normal-ulp", "epsilon"});
    if (!input.axes.has_leading()) std::erase(wanted, "0.5");
    // What all rows share takes a few special numbers, a case each.
    const bool by_rows =
        rows_apart(record) && (input.axes.has_leading() || input.axes.front() == record.output.front());
    if (!by_rows) std::erase(wanted, "-min_subnormal");
    for (const std::string& each : wanted) {
      const double number = number_named(each, dtype, each);
      if (!std::isnan(number) && !input.domain.contains(number)) continue;
      const auto same = [&](double x) {
        return std::isnan(number) ? std::isnan(x)
                                  : std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(number);
      };
      EXPECT_GE(drawn(input, same), 1u) << input.name << " never is " << each;
    }
    if (!is_continuous(input)) continue;
    EXPECT_GE(drawn(input, [&](double x) { return x != 0 && std::abs(x) < format(dtype).smallest_normal(); }),
              by_rows ? 2u : 1u)
        << input.name;
    if (input.domain.contains(-1)) {
      EXPECT_GE(drawn(input, [](double x) { return x < 0; }), 10u) << input.name;
    }
  }
}

TEST_P(Source, HoldsNumbersOfItsDtypeOnly) {
  for (const AnnotatedCase& each : plan.cases) {
    for (const auto& [input, tensor] : each.question.inputs)
      for (const double x : tensor.real)
        EXPECT_TRUE(std::isnan(x) || round_to(dtype, x) == x) << each.slug << " " << input << " " << x;
    for (const auto& [parameter, value] : each.question.parameters)
      if (const auto* real = std::get_if<double>(&value)) {
        EXPECT_EQ(round_to(dtype, *real), *real) << each.slug;
      }
  }
}

TEST_P(Source, HasTheSizesAroundBlocksAndALargeOne) {
  std::set<std::size_t> sizes;
  const std::size_t rows_axis = record.inputs.front().axes.position(record.output.front()).value_or(0);
  for (const AnnotatedCase& each : plan.cases) {
    if (each.error) continue;
    const Tensor& first = each.question.inputs.at(std::string(record.inputs.front().name));
    if (!first.shape.empty()) sizes.insert(static_cast<std::size_t>(first.shape[rows_axis]));
    if (first.size() >= 1000) {
      EXPECT_LE(each.question.wrt.size(), 1u) << each.slug;
    }
    sizes.insert(first.size() >= 1000 ? 1000 : 0);
  }
  std::size_t multiple = 1;  // of rows, where not every count will do
  for (const AxisRule& rule : record.axis_rules)
    if (rule.axis == record.output.front()) multiple = static_cast<std::size_t>(rule.multiple);
  for (const std::size_t each : {1u, 7u, 8u, 9u, 17u, 33u, 1000u})
    EXPECT_TRUE(sizes.contains((each + multiple - 1) / multiple * multiple)) << each;
}

TEST_P(Source, MovesEveryParameter) {
  for (const ParameterFacts& each : record.parameters) {
    std::set<std::string> values;
    for (const AnnotatedCase& c : plan.cases)
      if (!c.error && c.question.parameters.contains(std::string(each.name)))
        values.insert(std::visit(
            [](const auto& v) -> std::string {
              using V = std::decay_t<decltype(v)>;
              if constexpr (std::is_arithmetic_v<V>)
                return std::to_string(static_cast<double>(v) * 1e6);
              else if constexpr (std::is_same_v<V, std::string>)
                return v;
              else
                return std::to_string(v.size());
            },
            c.question.parameters.at(std::string(each.name))));
    EXPECT_GE(values.size(), std::holds_alternative<double>(each.initial) ? 3u : 2u) << each.name;
  }
}

TEST_P(Source, HasEveryClassThatItsRecordAdmits) {
  std::vector<std::string> wanted{"Ordinary", "Cotangent",     "MagnitudeSweep",  "SpecialValue",
                                  "NaN",      "Tie",           "IllConditioned",  "Size",
                                  "EmptySet", "OutsideDomain", "ZeroCoefficient", "Random"};
  if (record.has_leading()) wanted.emplace_back("Shape");
  for (const Input& each : record.inputs) {
    if (each.optional) wanted.emplace_back("OptionalInput");
    if (each.domain.infinities) wanted.emplace_back("Infinity");
    if (each.domain.contains(-infinity)) wanted.emplace_back("ExponentialThreshold");
    if (each.domain.kind == Domain::Kind::class_index_or_ignored) wanted.emplace_back("IgnoredRows");
    if (each.domain.kind == Domain::Kind::class_index_or_end) wanted.emplace_back("LabelList");
    if (each.axes.size() > 1 && each.axes.back() == 'C') wanted.emplace_back("SingleClass");
    if (each.axes.size() > 1 && each.axes.back() == 'D') wanted.emplace_back("ZeroVector");
  }
  if (!record.parameters.empty()) wanted.emplace_back("Parameter");
  if (record.inputs.size() == 1 && record.kind == Kind::element_wise)
    std::erase_if(wanted, [](const std::string& flag) {
      return flag == "Tie" || flag == "IllConditioned";  // nothing to be equal to, or near
    });
  if (!rows_apart(record))
    std::erase_if(wanted, [](const std::string& flag) {
      return flag == "MagnitudeSweep" || flag == "ZeroCoefficient" || flag == "Tie" ||
             flag == "ExponentialThreshold";
    });
  for (const std::string& each : wanted) EXPECT_FALSE(flagged(each).empty()) << each;
}

TEST_P(Source, HasCotangentsThatAreZeroNegativeAndUneven) {
  std::set<double> seen;
  for (const AnnotatedCase& each : plan.cases)
    if (const auto at = each.question.inputs.find("cotangent"); at != each.question.inputs.end())
      for (const double x : at->second.real)
        if (!std::isnan(x)) seen.insert(x);
  EXPECT_TRUE(seen.contains(0));
  EXPECT_LT(*seen.begin(), 0);
  EXPECT_GT(seen.size(), 5u);
}

TEST_P(Source, IsWhatTheCommittedFileHolds) {
  const GoldenFile file = read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden" / "v1" /
                                      golden_file_name(record.name, dtype));
  const FilePlan same = plan_file(record, dtype, file.seed, std::ssize(file.cases), handpicked);
  ASSERT_EQ(file.cases.size(), same.cases.size());
  for (std::size_t i = 0; i < same.cases.size(); ++i) {
    const GoldenCase& written = file.cases[i];
    EXPECT_EQ(written.question.id, same.cases[i].question.id) << written.slug;
    EXPECT_EQ(written.slug, same.cases[i].slug);
    EXPECT_EQ(written.flags, same.cases[i].flags) << written.slug;
    EXPECT_EQ(written.comment, same.cases[i].comment) << written.slug;
    EXPECT_EQ(written.error, same.cases[i].error) << written.slug;
  }
  EXPECT_EQ(file.notes.size(), same.notes.size());
}

TEST_P(Source, LinksEveryReportThatACommentNames) {
  const std::regex report(R"(([\w.-]+/[\w.-]+)#(\d+))");
  for (const AnnotatedCase& each : plan.cases) {
    std::set<std::string> links;
    for (const std::string& flag : each.flags) {
      const Note& note = plan.notes.at(flag);
      links.insert(note.links.begin(), note.links.end());
    }
    for (std::sregex_iterator at(each.comment.begin(), each.comment.end(), report), end; at != end; ++at)
      EXPECT_TRUE(links.contains("https://github.com/" + (*at)[1].str() + "/issues/" + (*at)[2].str()) ||
                  links.contains("https://github.com/" + (*at)[1].str() + "/pull/" + (*at)[2].str()))
          << each.slug << " names " << at->str() << ", which none of its flags links";
  }
}

TEST_P(Source, TakesOutWhatIsOmittedByHand) {
  // A folder of its own, with the shared notes and a file that takes one class out.
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                       ("omit_" + std::string(record.name) + std::string(name(dtype)));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(handpicked / "notes.json", folder / "notes.json");
  std::ofstream(folder / (std::string(record.name) + ".json"))
      << R"({"loss": ")" << record.name
      << R"(", "notes": {}, "omit": [{"slug": "ordinary-mean", "reason": "a test"}], "cases": []})";
  const FilePlan fewer = plan_file(record, dtype, 7, 60, folder);
  const auto ordinary = [](const AnnotatedCase& c) { return c.slug == "ordinary-mean"; };
  EXPECT_TRUE(std::ranges::any_of(plan.cases, ordinary));
  EXPECT_TRUE(std::ranges::none_of(fewer.cases, ordinary));
  std::filesystem::remove_all(folder);
}

struct Numbers : testing::TestWithParam<Dtype> {};
INSTANTIATE_TEST_SUITE_P(Of, Numbers, testing::ValuesIn(dtypes),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST_P(Numbers, AreNamedPerDtype) {
  const Dtype d = GetParam();
  const auto either = [d](double f32, double f64) { return PerDtype<double>{.f32 = f32, .f64 = f64}[d]; };
  const auto read = [&](std::string_view text) { return number_named(text, d, "here"); };
  EXPECT_EQ(read("max"), either(0x1.fffffep127, 0x1.fffffffffffffp1023));
  EXPECT_EQ(read("-max/2"), either(-0x1.fffffep126, -0x1.fffffffffffffp1022));
  EXPECT_EQ(read("min_normal"), either(0x1p-126, 0x1p-1022));
  EXPECT_EQ(read("min_subnormal"), either(0x1p-149, 0x1p-1074));
  EXPECT_EQ(read("1+epsilon"), read("1+ulp"));
  EXPECT_EQ(read("1-epsilon/2"), read("1-ulp"));
  EXPECT_EQ(read("1-2ulp"), 1 - read("epsilon"));
  EXPECT_EQ(read("0.1"), either(static_cast<double>(0.1f), 0.1));
  EXPECT_EQ(read("1e-6"), either(static_cast<double>(1e-6f), 1e-6));
  EXPECT_LT(read("1e-6-ulp"), read("1e-6"));
  EXPECT_EQ(read("-Infinity"), -infinity);
  EXPECT_TRUE(std::isnan(read("NaN")));
  EXPECT_TRUE(std::signbit(read("-0.0")));
  EXPECT_THROW(read("maximum"), CodecError);
  EXPECT_THROW(read("1+"), CodecError);
  EXPECT_THROW(read(""), CodecError);
}

TEST_P(Numbers, HaveNeighboursAsTheMathLibrarySays) {
  const Dtype d = GetParam();
  for (const double x : {0., 1., -1., format(d).smallest_normal(), -format(d).smallest_subnormal(),
                         format(d).largest(), -format(d).largest(), .1}) {
    const double from = round_to(d, x);
    const double up = visit(d, [from]<class T>() {
      return static_cast<double>(std::nextafter(static_cast<T>(from), std::numeric_limits<T>::infinity()));
    });
    EXPECT_EQ(next_up(d, from), up) << x;
    EXPECT_EQ(next_down(d, -from), -up) << x;
  }
}

TEST_P(Numbers, FillTheirDomainsAndNeverLeaveThem) {
  const Dtype d = GetParam();
  for (const Domain& domain :
       {domain::finite, domain::extended, domain::positive, domain::nonnegative, domain::unit, domain::sign,
        domain::one_or_two, Domain{.kind = Domain::Kind::nonzero, .text = "nonzero"},
        Domain{.low = -1, .low_open = true, .text = "above -1"},
        Domain{.low = 0, .high = 1, .low_open = true, .high_open = true, .text = "inside"}}) {
    Random random(5);
    std::set<double> seen;
    std::size_t subnormal = 0, ends = 0, zeros = 0;
    for (int i = 0; i < 4000; ++i) {
      const double x = i % 4 ? any_number(domain, d, random) : ordinary_number(domain, d, random);
      ASSERT_TRUE(domain.contains(x) && std::isfinite(x)) << domain.text << ": " << x;
      ASSERT_EQ(round_to(d, x), x);
      seen.insert(x);
      subnormal += x != 0 && std::abs(x) < format(d).smallest_normal() ? 1 : 0;
      ends += x == domain.low || x == domain.high ? 1 : 0;
      zeros += x == 0 ? 1 : 0;
    }
    if (domain.discrete()) {
      EXPECT_EQ(seen.size(), 2u) << domain.text;
      continue;
    }
    EXPECT_GT(seen.size(), 1500u) << domain.text;
    EXPECT_GT(subnormal, 20u) << domain.text;
    if (domain.contains(0)) {
      EXPECT_GT(zeros, 20u) << domain.text;
    }
    if (!domain.low_open && domain.low > -infinity) {
      EXPECT_GT(ends, 20u) << domain.text;
    }
  }
}

TEST(Random, IsTheGeneratorThatWasPublished) {
  // The first outputs of SplitMix64 from seed 1234567, as its authors' C code prints them.
  Random random(1234567);
  EXPECT_EQ(random.bits(), 6457827717110365317u);
  EXPECT_EQ(random.bits(), 3203168211198807973u);
  EXPECT_EQ(random.bits(), 9817491932198370423u);
}

TEST(Handpicked, MistakesNameFileCaseAndField) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "handpicked_mistakes";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(handpicked / "notes.json", folder / "notes.json",
                             std::filesystem::copy_options::overwrite_existing);
  const auto message = [&](const std::string& text) -> std::string {
    std::ofstream(folder / "mse.json") << text;
    try {
      read_handpicked(folder, *find("mse"), Dtype::f32);
    } catch (const CodecError& e) {
      return e.what();
    }
    return "accepted";
  };
  const std::string head =
      R"({"loss": "mse", "notes": {}, "cases": [{"slug": "a", "comment": "b", "flags": ["Kink"], )";
  EXPECT_EQ(message(head + R"("inputs": {"prediction": [1], "target": [2]}}]})"), "accepted");
  EXPECT_NE(message(head + R"("inputs": {"prediction": [[1], [2, 3]], "target": [2]}}]})")
                .find("case \"a\".prediction"),
            std::string::npos);
  EXPECT_NE(
      message(head + R"("inputs": {"prediction": ["many"], "target": [2]}}]})").find("\"many\" is no number"),
      std::string::npos);
  EXPECT_NE(message(head + R"("wrong": 1, "inputs": {}}]})").find("unknown field \"wrong\""),
            std::string::npos);
  EXPECT_NE(message(R"({"loss": "mae", "notes": {}, "cases": []})").find("must be \"mse\""),
            std::string::npos);
  EXPECT_NE(
      message(
          R"({"loss": "mse", "notes": {}, "cases": [{"slug": "a", "comment": "b", "flags": ["Nobody"], "inputs": {}}]})")
          .find("flag \"Nobody\" has no note"),
      std::string::npos);
}

}  // namespace
}  // namespace assay
