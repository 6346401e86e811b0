#include "sequences.hpp"

#include <algorithm>
#include <array>

#include "crossfade/migrate/copy.hpp"
#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {
namespace {

postgres::Parameter text(std::string_view value) { return {std::string(value), {model::oid::text}}; }

std::int64_t or_zero(const model::Value& value) { return model::is_null(value) ? 0 : std::get<std::int64_t>(value); }
std::int64_t or_zero(const model::StorageValue& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer ? *integer : 0;
}

model::Result<std::int64_t> largest_in_file(sqlite::Connection& source, const plan::Table& table, const plan::Column& column) {
  CROSSFADE_TRY(const auto largest, source.value("SELECT max(" + quote_sqlite(column.sqlite_name) + ") FROM main." + quote_sqlite(table.sqlite_name)));
  const auto out = or_zero(largest);
  if (!column.sequence.empty()) {
    const model::StorageValue sequence = column.sequence;
    CROSSFADE_TRY(const auto last, source.value("SELECT last_value FROM main.crossfade_sequences WHERE name = ?1 AND is_called", {&sequence, 1}));
    return std::max(out, or_zero(last));
  }
  CROSSFADE_TRY(const auto remembers, source.value("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'"));
  if (or_zero(remembers) == 0) return out;
  const model::StorageValue name = table.sqlite_name;
  CROSSFADE_TRY(const auto given, source.value("SELECT max(seq) FROM sqlite_sequence WHERE name = ?1", {&name, 1}));
  return std::max(out, or_zero(given));
}

}  // namespace

model::Result<Sequence> read_sequence(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                      const plan::Column& column) {
  const std::array parameters{text(qualified(table.name)), text(column.name)};
  CROSSFADE_TRY(const auto name, target.value("SELECT pg_get_serial_sequence($1, $2)", parameters));
  Sequence out;
  if (model::is_null(name)) return out;
  out.name = std::get<std::string>(name);
  CROSSFADE_TRY(const auto given, target.value("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM " + out.name));
  CROSSFADE_TRY(const auto here, target.value("SELECT max(" + postgres::quote_identifier(column.name) + ")::bigint FROM " + qualified(table.name)));
  CROSSFADE_TRY(const auto there, largest_in_file(source, table, column));
  out.given = or_zero(given);
  out.largest = std::max(or_zero(here), there);
  return out;
}

model::Result<void> prime_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema) {
  for (const auto& [name, table] : schema.tables) {
    for (const auto& column : table.columns) {
      if ((!column.serial && column.sequence.empty()) || table.view || table.virtual_table) continue;
      CROSSFADE_TRY(const auto sequence, read_sequence(source, target, table, column));
      if (sequence.name.empty() || sequence.largest <= sequence.given) continue;
      const std::array arguments{text(sequence.name), postgres::Parameter{sequence.largest, {model::oid::int8}}};
      CROSSFADE_CHECK(target.query("SELECT setval($1::regclass, $2)", arguments));
    }
  }
  CROSSFADE_TRY(const auto own, own_sequences(source, target, schema));
  for (const OwnSequence& sequence : own) {
    if (!sequence.file_ahead) continue;
    const std::array arguments{text(qualified(sequence.name)), postgres::Parameter{or_zero(sequence.last), {model::oid::int8}},
                               postgres::Parameter{or_zero(sequence.called) != 0, {model::oid::boolean}}};
    CROSSFADE_CHECK(target.query("SELECT setval($1::regclass, $2, $3)", arguments));
  }
  return {};
}

model::Result<std::vector<OwnSequence>> own_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema) {
  std::vector<OwnSequence> out;
  for (const auto& [name, sequence] : schema.sequences) {
    if (!sequence.owner_table.empty()) continue;
    const std::array parameters{text(qualified(name))};
    CROSSFADE_TRY(const auto there, target.value("SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($1) AND relkind = 'S'", parameters));
    if (std::get<std::int64_t>(there) == 0) continue;
    const model::StorageValue wanted = name;
    CROSSFADE_TRY(const auto here, source.query("SELECT last_value, is_called FROM main.crossfade_sequences WHERE name = ?1", {&wanted, 1}));
    CROSSFADE_TRY(const auto stands, target.query("SELECT last_value, is_called FROM " + qualified(name)));
    if (here.empty() || stands.rows.empty()) continue;
    OwnSequence one{.name = name, .last = here[0][0], .called = here[0][1], .there_last = stands.rows[0].at(0), .there_called = stands.rows[0].at(1)};
    const std::int64_t sign = sequence.increment < 0 ? -1 : 1;
    const auto file = std::pair(sign * or_zero(one.last), or_zero(one.called) != 0);
    const auto target_at = std::pair(sign * or_zero(one.there_last), std::get<bool>(one.there_called));
    one.file_ahead = file > target_at;
    one.target_ahead = target_at > file;
    out.push_back(std::move(one));
  }
  return out;
}

model::Result<std::int64_t> unprimable_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema) {
  std::int64_t bad = 0;
  for (const auto& [name, table] : schema.tables) {
    for (const auto& column : table.columns) {
      if ((!column.serial && column.sequence.empty()) || table.view || table.virtual_table) continue;
      CROSSFADE_TRY(const auto sequence, read_sequence(source, target, table, column));
      if (sequence.name.empty()) {
        bad += column.serial;  // a default of another sequence's is the schema's business
        continue;
      }
      const std::array arguments{text(sequence.name)};
      CROSSFADE_TRY(const auto last, target.value("SELECT seqmax FROM pg_catalog.pg_sequence WHERE seqrelid = $1::regclass", arguments));
      bad += or_zero(last) <= std::max(sequence.largest, sequence.given);
    }
  }
  return bad;
}

}  // namespace crossfade::migrate
