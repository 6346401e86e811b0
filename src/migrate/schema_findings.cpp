#include <algorithm>
#include <array>
#include <map>

#include "bookkeeping.hpp"
#include "crossfade/plan/plan.hpp"
#include "draft_rules.hpp"
#include "findings.hpp"

namespace crossfade::migrate {

namespace {

constexpr std::size_t kNameBytes = 63;

struct ToBuiltIn { std::string_view word, what; };
// Defaults that mean something to SQLite only.
constexpr std::array kSqliteDefaults{ToBuiltIn{"strftime", "strftime()"}, ToBuiltIn{"datetime", "datetime()"}, ToBuiltIn{"julianday", "julianday()"},
                                     ToBuiltIn{"randomblob", "randomblob()"}, ToBuiltIn{"unixepoch", "unixepoch()"}};

bool odd(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return true;
  return std::ranges::any_of(name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'); });
}

bool has_capitals(std::string_view name) { return std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }); }

/// One name of a table or column: what PostgreSQL will make of it.
void name_findings(const std::string& object, std::string_view name, const AddFinding& add) {
  if (name.size() > kNameBytes) {
    add({.severity = Finding::Severity::blocker, .code = "IDENT_TRUNCATION", .object = object, .text = "the name has " + std::to_string(name.size()) + " bytes; PostgreSQL keeps 63",
         .advice = "Rename it in the file, or in the plan."});
  }
  if (odd(name)) {
    add({.severity = name.empty() ? Finding::Severity::blocker : Finding::Severity::note, .code = "IDENT_ODD", .object = object, .text = name.empty() ? "there is no name" : "the name needs quotes",
         .advice = name.empty() ? "Rename it in the file." : "It is kept and quoted."});
  }
}

void table_findings(const plan::Table& table, const TableScan& scan, const AddFinding& add) {
  const std::string& name = table.sqlite_name;
  if (scan.keyless) {
    add({.severity = Finding::Severity::warning, .code = "NO_PRIMARY_KEY", .object = name, .text = "rows of a table without a primary key",
         .advice = "It is copied and verified as a multiset of rows; the live mirror needs a key.", .count = scan.rows});
  }
  if (scan.null_keys != 0) {
    add({.severity = Finding::Severity::blocker, .code = "PK_NULL", .object = name, .text = "rows hold NULL in the primary key",
         .advice = "SQLite allows it, PostgreSQL does not: give them keys.", .count = scan.null_keys});
  }
  if (table.without_rowid) {
    add({.severity = Finding::Severity::note, .code = "WITHOUT_ROWID", .object = name, .text = "the table has no rowid", .advice = "It becomes an ordinary table, read by its key."});
  }
  if (table.autoincrement) {
    add({.severity = Finding::Severity::note, .code = "SEQUENCE", .object = name, .text = "AUTOINCREMENT: numbers that were given out do not come again",
         .advice = "The sequence starts behind sqlite_sequence's number, not behind max(id)."});
  }
  for (const plan::Column& column : table.columns) {
    const bool label = model::enumeration_of(column.type).has_value();
    if (!label && column.domain.empty()) continue;
    add({.severity = Finding::Severity::warning, .code = "NAMED_TYPE", .object = name + "." + column.sqlite_name,
         .text = "the column's type is an enum or a domain",
         .advice = label ? "The type does not come along: it becomes text." : "The type does not come along: it becomes the domain's own, with its CHECKs."});
  }
  for (const std::string& trigger : scan.triggers) {
    add({.severity = Finding::Severity::warning, .code = "TRIGGER", .object = name + "." + trigger, .text = "a trigger in SQLite's language is not translated",
         .advice = "Move what it does to the application or to PL/pgSQL before the switch."});
  }
  if (!version_columns(table).empty()) {
    add({.severity = Finding::Severity::note, .code = "ORM_METADATA", .object = name, .text = "a migration tool's own table",
         .advice = "If the application makes the target's schema itself, `crossfade plan --into-existing` compares the versions.", .count = scan.rows});
  }
  for (const plan::Index& index : table.indexes) {
    for (const plan::IndexPart& part : index.parts) {
      if (part.collation == "BINARY") continue;
      add({.severity = index.unique ? Finding::Severity::warning : Finding::Severity::note, .code = part.collation == "NOCASE" ? "COLLATE_NOCASE" : "COLLATION", .object = name + "." + index.name,
           .text = "an index with the collation " + part.collation,
           .advice = index.unique ? "It becomes an index on lower(… COLLATE \"C\"): ASCII letters alone, as in SQLite."
                                  : "It becomes an index on lower(…), for statements that say so."});
    }
  }
  const auto capitals = has_capitals(name) + std::ranges::count_if(table.columns, has_capitals, &plan::Column::sqlite_name);
  if (capitals != 0) {
    add({.severity = Finding::Severity::note, .code = "IDENT_CASE", .object = name, .text = "names with capital letters",
         .advice = "They are folded to lower case unless the plan says otherwise; clients that quote them must be looked at.", .count = capitals});
  }
  for (const plan::Column& column : table.columns) {
    const std::string place = name + "." + column.sqlite_name;
    name_findings(place, column.sqlite_name, add);
    if (is_system_column(column.name)) {
      add({.severity = Finding::Severity::warning, .code = "IDENT_SYSTEM_COLUMN", .object = place, .text = "PostgreSQL keeps this name for itself",
           .advice = "The plan adds an underscore; the application must follow."});
    }
    if (column.generated) {
      add({.severity = Finding::Severity::note, .code = "GENERATED", .object = place, .text = "a generated column",
           .advice = "Generated again if the expression can be said in PostgreSQL, else copied as a plain column."});
    }
    for (const ToBuiltIn& known : kSqliteDefaults) {
      if (!column.default_sql || !plan::fold(*column.default_sql).contains(known.word)) continue;
      add({.severity = Finding::Severity::warning, .code = "DEFAULT_FUNCTION", .object = place, .text = "its default calls " + std::string(known.what),
           .advice = "The plan says what it becomes, or that it does not come along."});
      break;
    }
  }
}

/// Names that are one to PostgreSQL: folded, cut to 63 bytes.
template <class Names>
void collision_findings(const std::string& where, const Names& names, const AddFinding& add) {
  std::map<std::string, std::string> first;
  for (const std::string& name : names) {
    const auto [found, fresh] = first.emplace(plan::fold(name).substr(0, kNameBytes), name);
    if (fresh) continue;
    add({.severity = Finding::Severity::blocker, .code = "IDENT_COLLISION", .object = where.empty() ? name : where + "." + name,
         .text = "\"" + found->second + "\" and \"" + name + "\" are one name to PostgreSQL", .advice = "Rename one of them."});
  }
}

}  // namespace

