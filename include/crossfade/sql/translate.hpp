#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/time_zone.hpp"
#include "crossfade/model/type.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

enum class Dialect : std::uint8_t { postgres, sqlite, automatic };
enum class Target : std::uint8_t { sqlite, postgres };

/// What a statement is, before any name is resolved. Decides routing, permits and command tags.
enum class Kind : std::uint8_t {
  empty, select, insert, update, delete_, values,
  create_table, create_index, create_view, alter_table, drop, truncate, other_ddl,
  transaction, setting, show, discard, listen, prepare, execute, deallocate, cursor, copy, explain, maintenance, lock, unsupported,
};

enum class Isolation : std::uint8_t { read_committed, repeatable_read, serializable, read_uncommitted };
/// Its words, in the enum's order. PostgreSQL's read uncommitted is its read committed by another name.
inline constexpr std::array<std::string_view, 4> kIsolationWords{"read committed", "repeatable read", "serializable", "read uncommitted"};
/// One snapshot for the whole transaction.
constexpr bool pins_snapshot(Isolation isolation) { return isolation == Isolation::repeatable_read || isolation == Isolation::serializable; }

struct ConstraintName { std::string schema, name; };

/// BEGIN … ROLLBACK TO, with their options, and SET CONSTRAINTS. `name`: the savepoint.
struct TransactionControl {
  enum class Verb : std::uint8_t { begin, commit, rollback, savepoint, release, rollback_to, set_transaction, set_session, set_constraints } verb;
  std::string name;
  std::optional<Isolation> isolation;
  std::optional<bool> read_only;
  std::optional<bool> deferrable;
  bool chain = false;
  std::vector<ConstraintName> constraints = {};  // of SET CONSTRAINTS; none: ALL
  bool deferred = false;
};

/// SET, SET LOCAL, RESET, SHOW. `name` in lower case, "all" for ALL; `values` as written, unquoted; no values: DEFAULT.
struct SettingControl {
  enum class Verb : std::uint8_t { set, reset, show } verb;
  bool local = false;
  std::string name;
  std::vector<std::string> values;
};

/// DEALLOCATE, CLOSE, UNLISTEN, LISTEN, NOTIFY and DISCARD: what they name; empty for ALL (and `*`).
struct ObjectControl {
  enum class Verb : std::uint8_t {
    deallocate, close, listen, unlisten, notify, discard_all, discard_plans, discard_sequences, discard_temporary,
  } verb;
  std::string name;
  std::string payload = {};  // NOTIFY's
};

/// One statement of a query string. Source: the front end of its dialect; no schema was read.
struct Parsed {
  Kind kind = Kind::empty;
  std::string text;                 // this statement alone, as the client wrote it, without its semicolon
  std::uint32_t offset = 0;         // 0-based character of the query string at which `text` begins
  std::variant<std::monostate, TransactionControl, SettingControl, ObjectControl> control;
  bool temporary = false;           // CREATE TEMP TABLE, VIEW, SEQUENCE …
  std::string command_tag;          // PostgreSQL's: "CREATE TABLE"; "INSERT 0", "SELECT", "UPDATE", "DELETE" get a count appended
  std::shared_ptr<const struct Tree> tree;  // typed tree; shared with caches, never changed after parsing
  std::vector<model::Error> notices;  // of the whole query string, at its first statement: 42622 for each name that was cut
};

/// Splits and parses a query string. Nesting is bounded (54001) before the grammar runs; text is at most 16 MiB (54000).
/// A query without any statement gives one Parsed of Kind::empty. Text is UTF-8 (22021). Error positions count from the query
/// string's first character. What PostgreSQL's grammar takes and the tree does not hold is still parsed, with its kind and tag,
/// so that it can be relayed; translate() then answers 0A000 with the position. Errors: 42601 with position. Thread-safe.
model::Result<std::vector<Parsed>> parse(std::string_view query, Dialect dialect);

/// A result column. `form`: how the target delivers it (the values of a SQLite target are decoded with it in C++).
struct OutputColumn {
  std::string name;
  model::Type type;
  plan::StoredForm form;
  model::Oid table_oid = 0;
  std::int16_t attribute = 0;
  std::string table;   // for messages about a value that does not fit
  std::string column;
};

/// One parameter of the target's text. A client's $1 that is used in two stored forms becomes two slots.
struct BindSlot {
  std::uint16_t parameter = 0;  // 0-based: $1 is 0
  model::Type type;
  plan::StoredForm form;
};

/// A WITH item that changes data, run before the statement that has it. `rows`: of each ?N behind the slots, which step's packed rows it is.
struct ChangeStep {
  std::string text;
  std::vector<BindSlot> slots;
  std::vector<std::size_t> rows;
  bool upserts = false;  // these are as Translated's
  std::string serial_sequence, serial_table;
};

/// What executing the statement does to the table of created types (crossfade_types).
/// `temporary`: of a temporary table; what is to happen to it at the end of each transaction (ON COMMIT) is kept there too.
struct TypeChange {
  enum class Verb : std::uint8_t {
    declare, forget_table, forget_column, rename_table, rename_column, delete_rows_on_commit, drop_on_commit,
  } verb;
  plan::Declared declared;
  std::string new_name;
  bool temporary = false;
};

