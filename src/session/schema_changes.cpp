#include "crossfade/sql/lock_wait.hpp"
#include "file_session.hpp"

namespace crossfade::session {

using namespace model::literals;

/// What PostgreSQL would not do in one transaction with the file, or would do otherwise.
FileSession::Status FileSession::check_may_follow(const sql::Translated& translated) const {
  const std::string at = " is not supported in stage \"" + std::string(migrate::to_string(client_.stage())) + "\"";
  if (client_.settings.dialect() != sql::Dialect::postgres)
    return model::fail("0A000"_state, translated.command_tag + at + " in SQLite's dialect", "PostgreSQL would have to be told the same in its own.",
                       "SET crossfade.dialect = 'postgres', or change the schema in stage `sqlite`.");
  if (!translated.parameters.empty())
    return model::fail("0A000"_state, translated.command_tag + at + " with parameters", "PostgreSQL is told the statement's text.", "Write the values into it.");
  return {};
}

/// Before a statement that changes the schema runs: the other side is to do the same at COMMIT.
FileSession::Status FileSession::follow_schema(const Execution& execution) {
  migrate::Controller* controller = client_.hub.backends.controller;
  if (controller == nullptr || !sql::changes_schema(*execution.translated)) return {};
  if (client_.stage() == migrate::Stage::sqlite) {
    session_.follow_schema(controller->schema_follower(), {execution.statement->text, {}});
    return {};
  }
  if (execution.statement->command_tag == "DO") {
    return model::fail("0A000"_state, "DO is not supported in stage \"" + std::string(migrate::to_string(client_.stage())) + "\"",
                       "What it catches in PostgreSQL need not be what it catches in the file.", "Say its statement alone.");
  }
  if (const std::string command = sql::asks_concurrently(*execution.statement); !command.empty()) {
    return model::fail("0A000"_state, command + " is not supported in stage \"" + std::string(migrate::to_string(client_.stage())) + "\"",
                       "A change of the schema is one transaction on both sides.", "Leave CONCURRENTLY out.");
  }
  sqlite::SchemaStatement said{execution.statement->text, {}};
  for (const std::string_view name : Settings::kMeaningful) {
    if (auto value = client_.settings.show(name)) said.settings.emplace_back(name, *std::move(value));
  }
  session_.follow_schema(controller->schema_follower(), std::move(said));
  return {};
}

}  // namespace crossfade::session
