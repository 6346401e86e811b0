#include "crossfade/migrate/verify.hpp"

#include <algorithm>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "existing_target.hpp"
#include "postgres_transaction.hpp"
#include "target_catalog.hpp"
#include "target_columns.hpp"
#include "verify_table.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr std::string_view kSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

bool wanted(const VerifyOptions& options, std::string_view table) {
  return options.tables.empty() || std::ranges::find(options.tables, table) != options.tables.end();
}

/// The schema with the wanted tables alone.
plan::Schema only(plan::Schema schema, const VerifyOptions& options) {
  std::erase_if(schema.tables, [&](const auto& entry) { return !wanted(options, entry.first); });
  return schema;
}

model::Result<void> check_names_wanted(const VerifyOptions& options, const plan::Schema& schema) {
  for (const auto& name : options.tables) {
    const auto found = schema.tables.find(name);
    if (found == schema.tables.end() || found->second.view || found->second.virtual_table) {
      return model::fail("42P01"_state, "the file has no table \"" + name + "\" that is copied", {}, "Tables are named as the plan names them.");
    }
  }
  return {};
}

/// Objects made by the plan are looked for by their names; of the application's own the structure is set beside the file's, and what a copy
/// under replica role has left to nobody is checked.
model::Result<void> compare_objects(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan, VerifyReport& out) {
  const bool existing = plan.schema == plan::TargetSchema::existing;
  plan::Schema wanted = schema;
  if (existing) {
    CROSSFADE_TRY(wanted, with_target_sequences(target, schema));
    CROSSFADE_TRY(const auto broken, broken_constraints(target, schema));
    for (const auto& error : broken) out.problems.push_back(error.message);
    CROSSFADE_TRY(auto invalid, invalid_objects(target, schema));
    std::ranges::move(invalid, std::back_inserter(out.problems));
    CROSSFADE_TRY(out.notes, unmatched_objects(target, schema));
  }
  CROSSFADE_TRY(auto faults, object_faults(source, target, wanted, plan));
  std::ranges::move(faults, std::back_inserter(out.problems));
  return {};
}

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
    if (table.view || table.virtual_table || !wanted(options, name)) continue;
    CROSSFADE_TRY(auto faults, column_faults(target, table, options.schema, options.postgres_only));
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
                                   const VerifyOptions& given) {
  const auto start = std::chrono::steady_clock::now();
  auto options = given;
  options.schema = plan.schema;
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only, .role = sqlite::Role::service}));
  CROSSFADE_TRY(auto target, postgres::Connection::connect(target_at, kConnectTimeout, "crossfade verify"));
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source, &plan));
  CROSSFADE_CHECK(check_names_wanted(options, schema));
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target, kSnapshot));
  CROSSFADE_TRY(auto out, verify(source, target, schema, options));
  CROSSFADE_CHECK(compare_objects(source, target, only(schema, options), plan, out));
  out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return out;
}

}  // namespace crossfade::migrate
