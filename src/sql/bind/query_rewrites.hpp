#pragma once

#include "tree.hpp"

namespace crossfade::sql {

/// An unbound VALUES as SELECT … UNION ALL …: SQLite loses the names of a VALUES that names columns from outside. At most 400 rows.
void values_as_selects(Query& query);

}  // namespace crossfade::sql
