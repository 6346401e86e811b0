#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <utility>

#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::tests {

/// The value, or a failed test with the error's message.
template <class T>
T must(model::Result<T> result) {
  if (!result) FAIL(result.error().state.code() << " " << result.error().message << " " << result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

template <class T>
std::string state_of(const model::Result<T>& result) {
  return result ? "none" : std::string{result.error().state.code()};
}

/// A database file of one test, gone at its end.
class TemporaryFile {
 public:
  TemporaryFile() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("crossfade_test_" + std::to_string(getpid()) + "_" + std::to_string(++count) + ".db");
    remove();
  }
  ~TemporaryFile() { remove(); }
  const std::filesystem::path& path() const { return path_; }
  /// By an ordinary program: no proxy, no functions of ours.
  sqlite::Connection open(sqlite::Role role = sqlite::Role::service) const {
    return must(sqlite::Connection::open(path_, {.mode = sqlite::OpenMode::create, .role = role, .busy_timeout = std::chrono::milliseconds{50}}));
  }

 private:
  void remove() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path_.string() + suffix);
  }
  std::filesystem::path path_;
};

/// A statement as sql::translate gives it, for tests of the engine alone: all columns bigint.
inline sql::Translated statement(sql::Kind kind, std::string text, int columns = 0) {
  sql::Translated made;
  made.kind = kind;
  made.texts = {std::move(text)};
  made.writes = kind != sql::Kind::select;
  made.command_tag = kind == sql::Kind::insert ? "INSERT 0" : kind == sql::Kind::select ? "SELECT" : "UPDATE";
  for (int i = 0; i < columns; ++i)
    made.columns.push_back({.name = "c", .type = {model::oid::int8}, .form = {plan::Form::integer}, .table = "t", .column = "a"});
  return made;
}

/// One client of a database: takes the permit as the session layer does, and fails when it would have to wait.
class Client {
 public:
  explicit Client(sqlite::Database& database) : database_(database), session(database) {}

  model::Result<std::unique_ptr<sqlite::Cursor>> start(const sql::Translated& wanted) {
    if (session.needs_permit(wanted)) {
      sqlite::Permit permit;
      const auto id = database_.permits().acquire([&](sqlite::Permit given) { permit = std::move(given); });
      if (!permit) {
        database_.permits().cancel(id);
        return model::fail(model::SqlState{"55P03"}, "the permit is taken");
      }
      session.adopt(std::move(permit));
    }
    return session.start(wanted, {});
  }
  model::Result<std::int64_t> change(const std::string& text) {
    CROSSFADE_TRY(const auto cursor, start(statement(sql::Kind::update, text)));
    CROSSFADE_TRY(const sqlite::Cursor::Batch batch, cursor->fetch(0));
    return batch.affected;
  }
  /// The first column of the only row.
  model::Result<std::int64_t> number(const std::string& text) {
    CROSSFADE_TRY(const auto cursor, start(statement(sql::Kind::select, text, 1)));
    CROSSFADE_TRY(const sqlite::Cursor::Batch batch, cursor->fetch(0));
    return std::get<std::int64_t>(batch.rows.at(0).at(0));
  }
  model::Result<std::string> control(sql::TransactionControl::Verb verb, std::string name = {}) {
    return session.control({.verb = verb, .name = std::move(name)}, warnings);
  }
  model::Result<std::string> begin(std::optional<sql::Isolation> isolation = {}, std::optional<bool> read_only = {}) {
    return session.control({.verb = Verb::begin, .isolation = isolation, .read_only = read_only}, warnings);
  }

  using Verb = sql::TransactionControl::Verb;

 private:
  sqlite::Database& database_;

 public:
  std::vector<model::Error> warnings;
  sqlite::Session session;
};

/// `patience`: a group of commits closes by what a test adds, not by how busy the machine is.
inline std::unique_ptr<sqlite::Database> serve(const TemporaryFile& file, const std::string& schema, std::chrono::milliseconds patience = std::chrono::minutes{1}) {
  must(file.open().execute(schema));
  return must(sqlite::Database::open({.file = file.path(), .busy_timeout = std::chrono::milliseconds{50}, .group_patience = patience}, nullptr));
}

}  // namespace crossfade::tests
