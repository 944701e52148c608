// A campaign: a budget split into strands, parts that join to the whole, a journal from which a killed run
// goes on.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tools/audit/journal.hpp"
#include "tools/audit/run.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::audit {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() : path(fs::path(testing::TempDir()) / ("campaign_" + std::to_string(getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

RunOptions small(std::int64_t cases = 700) {
  RunOptions out;
  out.selection = {{"mse"}, {Dtype::f32}};
  out.budget = {.cases = cases, .seconds = 0};
  out.declared = true;
  return out;
}

Campaign audited(const RunOptions& how) {
  return run(how, [] { return kernel_testee(); });
}

std::string told(Campaign campaign) {
  campaign.seconds = 0;
  for (auto& [number, result] : campaign.results) result.seconds = 0;
  return dump_json(to_json(campaign));
}

TEST(Budgets, AreCasesOrSeconds) {
  EXPECT_EQ(budget_named("20000cases").cases, 20000);
  EXPECT_EQ(budget_named("60s").seconds, 60);
  EXPECT_EQ(budget_named("30m").seconds, 1800);
  EXPECT_EQ(budget_named("2h").seconds, 7200);
  for (const char* bad : {"", "60", "cases", "-5s", "0s", "1.5cases", "60 s", "1e20cases", "infs", "nan s"})
    EXPECT_THROW(budget_named(bad), UsageError) << bad;
}

TEST(Budgets, AreSpentToTheLastCase) {
  const std::vector<Cell> all = cells(everything({"x", "1", "c++"}), select({}, {}), {});
  ASSERT_GT(all.size(), 500u);
  for (const std::int64_t cases : {1, 63, 64, 1000, 20'000, 100'000, 1'000'001, 50'000'000}) {
    const std::size_t count = strand_count(cases, all.size());
    std::int64_t sum = 0;
    int least = 1 << 30, most = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int each = strand_plan(i, all, cases, 1).cases;
      sum += each, least = std::min(least, each), most = std::max(most, each);
    }
    EXPECT_EQ(sum, cases);
    EXPECT_LE(most - least, 1) << "spread fairly";
  }
}

TEST(Budgets, GoEverywhereOnceBeforeAnywhereTwice) {
  const std::vector<Cell> all = cells(everything({"x", "1", "c++"}), select({}, {}), {});
  std::set<std::string> names, first_losses;
  for (const Cell& each : all) EXPECT_TRUE(names.insert(name(each)).second) << name(each);
  for (std::size_t i = 0; i < 2 * catalogue().size(); ++i)
    first_losses.insert(std::string(strand_plan(i, all, 1'000'000, 1).cell.record->name));
  EXPECT_EQ(first_losses.size(), catalogue().size()) << "the everyday value of each loss comes first";
  EXPECT_NE(strand_plan(0, all, 1'000'000, 1).seed, strand_plan(all.size(), all, 1'000'000, 1).seed);
}

TEST(Parts, JoinToTheWhole) {
  const Campaign whole = audited(small());
  Campaign joined;
  std::vector<Shard> present;
  for (int index = 1; index <= 3; ++index) {
    RunOptions how = small();
    how.shard = {index, 3};
    // By way of the file.
    Campaign part = campaign_from_json(parse_json(dump_json(to_json(audited(how)))));
    present.push_back(part.task.shard);
    if (index == 1) {
      joined = part;
      continue;
    }
    EXPECT_TRUE(belong_together(joined.task, part.task));
    EXPECT_NE(missing(joined, present), "");
    for (auto& [number, result] : part.results) EXPECT_TRUE(joined.results.emplace(number, result).second);
  }
  EXPECT_EQ(missing(joined, present), "");
  joined.task.shard = {};
  EXPECT_EQ(told(joined), told(whole));
}

TEST(Parts, SayWhatIsMissing) {
  RunOptions how = small();
  how.shard = {2, 3};
  Campaign part = audited(how);
  const std::string absent = missing(part, {{2, 3}});
  EXPECT_NE(absent.find("shard 1/3 is missing: strands 0, 3"), std::string::npos) << absent;
  EXPECT_NE(absent.find("shard 3/3 is missing"), std::string::npos) << absent;
  part.results.erase(4);
  EXPECT_NE(missing(part, {{2, 3}}).find("shard 2/3 is incomplete: strands 4 of"), std::string::npos);
  how.seed = 2;
  EXPECT_FALSE(belong_together(part.task, audited(how).task));
}

