#include "bound_values.hpp"
#include "callable_functions.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

model::Result<const Callable*> look_up(model::Oid function) {
  if (const Callable* callable = find_callable(function)) return callable;
  if (is_function_of_postgresql(function)) {
    return model::fail("0A000"_state, "function with OID " + std::to_string(function) + " cannot be called on SQLite", {},
                       "It works in stage `postgres`.");
  }
  return model::fail("42883"_state, "function with OID " + std::to_string(function) + " does not exist");
}

model::Result<void> check_arguments(const wire::FunctionCall& message, std::size_t wanted) {
  if (!message.counted) return std::unexpected(*message.broken);
  const std::string announced = std::to_string(message.announced);
  if (message.announced != wanted) {
    return model::fail("08P01"_state, "function call message contains " + announced + " arguments but function requires " +
                                          std::to_string(wanted));
  }
  const std::size_t formats = message.formats.size();
  if (formats <= 1 || formats == message.announced) return {};
  return model::fail("08P01"_state, "function call message contains " + std::to_string(formats) + " argument formats but " +
                                        announced + " arguments");
}

std::string call_of(const Callable& callable) {
  std::string text = "SELECT \"" + std::string(callable.name) + "\"(";
  for (std::size_t i = 1; i <= callable.types().size(); ++i) text += (i > 1 ? ", $" : "$") + std::to_string(i);
  return text + ")";
}

}  // namespace

/// A transaction of its own unless one is open, as a Query.
asio::awaitable<void> FileSession::function_call(wire::FunctionCall message) {
  canceller_->begin(client_.settings.milliseconds("statement_timeout"));
  Status done = co_await call_function(std::move(message));
  if (!done) session_.mark_failed();
  if (implicit_) {
    auto ended = co_await end_implicit(done.has_value());
    if (done && !ended) done = std::move(ended);
  }
  if (!done) client_.send_error(canceller_->reason().value_or(done.error()));
  co_await finish_batch();
}

/// As a query that calls it. Source of the order of the checks: PostgreSQL 15's answers.
asio::awaitable<FileSession::Status> FileSession::call_function(wire::FunctionCall message) {
  if (session_.state() == sqlite::BlockState::failed)
    co_return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
  const auto callable = look_up(message.function);
  if (!callable) co_return std::unexpected(callable.error());
  const std::span<const model::Oid> declared = (*callable)->types();
  if (auto fits = check_arguments(message, declared.size()); !fits) co_return fits;
  std::vector<model::Type> types;
  for (const model::Oid type : declared) types.push_back({type});
  auto held = client_.memory.take(memory_of(message, types));
  if (!held) co_return std::unexpected(std::move(held).error());
  const auto decode = [&] { return decode_values(message, types, client_.settings.style(), "function argument"); };
  model::Result<std::vector<model::Value>> values;
  if (weight_of(message) <= kBriefBytes) values = decode();
  else values = co_await engine_statement(decode);
  if (!values) co_return std::unexpected(std::move(values).error());
  if (message.broken) co_return std::unexpected(*message.broken);
  model::Value result = model::Null{};
  const bool runs = (*callable)->how == Callable::How::takes_null || std::ranges::none_of(*values, model::is_null);
  if (runs && (*callable)->how == Callable::How::collated) {
    co_return model::fail("42P22"_state, "could not determine which collation to use for " + std::string((*callable)->name) + "() function",
                          {}, "Use the COLLATE clause to set the collation explicitly.");
  }
  if (runs) {
    auto query = client_.hub.translations.parse(call_of(**callable), sql::Dialect::postgres);
    if (!query) co_return std::unexpected(std::move(query).error());
    Opened opened;
    Execution execution{.statement = &(*query)->front(), .declared = declared, .values = *values, .into = &opened};
    if (auto done = co_await run(std::move(execution)); !done) co_return done;
    auto read = co_await engine_statement([&]() -> Status {
      CROSSFADE_TRY(auto batch, std::exchange(opened.cursor, nullptr)->fetch(0));
      result = std::move(batch.rows.front().front());
      return {};
    });
    if (!read) co_return read;
  }
  if (auto known = wire::check_format(message.result_format); !known && !model::is_null(result)) co_return known;
  wire::append_function_result(client_.channel.out(), result, {(*callable)->result}, message.result_format, client_.settings.style());
  co_return Status{};
}

}  // namespace crossfade::session
