#include <sqlite3.h>

#include <array>

#include "call.hpp"
#include "crossfade/engine/sqlite/session_calls.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

Answer random(const Call& call) {
  if (call.session().random) return call.session().random->next();
  std::uint64_t bits = 0;
  sqlite3_randomness(sizeof bits, &bits);
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

/// Version 4, as RFC 4122 lays it out.
Answer random_uuid(const Call&) {
  model::Uuid uuid;
  sqlite3_randomness(static_cast<int>(uuid.bytes.size()), uuid.bytes.data());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
  return to_runtime(uuid, model::Type{model::oid::uuid});
}

/// crossfade_fail(sqlstate, message): ends the statement when a row gets here.
Answer fail(const Call& call) { return model::fail(model::SqlState{call.text(0)}, call.string(1)); }

/// crossfade_limit(count, 'LIMIT'|'OFFSET'): NULL is no limit, a negative one PostgreSQL's error.
Answer limit(const Call& call) {
  const bool offset = call.text(1) == "OFFSET";
  if (call.is_null(0)) return std::int64_t{offset ? 0 : -1};
  if (call.integer(0) >= 0) return call.integer(0);
  return offset ? model::fail("2201X"_state, "OFFSET must not be negative") : model::fail("2201W"_state, "LIMIT must not be negative");
}

std::unexpected<model::Error> no_session() { return model::fail("55000"_state, "there is no session to ask"); }

/// crossfade_setting(name, missing_ok)
Answer setting(const Call& call) {
  SessionCalls* const session = call.session().calls;
  if (session == nullptr) return no_session();
  model::Result<std::string> value = session->setting(call.text(0));
  if (value) return *std::move(value);
  if (value.error().state == "42704"_state && call.integer(1) != 0) return model::Null{};
  return std::unexpected(std::move(value).error());
}

/// crossfade_set_config(name, value, local): a value of NULL is the default.
Answer set_config(const Call& call) {
  SessionCalls* const session = call.session().calls;
  if (session == nullptr) return no_session();
  if (call.is_null(0)) return model::fail("22004"_state, "SET requires parameter name");
  const bool local = !call.is_null(2) && call.integer(2) != 0;
  const std::optional<std::string_view> value = call.is_null(1) ? std::nullopt : std::optional(call.text(1));
  CROSSFADE_TRY(std::string set, session->set(call.text(0), value, local ? SessionCalls::Scope::transaction : SessionCalls::Scope::session));
  return set;
}

/// crossfade_current_of(cursor, table)
Answer current_of(const Call& call) {
  SessionCalls* const session = call.session().calls;
  if (session == nullptr) return no_session();
  CROSSFADE_TRY(const auto row, session->current_row(call.text(0), call.text(1)));
  return row ? Answer{*row} : Answer{model::Null{}};
}

/// crossfade_setseed(seed)
Answer set_seed(const Call& call) {
  const double seed = call.real(0);
  if (!(seed >= -1 && seed <= 1)) {
    return model::fail("22023"_state, "setseed parameter " + model::to_text(seed, {model::oid::float8}, call.session().style) + " is out of allowed range [-1,1]");
  }
  call.session().random.emplace(seed);
  return std::string{};
}

/// crossfade_notify(channel, payload)
Answer notify(const Call& call) {
  SessionCalls* const session = call.session().calls;
  if (session == nullptr) return no_session();
  const std::string_view channel = call.is_null(0) ? std::string_view{} : call.text(0);
  CROSSFADE_CHECK(session->notify(channel, call.is_null(1) ? std::string_view{} : call.text(1)));
  return std::string{};
}

/// crossfade_xmax(): 0, or a number of the transaction where the row that was written last was there before (RepeatedRows).
Answer updater(const Call& call) {
  constexpr std::int64_t kFirst = 3, kMost = 0x7fff'ffff;  // the least number that PostgreSQL gives; one that an integer holds
  const Connection::Impl* connection = call.session().connection;
  if (connection == nullptr || !connection->updates_row) return std::int64_t{0};
  return std::max(kFirst, call.session().transaction_micros & kMost);
}

constexpr std::array kSessionFunctions{
    Function{"crossfade_xmax", 0, updater, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_random", 0, random, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_random_uuid", 0, random_uuid, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_user", 0, [](const Call& call) -> Answer { return call.session().user; }},
    Function{"crossfade_database", 0, [](const Call& call) -> Answer { return call.session().database; }},
    Function{"crossfade_backend_pid", 0, [](const Call& call) -> Answer { return std::int64_t{call.session().backend_pid}; }},
    Function{"crossfade_setting", 2, setting, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_set_config", 3, set_config, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_notify", 2, notify, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_current_of", 2, current_of, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_setseed", 1, set_seed, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_fail", 2, fail, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_limit", 2, limit, Nulls::passed},
};

}  // namespace

std::span<const Function> session_functions() { return kSessionFunctions; }

}  // namespace crossfade::sqlite::functions
