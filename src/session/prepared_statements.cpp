#include "bound_values.hpp"
#include "crossfade/sql/session_statements.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr int kDeepestExecute = 50;  // the protocol can prepare an EXECUTE, also of itself

model::Error moved(model::Error error, std::uint32_t offset) {
  if (error.position != 0) error.position += offset;
  return error;
}

}  // namespace

model::Error already_prepared(std::string_view name) {
  return {"42P05"_state, "prepared statement \"" + std::string(name) + "\" already exists"};
}

/// PREPARE makes what Parse makes.
asio::awaitable<FileSession::Status> FileSession::run_prepare(Execution execution) {
  auto said = sql::read_prepare(*execution.statement);
  if (!said && said.error().state == "42704"_state) {  // perhaps a type of CREATE TYPE
    const auto schema = co_await engine([&] { return session_.schema(); }, Lane::brief);
    if (!schema) co_return std::unexpected(schema.error());
    said = sql::read_prepare(*execution.statement, &**schema);
  }
  if (!said) co_return std::unexpected(std::move(said).error());
  if (said->name.empty()) co_return model::fail("26000"_state, "invalid statement name: must not be empty");
  auto query = co_await parse_text(said->query);
  if (!query) co_return std::unexpected(moved(std::move(query).error(), said->offset));
  auto prepared = std::make_shared<Prepared>();
  if (auto held = hold_text(*prepared, said->query); !held) co_return held;
  prepared->declared = std::move(said->types);
  prepared->statement = first_of(*query);
  if (auto translated = co_await ensure_translated(prepared); !translated)
    co_return std::unexpected(moved(std::move(translated).error(), said->offset));
  if (client_.prepared.contains(said->name)) co_return std::unexpected(already_prepared(said->name));
  client_.prepared.insert_or_assign(said->name, std::move(prepared));
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), "PREPARE");
  co_return Status{};
}

/// The values of EXECUTE's arguments, in the types that the statement's parameters have.
asio::awaitable<model::Result<std::vector<model::Value>>> FileSession::evaluate_arguments(sql::ExecuteStatement execute,
                                                                                         std::shared_ptr<Prepared> prepared) {
  const std::vector<model::Type> wanted = prepared->translated->parameters;
  if (execute.count != wanted.size()) {
    co_return model::fail("42601"_state, "wrong number of parameters for prepared statement \"" + execute.name + "\"",
                          "Expected " + std::to_string(wanted.size()) + " parameters but got " + std::to_string(execute.count) + ".");
  }
  if (wanted.empty()) co_return std::vector<model::Value>{};
  refresh_context();
  co_return co_await engine_statement([&]() -> model::Result<std::vector<model::Value>> {
    CROSSFADE_TRY(const auto schema, session_.schema());
    CROSSFADE_TRY(const auto query, sql::translate_arguments(execute, translation_context(*schema), wanted));
    CROSSFADE_TRY(const auto cursor, session_.start(query, {}));
    CROSSFADE_TRY(auto batch, cursor->fetch(0));
    model::Row& values = batch.rows.front();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_parameter(std::move(values[i]), wanted[i]);
    return std::move(values);
  }, Lane::brief);
}

/// As if the statement had been bound with the arguments: its columns, rows and command tag are the answer.
asio::awaitable<FileSession::Status> FileSession::run_execute(Execution execution) {
  const sql::ExecuteStatement said = sql::read_execute(*execution.statement);
  const auto found = client_.prepared.find(said.name);
  if (found == client_.prepared.end()) co_return std::unexpected(unknown_statement(said.name));
  const std::shared_ptr<Prepared> prepared = found->second;
  if (auto ready = co_await ensure_translated(prepared); !ready) co_return ready;
  if (execution.prepared != nullptr && execution.prepared->columns != prepared->columns) co_return std::unexpected(plan_changed());
  auto values = co_await evaluate_arguments(said, prepared);
  if (!values) co_return std::unexpected(std::move(values).error());
  if (execute_depth_ >= kDeepestExecute) co_return model::fail("54001"_state, "stack depth limit exceeded");
  if (prepared->statement->kind == sql::Kind::empty) {
    finish_local(execution);
    wire::append_empty(client_.channel.out(), 'I');
    co_return Status{};
  }
  Execution inner = execution;
  inner.statement = prepared->statement.get();
  inner.translated = nullptr;
  inner.declared = prepared->types();
  inner.values = *values;
  inner.prepared = prepared.get();
  inner.bound.reset();  // of the EXECUTE
  inner.whole_from = client_.channel.out().size();
  ++execute_depth_;
  auto done = co_await run(std::move(inner));
  --execute_depth_;
  if (!done) done.error().position = 0;  // it counts from a text that is not this one
  co_return done;
}

/// What Describe says of an EXECUTE: nothing while there is no such statement, as in PostgreSQL.
model::Result<sql::Translated> FileSession::translate_execute(const sql::Parsed& statement) {
  sql::Translated translated{.kind = sql::Kind::execute};
  translated.command_tag = "EXECUTE";
  const auto found = client_.prepared.find(sql::read_execute(statement).name);
  if (found == client_.prepared.end() || found->second->statement->kind == sql::Kind::execute) return translated;
  const Prepared& prepared = *found->second;
  std::shared_ptr<const sql::Translated> known = prepared.translated;
  if (known == nullptr) {
    CROSSFADE_TRY(known, translate(*prepared.statement, prepared.types()));
  }
  translated.columns = known->columns;
  translated.command_tag = known->command_tag;
  translated.writes = known->writes;
  return translated;
}

FileSession::Status FileSession::run_deallocate(const sql::ObjectControl& control) {
  if (control.name.empty()) {
    client_.prepared.clear();
    return {};
  }
  const auto found = client_.prepared.find(control.name);
  if (found == client_.prepared.end()) return std::unexpected(unknown_statement(control.name));
  client_.prepared.erase(found);
  return {};
}

}  // namespace crossfade::session
