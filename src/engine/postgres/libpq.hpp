#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::postgres {

struct FinishConnection { void operator()(PGconn* connection) const { PQfinish(connection); } };
using ConnectionHandle = std::unique_ptr<PGconn, FinishConnection>;
struct ClearResult { void operator()(PGresult* result) const { PQclear(result); } };
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;
struct FreeCancel { void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); } };
struct FreeCopied { void operator()(char* buffer) const { PQfreemem(buffer); } };
using CancelHandle = std::unique_ptr<PGcancel, FreeCancel>;

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

enum class Ready : std::uint8_t { readable, writable, timeout, broken };
/// Waits for a socket. Nothing: no deadline.
Ready wait_for(int socket, short poll_events, Deadline deadline);

/// Connects and authenticates, non-blocking inside. Name look-ups are libpq's own and not bounded.
/// Errors: the server's SQLSTATE, else 08001 with libpq's message; the deadline is 08001 too.
model::Result<ConnectionHandle> open_connection(const Conninfo& conninfo, Deadline deadline);

/// The fields of an ErrorResponse.
model::Error result_error(const PGresult* result);
/// libpq's words about the connection, in one line.
std::string connection_message(const PGconn* connection);

/// Types whose binary form model::parse_binary reads; all others are asked for in text and kept as text.
bool has_binary_form(model::Oid type);
/// A value in its binary form. PostgreSQL does not read all that it writes of a jsonpath (jsonpath.hpp): such a one stays its text.
model::Result<model::Value> read_binary(std::string_view bytes, model::Type type);

}  // namespace crossfade::postgres
