#include "schema_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace crossfade::migrate {

namespace {

constexpr std::string_view kRecordTable =
    "CREATE TABLE IF NOT EXISTS main.crossfade_schema_change (number INTEGER NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL, "
    "settings TEXT NOT NULL, skipped INTEGER NOT NULL, PRIMARY KEY (number, place)) WITHOUT ROWID";
constexpr std::string_view kAppliedTable =
    "CREATE TABLE IF NOT EXISTS crossfade.schema_change (one boolean PRIMARY KEY DEFAULT true CHECK (one), file_id text NOT NULL, "
    "number bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())";
model::Result<bool> keeps_records(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto rows, file.query("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'crossfade_schema_change'"));
  return !rows.empty();
}

}  // namespace

/// name=length:value, one behind the other: a value may hold any character.
std::string pack_settings(const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string out;
  for (const auto& [name, value] : settings) out += name + '=' + std::to_string(value.size()) + ':' + value;
  return out;
}

model::Result<std::vector<std::pair<std::string, std::string>>> unpack_settings(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty()) {
    const std::size_t equals = text.find('='), colon = text.find(':', std::min(equals, text.size()));
    std::size_t size = 0;
    const bool whole = colon != std::string_view::npos && std::from_chars(text.data() + equals + 1, text.data() + colon, size).ec == std::errc{} && size <= text.size() - colon - 1;
    if (!whole) return model::fail(model::SqlState("XX001"), "the record of a change of the schema is damaged", "crossfade_schema_change");
    out.emplace_back(text.substr(0, equals), text.substr(colon + 1, size));
    text.remove_prefix(colon + 1 + size);
  }
  return out;
}

model::Result<std::optional<SchemaRecord>> read_change(sqlite::Connection& file) {
  CROSSFADE_TRY(const bool there, keeps_records(file));
  if (!there) return std::nullopt;
  CROSSFADE_TRY(const auto rows, file.query("SELECT number, text, settings, skipped FROM main.crossfade_schema_change "
                                            "WHERE number = (SELECT max(number) FROM main.crossfade_schema_change) ORDER BY place"));
  if (rows.empty()) return std::nullopt;
  SchemaRecord record;
  for (const sqlite::StorageRow& row : rows) {
    record.number = std::get<std::int64_t>(row[0]);
    CROSSFADE_TRY(auto settings, unpack_settings(std::get<std::string>(row[2])));
    record.statements.push_back({std::get<std::string>(row[1]), std::move(settings), std::get<std::int64_t>(row[3])});
  }
  return record;
}

model::Result<SchemaRecord> record_change(sqlite::Connection& file, std::span<const sqlite::SchemaStatement> statements) {
  CROSSFADE_CHECK(file.execute(kRecordTable));
  CROSSFADE_TRY(const auto last, file.value("SELECT coalesce(max(number), 0) FROM main.crossfade_schema_change"));
  CROSSFADE_CHECK(file.execute("DELETE FROM main.crossfade_schema_change"));
  SchemaRecord record{std::get<std::int64_t>(last) + 1, {statements.begin(), statements.end()}};
  for (std::size_t place = 0; place < statements.size(); ++place) {
    CROSSFADE_TRY(sqlite::Statement insert, file.prepare("INSERT INTO main.crossfade_schema_change (number, place, text, settings, skipped) VALUES (?1, ?2, ?3, ?4, ?5)"));
    const std::vector<model::StorageValue> values{record.number, static_cast<std::int64_t>(place), statements[place].text, pack_settings(statements[place].settings),
                                                  statements[place].skipped};
    CROSSFADE_CHECK(insert.bind_all(values));
    CROSSFADE_CHECK(insert.run());
  }
  return record;
}

model::Result<std::int64_t> applied_change(postgres::Connection& target, const std::string& file_id) {
  CROSSFADE_TRY(const model::Value there, target.value("SELECT to_regclass('crossfade.schema_change') IS NOT NULL"));
  if (!std::get<bool>(there)) return 0;
  const std::array parameters{postgres::Parameter{file_id, {model::oid::text}}};
  CROSSFADE_TRY(const model::Value number, target.value("SELECT number FROM crossfade.schema_change WHERE file_id = $1", parameters));
  const auto* applied = std::get_if<std::int64_t>(&number);
  return applied ? *applied : 0;
}

model::Result<void> note_applied(postgres::Connection& target, const std::string& file_id, std::int64_t number) {
  CROSSFADE_CHECK(target.execute(kAppliedTable));
  const std::array parameters{postgres::Parameter{file_id, {model::oid::text}}, postgres::Parameter{number, {model::oid::int8}}};
  CROSSFADE_CHECK(target.query("INSERT INTO crossfade.schema_change (file_id, number) VALUES ($1, $2) "
                               "ON CONFLICT (one) DO UPDATE SET file_id = $1, number = $2, at = now()", parameters));
  return {};
}

}  // namespace crossfade::migrate
