#pragma once

#include "crossfade/sql/translate.hpp"

namespace crossfade::sql {

/// SELECT … FOR UPDATE NOWAIT (and its kin), LOCK TABLE … NOWAIT: a lock that another holds is an error at once (55P03). Gives what cannot be
/// locked then, for its message; empty: the statement waits. Of the statement as parsed; inside of subqueries NOWAIT is refused by translate().
std::string fails_when_locked(const Parsed& statement);

/// VACUUM, REINDEX DATABASE and their kin, which are no part of a transaction: what PostgreSQL calls them then ("VACUUM cannot run inside a
/// transaction block"); empty for all others.
std::string runs_alone(const Parsed& statement);

/// CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY: their name; empty for all others.
std::string asks_concurrently(const Parsed& statement);
/// EXPLAIN ANALYZE of what makes a table.
bool makes_table_in_explain(const Parsed& statement);

}  // namespace crossfade::sql
