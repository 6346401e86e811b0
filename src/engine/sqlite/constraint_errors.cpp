#include "constraint_errors.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "create_text.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// "t.a, t.b" → t and {a, b}. Names that hold a dot or a comma are not told apart: SQLite does not quote them.
struct Places { std::string table; std::vector<std::string> columns; };

Places split_places(std::string_view list) {
  Places places;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(", "), list.size());
    const std::string_view part = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 2, list.size()));
    const std::size_t dot = part.find('.');
    if (dot == std::string_view::npos) continue;
    places.table = part.substr(0, dot);
    places.columns.emplace_back(part.substr(dot + 1));
  }
  return places;
}

std::vector<StorageRow> look_up(Connection::Impl& connection, std::string_view sql, const std::string& name) {
  std::vector<StorageRow> rows;
  auto statement = connection.prepare(sql, Author::proxy);
  if (!statement || !statement->bind(1, name)) return rows;
  for (auto more = statement->step(); more && *more; more = statement->step()) rows.push_back(statement->row());
  return rows;
}

std::string text(const model::StorageValue& value) {
  const std::string* known = std::get_if<std::string>(&value);
  return known == nullptr ? std::string{} : *known;
}

std::string create_text(Connection::Impl& connection, const std::string& table) {
  const auto rows = look_up(connection, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", table);
  return rows.empty() ? std::string{} : text(rows.front()[0]);
}

/// The created unique index over exactly these columns, or the constraint's name in the CREATE TABLE, or PostgreSQL's default.
std::string unique_name(Connection::Impl& connection, const Places& places, int code) {
  const bool primary = code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
  const auto indexes = look_up(connection,
                               "SELECT l.name, l.origin, (SELECT group_concat(i.name, ', ') FROM pragma_index_info(l.name) i) "
                               "FROM pragma_index_list(?1) l WHERE l.\"unique\" = 1 ORDER BY l.seq",
                               places.table);
  std::string joined;
  for (const std::string& column : places.columns) joined += (joined.empty() ? "" : ", ") + column;
  std::string origin = primary ? "pk" : "u";
  for (const StorageRow& index : indexes) {
    if (text(index[2]) != joined) continue;
    if (text(index[1]) == "c") return text(index[0]);
    origin = text(index[1]);
    break;
  }
  const auto named = find_key_constraint(create_text(connection, places.table), origin == "pk", places.columns);
  return named ? *named : default_key_name(places.table, origin == "pk", places.columns);
}

/// CREATE UNIQUE INDEX over rows that are there already.
model::Error cannot_index(const Connection::Impl& connection, const ChangeTarget& target, model::Error error) {
  error.constraint = plan::fold(target.table);
  if (connection.violation) error.table = plan::fold(connection.violation->table);
  error.message = "could not create unique index \"" + error.constraint + "\"";
  return error;
}

model::Error duplicate_key(Connection::Impl& connection, int code, std::string_view list, model::Error error) {
  constexpr std::string_view kIndex = "index '";
  Places places = split_places(list);
  if (list.starts_with(kIndex)) {
    error.constraint = list.substr(kIndex.size(), list.size() - kIndex.size() - 1);
    const auto rows = look_up(connection, "SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?1", error.constraint);
    if (!rows.empty()) places.table = text(rows.front()[0]);
  } else {
    error.constraint = unique_name(connection, places, code);
  }
  connection.violation = Violation{places.table, list.starts_with(kIndex) ? error.constraint : "", places.columns};
  error.table = plan::fold(places.table);
  error.message = "duplicate key value violates unique constraint \"" + error.constraint + "\"";
  return error;
}

model::Error missing_value(std::string_view list, model::Error error) {
  const Places places = split_places(list);
  if (places.columns.empty()) return error;
  error.table = plan::fold(places.table);
  error.column = plan::fold(places.columns.front());
  error.message = "null value in column \"" + error.column + "\" of relation \"" + error.table + "\" violates not-null constraint";
  return error;
}

/// "domain posint posint_check", or "domain posint " for its NOT NULL. Source: sql/bind/domains.cpp.
constexpr std::string_view kDomainCheck = "domain ";

model::Error failed_domain(model::Error error) {
  const std::string_view rest = std::string_view{error.constraint}.substr(kDomainCheck.size());
  const std::string domain{rest.substr(0, rest.find(' '))}, check{rest.substr(domain.size() + 1)};
  error.table.clear();
  error.constraint = check;
  if (!check.empty()) {
    error.message = "value for domain " + domain + " violates check constraint \"" + check + "\"";
  } else {
    error.state = "23502"_state;
    error.message = "domain " + domain + " does not allow null values";
  }
  return error;
}

model::Error failed_check(Connection::Impl& connection, const ChangeTarget& target, std::string_view what, model::Error error) {
  error.table = plan::fold(target.table);
  error.constraint = check_name(create_text(connection, target.table), error.table, what);
  if (error.constraint.starts_with(kDomainCheck)) return failed_domain(std::move(error));
  error.message = "new row for relation \"" + error.table + "\" violates check constraint \"" + error.constraint + "\"";
  return error;
}

/// SQLite does not say which key failed: it is named when the table has, or is referenced by, exactly one.
model::Error failed_reference(Connection::Impl& connection, const ChangeTarget& target, model::Error error) {
  error.table = plan::fold(target.table);
  const auto own = look_up(connection, "SELECT id, \"from\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq", target.table);
  const auto inbound = look_up(connection,
                               "SELECT m.name, f.id, f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f "
                               "WHERE m.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE ORDER BY m.name, f.id, f.seq",
                               target.table);
  const auto single = [](const std::vector<StorageRow>& rows, std::size_t id) {
    return !rows.empty() && std::ranges::all_of(rows, [&](const StorageRow& row) {
      return row[id] == rows.front()[id] && (id == 0 || row[0] == rows.front()[0]);
    });
  };
  const auto columns = [](const std::vector<StorageRow>& rows, std::size_t from) {
    std::vector<std::string> names;
    for (const StorageRow& row : rows) names.push_back(text(row[from]));
    return names;
  };
  if (target.action == SQLITE_DELETE || (own.empty() && !inbound.empty())) {
    error.message = "update or delete on table \"" + error.table + "\" violates foreign key constraint";
    if (!single(inbound, 1)) return error;
    const std::string child = text(inbound.front()[0]);
    error.constraint = foreign_key_name(create_text(connection, child), child, columns(inbound, 2));
    error.message += " \"" + error.constraint + "\" on table \"" + plan::fold(child) + "\"";
    error.table = plan::fold(child);
    return error;
  }
  error.message = error.table.empty() ? "a row violates a foreign key constraint"
                                      : "insert or update on table \"" + error.table + "\" violates foreign key constraint";
  if (!single(own, 0)) return error;
  error.constraint = foreign_key_name(create_text(connection, target.table), target.table, columns(own, 1));
  error.message += " \"" + error.constraint + "\"";
  return error;
}

}  // namespace

