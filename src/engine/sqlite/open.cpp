#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <cerrno>
#include <thread>
#include <utility>

#include "authorizer.hpp"
#include "catalog/module.hpp"
#include "connection_impl.hpp"
#include "errors.hpp"
#include "file_conditions.hpp"
#include "functions.hpp"
#include "row_capture.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// Another process holds the lock. SQLite has no way to be told when it lets go, so this looks again, ever less often.
int wait_for_lock(void* data, int times) {
  Connection::Impl& connection = *static_cast<Connection::Impl*>(data);
  const auto now = std::chrono::steady_clock::now();
  if (times == 0) {
    connection.busy_since = now;
    connection.cancel_wait = false;
  }
  if (!connection.may_wait || connection.cancel_wait || now - connection.busy_since >= connection.busy_timeout) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds{std::min(1 << std::min(times, 5), 25)});
  return 1;
}

struct ConfigRow { Role role; int option; int value; };

/// Source: sqlite.org/c3ref/c_dbconfig_defensive.html. MIRROR 9: triggers alone are not enough, cascades are foreign keys'.
constexpr std::array kConfig{
    ConfigRow{Role::application, SQLITE_DBCONFIG_DEFENSIVE, 1},
    ConfigRow{Role::application, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1},  // docs/decisions/0006
    ConfigRow{Role::application, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    ConfigRow{Role::application, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    ConfigRow{Role::mirror, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
};

int open_flags(OpenMode mode) {
  switch (mode) {
    case OpenMode::read_only: return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    case OpenMode::read_write: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case OpenMode::create: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  }
  std::unreachable();
}

std::unexpected<model::Error> named(const std::string& file, model::Error error) {
  if (!error.message.contains("\"" + file + "\"")) error.message = "database file \"" + file + "\": " + error.message;
  return std::unexpected(std::move(error));
}

/// SQLite hashes a text by its length when it filters the rows of a join, so values that a collation holds equal ('1 day' and
/// '24:00:00') would not meet. Source: SQLITE_BloomFilter in sqliteInt.h, filterHash() in vdbe.c of 3.38 to 3.40.
constexpr int kBloomFilter = 0x00080000;

/// Nobody asks SQLite how much memory it has, and counting it takes a lock of the whole process for every piece.
void count_no_memory() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)once;
}

model::Result<void> configure(Connection::Impl& connection, const OpenOptions& options) {
  sqlite3* database = connection.handle.get();
  sqlite3_extended_result_codes(database, 1);
  sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, database, kBloomFilter);
  sqlite3_busy_handler(database, &wait_for_lock, &connection);
  for (const ConfigRow& row : kConfig)
    if (row.role == options.role) sqlite3_db_config(database, row.option, row.value, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, options.max_value_bytes);
  const bool foreign_keys = options.foreign_keys && options.role != Role::mirror;
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, foreign_keys ? 1 : 0, nullptr);
  CROSSFADE_CHECK(register_functions(database, &connection.context));
  CROSSFADE_CHECK(register_row_capture(connection));
  CROSSFADE_CHECK(register_catalog(connection));
  CROSSFADE_CHECK(connection.execute("PRAGMA synchronous=" + options.synchronous, Author::proxy));
  CROSSFADE_CHECK(connection.execute("PRAGMA wal_autocheckpoint=" + std::to_string(options.wal_autocheckpoint), Author::proxy));
  // SQLite opens lazily: reading the schema finds out that it is no database, or that another process holds it.
  CROSSFADE_CHECK(connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1", Author::proxy));
  install_authorizer(connection);
  return {};
}

}  // namespace

model::Result<Connection> Connection::open(const std::filesystem::path& file, const OpenOptions& options) {
  count_no_memory();
  CROSSFADE_CHECK(check_file(file, options.mode));
  auto impl = std::make_unique<Impl>();
  impl->file = file.string();
  impl->role = options.role;
  impl->busy_timeout = options.busy_timeout;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(impl->file.c_str(), &raw, open_flags(options.mode), nullptr);
  impl->handle.reset(raw);
  if (code == SQLITE_CANTOPEN && sqlite3_system_errno(raw) == EACCES)
    return model::fail("42501"_state, "database file \"" + impl->file + "\": permission denied");
  if (code != SQLITE_OK)
    return named(impl->file, file_error(impl->file, code, raw == nullptr ? 0 : sqlite3_system_errno(raw), code_error(code, "cannot be opened")));
  CROSSFADE_CHECK(check_header(raw, file));
  if (auto ready = configure(*impl, options); !ready) return named(impl->file, std::move(ready).error());
  return Connection{std::move(impl)};
}

}  // namespace crossfade::sqlite
