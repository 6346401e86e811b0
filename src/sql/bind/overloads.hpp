#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/model/type.hpp"

namespace crossfade::sql {

/// The argument types that one overload takes.
using ArgumentTypes = std::vector<model::Oid>;

/// Argument types that stand for others, as pg_proc has them.
namespace pseudo {
inline constexpr model::Oid any = 2276, any_element = 2283, any_compatible = 5077, any_enum = 3500;
}

struct OverloadChoice { enum class Outcome : std::uint8_t { found, none, ambiguous } outcome; std::size_t index = 0; };

/// PostgreSQL's choice among overloads with the right number of arguments. Unknown-typed arguments are oid::unknown.
/// Source: PostgreSQL 15 manual, sections 10.2 "Operators" and 10.3 "Functions".
OverloadChoice choose_overload(std::span<const ArgumentTypes> candidates, const ArgumentTypes& given);

}  // namespace crossfade::sql
