// What a record is made of: axes strings, lists, and that the compiler refuses what is malformed.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "losses/catalogue/catalogue.hpp"

namespace assay {
namespace {

using Shape = std::array<std::int64_t, 3>;

// A constant evaluation of each: what follows runs while it is compiled.
static_assert(Axes(".C").has_leading() && Axes(".C").letters() == "C" && !Axes("CD").has_leading());
static_assert(Axes(".C").position('C') == 1 && !Axes(".C").position('D') && Axes(".C").contains('.'));
static_assert(Axes(".").admits(0) && Axes(".").admits(5) && Axes(".C").admits(1) && !Axes(".C").admits(0));
static_assert(Axes("").admits(0) && !Axes("").admits(1) && Axes("SUD").admits(3) && !Axes("SUD").admits(2));
static_assert(Axes(".C").folded(std::array<std::int64_t, 3>{2, 3, 4}) == Shape{6, 4, 1});
static_assert(Axes(".C").folded(std::array<std::int64_t, 1>{4}) == Shape{1, 4, 1});
static_assert(Axes(".").folded(std::array<std::int64_t, 2>{2, 0}) == Shape{0, 1, 1});
static_assert(Axes(".").folded({}) == Shape{1, 1, 1} && Axes("").folded({}) == Shape{1, 1, 1});
static_assert(Axes("SUD").folded(std::array<std::int64_t, 3>{2, 3, 4}) == Shape{2, 3, 4});
static_assert(Axes("").well_formed() && Axes(".").well_formed() && Axes(".CD").well_formed());
static_assert(!Axes("C.").well_formed() && !Axes("..").well_formed() && !Axes("c").well_formed() &&
              !Axes("SUDC").well_formed());

// A class weight of an element-wise loss goes along the last axis of the others, that of a row-wise one does
// not: there the logits have the letter.
static_assert(facts<BinaryCrossEntropyWithLogits>.along_last_leading('C'));
static_assert(!facts<Nll>.along_last_leading('C') && !facts<InfoNce>.along_last_leading('M'));
static_assert(facts<Softmax>.row_axes() == "." && facts<LogSumExp>.row_axes() == "." &&
              facts<Ge2e>.row_axes() == "SU" && facts<Sigmoid>.row_axes() == ".");

TEST(Axes, AreTheSameByTheirText) {
  const std::string text = ".C";
  EXPECT_EQ(Axes(std::string_view(text)), ".C");
  EXPECT_NE(Axes(std::string_view(text)), ".");
}

TEST(BoundedList, HoldsWhatItIsGivenAndNoMore) {
  const BoundedList<int, 3> none, three{1, 2, 3};
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(std::vector<int>(three.begin(), three.end()), (std::vector{1, 2, 3}));
  EXPECT_THROW((BoundedList<int, 3>{1, 2, 3, 4}), std::length_error);
}

// Each fault in an otherwise good record. All but those of parameters, which an edit of a record reaches in
// conditions and promises alone.
TEST(Records, AreRefusedForEachFault) {
  struct Edit {
    Fault fault;
    std::function<void(Facts&)> of;
  };
  const Facts good = facts<Huber>;
  ASSERT_EQ(fault_of(good), Fault::none);
  const auto with_input = [&](auto change) {
    return [=](Facts& f) {
      Input input = good.inputs[0];
      change(input);
      f.inputs = {input, good.inputs[1]};
    };
  };
  const Domain count{.kind = Domain::Kind::length, .text = "a count"};
  const Edit edits[] = {
      {Fault::name, [](Facts& f) { f.name = "Huber"; }},
      {Fault::name, [](Facts& f) { f.name = ""; }},
      {Fault::text, [](Facts& f) { f.title = ""; }},
      {Fault::text, [](Facts& f) { f.scale = ""; }},
      {Fault::source, [](Facts& f) { f.source.link = ""; }},
      {Fault::inputs, [](Facts& f) { f.inputs = {}; }},
      {Fault::inputs,
       [&](Facts& f) {
         f.inputs = {good.inputs[1], good.inputs[1]};
       }},
      {Fault::inputs, with_input([](Input& in) { in.optional = true; })},
      {Fault::input, with_input([](Input& in) { in.name = "cotangent"; })},
      {Fault::input, with_input([](Input& in) { in.domain.text = ""; })},
      {Fault::input, with_input([&](Input& in) { in.domain = count; })},
      {Fault::axes, with_input([](Input& in) { in.axes = "C."; })},
      {Fault::axes, [](Facts& f) { f.output = "n"; }},
      {Fault::origin, with_input([](Input& in) { in.partner = ""; })},
      {Fault::origin, with_input([](Input& in) { in.partner = "nobody"; })},
      {Fault::lengths, with_input([](Input& in) { in.lengths = "target"; })},
      {Fault::axis_rule, [](Facts& f) { f.axis_rules = {{.axis = 'N', .multiple = 0, .text = "even"}}; }},
      {Fault::instead,
       [](Facts& f) {
         f.instead = {{"nobody", "delta", 0, 1, domain::finite}};
       }},
      {Fault::instead,
       [](Facts& f) {
         f.instead = {{"target", "delta", 1, 0, domain::finite}};
       }},
      {Fault::promise,
       [](Facts& f) {
         f.promises = {{Property::convex, "nobody"}};
       }},
      {Fault::promise,
       [](Facts& f) {
         f.promises = {{Property::lipschitz, "target"}};
       }},
      {Fault::promise,
       [](Facts& f) {
         f.promises = {{Property::symmetric, "target"}};
       }},
      {Fault::convention,
       [](Facts& f) {
         f.conventions = {{"rounded", "", "", ""}};
       }},
      {Fault::accuracy, [](Facts& f) { f.accuracy.f32.ulp = .25; }},
  };
  for (const Edit& each : edits) {
    Facts record = good;
    each.of(record);
    EXPECT_EQ(fault_of(record), each.fault) << "edit " << &each - edits;
  }
}

}  // namespace

// Structs of which one thing each is wrong.
namespace malformed {
struct Named {
  double delta = 1;
};
struct OutOfDomain {
  double delta = -1;
};
struct Constructed {
  constexpr Constructed() {}
};
struct Promised {
  double delta = 1;
};
}  // namespace malformed
template <>
inline constexpr Facts facts<malformed::Named> = facts<Huber>;
template <>
inline constexpr std::array parameters<malformed::Named>{
    Parameter{"Delta", &malformed::Named::delta, domain::positive}};
template <>
inline constexpr Facts facts<malformed::OutOfDomain> = facts<Huber>;
template <>
inline constexpr std::array parameters<malformed::OutOfDomain>{
    Parameter{"delta", &malformed::OutOfDomain::delta, domain::positive}};
template <>
inline constexpr Facts facts<malformed::Constructed> = facts<Mse>;
template <>
inline constexpr Facts facts<malformed::Promised> = facts<Huber>;
template <>
inline constexpr std::array parameters<malformed::Promised>{
    Parameter{"beta", &malformed::Promised::delta, domain::positive}};
static_assert(fault_of<Huber>() == Fault::none);
static_assert(fault_of<malformed::Named>() == Fault::parameter);
static_assert(fault_of<malformed::OutOfDomain>() == Fault::initial);
static_assert(fault_of<malformed::Constructed>() == Fault::not_an_aggregate);
static_assert(fault_of<malformed::Promised>() == Fault::promise);  // of delta, which it does not have

}  // namespace assay
