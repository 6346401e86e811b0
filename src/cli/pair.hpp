#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/plan.hpp"
#include "invocation.hpp"

namespace crossfade::cli {

/// The settings of a verb: defaults, file, environment, flags; the log is configured, warnings are logged.
model::Result<Loaded> settings_of(const Invocation& invocation);
/// Its two halves, for a reload: the settings alone, and the log as they have it.
model::Result<Loaded> read_settings_of(const Invocation& invocation);
model::Result<void> use_log(const Settings& settings);

/// The file of a verb that needs one. Errors: F0000 saying how to name it.
model::Result<std::string> need_file(const Settings& settings);
model::Result<postgres::Conninfo> need_postgres(const Settings& settings);

/// Which plan counts when the file holds one (stored by `copy`) and --plan names another. stored: what is there was made by it; a
/// difference is logged. named: `copy` and `schema`, which may be about to make something else of it.
enum class Rules : std::uint8_t { stored, named };
/// nullopt: neither; the documented default table is used.
model::Result<std::optional<plan::Plan>> find_plan(const Settings& settings, Rules rules);
/// Errors: F0000 with the hint to run `crossfade plan`.
model::Result<plan::Plan> need_plan(const Settings& settings, Rules rules);

}  // namespace crossfade::cli
