// A certificate without decimals says the same as one with them, and balls of doubles hold what Arb's hold.
#include <gtest/gtest.h>

#include <array>

#include "reference/engines/ball_engine.hpp"
#include "reference/engines/double_engine.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "tests/reference/agreement.hpp"
#include "tools/cases/case_source.hpp"

namespace assay::tests {
namespace {

TEST(QuickCertificates, AgreeWithThoseThatHaveDigits) {
  for (const Record& record : catalogue())
    for (std::int64_t i = 0; i < 4; ++i) {
      const Case c = random_case(record, dtypes[static_cast<std::size_t>(i) % dtypes.size()], 23, i).question;
      EXPECT_EQ(disagreement(c), "") << witness(c);
    }
}

// Node by node, whatever the operation: what Arb encloses at 400 bits must reach into the ball of doubles.
TEST(BallsOfDoubles, HoldTheExactNumberOfEveryNode) {
  std::array<std::int64_t, 64> known{};
  for (const Record& record : catalogue())
    for (std::int64_t i = 0; i < 24; ++i) {
      const Case c = random_case(record, dtypes[static_cast<std::size_t>(i) % dtypes.size()], 29, i).question;
      const reference::RecordedGradients gradients(c);
      const reference::Graph& graph = gradients.recorded->graph;
      reference::Descent descent(graph);
      const auto nodes = descent.towards(gradients.roots.nodes);
      reference::BallEngine exact(graph);
      reference::DoubleEngine quick(graph);
      exact.evaluate(400, nodes);
      quick.evaluate(nodes);
      for (const std::int32_t node : nodes) {
        const reference::DoubleBall& got = quick.ball(node);
        if (!got.known()) continue;
        const auto op = static_cast<std::size_t>(graph.nodes[static_cast<std::size_t>(node)].op);
        ++known.at(op);
        ASSERT_EQ(exact.special(node), reference::Special::none)
            << "operation " << op << " of " << witness(c);
        reference::Ball ball;
        arb_set_d(ball, got.mid);
        mag_set_d(arb_radref(static_cast<arb_ptr>(ball)), got.rad);
        ASSERT_TRUE(arb_overlaps(ball, exact.ball(node)))
            << fmt::format("operation {}: {:a} +- {:a} of {}", op, got.mid, got.rad, witness(c));
      }
    }
  for (const reference::OperationFacts& each : reference::operation_table::rows)
    EXPECT_TRUE(each.op == reference::Op::stand_in || known.at(static_cast<std::size_t>(each.op)) > 0)
        << "no ball of operation " << static_cast<int>(each.op);
}

}  // namespace
}  // namespace assay::tests
