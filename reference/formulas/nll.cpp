#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Nll>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  const auto y = static_cast<std::size_t>(label);
  const Real l = in.row("log_probability")[y];
  const Real w = in.has("weight") ? in.row("weight")[y] : Real(1);
  Term term(-weigh(w, l), abs(weigh(w, l)));
  term.weight = w;
  return term;
}

}  // namespace assay::reference
