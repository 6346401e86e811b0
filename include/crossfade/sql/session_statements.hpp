#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "crossfade/sql/translate.hpp"

namespace crossfade::sql {

/// The statements that a session answers by running another one: what they say, read from Parsed::text. The text has been through
/// the grammar, so their shape is known. `offset`s are in characters of that text. Names are folded, unquoted and cut at 63 bytes.

/// PREPARE name (types) AS query.
struct PrepareStatement {
  std::string name;
  std::vector<model::Oid> types;
  std::string query;
  std::uint32_t offset = 0;  // of `query`
};
/// `schema`: has the types of CREATE TYPE; nullptr: only PostgreSQL's own are known.
/// Errors: 42704 `type "x" does not exist`, with position; 0A000 for a domain.
model::Result<PrepareStatement> read_prepare(const Parsed& statement, const plan::Schema* schema = nullptr);

/// EXECUTE name (arguments).
struct ExecuteStatement {
  std::string name;
  std::string arguments;     // between the outermost parentheses; empty: none
  std::size_t count = 0;
  std::uint32_t offset = 0;  // of `arguments`
};
ExecuteStatement read_execute(const Parsed& statement);

/// DECLARE name … CURSOR … FOR query.
struct DeclareStatement {
  enum class Scroll : std::uint8_t { automatic, yes, no };
  std::string name;
  Scroll scroll = Scroll::automatic;
  bool binary = false, hold = false, insensitive = false;
  std::string query;
  std::uint32_t offset = 0;  // of `query`
};
/// Errors: 42P11 for options that exclude each other.
model::Result<DeclareStatement> read_declare(const Parsed& statement);

/// FETCH and MOVE. A count below zero goes the other way; kAllRows: to the end.
inline constexpr std::int64_t kAllRows = std::numeric_limits<std::int64_t>::max();
struct FetchStatement {
  enum class Direction : std::uint8_t { forward, backward, absolute, relative };
  std::string name;
  Direction direction = Direction::forward;
  std::int64_t count = 1;
  bool move = false;
};
FetchStatement read_fetch(const Parsed& statement);

/// What a statement of Kind::cursor does.
enum class CursorVerb : std::uint8_t { declare, fetch, move, close };
CursorVerb cursor_verb(const Parsed& statement);

/// EXECUTE's arguments as a query of one row, each assigned to the type wanted. `wanted` has as many as `execute.count`, not 0.
/// Errors: 42804 `parameter $1 of type boolean cannot be coerced to the expected type integer`, 0A000 for subqueries, 42803 for
/// aggregates; positions count from the statement's text.
model::Result<Translated> translate_arguments(const ExecuteStatement& execute, const Context& context,
                                              std::span<const model::Type> wanted);

}  // namespace crossfade::sql
