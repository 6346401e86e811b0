#pragma once

#include "tree.hpp"

namespace crossfade::sql {

/// An unbound VALUES as SELECT … UNION ALL …: SQLite loses the names of a VALUES that names columns from outside. At most 400 rows.
void values_as_selects(Query& query);

/// An unbound call by one of aggregates' names: what they read is not what a row is grouped by.
bool aggregates(const FunctionCall& call);

}  // namespace crossfade::sql
