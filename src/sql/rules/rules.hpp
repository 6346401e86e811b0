#pragma once

#include <array>
#include <string_view>

#include "bind/binder.hpp"
#include "tree.hpp"

namespace crossfade::sql::rules {

/// One rewrite of a bound tree into what SQLite can say. Each is one file; its example is its test and its documentation.
struct Rule { std::string_view name, example_in, example_out; };

/// A scalar subquery of several rows is 21000; SQLite would take the first.
void single_row(Subquery& subquery, const OutputItem& column);
/// The same of a SELECT of several columns, which are assigned together.
void single_row(Subquery& subquery);
/// And one row of NULLs where it gives none.
void one_row(Subquery& subquery);
extern const Rule kSingleRow;

/// DELETE … USING: SQLite knows no other tables in a DELETE.
model::Result<void> delete_using(Delete& statement, const plan::Table& table);
extern const Rule kDeleteUsing;

/// SQLite's number of a row, as a column of the table printed as `qualifier`. Not of every table: WITHOUT ROWID has none, and a
/// column of that name hides it.
bool has_row_number(const plan::Table& table);
Expression row_number(std::string qualifier);

/// now() and the like as text that SQLite's own functions make, for what is persisted in the file. nullopt: there is none.
std::optional<std::string> persisted_default(const Expression& unbound, const plan::StoredForm& form);
extern const Rule kPersistedDefault;
/// What a column's default in the file stands for when it is one of persisted_default's moments: PostgreSQL's now() is that of the
/// transaction, in its TimeZone and to the microsecond, so a statement through the proxy says it itself.
std::optional<Expression> moment_default(const plan::Column& column);

inline const std::array<const Rule*, 3> kRules{&kSingleRow, &kDeleteUsing, &kPersistedDefault};

}  // namespace crossfade::sql::rules
