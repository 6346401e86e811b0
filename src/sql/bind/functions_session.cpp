#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using enum FunctionVolatility;

constexpr std::array kSessionRules{
    FunctionRule{"version", {}, text, "'PostgreSQL 15.0 (Crossfade " CROSSFADE_VERSION ")'", "", "", stable},
    FunctionRule{"current_database", {}, name, "crossfade_database()", "", "", stable},
    FunctionRule{"current_schema", {}, name, "'public'", "current_schema()", "public", stable},
    FunctionRule{"current_user", {}, name, "crossfade_user()", "", "", stable},
    FunctionRule{"session_user", {}, name, "crossfade_user()", "", "", stable},
    FunctionRule{"pg_backend_pid", {}, int4, "crossfade_backend_pid()", "", "", stable},
    FunctionRule{"pg_is_in_recovery", {}, boolean, "0", "pg_is_in_recovery()", "f", volatile_},
    FunctionRule{"pg_advisory_unlock_all", {}, void_, "''", "", "", volatile_},
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
