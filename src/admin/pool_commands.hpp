#pragma once

#include <string_view>

#include "crossfade/session/console.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::admin {

/// SHOW POOLS, SHOW SERVERS, SHOW STATS; PAUSE [database], RESUME [database], KILL number|database. Column names are PgBouncer's where
/// they mean the same. PAUSE waits until no connection is lent, at most pool.acquire_timeout.
/// Errors: 55000 where there are no pools, 55006 when PAUSE has waited in vain (new transactions still wait: RESUME ends that),
/// 42704 when there is no such session or database, 42601 for what is no such command.
model::Result<session::ConsoleAnswer> pool_command(session::Hub& hub, std::string_view text);

}  // namespace crossfade::admin
