#include "crossfade/migrate/verify.hpp"

#include <algorithm>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "postgres_transaction.hpp"
#include "target_columns.hpp"
#include "verify_table.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr std::string_view kSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

}  // namespace

std::int64_t VerifyReport::differences() const {
  std::int64_t out = 0;
  for (const auto& table : tables) out += table.only_sqlite + table.only_postgres + table.different_rows;
  return out;
}

model::Result<VerifyReport> verify(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                   const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  VerifyReport out;
  for (const auto& [name, table] : schema.tables) {
    if (table.view || table.virtual_table) continue;
    CROSSFADE_TRY(auto faults, column_faults(target, table));
    if (!faults.empty()) {
      // Its rows cannot be set side by side: the fault alone is the finding.
      std::ranges::move(faults, std::back_inserter(out.problems));
      continue;
    }
    CROSSFADE_TRY(auto verified, verify_table(source, target, table, options));
    out.tables.push_back(std::move(verified));
  }
  out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return out;
}

model::Result<VerifyReport> verify(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan,
                                   const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only, .role = sqlite::Role::service}));
  CROSSFADE_TRY(auto target, postgres::Connection::connect(target_at, kConnectTimeout, "crossfade verify"));
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source, &plan));
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target, kSnapshot));
  CROSSFADE_TRY(auto out, verify(source, target, schema, options));
  CROSSFADE_TRY(auto faults, object_faults(source, target, schema, plan));
  std::ranges::move(faults, std::back_inserter(out.problems));
  out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return out;
}

}  // namespace crossfade::migrate