/// A table made anew with other columns or constraints, its rows carried over: SQLite's own ALTER TABLE cannot say it. The engine keeps
/// the table's indexes, triggers and AUTOINCREMENT counter.
/// Source: sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes".
struct TableRebuild {
  static constexpr std::string_view kNew = "crossfade_rebuild";  // the table's name while it is being filled
  struct Check { std::string query; model::Error error; };       // a row of the query is the error
  std::string table;                                             // as the file spells it
  std::string create, fill;                                      // CREATE TABLE and INSERT … SELECT of kNew
  std::vector<Check> checks;                                     // run before
  std::vector<std::string> dropped_indexes;                      // go with a column
};

/// A statement ready for its target.
struct Translated {
  Kind kind = Kind::empty;
  std::vector<std::string> texts;       // to run in order, in one transaction; all but DDL have exactly one
  std::vector<OutputColumn> columns;    // empty: returns no rows, unless they have no columns
  bool rows_without_columns = false;    // SELECT FROM t; the text has one column, which is nobody's
  std::vector<model::Type> parameters;  // of the client's $1 … $n, declared or inferred
  std::vector<BindSlot> slots;          // in the order of the target's ?1 … ?m
  std::vector<ChangeStep> steps;        // before the text, in order
  std::vector<std::size_t> step_rows;   // as ChangeStep::rows, of the text
  std::optional<TableRebuild> rebuild;  // after the texts
  std::vector<TableRebuild> rebuilds_before;  // before the texts: tables that refer to what they drop
  std::vector<std::string> own_texts;   // on our own tables in the file, after the rebuild; not under the authorizer
  std::string serial_sequence;          // an INSERT that lets SQLite fill this sequence's column: its value is currval() afterwards
  std::string serial_table;             // its table, as the file spells it, where SQLite keeps a counter (AUTOINCREMENT)
  std::vector<TypeChange> type_changes;
  std::string command_tag;
  std::string alone;                    // no part of a transaction: what messages call it (sql::runs_alone)
  std::vector<std::string> tables;      // PostgreSQL's names of all tables read or written
  std::vector<model::Error> notices;    // 42P07 `relation "t" already exists, skipping`
  /// SELECT of what PostgreSQL computes when it plans: run first, an error of it is the statement's, before its rows are described
  /// and whether or not a row would have been read. Empty: nothing of the kind can fail.
  std::string constants;
  std::string fingerprint;              // of the statement without literals; 16 hex digits
  bool writes = false;                  // needs the permit (FOR UPDATE too)
  bool upserts = false;                 // ON CONFLICT DO UPDATE
  bool checked_late = false;            // a foreign key INITIALLY DEFERRED may refuse it at COMMIT
  std::string keyed_table;              // Context::row_key was heeded: of this table
  bool volatile_functions = false;      // random(), nextval() …: not comparable
  bool ordered_totally = false;         // an ORDER BY over a unique key: compare in order
  bool ordered = false;                 // any ORDER BY at the top: compare by tie groups
  std::vector<std::size_t> order_columns;  // 0-based output columns that the first ORDER BY items are
  bool cut = false;                     // LIMIT or OFFSET over an order with ties: the statement leaves open which of them come
  std::optional<std::int64_t> limit;    // where `cut` and nothing but this number cuts; of a parameter: its number
  std::optional<std::uint16_t> limit_parameter;
  bool order_open = false;              // which rows come may depend on an order that the statement does not fix: LIMIT in a subquery
  std::vector<std::size_t> open_columns;  // of these only the values may: string_agg without ORDER BY
  bool adds_reals = false;              // a sum of floating point numbers: its last places depend on the order
  bool verbatim = false;                // the client's own text
  bool temporary = false;               // reads, changes or makes a temporary object: only this session can run it
  bool writes_temporary = false;        // all that it writes is temporary: READ ONLY transactions may, and no mirror carries it
};

/// Does running it change the schema that everybody sees? Not where IF [NOT] EXISTS finds nothing to do, and not TRUNCATE.
inline bool changes_schema(const Translated& statement) {
  return statement.kind >= Kind::create_table && statement.kind <= Kind::other_ddl && statement.kind != Kind::truncate && !statement.writes_temporary &&
         (!statement.texts.empty() || !statement.own_texts.empty() || statement.rebuild);
}

struct Context {
  Dialect dialect = Dialect::postgres;
  Target target = Target::sqlite;
  const plan::Schema* schema = nullptr;
  std::string database, user;
  bool takes_parameters = true;  // false: $1 is 42P02, as in a Query message
  model::TimeZone zone = model::TimeZone::utc();  // untyped timestamptz literals are read in it
  model::DateOrder date_order = model::DateOrder::mdy;                       // and dates so
  model::IntervalStyle interval_style = model::IntervalStyle::postgres;
  bool plan_follows = false;  // a column's new type becomes the plan's: the mirror sees to that
  /// A cursor's query: where each of its rows is one of a single table, one more column has the row's number in it.
  bool row_key = false;
};

/// Resolves names and types, applies the rules of src/sql/rules, prints for the target. `declared`: parameter types the client
/// sent (0 or 705: infer). Errors: PostgreSQL's own SQLSTATE, message and position (42P01 `relation "x" does not exist`, 42703,
/// 42883, 42804, 42P18 …); 0A000 with position for what cannot be said faithfully in the target. Thread-safe.
model::Result<Translated> translate(const Parsed& statement, const Context& context, std::span<const model::Oid> declared = {});

}  // namespace crossfade::sql
