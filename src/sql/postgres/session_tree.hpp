#pragma once

#include <optional>
#include <string_view>

#include "crossfade/sql/session_effects.hpp"

namespace crossfade::sql::postgres_front {

/// What the tree says. nullopt: the grammar refuses the text, and PostgreSQL 15 will.
std::optional<SessionEffects> effects_of_tree(std::string_view text);

/// What a call of a function does. `name`: folded, without pg_catalog.
void note_call(std::string_view name, SessionEffects& effects);

}  // namespace crossfade::sql::postgres_front
