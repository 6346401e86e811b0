#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/plan/plan.hpp"

namespace crossfade::plan {

struct MisfitWord { Misfit misfit; std::string_view word; };
inline constexpr std::array kMisfits{
    MisfitWord{Misfit::refuse, "refuse"}, MisfitWord{Misfit::null, "null"},
    MisfitWord{Misfit::quarantine, "quarantine"}, MisfitWord{Misfit::cast, "cast"},
    MisfitWord{Misfit::empty_null, "set-null-when-empty"},
};
struct SchemaWord { TargetSchema schema; std::string_view word; };
inline constexpr std::array kSchemas{SchemaWord{TargetSchema::drafted, "drafted"}, SchemaWord{TargetSchema::existing, "existing"}};
constexpr std::string_view text(TargetSchema schema) { return kSchemas[static_cast<std::size_t>(schema)].word; }

constexpr std::string_view text(Misfit misfit) { return kMisfits[static_cast<std::size_t>(misfit)].word; }

/// `; did you mean "type"?` for the word nearest to `given`, or nothing when none is near.
std::string suggestion(std::string_view given, std::span<const std::string_view> known);

}  // namespace crossfade::plan
