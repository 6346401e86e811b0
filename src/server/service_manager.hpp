#pragma once

#include <string_view>
#include <vector>

#include "crossfade/server/server.hpp"

namespace crossfade::server {

/// What the service manager is told, when there is one (NOTIFY_SOCKET). A manager that does not listen is no error of ours.
/// Source: the manual page sd_notify(3).
enum class ServiceState : std::uint8_t { ready, reloading, stopping };
void notify_service_manager(ServiceState state);

}  // namespace crossfade::server
