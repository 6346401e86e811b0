#include "statement_runner.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>

#include "crossfade/model/text_format.hpp"

using namespace crossfade;

namespace {

/// As Python's repr writes it, without its outer quotes' choice.
std::string shown(const std::string& text) {
  std::string out = "'";
  for (const char character : text) {
    if (character == '\\') out += "\\\\";
    else if (character == '\n') out += "\\n";
    else out += character;
  }
  return out + "'";
}

std::string shown(const std::vector<model::Row>& rows, const std::vector<sql::OutputColumn>& columns) {
  std::string text = rows.empty() ? "(0 rows)" : "";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i) text += "; ";
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const model::Value& value = rows[i][column];
      text += column ? "|" : "";
      text += model::is_null(value) ? "NULL" : shown(model::to_text(value, columns[column].type));
    }
  }
  text += " (";
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const model::TypeInfo* info = model::find_type(columns[column].type.oid);
    text += (column ? "," : "") + std::string{info ? info->name : "?"};
  }
  return text + ")";
}

std::string shown(const model::Error& error) { return "ERROR " + std::string{error.state.code()} + ": " + error.message; }

}  // namespace

StatementRunner::StatementRunner() {
  static std::atomic<int> number = 0;
  file_ = std::filesystem::temp_directory_path() / ("crossfade-runner-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".db");
  std::ofstream{file_};  // an empty file is an empty database
  auto opened = sqlite::Database::open({.file = file_}, nullptr);
  if (!opened) throw std::runtime_error(opened.error().message);
  database_ = std::move(*opened);
  session_ = std::make_unique<sqlite::Session>(*database_);
  session_->context().user = "tester";
  session_->context().database = "app";
}

StatementRunner::~StatementRunner() {
  session_.reset();
  database_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + suffix);
}

model::Result<std::string> StatementRunner::one(const sql::Parsed& statement) {
  if (const auto* control = std::get_if<sql::TransactionControl>(&statement.control)) {
    std::vector<model::Error> warnings;
    CROSSFADE_TRY(const std::string tag, session_->control(*control, warnings));
    return "OK " + tag;
  }
  CROSSFADE_TRY(const auto schema, database_->schema());
  CROSSFADE_TRY(const sql::Translated translated, sql::translate(statement, {.schema = schema.get(), .database = "app", .user = "tester"}));
  if (session_->needs_permit(translated)) {
    database_->permits().acquire([this](sqlite::Permit permit) { session_->adopt(std::move(permit)); });
  }
  CROSSFADE_TRY(const auto cursor, session_->start(translated, {}));
  sqlite::Cursor::Batch batch;
  while (!batch.done) {
    CROSSFADE_TRY(sqlite::Cursor::Batch next, cursor->fetch(0));
    std::ranges::move(next.rows, std::back_inserter(batch.rows));
    batch.done = next.done;
    batch.affected = next.affected;
  }
  if (!translated.columns.empty()) return shown(batch.rows, translated.columns);
  const bool counted = translated.command_tag == "SELECT" || translated.kind == sql::Kind::insert || translated.kind == sql::Kind::update || translated.kind == sql::Kind::delete_;
  return "OK " + translated.command_tag + (counted ? " " + std::to_string(batch.affected) : "");
}

std::string StatementRunner::run(std::string_view query) {
  const auto parsed = sql::parse(query, sql::Dialect::postgres);
  if (!parsed) return shown(parsed.error());
  std::string last;
  for (const sql::Parsed& statement : *parsed) {
    if (statement.kind == sql::Kind::empty) continue;
    const auto result = one(statement);
    if (!result) {
      session_->mark_failed();
      return shown(result.error());
    }
    last = *result;
  }
  return last;
}

std::string StatementRunner::try_run(std::string_view query) {
  run("BEGIN");
  std::string result = run(query);
  run("ROLLBACK");
  return result;
}
