#pragma once

#include "crossfade/plan/schema.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// Whether a value or a row of the result may depend on an order of rows that the statement does not fix, and in which two servers differ
/// though both are right: string_agg and its like without an ORDER BY that leaves no ties, row_number and its like over such an order, LIMIT
/// in a subquery, DISTINCT ON, a view that holds one of these. Not the outermost LIMIT (Translated::cut). `query` as it was read, not bound.
bool leaves_order_open(const Query& query, const plan::Schema& schema);

}  // namespace crossfade::sql
