#include "crossfade/migrate/clean.hpp"

#include <array>

#include "sqlite_journal.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// What belongs to a pair, and to nothing else. (crossfade_types and its like describe tables.)
constexpr std::array<std::string_view, 11> kPairTables{"crossfade_baseline", "crossfade_canary", "crossfade_forced", "crossfade_history", "crossfade_journal",
                                                      "crossfade_plan", "crossfade_quarantine", "crossfade_schema_back", "crossfade_schema_change", "crossfade_state", "crossfade_tombstone"};

std::string ours() {
  std::string tables;
  for (const std::string_view name : kPairTables) tables += (tables.empty() ? "'" : ", '") + std::string(name) + "'";
  return "SELECT type, name FROM main.sqlite_schema WHERE (type = 'trigger' AND substr(name, 1, 10) = 'crossfade_') OR "
         "(type = 'table' AND name IN (" + tables + ")) ORDER BY type DESC, name";
}

}  // namespace

model::Result<std::vector<std::string>> clean_file(const std::filesystem::path& file) {
  sqlite::OpenOptions options;
  options.mode = sqlite::OpenMode::read_write;
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, options));
  CROSSFADE_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(connection, sqlite::Transaction::Mode::immediate));
  CROSSFADE_TRY(const std::optional<FileState> state, read_file_state(connection));
  const bool alone = !state || (!state->side.handing_over && (state->side.at.stage == Stage::sqlite || state->side.at.stage == Stage::finished));
  if (!alone) {
    return model::fail("55000"_state, "this file stands in stage " + std::string(to_string(state->side.at.stage)) + " of a pair",
                       "Without its journal and its guard, rows would be lost in silence.",
                       "SWITCH BACK to stage sqlite, or FINISH, on the console first.");
  }
  CROSSFADE_TRY(const auto found, connection.query(ours()));
  std::vector<std::string> removed;
  for (const sqlite::StorageRow& row : found) {
    const std::string type = std::get<std::string>(row[0]), name = std::get<std::string>(row[1]);
    CROSSFADE_CHECK(connection.execute("DROP " + type + " main." + quote_sqlite(name)));
    removed.push_back(type + " " + name);
  }
  CROSSFADE_CHECK(transaction.commit());
  return removed;
}

}  // namespace crossfade::migrate
