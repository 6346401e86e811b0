#pragma once

#include <array>
#include <string_view>

namespace crossfade::sql {

/// SQLite reads 'now' in any case. In a default that Crossfade wrote, the case says which of PostgreSQL's words stood there, for the catalog
/// to show again. Files of before have 'now' alone: now(), and CURRENT_DATE where the column is a date.
struct MomentWord { std::string_view shown, spelled, spelled_as_date; };
inline constexpr std::array kMomentWords{
    MomentWord{"now()", "'now'", "'nOW'"},
    MomentWord{"CURRENT_DATE", "", "'now'"},
    MomentWord{"CURRENT_TIMESTAMP", "'NOW'", "'NOW'"},
    MomentWord{"LOCALTIMESTAMP", "'Now'", "'Now'"},
    MomentWord{"transaction_timestamp()", "'nOw'", "'nOw'"},
    MomentWord{"statement_timestamp()", "'noW'", "'noW'"},
};

}  // namespace crossfade::sql
