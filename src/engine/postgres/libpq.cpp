#include "libpq.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/observe/log.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;
namespace oid = model::oid;

constexpr std::array kBinaryTypes{
    oid::boolean, oid::bytea,  oid::char_,     oid::name,        oid::int8,     oid::int2,    oid::int4,
    oid::regproc, oid::text,   oid::oid,       oid::json,        oid::float4,   oid::float8,  oid::unknown,
    oid::bpchar,  oid::varchar, oid::date,     oid::time,        oid::timestamp, oid::timestamptz, oid::interval,
    oid::numeric, oid::uuid,   oid::jsonb,     oid::regclass,    oid::regtype, oid::timetz,  oid::jsonpath,
};

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string{} : std::string{text};
}

/// With verbose errors libpq says "FATAL:  28P01: password authentication failed …\nLOCATION: …" of a refused start-up.
std::optional<model::Error> startup_error(std::string_view text) {
  const std::size_t severity = std::min(text.find("FATAL:  "), text.find("ERROR:  "));
  if (severity == std::string_view::npos) return std::nullopt;
  text.remove_prefix(severity + 8);
  if (text.size() < 7 || text.substr(5, 2) != ": ") return std::nullopt;
  model::Error error{model::SqlState{text.substr(0, 5)}, {}};
  text.remove_prefix(7);
  error.message = text.substr(0, text.find('\n'));
  const auto line = [&](std::string_view label) -> std::string {
    const std::size_t at = text.find(label);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + label.size());
    return std::string{rest.substr(0, rest.find('\n'))};
  };
  error.detail = line("\nDETAIL:  ");
  error.hint = line("\nHINT:  ");
  return error;
}

model::Error connect_error(const PGconn* connection) {
  if (auto refused = startup_error(PQerrorMessage(connection))) return *std::move(refused);
  return {"08001"_state, "cannot connect to PostgreSQL: " + connection_message(connection)};
}

void log_notice(void*, const PGresult* result) {
  observe::log(observe::Level::debug, "upstream notice", {{"message", field(result, PG_DIAG_MESSAGE_PRIMARY)}});
}

}  // namespace

Ready wait_for(int socket, short poll_events, Deadline deadline) {
  for (;;) {
    int timeout = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now()).count();
      timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
    }
    pollfd one{.fd = socket, .events = poll_events, .revents = 0};
    const int count = poll(&one, 1, timeout);
    if (count == 0) return Ready::timeout;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Ready::broken;
    return (one.revents & POLLOUT) != 0 ? Ready::writable : Ready::readable;  // hang-ups are found by reading
  }
}

model::Result<ConnectionHandle> open_connection(const Conninfo& conninfo, Deadline deadline) {
  ConnectionHandle connection{PQconnectStart(conninfo.text().c_str())};
  if (connection == nullptr) return model::fail("53200"_state, "out of memory");
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  PQsetNoticeReceiver(connection.get(), &log_notice, nullptr);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (PQstatus(connection.get()) != CONNECTION_BAD && status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (wait_for(PQsocket(connection.get()), events, deadline) == Ready::timeout)
      return model::fail("08001"_state, "cannot connect to PostgreSQL: timeout expired", conninfo.redacted());
    status = PQconnectPoll(connection.get());
  }
  if (status != PGRES_POLLING_OK) {
    model::Error error = connect_error(connection.get());
    if (error.detail.empty()) error.detail = conninfo.redacted();
    return std::unexpected(std::move(error));
  }
  PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  return connection;
}

model::Error result_error(const PGresult* result) {
  model::Error error{model::SqlState{field(result, PG_DIAG_SQLSTATE)}, field(result, PG_DIAG_MESSAGE_PRIMARY)};
  if (field(result, PG_DIAG_SQLSTATE).empty())  // made by libpq itself
    error = {"08006"_state, PQresultErrorMessage(result)};
  error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(result, PG_DIAG_MESSAGE_HINT);
  error.schema = field(result, PG_DIAG_SCHEMA_NAME);
  error.table = field(result, PG_DIAG_TABLE_NAME);
  error.column = field(result, PG_DIAG_COLUMN_NAME);
  error.data_type = field(result, PG_DIAG_DATATYPE_NAME);
  error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  std::from_chars(position.data(), position.data() + position.size(), error.position);
  return error;
}

std::string connection_message(const PGconn* connection) {
  std::string message = PQerrorMessage(connection);
  while (message.ends_with('\n')) message.pop_back();
  std::ranges::replace(message, '\n', ' ');
  return message;
}

bool has_binary_form(model::Oid type) {
  const auto element = model::element_of({type});
  return std::ranges::find(kBinaryTypes, element ? element->oid : type) != kBinaryTypes.end();
}

model::Result<model::Value> read_binary(std::string_view bytes, model::Type type) {
  auto value = model::parse_binary(bytes, type);
  if (!value && type.oid == oid::jsonpath && !bytes.empty()) return std::string{bytes.substr(1)};
  return value;
}

}  // namespace crossfade::postgres
