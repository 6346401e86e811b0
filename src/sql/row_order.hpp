#pragma once

#include <cstdint>
#include <optional>

#include "crossfade/plan/schema.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// What a query leaves open, in which two servers may differ though both are right. `query` as it was read, not bound.
struct RowOrder {
  /// A row may be another one: LIMIT in a subquery over an order with ties, DISTINCT ON likewise, a view that holds such a thing, or a
  /// value of a WITH item or of FROM that depends on an order that is not fixed.
  bool open = false;
  bool cut = false;                         // the outermost LIMIT or OFFSET, over an order with ties
  std::optional<std::int64_t> limit;        // where nothing but this number cuts: fewer rows than that are all
  std::optional<std::uint16_t> limit_parameter;  // likewise, of this parameter
};

/// Marks the outermost result's columns whose values depend on an order that is not fixed (string_agg and its like without an ORDER BY that leaves
/// no ties, row_number and its like over such an order, a scalar subquery with LIMIT). An order is fixed where a key of each relation is
/// ordered by, equal to a constant or to a column that is known so far; that of groups, where all of GROUP BY is.
RowOrder row_order(Query& query, const plan::Schema& schema);

}  // namespace crossfade::sql
