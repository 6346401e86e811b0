#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "crossfade/model/type.hpp"

namespace crossfade::session {

/// A function that a FunctionCall may name, as pg_proc has it. `arguments`: up to the first 0.
struct Callable {
  /// strict: NULL gives NULL. collated: strict, and fails for want of a collation, as in PostgreSQL.
  enum class How : std::uint8_t { strict, takes_null, collated };
  model::Oid function;
  std::string_view name;
  std::array<model::Oid, 6> arguments;
  model::Oid result;
  How how = How::strict;

  constexpr std::span<const model::Oid> types() const {
    std::size_t count = 0;
    while (count < arguments.size() && arguments[count] != 0) ++count;
    return std::span(arguments).first(count);
  }
};

/// nullptr: it cannot be called on SQLite.
const Callable* find_callable(model::Oid function);
bool is_function_of_postgresql(model::Oid function);

}  // namespace crossfade::session