void schema_findings(const plan::Schema& schema, const ScanReport& scan, const AddFinding& add) {
  std::vector<std::string> names;
  for (const auto& [name, table] : schema.tables) {
    names.push_back(table.sqlite_name);
    name_findings(table.sqlite_name, table.sqlite_name, add);
    if (table.virtual_table) {
      const bool search = plan::fold(table.sql).contains("using fts");
      add({.severity = Finding::Severity::warning, .code = search ? "VIRTUAL_FTS" : "VIRTUAL_OTHER", .object = table.sqlite_name, .text = search ? "a full-text index" : "a virtual table",
           .advice = search ? "PostgreSQL's tsvector takes its place; the text it indexes is copied with its own table." : "It has no counterpart: what it holds does not come along."});
    }
    if (table.view) {
      add({.severity = Finding::Severity::warning, .code = "VIEW", .object = table.sqlite_name, .text = "a view", .advice = "It is created again by hand in PostgreSQL's language for now."});
    }
    if (const TableScan* scanned = scan.find(table.sqlite_name)) table_findings(table, *scanned, add);
    std::vector<std::string> columns;
    for (const plan::Column& column : table.columns) columns.push_back(column.sqlite_name);
    collision_findings(table.sqlite_name, columns, add);
  }
  collision_findings("", names, add);
}

model::Result<void> file_findings(sqlite::Connection& connection, const AddFinding& add) {
  CROSSFADE_TRY(const auto checked, connection.query("PRAGMA quick_check(10)"));
  for (const auto& row : checked) {
    const auto* line = std::get_if<std::string>(&row.at(0));
    if (line == nullptr || *line == "ok") continue;
    add({.severity = Finding::Severity::blocker, .code = "INTEGRITY", .object = "the file", .text = *line, .advice = "Mend the file first: sqlite.org/recovery.html."});
  }
  CROSSFADE_TRY(const auto orphans, connection.query("SELECT \"table\", parent, count(*), min(rowid) FROM pragma_foreign_key_check GROUP BY 1, 2"));
  for (const auto& row : orphans) {
    Finding found{.severity = Finding::Severity::blocker, .code = "FK_ORPHAN", .object = std::get<std::string>(row.at(0)),
                  .text = "rows refer to rows of " + std::get<std::string>(row.at(1)) + " that are not there",
                  .advice = "Delete or mend them; PostgreSQL would refuse the foreign key.", .count = std::get<std::int64_t>(row.at(2))};
    if (const auto* rowid = std::get_if<std::int64_t>(&row.at(3))) found.rowids.push_back(*rowid);
    add(std::move(found));
  }
  CROSSFADE_TRY(const auto encoding, connection.value("PRAGMA encoding"));
  if (const auto* name = std::get_if<std::string>(&encoding); name != nullptr && *name != "UTF-8")
    add({.severity = Finding::Severity::note, .code = "ENCODING_UTF16", .object = "the file", .text = "its texts are " + *name, .advice = "They are read as UTF-8 and arrive the same."});
  return {};
}

}  // namespace crossfade::migrate
