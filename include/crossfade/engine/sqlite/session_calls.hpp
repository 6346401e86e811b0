#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite {

/// What functions of SQL do to the session whose statement runs: set_config(), pg_notify() … Called on the thread that runs the
/// statement, while the session waits for it.
class SessionCalls {
 public:
  /// Errors: those of SHOW; 42704: there is no such setting.
  virtual model::Result<std::string> setting(std::string_view name) = 0;
  enum class Scope : bool { session, transaction };
  /// nullopt: the default. The value as SHOW says it then. Errors: those of SET.
  virtual model::Result<std::string> set(std::string_view name, std::optional<std::string_view> value, Scope scope) = 0;
  /// The number of the row of `table` that a cursor stands on; nullopt: the cursor's row has gone. Errors: 34000 no such cursor, 24000
  /// it stands on no row, or on none of this table.
  virtual model::Result<std::optional<std::int64_t>> current_row(std::string_view cursor, std::string_view table) = 0;
  /// Errors: 22023 for a channel's name or a payload that cannot be.
  virtual model::Result<void> notify(std::string_view channel, std::string_view payload) = 0;

 protected:
  ~SessionCalls() = default;
};

}  // namespace crossfade::sqlite
