#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/compare/compare.hpp"
#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// How far a table is: rows of either side compared, of about how many (0: not known).
struct VerifyProgress { std::string_view table; std::int64_t rows = 0, about = 0; };

struct VerifyOptions {
  std::size_t examples = 20;        // of each table; all are counted
  std::vector<std::string> tables;  // PostgreSQL's names; empty: all
  std::function<void(const VerifyProgress&)> progress;  // now and then
  std::vector<std::string> postgres_only;  // columns ("t.c") that PostgreSQL alone is to have: no problem, and their tables' rows are compared
  plan::TargetSchema schema = plan::TargetSchema::drafted;  // existing: columns that only PostgreSQL has are none of the plan's
};

/// A row that only one side has, or a value that differs.
struct RowDifference {
  enum class Kind : std::uint8_t { only_sqlite, only_postgres, value } kind = Kind::value;
  model::Row key;                // in the order of Table::key(); the whole row of a keyless table
  std::string key_text;          // "(17)", "('a', 3)"
  std::string column;            // of a value
  std::string sqlite, postgres;  // its two sides as PostgreSQL's text; "NULL"
};

struct TableVerify {
  std::string table;
  bool keyless = false;  // compared as a multiset of rows
  std::int64_t sqlite_rows = 0, postgres_rows = 0, values = 0;
  std::int64_t only_sqlite = 0, only_postgres = 0, different_rows = 0;
  std::int64_t quarantined = 0;  // rows that the plan puts aside: not counted as missing
  std::vector<RowDifference> examples;
  std::chrono::milliseconds elapsed{0};
};

struct VerifyReport {
  std::vector<TableVerify> tables;
  std::vector<std::string> problems;  // a sequence behind its column, an index or constraint that is not there, a type that differs
  std::vector<std::string> notes;     // of an existing schema: objects of the file that have no equal in PostgreSQL; no differences
  std::chrono::milliseconds elapsed{0};
  std::int64_t differences() const;
  /// false: exit code 3.
  bool equal() const { return differences() == 0 && problems.empty(); }
};

/// Compares every value of every table. `source` stands in a read transaction and `target` in a REPEATABLE READ one, so that it runs on
/// a pair as well. Rows are merged in key order; keys whose stored order is not their order, and keyless tables, are compared by
/// hashes held in memory (about 60 bytes a row). Errors: the engines' own; a difference is no error.
model::Result<VerifyReport> verify(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                   const VerifyOptions& options = {});
/// The verb: opens its own two snapshots. Errors: 42P01 for a name in `options.tables` that is no table of the file.
model::Result<VerifyReport> verify(const std::filesystem::path& file, const postgres::Conninfo& target, const plan::Plan& plan,
                                   const VerifyOptions& options = {});

/// What `verify --repair` did, and what is left.
struct RepairReport {
  VerifyReport before, after;
  std::vector<std::string> made;    // objects made again, sequences primed
  std::vector<std::string> failed;  // "table t: …", with the reason
  std::int64_t rows = 0;            // written or deleted
};
/// Makes PostgreSQL's rows and objects those of the file, and verifies again. Only rows that were found different are touched, by their keys
/// (without a key: one row of the same values), under replica role where that is granted, so that neither triggers nor cascades change more.
/// Errors: 55000 for a mirrored pair (its own REPAIR marks the keys dirty); the engines' own.
model::Result<RepairReport> repair(const std::filesystem::path& file, const postgres::Conninfo& target, const plan::Plan& plan,
                                   const VerifyOptions& options = {});

/// One side of `compare -c`.
struct SideOutcome { model::Result<model::ResultSet> result; std::chrono::microseconds elapsed{0}; };
struct StatementComparison {
  std::string fingerprint;
  std::string sqlite_text;  // what SQLite ran
  bool volatile_functions = false;  // random(), nextval() …: a difference says nothing
  SideOutcome sqlite, postgres;
  compare::Differences differences;
};
/// Runs one statement on both: translated on SQLite, verbatim on PostgreSQL, each in a READ ONLY transaction. Errors: 42601 for several
/// statements or none, 25006 for one that writes; what a side answers is its outcome, not an error.
model::Result<StatementComparison> compare_statement(sqlite::Database& database, postgres::Connection& target, std::string_view sql,
                                                     const compare::Options& options = {});

}  // namespace crossfade::migrate
