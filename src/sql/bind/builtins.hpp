#pragma once

#include <span>
#include <string_view>

#include "bind/overloads.hpp"

namespace crossfade::sql {

/// One signature of a function of PostgreSQL 15. `variadic`: the last argument may come any number of times.
/// `stands_for` says what it does in other words: "=+" an operator, "as:exp" another function of these types, "cast:1083" a cast to that type,
/// "length:1700" a value of that type cut to a modifier, "greatest" and "least" of two, "compare" -1, 0 or 1; empty: nothing is known.
struct BuiltinSignature {
  ArgumentTypes takes;
  bool variadic = false;
  std::string_view stands_for;
};

/// Those of that name in pg_catalog; empty: PostgreSQL has no such function.
std::span<const BuiltinSignature> builtins(std::string_view name);

/// The text that they are read from, a name and its signatures: "abs (21)=@ (23)=@ acos (701) …". Written by scripts/catalog-tables.
std::string_view builtin_signatures();

}  // namespace crossfade::sql
