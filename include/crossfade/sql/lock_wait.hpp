#pragma once

#include "crossfade/sql/translate.hpp"

namespace crossfade::sql {

/// SELECT … FOR UPDATE NOWAIT (and its kin): a lock that another holds is an error at once (55P03). Of the statement as parsed; inside
/// of subqueries NOWAIT is refused by translate().
bool fails_when_locked(const Parsed& statement);

}  // namespace crossfade::sql
