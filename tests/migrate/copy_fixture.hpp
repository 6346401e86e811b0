#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate::test {

template <class T>
T get(model::Result<T> result) {
  if (!result) FAIL(std::string(result.error().state.code()) + " " + result.error().message + " " + result.error().detail);
  return *std::move(result);
}
inline void get(model::Result<void> result) {
  if (!result) FAIL(std::string(result.error().state.code()) + " " + result.error().message + " " + result.error().detail);
}

inline std::string unique_name() {
  static int number = 0;
  return "crossfade_copy_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
}

/// A SQLite file for one test.
class File {
 public:
  explicit File(std::string_view sql = {}) : path_(std::filesystem::temp_directory_path() / (unique_name() + ".db")) {
    auto connection = open(sqlite::OpenMode::create);
    if (!sql.empty()) get(connection.execute(sql));
  }
  ~File() {
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path_.string() + suffix);
  }
  File(const File&) = delete;
  sqlite::Connection open(sqlite::OpenMode mode = sqlite::OpenMode::read_write) const {
    return get(sqlite::Connection::open(path_, {.mode = mode, .role = sqlite::Role::service}));
  }
  const std::filesystem::path& path() const { return path_; }
  void run(std::string_view sql) const { get(open().execute(sql)); }
  Drafted draft() const {
    auto connection = open();
    return get(draft_plan(connection));
  }

 private:
  std::filesystem::path path_;
};

/// A PostgreSQL database for one test, made in the server that CROSSFADE_TEST_PG names.
class Target {
 public:
  static const char* server() { return std::getenv("CROSSFADE_TEST_PG"); }
  Target() : name_(unique_name()) { get(admin().execute("CREATE DATABASE " + name_)); }
  ~Target() { static_cast<void>(admin().execute("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)")); }
  Target(const Target&) = delete;
  postgres::Conninfo conninfo() const { return get(postgres::Conninfo::parse(server())).with("dbname", name_); }
  postgres::Connection open() const { return connect(conninfo()); }
  void run(std::string_view sql) const { get(open().execute(sql)); }
  std::int64_t number(std::string_view sql) const { return std::get<std::int64_t>(get(open().value(sql))); }
  std::string text(std::string_view sql) const { return std::get<std::string>(get(open().value(sql))); }

 private:
  static postgres::Connection connect(const postgres::Conninfo& at) {
    return get(postgres::Connection::connect(at, std::chrono::seconds{10}, "crossfade test"));
  }
  static postgres::Connection admin() { return connect(get(postgres::Conninfo::parse(server()))); }
  std::string name_;
};

/// Tests that need a server say so and pass without one.
#define NEEDS_POSTGRES()                                                   \
  if (!crossfade::migrate::test::Target::server()) {                       \
    WARN("skipped: CROSSFADE_TEST_PG does not name a PostgreSQL server");  \
    return;                                                                \
  }

}  // namespace crossfade::migrate::test
