#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// Texts of the mirror's objects in the file. Persisted SQL: SQLite's built-ins and plain trigger syntax only (MIRROR 3). No I/O here.

/// One of our triggers. Other programs run it with every change of the table.
struct SqliteTrigger { std::string name, table, sql; };

/// Tables that the mirror carries, in the order of their names: ordinary ones that live in the file. (Views and virtual tables are not copied either.)
std::vector<const plan::Table*> mirrored_tables(const plan::Schema& schema);
/// The most columns that a key has: n of the journal's k1 … kn.
std::size_t journal_keys(const plan::Schema& schema);

/// `"name"`, with quotes doubled.
std::string quote_sqlite(std::string_view name);
std::string quote_sqlite_literal(std::string_view text);

/// "CREATE TABLE crossfade_journal (seq INTEGER PRIMARY KEY, t, k1, k2, nonce)" (MIRROR 1).
std::string journal_table_sql(std::size_t keys);

/// Finds the keys of the rows that a row displaces on one unique index when it is written with REPLACE (MIRROR 2): the index's own
/// expressions, collations and predicate, so that SQLite uses the index. `value_of` gives the new row's value of a column (NEW."u", ?3).
using ValueText = std::function<std::string(const plan::Column& column)>;
std::string displaced_rows(const plan::Table& table, const plan::Index& index, const ValueText& value_of);

/// Unique indexes on which a new row may displace a row of another key. (An all-BINARY primary key displaces its own key only.)
std::vector<const plan::Index*> displacing_indexes(const plan::Table& table);

/// AFTER INSERT, DELETE, UPDATE and the BEFORE triggers of displaced rows. Errors: 0A000 naming a table without a key, or an index
/// whose collation other programs do not have.
model::Result<std::vector<SqliteTrigger>> journal_triggers(const plan::Table& table);
/// Notes every row of the table.
std::string note_all_sql(const plan::Table& table);
/// BEFORE INSERT, UPDATE, DELETE … RAISE(ABORT): after the hand-over nobody writes here but the mirror. Told from the journal's triggers by
/// their last 18 characters, for a table may be called "guard".
std::vector<SqliteTrigger> guard_triggers(const plan::Table& table);

}  // namespace crossfade::migrate
