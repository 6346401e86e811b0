#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crossfade/engine/sqlite/database.hpp"

/// A file of its own and one session on it: what a client's SQL text gives, as tests write it down.
class StatementRunner {
 public:
  StatementRunner();
  ~StatementRunner();

  /// The last statement's rows, "'1'|NULL; '2'|'x' (int4,text)", "(0 rows) (text)", "OK INSERT 0 1", or "ERROR 42P01: message".
  std::string run(std::string_view query);
  /// The same in a block that is rolled back.
  std::string try_run(std::string_view query);

 private:
  crossfade::model::Result<std::string> one(const crossfade::sql::Parsed& statement);

  std::filesystem::path file_;
  std::unique_ptr<crossfade::sqlite::Database> database_;
  std::unique_ptr<crossfade::sqlite::Session> session_;
};
