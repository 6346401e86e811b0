#pragma once

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
  /// Errors: 22023 for a channel's name or a payload that cannot be.
  virtual model::Result<void> notify(std::string_view channel, std::string_view payload) = 0;

 protected:
  ~SessionCalls() = default;
};

}  // namespace crossfade::sqlite
