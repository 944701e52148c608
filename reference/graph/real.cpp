#include "reference/graph/real.hpp"

#include <algorithm>

namespace assay::reference {
namespace {
thread_local Graph* recorded = nullptr;

bool is_whole(Real x, std::int64_t wanted) {
  const Node& n = Graph::current().nodes[static_cast<std::size_t>(x.index())];
  return n.op == Op::whole && n.whole == wanted;
}
Real unary(Op op, Real x) { return Graph::current().add(op, x.index()); }
Real binary(Op op, Real a, Real b) { return Graph::current().add(op, a.index(), b.index()); }
}  // namespace

// A parameter that is 0, or a product with one: what it weighs is dropped
// already here, which spares the engines a thousand logarithms that label
// smoothing 0 multiplies away. Inputs that are 0 stay: they have gradients.
bool is_zero_constant(Real x) {
  const Node& n = Graph::current().nodes[static_cast<std::size_t>(x.index())];
  if (n.op == Op::whole) return n.whole == 0;
  if (n.op == Op::number) return n.whole == 1 && n.number == 0;
  return n.op == Op::div && is_zero_constant(Real::at(n.a));
}
Graph& Graph::current() { return *recorded; }
Recording::Recording(Graph& graph) : before_(recorded) { recorded = &graph; }
Recording::~Recording() { recorded = before_; }

Real Real::from_whole(std::int64_t whole) { return Graph::current().add(Op::whole, -1, -1, whole); }

Real Graph::add(Op op, const Vector& several) {
  const auto first = static_cast<std::int32_t>(operands.size());
  for (Real each : several) operands.push_back(each.index());
  return add(op, first, static_cast<std::int32_t>(several.size()));
}

std::vector<std::uint8_t> needed_for(const Graph& graph, std::span<const std::int32_t> roots) {
  std::vector<std::uint8_t> flags(graph.nodes.size(), 0);
  std::int32_t highest = -1;
  for (std::int32_t root : roots) {
    if (root < 0) continue;
    flags[static_cast<std::size_t>(root)] = 1;
    highest = std::max(highest, root);
  }
  for (std::int32_t i = highest; i >= 0; --i)
    if (flags[static_cast<std::size_t>(i)])
      graph.each_operand(i, [&](std::int32_t o) { flags[static_cast<std::size_t>(o)] = 1; });
  return flags;
}

bool Graph::identical(std::int32_t a, std::int32_t b, int depth) const {
  if (a == b) return true;
  if (depth == 0) return false;
  const Node& m = nodes[static_cast<std::size_t>(a)];
  const Node& n = nodes[static_cast<std::size_t>(b)];
  if (m.op != n.op || m.whole != n.whole) return false;
  if (is_leaf(m.op)) return m.number == n.number;
  if (has_several_operands(m.op)) {
    if (m.b != n.b) return false;
    for (std::int32_t i = 0; i < m.b; ++i)
      if (!identical(operands[static_cast<std::size_t>(m.a + i)], operands[static_cast<std::size_t>(n.a + i)],
                     depth - 1))
        return false;
    return true;
  }
  return identical(m.a, n.a, depth - 1) && (m.b < 0 ? n.b < 0 : n.b >= 0 && identical(m.b, n.b, depth - 1));
}

// Sums start at a recorded 0 and products at a recorded 1; leaving those out keeps graphs small. x * 0 stays:
// it is NaN where x is infinite.
Real operator+(Real a, Real b) {
  if (is_whole(a, 0)) return b;
  if (is_whole(b, 0)) return a;
  return binary(Op::add, a, b);
}
Real operator-(Real a, Real b) { return is_whole(b, 0) ? a : binary(Op::sub, a, b); }
Real operator*(Real a, Real b) {
  if (is_whole(a, 1)) return b;
  if (is_whole(b, 1)) return a;
  return binary(Op::mul, a, b);
}
Real operator/(Real a, Real b) { return is_whole(b, 1) ? a : binary(Op::div, a, b); }
Real operator-(Real a) { return unary(Op::neg, a); }
Real exp(Real x) { return unary(Op::exp, x); }
Real log(Real x) { return unary(Op::log, x); }
Real sqrt(Real x) { return unary(Op::sqrt, x); }
Real cosh(Real x) { return unary(Op::cosh, x); }
Real cos(Real x) { return unary(Op::cos, x); }
Real sin(Real x) { return unary(Op::sin, x); }
Real power(Real base, Real exponent) { return binary(Op::power, base, exponent); }
Real abs(Real x) { return unary(Op::abs, x); }
Real pi() { return Graph::current().add(Op::pi); }

Real where(AtMost condition, Real then, Real otherwise) {
  return Graph::current().add(Op::where, {condition.left, condition.right, then, otherwise});
}
Real positive_part(Real x) { return unary(Op::positive, x); }
Real maximum(const Vector& several) {
  return several.size() == 1 ? several.front() : Graph::current().add(Op::maximum, several);
}
Real minimum(const Vector& several) {
  Vector negated;
  for (Real each : several) negated.push_back(-each);
  return -maximum(negated);
}
Real norm(const Vector& v) { return Graph::current().add(Op::norm, v); }
Real sum(const Vector& v) {
  if (v.empty()) return 0;
  Real total = v.front();
  for (std::size_t i = 1; i < v.size(); ++i) total = total + v[i];
  return total;
}
Real dot(const Vector& a, const Vector& b) {
  Vector products;
  for (std::size_t i = 0; i < a.size(); ++i) products.push_back(a[i] * b[i]);
  return sum(products);
}
Vector log_softmax(const Vector& x) {
  Vector powers, result;
  for (Real each : x) powers.push_back(exp(each));
  const Real total = sum(powers);
  for (Real power : powers) result.push_back(log(power / total));
  return result;
}
Vector normalized(const Vector& v) {
  const Real length = norm(v);
  Vector result;
  for (Real each : v) result.push_back(binary(Op::normal, each, length));
  return result;
}

Real difference(Real x, Real y) {
  Graph& graph = Graph::current();
  const Real result = x - y;
  auto infinite = [&](Real r) { return graph.nodes[static_cast<std::size_t>(r.index())].op == Op::stand_in; };
  if (!infinite(x) && !infinite(y)) graph.counted.push_back(result.index());
  return result;
}
// Under one root, a rational cosine is the root of a square: vectors of one direction are seen to be.
Real cosine(const Vector& a, const Vector& b) {
  return binary(Op::normal, dot(a, b), sqrt(dot(a, a) * dot(b, b)));
}
Real stop_gradient(Real x) { return unary(Op::stop_gradient, x); }
Real overlap(Real shared, Real all) { return binary(Op::overlap, shared, all); }

Real weigh(Real coefficient, Real term) {
  if (is_zero_constant(coefficient)) return 0;
  return is_whole(coefficient, 1) ? term : binary(Op::weigh, coefficient, term);
}
Real xlogy(Real x, Real y) { return binary(Op::xlogy, x, y); }
Real divergence_term(Real p, Real q) { return binary(Op::divergence, p, q); }
Real mean_of(Real total, Real divisor) { return binary(Op::mean, total, divisor); }
Real mark(Real x) {
  Graph::current().marked.push_back(x.index());
  return x;
}

}  // namespace assay::reference