TEST(Parts, ThatAreNoneAreRefused) {
  const std::string good = dump_json(to_json(audited(small(64))));
  EXPECT_NO_THROW(campaign_from_json(parse_json(good)));
  const auto without = [&](std::string_view what, std::string_view instead) {
    std::string bad = good;
    const std::size_t at = bad.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return bad.replace(at, what.size(), instead);
  };
  for (const std::string& bad :
       {without("\"seed\":", "\"sead\":"), without("\"strand\":", "\"strang\":"),
        without("\"regime\":\"", "\"regime\":\"un"), without("\"shard\":\"1/1\"", "\"shard\":\"0/1\""),
        std::string("{}"), std::string("[]"), std::string("7")})
    EXPECT_THROW(campaign_from_json(parse_json(bad)), std::runtime_error) << bad.substr(0, 80);
}

TEST(Journals, LetAKilledRunGoOn) {
  const Folder folder;
  RunOptions how = small();
  how.journal = folder.path / "journal";
  const std::string whole = told(audited(how));
  const std::string all = read_file(how.journal);
  // Killed in the middle of a line: that strand is run again, the others are not.
  const std::size_t third = all.find('\n', all.find('\n', all.find('\n') + 1) + 1);
  write_file(how.journal, all.substr(0, third + 40));
  std::size_t asked = 0;
  struct Counting : Testee {
    explicit Counting(std::size_t& to) : count(to), inner(kernel_testee()) {}
    const Handshake& handshake() override { return inner->handshake(); }
    void ask(Asker& asker) override {
      std::size_t number = 0;
      while (const std::optional<Case> c = asker.next()) {
        ++count;
        asker.answered(number++, kernel_answer_of(*c));
      }
    }
    Answer kernel_answer_of(const Case& c) {
      Answer out;
      inner->ask(
          {c}, [&](std::size_t, Answer a) { out = std::move(a); }, [](std::size_t, const Finding&) {});
      return out;
    }
    std::vector<Finding> finish() override { return {}; }
    std::size_t& count;
    std::unique_ptr<Testee> inner;
  };
  Campaign resumed = run(how, [&] { return std::make_unique<Counting>(asked); });
  EXPECT_EQ(told(resumed), whole);
  EXPECT_GT(asked, 100u);
  EXPECT_LT(asked, 640u) << "what is in the journal is not asked again";
  // Complete now: nothing is asked.
  asked = 0;
  EXPECT_EQ(told(run(how, [&] { return std::make_unique<Counting>(asked); })), whole);
  EXPECT_EQ(asked, 0u);
}

TEST(Journals, OfAnotherAuditAreRefused) {
  const Folder folder;
  RunOptions how = small(64);
  how.journal = folder.path / "journal";
  audited(how);
  const std::string before = read_file(how.journal);
  how.seed = 9;
  try {
    audited(how);
    FAIL() << "not refused";
  } catch (const UsageError& e) {
    EXPECT_NE(std::string(e.what()).find("seed was 1, and is 9 now"), std::string::npos) << e.what();
  }
  EXPECT_EQ(read_file(how.journal), before) << "and left alone";
  write_file(how.journal, "not a journal\n");
  EXPECT_THROW(audited(how), CodecError);
}

TEST(Journals, ThatCannotBeWrittenAreRefusedBeforeTheWork) {
  RunOptions how = small(64);
  how.journal = "/nonexistent/folder/journal";
  EXPECT_THROW(audited(how), FileError);
  how.journal = "/dev/full/journal";
  EXPECT_THROW(audited(how), FileError);
}

TEST(Campaigns, EndWhenTheyAreTold) {
  std::atomic<bool> stop{true};
  RunOptions how = small(1'000'000);
  how.stop = &stop;
  const Campaign campaign = audited(how);
  EXPECT_TRUE(campaign.interrupted);
  EXPECT_LT(campaign.results.size(), campaign.task.strands);
}

TEST(Campaigns, InSecondsStartNoStrandWhenTheyAreSpent) {
  RunOptions how = small();
  how.budget = budget_named("0.3s");
  const Campaign campaign = audited(how);
  EXPECT_GT(campaign.results.size(), 0u);
  EXPECT_LT(campaign.seconds, 20);
  EXPECT_EQ(campaign.task.strands, 0u) << "which belong to no campaign of several machines";
}

}  // namespace
}  // namespace assay::audit