model::Error constraint_error(Connection::Impl& connection, const ChangeTarget& target, int code, model::Error plain) {
  const std::size_t colon = plain.message.find("failed: ");
  const std::string list = colon == std::string::npos ? std::string{} : plain.message.substr(colon + 8);
  plain.schema = target.schema == "temp" ? "pg_temp" : "public";
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      if (target.action == SQLITE_CREATE_INDEX || target.action == SQLITE_CREATE_TEMP_INDEX) {
        connection.violation = Violation{split_places(list).table, {}, split_places(list).columns};
        return cannot_index(connection, target, std::move(plain));
      }
      return duplicate_key(connection, code, list, std::move(plain));
    case SQLITE_CONSTRAINT_NOTNULL: return missing_value(list, std::move(plain));
    case SQLITE_CONSTRAINT_CHECK: return failed_check(connection, target, list, std::move(plain));
    case SQLITE_CONSTRAINT_FOREIGNKEY: return failed_reference(connection, target, std::move(plain));
    case SQLITE_CONSTRAINT_TRIGGER:  // also what SQLite says of ON DELETE RESTRICT
      if (!plain.message.contains("FOREIGN KEY constraint failed")) return plain;
      plain.state = "23503"_state;
      return failed_reference(connection, target, std::move(plain));
    default: return plain;
  }
}

}  // namespace crossfade::sqlite
