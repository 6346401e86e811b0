#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// A named object that a script makes, and verify looks for and can make again.
struct TargetObject {
  enum class Kind : std::uint8_t { constraint, index, check, foreign_key, not_null } kind;
  std::string table, name;  // PostgreSQL's; of a not_null: the column's
  std::string statement;    // makes it
  std::string columns = {}; // of a key constraint: joined by commas. It counts as there under any name: a client may have named it, or its table
};
/// pre: what is made before the rows; post: what is made after them.
enum class Section : std::uint8_t { pre, post, all };

/// The PostgreSQL schema of a file under a plan, in the order in which it is to be run.
struct SchemaScript {
  std::vector<std::string> tables;        // before the rows: the collation of text, tables with NOT NULL, defaults, identity, primary keys
  std::vector<std::string> indexes;       // after the rows: unique constraints and indexes
  std::vector<std::string> foreign_keys;  // after the rows: NO ACTION or as declared, DEFERRABLE INITIALLY IMMEDIATE
  std::vector<std::string> validations;   // of the foreign keys, when they were made NOT VALID
  std::vector<std::string> checks;        // of a copy that is final; in a mirrored one only at the switch (MIRROR 9)
  std::vector<std::string> untranslated;  // "table t: trigger x …": what does not come along, each with its reason
  std::vector<TargetObject> objects;
  /// The section's statements, one a line, the untranslated as comments: what `crossfade schema` prints.
  std::string text(Section section = Section::all) const;
};
/// `schema` carries the plan's types (sqlite::read_schema with the plan). Keyless tables have no primary key in PostgreSQL. Empty for a plan
/// whose tables the application makes.
SchemaScript schema_script(const plan::Schema& schema, const plan::Plan& plan);

struct CopyOptions {
  std::int64_t chunk_rows = 20'000;
  std::size_t chunk_bytes = 8 << 20;  // a chunk also ends when so many bytes of values were read
  enum class Backup : std::uint8_t { wanted, not_wanted } backup = Backup::not_wanted;  // wanted: refused without one (check_backup)
  int connections = 1;                // tables copied, indexes built and keys validated at the same time
  plan::TargetSchema schema = plan::TargetSchema::drafted;  // existing: a migration tool's table is emptied with its first chunk
};

struct TableCopy {
  std::string table;
  std::int64_t read = 0, written = 0;               // rows, by this and earlier runs that it goes on from
  std::int64_t nulled = 0, cast = 0, quarantined = 0;  // values made NULL, values cast, rows put aside
  std::int64_t bytes = 0;                           // of values read
  std::int64_t resumed_at = 0;                      // rows that an earlier run had copied
  std::int64_t about = 0, about_all = 0;            // rows of this table and of all, as the largest rowids have it; 0: not known
  std::chrono::milliseconds elapsed{0};
};
/// Called after every chunk, by one thread at a time.
using CopyProgress = std::function<void(const TableCopy&)>;

/// Copies one table by ranges of its rowid (WITHOUT ROWID: its primary key); each chunk and its checkpoint are one transaction of
/// `target`, so a killed run goes on after the last one. `source` is read inside the caller's transaction when there is one, else each
/// chunk has its own (only right when a journal catches up afterwards). Needs create_copy_objects.
/// Errors: 22P02/22021 naming table, column, rowid and the value in hex for a misfit under `refuse`; the engines' own.
model::Result<TableCopy> copy_table(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                    const CopyOptions& options, const CopyProgress& progress = {});

/// Schema `crossfade` with plan, chunks and quarantine, and the tables of the script; does nothing for what is there. Errors: 55000 "target is
/// not empty" with the counts in detail, when tables of those names hold rows that no copy of this plan wrote; 55000 naming both
/// hashes when another plan rules there.
model::Result<void> prepare_target(postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan,
                                   const SchemaScript& script);
/// Indexes, foreign keys (validated afterwards), checks when `final_copy`, sequences, ANALYZE. Can be repeated.
enum class Finality : std::uint8_t { mirrored, final_copy };
/// Further connections, on which indexes are built and foreign keys validated beside the first.
struct Helpers { std::optional<postgres::Conninfo> at; int connections = 1; };
model::Result<void> finish_target(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                  const SchemaScript& script, Finality finality, const Helpers& helpers = {});
/// Errors: 0A000 for a plan whose tables the application makes: they are filled by copy(), never made and never mirrored.
model::Result<void> refuse_existing(const plan::Plan& plan);
/// The verb `crossfade schema --apply`: makes what is missing of the section. Errors: refuse_existing's, prepare_target's and finish_target's.
model::Result<void> apply_schema(const std::filesystem::path& file, const postgres::Conninfo& target, const plan::Plan& plan, Section section);
/// Each identity goes on after the largest of its own value, max(column) of both sides and sqlite_sequence (MIRROR 18).
model::Result<void> prime_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema);
/// Checkpoint, rows and quarantined rows of one table go: it will be copied from the start. Where foreign keys are there already, the caller has
/// switched effects off (MIRROR 9), else rows of other tables may go with them.
model::Result<void> forget_copy(postgres::Connection& target, const plan::Table& table);

/// The plan stored by `copy` in both databases: crossfade_plan in the file, crossfade.plan in PostgreSQL.
model::Result<void> store_plan(sqlite::Connection& connection, const plan::Plan& plan);
model::Result<void> store_plan(postgres::Connection& connection, const plan::Plan& plan);
model::Result<std::optional<plan::Plan>> stored_plan(sqlite::Connection& connection);
model::Result<std::optional<plan::Plan>> stored_plan(postgres::Connection& connection);

struct CopyReport {
  std::vector<TableCopy> tables;
  std::vector<std::string> untranslated;
  std::string plan_hash;
  bool started_again = false;  // an earlier run's chunks were thrown away because the file had changed since
  std::chrono::milliseconds elapsed{0};
  /// Rows or values that did not arrive as they were: exit code 1.
  bool rejects() const;
};
/// The verb `crossfade copy`: one snapshot of the file into an empty target, or into the application's own empty tables, resumable after a kill. `source` must be able to write
/// (it stores the plan); its rows are only read. Errors: check_backup's before anything is written; 55000 for a target that is not empty,
/// holds a finished copy of another state of the file, or is mirrored; a misfit under `refuse`; of an existing schema also 42501 without the right to
/// switch triggers off, and 23503 for rows that break its foreign keys; the engines' own.
model::Result<CopyReport> copy(const std::filesystem::path& file, const postgres::Conninfo& target, const plan::Plan& plan,
                               const CopyOptions& options, const CopyProgress& progress = {});

}  // namespace crossfade::migrate
