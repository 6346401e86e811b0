#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

#include "crossfade/model/sqlstate.hpp"

namespace crossfade::model {

/// What goes wrong, as PostgreSQL's ErrorResponse says it. Empty strings and position 0 are not sent.
struct Error {
  SqlState state;
  std::string message;
  std::string detail;
  std::string hint;
  /// 1-based, in characters (not bytes) of the statement's text; 0 when it has no place there.
  std::uint32_t position = 0;
  std::string schema;
  std::string table;
  std::string column;
  std::string data_type;
  std::string constraint;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(SqlState state, std::string message, std::string detail = {},
                                   std::string hint = {}, std::uint32_t position = 0) {
  return std::unexpected(Error{state, std::move(message), std::move(detail), std::move(hint), position});
}

}  // namespace crossfade::model

/// The value of a Result, or return its error. For statements only: `CROSSFADE_TRY(auto x, f());`
#define CROSSFADE_CONCAT_(a, b) a##b
#define CROSSFADE_CONCAT(a, b) CROSSFADE_CONCAT_(a, b)
#define CROSSFADE_TRY_(temporary, declaration, expression)                          \
  auto temporary = (expression);                                                    \
  if (!temporary) return std::unexpected(std::move(temporary).error());             \
  declaration = std::move(*temporary)
#define CROSSFADE_TRY(declaration, expression) \
  CROSSFADE_TRY_(CROSSFADE_CONCAT(crossfade_result_, __LINE__), declaration, expression)
/// The same for Result<void>, and with co_return.
#define CROSSFADE_CHECK(expression) \
  if (auto crossfade_check = (expression); !crossfade_check) \
  return std::unexpected(std::move(crossfade_check).error())
