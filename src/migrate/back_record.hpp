#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

/// A statement with which a client has changed the schema in PostgreSQL while it is the primary, recorded there in the client's own transaction.
/// A step back says it in the file. Numbers grow in the order in which the transactions commit: one at a time makes them.
struct BackRecord {
  std::int64_t number = 0;
  sqlite::SchemaStatement said;
};

inline constexpr std::string_view kBackTable =
    "CREATE TABLE IF NOT EXISTS crossfade.schema_back (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL, settings text NOT NULL, "
    "skipped bigint NOT NULL, at timestamptz NOT NULL DEFAULT pg_catalog.now())";
/// Among a record's settings: a table that PostgreSQL had otherwise than the file before the statement, by a change that went past the proxy. Its rows are
/// carried all.
inline constexpr std::string_view kAdopts = "crossfade.adopts";
/// All that are not forgotten, in their order.
inline constexpr std::string_view kReadBack = "SELECT number, text, settings, skipped FROM crossfade.schema_back ORDER BY number";
/// false: another transaction makes a change of the schema. Held until the transaction ends.
inline constexpr std::string_view kOneAtATime = "SELECT pg_catalog.pg_try_advisory_xact_lock(1668439908, 1)";
std::string record_back_sql(const sqlite::SchemaStatement& said);
/// The rows of kReadBack, those above `carried`.
model::Result<std::vector<BackRecord>> back_records(const model::ResultSet& rows, std::int64_t carried);

/// What the file has of them. `entries` of PostgreSQL's journal went into it with the last, and the watermark that came of it.
struct CarriedBack {
  std::int64_t number = 0;
  std::string entries;
  JournalEntry at;
};
/// nullopt: none since the journal was installed.
model::Result<std::optional<CarriedBack>> read_carried(sqlite::Connection& file);
model::Result<void> write_carried(sqlite::Connection& file, const CarriedBack& carried);

}  // namespace crossfade::migrate
