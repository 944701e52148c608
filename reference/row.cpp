#include <algorithm>
#include <stdexcept>

#include "reference/formula.hpp"

namespace assay::reference {
namespace {

const Input& input_named(const Record& record, std::string_view name) {
  if (const Input* found = record.input(name)) return *found;
  throw std::logic_error("the formula of " + std::string(record.name) + " asks for an input \"" +
                         std::string(name) + "\" that its record does not have");
}

}  // namespace

// An axis of the input that the value has too is fixed by the row's index; the others are left. A letter that no
// '.'-input carries is the last axis that '.' stands for.
Row::Slice Row::slice(std::string_view name) const {
  const Record& record = *sheet_.record;
  const Input& input = input_named(record, name);
  const auto extent = extents(*sheet_.question, input);
  std::string_view rows = record.output;
  if (record.kind == Kind::row_wise && rows == record.inputs.front().axes) rows.remove_suffix(1);

  // The row's index along each of the value's axes.
  std::array<std::int64_t, 3> index{index_, 0, 0};
  if (rows.size() == 2) {
    for (const Input& other : record.inputs)
      if (const auto at = other.axes.find(rows[1]); at != std::string_view::npos) {
        const std::int64_t n = extents(*sheet_.question, other)[at];
        index = {index_ / n, index_ % n, 0};
        break;
      }
  }

  Slice s;
  std::int64_t stride = 1;
  for (std::size_t k = input.axes.size(); k-- > 0;) {
    const std::size_t at = rows.find(input.axes[k]);
    if (at != std::string_view::npos) {
      s.offset += index[at] * stride;
    } else if (record.kind == Kind::element_wise) {
      s.offset += index_ % extent[k] * stride;
    } else {
      s.extents.insert(s.extents.begin(), extent[k]);
      s.strides.insert(s.strides.begin(), stride);
    }
    stride *= extent[k];
  }
  return s;
}

Real Row::operator()(std::string_view name) const {
  if (const auto real = sheet_.reals.find(name); real != sheet_.reals.end()) return real->second;
  return sheet_.leaves.find(name)->second.at(static_cast<std::size_t>(slice(name).offset));
}

Vector Row::row(std::string_view name) const {
  const Slice s = slice(name);
  const Vector& all = sheet_.leaves.find(name)->second;
  Vector result;
  for (std::int64_t i = 0; i < s.extents.at(0); ++i)
    result.push_back(all[static_cast<std::size_t>(s.offset + i * s.strides[0])]);
  return result;
}

std::vector<Vector> Row::matrix(std::string_view name) const {
  const Slice s = slice(name);
  const Vector& all = sheet_.leaves.find(name)->second;
  std::vector<Vector> result;
  for (std::int64_t i = 0; i < s.extents.at(0); ++i) {
    Vector row;
    for (std::int64_t j = 0; j < s.extents.at(1); ++j)
      row.push_back(all[static_cast<std::size_t>(s.offset + i * s.strides[0] + j * s.strides[1])]);
    result.push_back(std::move(row));
  }
  return result;
}

bool Row::has(std::string_view name) const { return sheet_.question->inputs.contains(std::string(name)); }

std::int64_t Row::label(std::string_view name) const {
  return sheet_.question->inputs.find(std::string(name))->second.integer.at(
      static_cast<std::size_t>(slice(name).offset));
}

bool Row::flag(std::string_view name) const {
  return std::get<bool>(sheet_.question->parameters.at(std::string(name)));
}

std::int64_t Row::whole(std::string_view name) const {
  return std::get<std::int64_t>(sheet_.question->parameters.at(std::string(name)));
}

void Row::normalized_by(const Vector& row, Real length) const {
  for (Real each : row) sheet_.normalizers.emplace(each.index(), length);
}

}  // namespace assay::reference
