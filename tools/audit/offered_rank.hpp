// Audits draw rows along one axis. A testee that offers other ranks gets them along as many as it takes.
#pragma once

#include "tools/cases/case_builder.hpp"
#include "tools/testees/testee.hpp"

namespace assay::audit {

/// Lays the builder's rows, whose number is settled, along leading axes so that the case has one of the ranks
/// that are offered, where it can have one: of all that are offered, each is drawn. Without any, a single row
/// is left of them.
void lay_out(CaseBuilder& builder, const Offer& offer, Random& random);

}  // namespace assay::audit
