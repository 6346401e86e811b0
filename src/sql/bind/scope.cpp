#include "bind/scope.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sql {

using namespace model::literals;

namespace {

template <class T>
model::Result<T> not_found(model::SqlState state, std::string message, Position position, std::string hint = {}) {
  return model::fail(state, std::move(message), {}, std::move(hint), error_position(position));
}

std::string quoted(std::string_view name) { return "\"" + std::string{name} + "\""; }

const Relation* find_relation(const Scope& scope, std::string_view schema, std::string_view alias) {
  for (const Scope* at = &scope; at; at = at->outer) {
    for (const RelationPointer& relation : at->relations) {
      if (relation->alias == alias && (schema.empty() || relation->schema == schema)) return relation.get();
    }
  }
  return nullptr;
}

/// Why a qualifier means nothing here.
model::Error unknown_relation(const Scope& scope, std::string_view alias, Position position) {
  for (const Scope* at = &scope; at; at = at->outer) {
    if (at->beside && find_relation(*at->beside, {}, alias)) {
      return {"42P01"_state, "invalid reference to FROM-clause entry for table " + quoted(alias), {},
              "There is an entry for table " + quoted(alias) + ", but it cannot be referenced from this part of the query.",
              error_position(position)};
    }
    for (const RelationPointer& relation : at->relations) {
      if (relation->table && relation->table->name == alias) {
        return {"42P01"_state, "invalid reference to FROM-clause entry for table " + quoted(alias), {},
                "Perhaps you meant to reference the table alias " + quoted(relation->alias) + ".", error_position(position)};
      }
    }
  }
  return {"42P01"_state, "missing FROM-clause entry for table " + quoted(alias), {}, {}, error_position(position)};
}

model::Result<const Visible*> only_match(const std::vector<Visible>& columns, std::string_view name, Position position) {
  const Visible* found = nullptr;
  for (const Visible& column : columns) {
    if (column.name != name) continue;
    if (found) return not_found<const Visible*>("42702"_state, "column reference " + quoted(name) + " is ambiguous", position);
    found = &column;
  }
  return found;
}

const Visible* find_hidden(const Relation& relation, std::string_view name) {
  for (const Visible& column : relation.hidden) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

/// Every table of PostgreSQL has them; a file's rows keep nothing of the kind.
bool is_system_column(const Relation& relation, std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"};
  return relation.table && !relation.table->view && std::ranges::find(kNames, name) != kNames.end();
}
std::unexpected<model::Error> no_system_column(std::string_view name, Position position) {
  return std::unexpected(model::Error{"0A000"_state, "system column " + quoted(name) + " is not supported on SQLite", {}, "It works in the stage \"postgres\".", error_position(position)});
}

Expression placed(const Visible& column, Position position) {
  Expression expression = column.expression;
  expression.position = position;
  return expression;
}

}  // namespace

std::string_view clause_name(Clause clause) {
  constexpr std::array<std::string_view, 17> kNames{"SELECT", "WHERE",     "JOIN conditions", "GROUP BY", "HAVING", "ORDER BY",
                                                    "LIMIT",  "OFFSET",    "VALUES",          "RETURNING", "UPDATE", "FILTER",
                                                    "window definitions", "functions in FROM", "aggregate arguments", "persisted expressions",
                                                    "EXECUTE parameters"};
  return kNames[static_cast<std::size_t>(clause)];
}

model::Result<Expression> find_column(const Scope& scope, const ColumnReference& name, Position position) {
  if (!name.table.empty()) {
    const Relation* relation = find_relation(scope, name.schema, name.table);
    if (!relation) return std::unexpected(unknown_relation(scope, name.table, position));
    CROSSFADE_TRY(const Visible* found, only_match(relation->columns, name.name, position));
    if (found) return placed(*found, position);
    if (const Visible* system = find_hidden(*relation, name.name)) return placed(*system, position);
    if (is_system_column(*relation, name.name)) return no_system_column(name.name, position);
    return not_found<Expression>("42703"_state, "column " + name.table + "." + name.name + " does not exist", position);
  }
  for (const Scope* at = &scope; at; at = at->outer) {
    CROSSFADE_TRY(const Visible* found, only_match(at->visible, name.name, position));
    if (found) return placed(*found, position);
  }
  for (const Scope* at = &scope; at; at = at->outer) {
    for (const RelationPointer& relation : at->relations) {
      if (const Visible* system = find_hidden(*relation, name.name)) return placed(*system, position);
      if (is_system_column(*relation, name.name)) return no_system_column(name.name, position);
    }
  }
  if (const Relation* relation = find_relation(scope, {}, name.name); relation && relation->scalar) return placed(relation->columns.front(), position);
  if (find_relation(scope, {}, name.name)) {
    return not_found<Expression>("0A000"_state, "a whole row as a value is not supported on SQLite", position, "It works in the stage \"postgres\".");
  }
  return not_found<Expression>("42703"_state, "column " + quoted(name.name) + " does not exist", position);
}

namespace {

model::Result<std::vector<Visible>> without_rows(const std::vector<Visible>& columns, Position position) {
  for (const Visible& column : columns) {
    if (column.name.contains(kFieldMark)) return not_found<std::vector<Visible>>("0A000"_state, "a row as a value is not supported on SQLite", position);
  }
  return columns;
}

}  // namespace

model::Result<std::vector<Visible>> expand_star(const Scope& scope, const Star& star, Position position) {
  if (!star.table.empty()) {
    const Relation* relation = find_relation(scope, star.schema, star.table);
    if (!relation) return std::unexpected(unknown_relation(scope, star.table, position));
    return without_rows(relation->columns, position);
  }
  if (scope.relations.empty()) {
    return not_found<std::vector<Visible>>("42601"_state, "SELECT * with no tables specified is not valid", position);
  }
  return without_rows(scope.visible, position);
}

}  // namespace crossfade::sql
