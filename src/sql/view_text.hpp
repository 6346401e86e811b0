#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crossfade::sql {

/// The query of a CREATE VIEW in SQLite's words, said so that PostgreSQL's grammar reads it: `[a b]` and `a b` in backticks are "a b", IS and ==
/// are =, GLOB and its kin are operators, AS 'x' is AS "x". For what its values' types are, not to be run: what orders, tells rows apart or
/// cuts them off may say something else. nullopt: no CREATE VIEW … AS.
std::optional<std::string> query_of_view(std::string_view text);

}  // namespace crossfade::sql
