#include "reference/graph/row.hpp"

#include <stdexcept>
#include <string>

namespace assay::reference {

const Layout& Row::layout(std::string_view name) const {
  for (const Layout& each : inputs_.layouts)
    if (each.name == name) return each;
  throw std::logic_error("the formula of " + std::string(inputs_.record().name) + " asks for \"" +
                         std::string(name) + "\", which its record does not have or the case leaves out");
}

std::size_t Row::offset(const Layout& l) const {
  if (l.modulus) return static_cast<std::size_t>(index_ % l.modulus);
  const std::int64_t second = inputs_.second_extent;
  return static_cast<std::size_t>(index_ / second * l.row_strides[0] + index_ % second * l.row_strides[1]);
}

Real Row::operator()(std::string_view name) const {
  for (const Layout& each : inputs_.layouts)
    if (each.name == name) return (*each.leaves)[offset(each)];
  if (const auto real = inputs_.reals.find(name); real != inputs_.reals.end()) return real->second;
  return (*layout(name).leaves)[0];
}

Vector Row::row(std::string_view name) const {
  const Layout& l = layout(name);
  const auto count = static_cast<std::size_t>(l.extents.at(0)),
             stride = static_cast<std::size_t>(l.strides[0]);
  const std::size_t first = offset(l);
  Vector result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = (*l.leaves)[first + i * stride];
  return result;
}

const Vector& Row::list(std::string_view name) const { return inputs_.lists.find(name)->second; }

std::vector<Vector> Row::matrix(std::string_view name) const {
  const Layout& l = layout(name);
  std::vector<Vector> result(static_cast<std::size_t>(l.extents.at(0)));
  for (std::size_t i = 0; i < result.size(); ++i)
    for (std::int64_t j = 0; j < l.extents.at(1); ++j)
      result[i].push_back((*l.leaves)[offset(l) + i * static_cast<std::size_t>(l.strides[0]) +
                                      static_cast<std::size_t>(j * l.strides[1])]);
  return result;
}

bool Row::has(std::string_view name) const {
  for (const Layout& each : inputs_.layouts)
    if (each.name == name) return true;
  return false;
}

std::int64_t Row::index(int axis) const {
  return axis == 0 ? index_ / inputs_.second_extent : index_ % inputs_.second_extent;
}

Row Row::at(std::int64_t first, std::int64_t second) const {
  return {inputs_, first * inputs_.second_extent + second};
}

std::int64_t Row::extent(char axis) const {
  for (const Input& input : inputs_.record().inputs)
    if (const auto k = input.axes.position(axis)) return extents(*inputs_.question, input)[*k];
  throw std::logic_error("no input of " + std::string(inputs_.record().name) + " has the axis " + axis);
}

std::int64_t Row::label(std::string_view name) const {
  const Layout& l = layout(name);
  return (*l.integers)[offset(l)];
}

std::vector<std::int64_t> Row::labels(std::string_view name) const {
  const Layout& l = layout(name);
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < l.extents.at(0); ++i)
    result.push_back((*l.integers)[offset(l) + static_cast<std::size_t>(i * l.strides[0])]);
  return result;
}

std::vector<std::size_t> Row::list_of_labels(std::string_view name) const {
  std::vector<std::size_t> result;
  for (std::int64_t label : labels(name)) {
    if (label == -1) break;
    result.push_back(static_cast<std::size_t>(label));
  }
  return result;
}

std::vector<bool> Row::zeros(std::string_view name) const {
  std::vector<bool> result;
  for (Real each : row(name)) {
    const Node& n = Graph::current().nodes[static_cast<std::size_t>(each.index())];
    result.push_back(n.op == Op::number && n.number == 0);
  }
  return result;
}

bool Row::flag(std::string_view name) const {
  return std::get<bool>(inputs_.question->parameters.at(std::string(name)));
}

std::int64_t Row::whole(std::string_view name) const {
  return std::get<std::int64_t>(inputs_.question->parameters.at(std::string(name)));
}

bool Row::equals(std::string_view name, std::int64_t whole) const {
  return std::get<double>(inputs_.question->parameters.at(std::string(name))) == static_cast<double>(whole);
}

Real Row::rounded(std::int64_t numerator, std::int64_t denominator) const {
  const double quotient = static_cast<double>(numerator) / static_cast<double>(denominator);
  return number(round_to(inputs_.question->dtype, quotient));
}

const Format& Row::format() const { return assay::format(inputs_.question->dtype); }

Real Row::number(double exact) const { return Graph::current().add(Op::number, -1, -1, 1, exact); }

bool Row::averaged() const { return inputs_.question->reduction == Reduction::mean; }

std::string_view Row::text(std::string_view name) const {
  return std::get<std::string>(inputs_.question->parameters.at(std::string(name)));
}

void Row::normalized_by(const Vector& row, Real length) const {
  for (Real each : row) inputs_.normalizers.emplace(each.index(), length);
}

Vector Row::direction(const Vector& v) const {
  normalized_by(v, norm(v));
  return normalized(v);
}

}  // namespace assay::reference
