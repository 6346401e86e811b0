#pragma once

#include <string>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::admin {

/// All metrics as they are now, in Prometheus' text format. Blocking: the journal's length is asked of the database.
/// `controller`: null where there are no stages. Thread: any.
/// Source: prometheus.io, "Exposition formats" and "Metric and label naming".
std::string metrics_text(const session::Hub& hub, migrate::Controller* controller);

/// Why no statement could be answered now; empty: one could. Blocking, at most some seconds. Thread: any.
std::string not_ready_because(const session::Hub& hub, migrate::Controller* controller);

}  // namespace crossfade::admin
