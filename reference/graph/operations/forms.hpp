// An operation is an Operation<op> with these forms, side by side in one of the files beside this one:
//
//   enclose(BallStep)         its value in balls, of operands that are real numbers
//   enclose_edge(EdgeStep)    the same, where some operand is infinite: the rules at the edge
//   differentiate(SlopeStep)  its derivative, recorded
//   propagate(SensitivityStep)  how far it moves with its operands
//   exact(ExactStep)          its value as an exact form, where it has one
//   point(PointStep<N>)       its value by another library, for the second opinion
//   point_edge(PointStep<N>)  the same, where one of at most two operands is infinite
//
// Engines call them through visit (operation.hpp); what is missing fails to compile, by name.
#pragma once

#include "reference/graph/operations/ball_step.hpp"
#include "reference/graph/operations/exact_step.hpp"
#include "reference/graph/operations/point_step.hpp"
#include "reference/graph/operations/sensitivity_step.hpp"
#include "reference/graph/operations/slope_step.hpp"

namespace assay::reference {

template <Op op>
struct Operation;

/// For an operation none of whose operands is ever infinite: they are probabilities, or the formulas that
/// have it admit no infinity.
struct WithoutInfinities {
  static void enclose_edge(const EdgeStep&) {}
};

/// For an operation that the second opinion need not follow to infinity: what is only out of its range says
/// nothing against the balls.
struct PointsLeaveAtInfinity {
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.state = PointState::out_of_range;
  }
};

/// For an operation whose derivative is 0 wherever it has one.
struct PiecewiseConstant {
  static void differentiate(const SlopeStep&) {}
  static void propagate(SensitivityStep&) {}
};

}  // namespace assay::reference
