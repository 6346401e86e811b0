#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/type.hpp"
#include "crossfade/plan/stored_form.hpp"

namespace crossfade::plan {

/// What is done with a stored value that does not fit its planned type. empty_null: '' becomes NULL, any other misfit is refused.
enum class Misfit : std::uint8_t { refuse, null, quarantine, cast, empty_null };
/// May the rule make NULL of a value? Then the column cannot be NOT NULL.
constexpr bool makes_null(Misfit misfit) { return misfit == Misfit::null || misfit == Misfit::empty_null; }

struct Column {
  std::string name;         // for clients and PostgreSQL: folded to lower case unless the plan says otherwise
  std::string sqlite_name;  // as the file spells it
  std::string declared;     // SQLite's declared type, verbatim
  std::string collation = "BINARY";  // the column's collation in SQLite
  model::Type type;
  StoredForm form;
  Misfit misfit = Misfit::refuse;
  bool not_null = false;
  bool generated = false;             // GENERATED ALWAYS AS
  bool serial = false;                // rowid alias filled by SQLite, or declared SERIAL/IDENTITY through the proxy
  int primary_key = 0;                // 1-based position in the primary key; 0: not in it
  std::optional<std::string> default_sql;  // SQLite's text of the default
  std::string sequence;                    // the default is nextval() of it; the file's own default is none
  std::string counter;                     // of a serial rowid alias: its sequence's name where that is not t_c_seq (the table was renamed)
  bool identity = false;                   // GENERATED … AS IDENTITY
  bool identity_always = false;            // GENERATED ALWAYS AS IDENTITY
  std::string domain;                      // the type is that of a domain of this name, whose conditions the table's CHECKs repeat
};

/// A sequence made through the proxy (crossfade_sequences). The owner: of a serial or identity column.
struct Sequence {
  std::string name;
  model::Oid type = model::oid::int8;
  std::int64_t start = 1, increment = 1, minimum = 1, maximum = INT64_MAX, cache = 1;
  bool cycle = false;
  std::string owner_table, owner_column;
};

/// A type of CREATE TYPE … AS ENUM or CREATE DOMAIN (crossfade_objects). A domain's values have the type `base`.
struct NamedType {
  enum class Kind : std::uint8_t { enumeration, domain } kind = Kind::enumeration;
  struct Label { std::string text; double place = 0; };
  struct Check { std::string name, condition; };  // SQLite's text over the column kValue
  static constexpr std::string_view kValue = "value of the domain";
  std::string name;
  model::Oid oid = 0;
  std::vector<Label> labels;  // in their order
  model::Type base;
  bool not_null = false;
  std::vector<Check> checks;

  bool has_label(std::string_view text) const;
  /// "3:sad2:ok": the labels in their order, as run-time functions and collations read them.
  std::string label_list() const;
};

struct IndexPart { std::string column; std::string expression; std::string collation = "BINARY"; bool descending = false; };
struct Index {
  std::string name;  // for clients; SQLite's own (sqlite_autoindex_…) for constraints
  std::vector<IndexPart> parts;   // column (PostgreSQL's name) or expression (SQLite's text), one of them empty
  std::optional<std::string> predicate;  // SQLite's text
  bool unique = false;
  enum class Origin : char { created = 'c', unique_constraint = 'u', primary_key = 'p' } origin = Origin::created;
};

struct ForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string target_table;
  std::vector<std::string> target_columns;
  std::string on_update = "NO ACTION", on_delete = "NO ACTION";
  bool deferrable = false, initially_deferred = false;
};

struct Table {
  std::string name;         // for clients and PostgreSQL
  std::string sqlite_name;
  bool view = false;
  bool virtual_table = false;
  bool without_rowid = false;
  bool autoincrement = false;
  bool strict = false;
  bool temporary = false;
  bool triggered = false;           // of a view: the file has triggers on it
  bool created = false;             // through the proxy: its constraints and indexes are called as they were written there
  std::uint64_t expands = 1;        // of a view: how many relations its name stands for (sql::count_relations)
  std::vector<Column> columns;
  std::vector<Index> indexes;
  std::vector<ForeignKey> foreign_keys;
  std::vector<std::string> checks;  // SQLite's text
  std::string sql;                  // CREATE statement as the file holds it
  struct Shown { std::string text, pretty; };
  std::map<std::string, Shown, std::less<>> shown;  // how PostgreSQL shows what an expression of `sql` or an index was written as (sql::shown_key)
  model::Oid oid = 0;               // stable between connections and restarts: from crossfade_types, else a hash of the name

  const Column* find_column(std::string_view name) const;
  /// The column that is SQLite's rowid (INTEGER PRIMARY KEY), or nullptr.
  const Column* rowid_alias() const;
  /// Columns of the primary key in its order; empty when there is none.
  std::vector<const Column*> key() const;
};

/// The file's schema with the plan's types: what the binder, the applier, copy and verify read.
struct Schema {
  std::int64_t version = 0;       // SQLite's schema_version
  std::string plan_hash;          // empty without a plan
  using Tables = std::map<std::string, Table, std::less<>>;
  Tables tables;     // by PostgreSQL's name; no crossfade_* or sqlite_* tables
  Tables temporary;  // the session's own; they hide `tables` of the same name
  std::map<std::string, Sequence, std::less<>> sequences;
  std::map<std::string, NamedType, std::less<>> named_types;
  std::map<std::string, model::Oid, std::less<>> namespaces;  // of CREATE SCHEMA; they hold nothing

  /// As search_path finds it: a temporary one first.
  const Table* find(std::string_view name) const;
  /// In a written schema: "" as above, "public" or "pg_temp"; nullptr for any other.
  const Table* find(std::string_view schema, std::string_view name) const;
  const NamedType* find_named_type(model::Oid oid) const;
  /// The tables beside `table`: those that it can refer to.
  const Tables& beside(const Table& table) const { return table.temporary ? temporary : tables; }
};

}  // namespace crossfade::plan
