#include "tools/mechanisms/rewriting.hpp"

#include <fmt/format.h>

#include <utility>

#include "losses/catalogue/records.hpp"
#include "reference/graph/derivative.hpp"

namespace assay::mechanisms {

using reference::Graph;
using reference::Node;
using reference::Op;
using reference::Real;

Real Rewriter::copy(std::int32_t node) {
  std::int32_t& known = copies_[static_cast<std::size_t>(node)];
  if (known >= 0) return Real::at(known);
  for (const Replace replace : replacements_)
    if (const std::optional<Real> instead = replace(*this, node)) {
      changed = true;
      copies_[static_cast<std::size_t>(node)] = instead->index();
      return *instead;
    }
  return plain(node);
}

Real Rewriter::plain(std::int32_t node) {
  const Node n = at(node);
  Graph& to = Graph::current();
  Real made;
  if (is_leaf(n.op)) {
    made = to.add(n.op, -1, -1, n.whole, n.number);
  } else if (has_several_operands(n.op)) {
    reference::Vector operands;
    from.each_operand(node, [&](std::int32_t o) { operands.push_back(copy(o)); });
    made = to.add(n.op, operands);
  } else {
    const Real a = copy(n.a);
    const Real b = n.b >= 0 ? copy(n.b) : Real::at(-1);
    made = to.add(n.op, a.index(), b.index(), n.whole, n.number);
  }
  copies_[static_cast<std::size_t>(node)] = made.index();
  return made;
}

Real Rewriter::fitted() {
  if (fitted_ < 0) fitted_ = Graph::current().add(Op::number, -1, -1, 1, constant).index();
  return Real::at(fitted_);
}

std::unique_ptr<Written> written(const Case& c, const std::vector<Rewriter::Replace>& replacements,
                                 double constant) {
  const std::unique_ptr<reference::RecordedCase> r = reference::record_case(c);
  auto out = std::make_unique<Written>();
  const reference::Recording recording(out->graph);
  Rewriter w(r->graph, replacements, constant);
  for (const auto& [name, each] : r->inputs.leaves)
    for (std::size_t i = 0; i < each.size(); ++i)
      out->names[w.copy(each[i].index()).index()] = each.size() == 1 ? name : fmt::format("{}[{}]", name, i);
  for (const auto& [name, each] : r->inputs.reals) out->names[w.copy(each.index()).index()] = name;
  // A leaf that nothing is computed from has a gradient too: 0.
  std::map<std::string, std::vector<Real>> leaves;
  for (const std::string& name : c.wrt)
    for (const Real leaf : r->inputs.leaves.find(name)->second) leaves[name].push_back(w.copy(leaf.index()));
  std::vector<std::pair<Real, Real>> outputs;
  for (std::size_t i = 0; i < r->values.size(); ++i) {
    outputs.emplace_back(w.copy(r->values[i].index()), w.copy(r->seeds[i].index()));
    out->values.push_back(outputs.back().first.index());
  }
  out->changed = w.changed;
  out->constant = w.fitted_node();
  if (c.wrt.empty()) return out;
  const std::vector<Real> adjoints = reference::differentiate(out->graph, outputs);
  for (const auto& [name, each] : leaves)
    for (const Real leaf : each)
      out->gradient[name].push_back(adjoints[static_cast<std::size_t>(leaf.index())].index());
  return out;
}

std::vector<std::int32_t> summands(const Graph& graph, std::int32_t node) {
  std::vector<std::int32_t> out;
  std::vector<std::int32_t> left{node};
  while (!left.empty()) {
    const std::int32_t at = left.back();
    left.pop_back();
    const Node& n = graph.nodes[static_cast<std::size_t>(at)];
    if (n.op == Op::add) {
      left.push_back(n.b);
      left.push_back(n.a);
    } else {
      out.push_back(at);
    }
  }
  return out;
}

std::string formula_text(const Written& formula, std::int32_t node, int depth) {
  const Node& n = formula.graph.nodes[static_cast<std::size_t>(node)];
  const auto sub = [&](std::int32_t o) { return formula_text(formula, o, depth - 1); };
  const auto call = [&](const char* name) { return fmt::format("{}({})", name, sub(n.a)); };
  const auto between = [&](const char* sign) { return fmt::format("({} {} {})", sub(n.a), sign, sub(n.b)); };
  if (const auto named = formula.names.find(node); named != formula.names.end()) return named->second;
  if (n.op == Op::whole) return fmt::format("{}", n.whole);
  if (n.op == Op::number) return fmt::format("{:.4g}", n.number);
  if (n.op == Op::pi) return "pi";
  if (depth == 0) return "...";
  switch (n.op) {
    case Op::add:
      return between("+");
    case Op::sub:
      return between("-");
    case Op::mul:
    case Op::weigh:
    case Op::chain:
      return between("*");
    case Op::div:
    case Op::normal:
    case Op::overlap:
    case Op::mean:
    case Op::unit:
      return between("/");
    case Op::power:
      return between("^");
    case Op::neg:
      return fmt::format("-{}", sub(n.a));
    case Op::stop_gradient:
      return sub(n.a);
    case Op::exp:
      return call("exp");
    case Op::log:
      return call("log");
    case Op::sqrt:
      return call("sqrt");
    case Op::cosh:
      return call("cosh");
    case Op::sinh:
      return call("sinh");
    case Op::cos:
      return call("cos");
    case Op::sin:
      return call("sin");
    case Op::abs:
      return call("abs");
    case Op::sign:
      return call("sign");
    case Op::positive:
      return fmt::format("max(0, {})", sub(n.a));
    case Op::step:
      return call("step");
    case Op::share:
      return call("share");
    case Op::normal_slope:
    case Op::mean_slope:
      return fmt::format("(1 / {})", sub(n.a));
    case Op::xlogy:
      return fmt::format("({} * log({}))", sub(n.a), sub(n.b));
    case Op::divergence:
      return fmt::format("({0} * log({0} / {1}))", sub(n.a), sub(n.b));
    case Op::log_ratio:
      return fmt::format("log({} / {})", sub(n.a), sub(n.b));
    case Op::maximum:
      return "max(...)";
    case Op::norm:
      return "norm(...)";
    case Op::where:
      return "where(...)";
    case Op::whole:
    case Op::number:
    case Op::stand_in:
    case Op::pi:
      break;
  }
  return "...";
}

}  // namespace assay::mechanisms
