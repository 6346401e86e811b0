#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using enum FunctionVolatility;

constexpr std::array kSessionRules{
    FunctionRule{"version", {}, text, "'PostgreSQL 15.0 (Crossfade " CROSSFADE_VERSION ")'", "", "", stable},
    FunctionRule{"current_database", {}, name, "crossfade_database()", "", "", stable},
    FunctionRule{"current_schema", {}, name, "crossfade_schema()", "", "", stable},
    FunctionRule{"current_user", {}, name, "crossfade_user()", "", "", stable},
    FunctionRule{"session_user", {}, name, "crossfade_user()", "", "", stable},
    FunctionRule{"pg_backend_pid", {}, int4, "crossfade_backend_pid()", "", "", stable},
    FunctionRule{"pg_is_in_recovery", {}, boolean, "0", "pg_is_in_recovery()", "f", volatile_},
    FunctionRule{"pg_advisory_lock", {int8}, void_, "crossfade_advisory('lock', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_lock", {int4, int4}, void_, "crossfade_advisory('lock', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_lock_shared", {int8}, void_, "crossfade_advisory('lock s', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_lock_shared", {int4, int4}, void_, "crossfade_advisory('lock s', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_xact_lock", {int8}, void_, "crossfade_advisory('lock x', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_xact_lock", {int4, int4}, void_, "crossfade_advisory('lock x', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_xact_lock_shared", {int8}, void_, "crossfade_advisory('lock xs', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_xact_lock_shared", {int4, int4}, void_, "crossfade_advisory('lock xs', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_lock", {int8}, boolean, "crossfade_advisory('try', $1)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_lock", {int4, int4}, boolean, "crossfade_advisory('try', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_lock_shared", {int8}, boolean, "crossfade_advisory('try s', $1)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_lock_shared", {int4, int4}, boolean, "crossfade_advisory('try s', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_xact_lock", {int8}, boolean, "crossfade_advisory('try x', $1)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_xact_lock", {int4, int4}, boolean, "crossfade_advisory('try x', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_xact_lock_shared", {int8}, boolean, "crossfade_advisory('try xs', $1)", "", "", volatile_},
    FunctionRule{"pg_try_advisory_xact_lock_shared", {int4, int4}, boolean, "crossfade_advisory('try xs', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_unlock", {int8}, boolean, "crossfade_advisory('unlock', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_unlock", {int4, int4}, boolean, "crossfade_advisory('unlock', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_unlock_shared", {int8}, boolean, "crossfade_advisory('unlock s', $1)", "", "", volatile_},
    FunctionRule{"pg_advisory_unlock_shared", {int4, int4}, boolean, "crossfade_advisory('unlock s', $1, $2)", "", "", volatile_},
    FunctionRule{"pg_advisory_unlock_all", {}, void_, "crossfade_advisory_unlock_all()", "", "", volatile_},
    FunctionRule{"current_setting", {text}, text, "crossfade_setting($1, 0)", "", "", volatile_},
    FunctionRule{"current_setting", {text, boolean}, text, "crossfade_setting($1, $2)", "", "", volatile_},
    FunctionRule{"set_config", {text, text, boolean}, text, "crossfade_set_config($1, $2, $3)", "", "", volatile_},
    FunctionRule{"setseed", {float8}, void_, "crossfade_setseed($1)", "", "", volatile_},
    FunctionRule{"pg_notify", {text, text}, void_, "crossfade_notify($1, $2)", "", "", volatile_},
    FunctionRule{"gen_random_uuid", {}, uuid, "crossfade_random_uuid()", "", "", volatile_},
};

}  // namespace

std::span<const FunctionRule> session_function_rules() { return kSessionRules; }

}  // namespace crossfade::sql
