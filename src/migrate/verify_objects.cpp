#include <algorithm>
#include <array>

#include "crossfade/migrate/copy.hpp"
#include "postgres_objects.hpp"
#include "sequences.hpp"
#include "sqlite_state.hpp"
#include "verify_table.hpp"

namespace crossfade::migrate {
namespace {

/// How the catalog is asked for an object by the table's and its own name.
std::string_view catalog_query(TargetObject::Kind kind) {
  switch (kind) {
    case TargetObject::Kind::index:
      return "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
             "WHERE i.indrelid = to_regclass($1) AND c.relname = $2 AND i.indisvalid";
    case TargetObject::Kind::constraint:
    case TargetObject::Kind::foreign_key:
    case TargetObject::Kind::check: return "SELECT count(*) FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2 AND convalidated";
    case TargetObject::Kind::not_null:
      return "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND attnotnull";
  }
  return {};
}

std::string_view kind_name(TargetObject::Kind kind) {
  switch (kind) {
    case TargetObject::Kind::index: return "index ";
    case TargetObject::Kind::not_null: return "NOT NULL of ";
    case TargetObject::Kind::constraint:
    case TargetObject::Kind::foreign_key:
    case TargetObject::Kind::check: return "constraint ";
  }
  return {};
}

/// A key over the same columns.
model::Result<bool> is_under_another_name(postgres::Connection& target, const TargetObject& object) {
  if (object.columns.empty()) return false;
  const std::string kind = object.kind == TargetObject::Kind::foreign_key ? "f" : object.statement.contains(" PRIMARY KEY (") ? "p" : "u";
  const std::array parameters{postgres::Parameter{qualified(object.table), {model::oid::text}}, postgres::Parameter{kind, {model::oid::text}},
                              postgres::Parameter{object.columns, {model::oid::text}}};
  CROSSFADE_TRY(const auto found, target.value("SELECT count(*) FROM pg_constraint k WHERE k.conrelid = to_regclass($1) AND k.contype::text = $2 AND k.convalidated AND "
                                               "(SELECT string_agg(a.attname, ',' ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(c, n) JOIN pg_attribute a "
                                               "ON a.attrelid = k.conrelid AND a.attnum = u.c) = $3", parameters));
  return std::get<std::int64_t>(found) != 0;
}

}  // namespace

model::Result<std::vector<TargetObject>> missing_objects(postgres::Connection& target, const SchemaScript& script) {
  // A mirrored target gets its CHECKs at the switch (MIRROR 9).
  CROSSFADE_TRY(const auto mirrored, target.value("SELECT to_regclass('crossfade.state') IS NOT NULL"));
  std::vector<TargetObject> out;
  for (const auto& object : script.objects) {
    if (object.kind == TargetObject::Kind::check && std::get<bool>(mirrored)) continue;
    const std::array parameters{postgres::Parameter{qualified(object.table), {model::oid::text}},
                                postgres::Parameter{object.name, {model::oid::text}}};
    CROSSFADE_TRY(const auto found, target.value(catalog_query(object.kind), parameters));
    if (std::get<std::int64_t>(found) != 0) continue;
    CROSSFADE_TRY(const bool otherwise, is_under_another_name(target, object));
    if (!otherwise) out.push_back(object);
  }
  return out;
}

model::Result<std::vector<std::string>> object_faults(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                                      const plan::Plan& plan) {
  std::vector<std::string> out;
  CROSSFADE_TRY(const auto missing, missing_objects(target, schema_script(schema, plan)));
  for (const auto& object : missing) out.push_back(object.table + ": " + std::string(kind_name(object.kind)) + object.name + " is not there, or not valid");
  // While SQLite is the primary of a pair PostgreSQL's sequences stand still: the switch primes them (MIRROR 18).
  CROSSFADE_TRY(const auto state, read_file_state(source));
  const bool primed_later = state && rule(state->side.at.stage).mirrored && rule(state->side.at.stage).primary == Side::sqlite;
  for (const auto& [name, table] : schema.tables) {
    for (const auto& column : table.columns) {
      if (!column.serial || table.view || table.virtual_table) continue;
      CROSSFADE_TRY(const auto sequence, read_sequence(source, target, table, column));
      if (sequence.name.empty()) {
        out.push_back(name + "." + column.name + ": has no sequence");
      } else if (sequence.given < sequence.largest && !primed_later) {
        out.push_back(name + "." + column.name + ": its sequence has given " + std::to_string(sequence.given) + ", the largest value is " +
                      std::to_string(sequence.largest));
      }
    }
  }
  return out;
}

}  // namespace crossfade::migrate
