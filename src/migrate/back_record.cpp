#include "back_record.hpp"

#include "schema_record.hpp"

namespace crossfade::migrate {

namespace {

constexpr std::string_view kCarriedTable =
    "CREATE TABLE IF NOT EXISTS main.crossfade_schema_back (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, entries TEXT NOT NULL, "
    "seq INTEGER NOT NULL, nonce INTEGER NOT NULL)";

}  // namespace

std::string record_back_sql(const sqlite::SchemaStatement& said) {
  return "INSERT INTO crossfade.schema_back (text, settings, skipped) VALUES (" + postgres::quote_literal(said.text) + ", " +
         postgres::quote_literal(pack_settings(said.settings)) + ", " + std::to_string(said.skipped) + ")";
}

model::Result<std::vector<BackRecord>> back_records(const model::ResultSet& rows, std::int64_t carried) {
  std::vector<BackRecord> out;
  for (const model::Row& row : rows.rows) {
    const std::int64_t number = std::get<std::int64_t>(row.at(0));
    if (number <= carried) continue;
    CROSSFADE_TRY(auto settings, unpack_settings(std::get<std::string>(row.at(2))));
    out.push_back({number, {std::get<std::string>(row.at(1)), std::move(settings), std::get<std::int64_t>(row.at(3))}});
  }
  return out;
}

model::Result<std::optional<CarriedBack>> read_carried(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto there, file.query("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'crossfade_schema_back'"));
  if (there.empty()) return std::nullopt;
  CROSSFADE_TRY(const auto rows, file.query("SELECT number, entries, seq, nonce FROM main.crossfade_schema_back"));
  if (rows.empty()) return std::nullopt;
  const sqlite::StorageRow& row = rows.front();
  return CarriedBack{std::get<std::int64_t>(row[0]), std::get<std::string>(row[1]), {std::get<std::int64_t>(row[2]), std::get<std::int64_t>(row[3])}};
}

model::Result<void> write_carried(sqlite::Connection& file, const CarriedBack& carried) {
  CROSSFADE_CHECK(file.execute(kCarriedTable));
  CROSSFADE_TRY(sqlite::Statement statement, file.prepare("INSERT OR REPLACE INTO main.crossfade_schema_back (one, number, entries, seq, nonce) VALUES (1, ?1, ?2, ?3, ?4)"));
  const std::vector<model::StorageValue> values{carried.number, carried.entries, carried.at.seq, carried.at.nonce};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

}  // namespace crossfade::migrate
