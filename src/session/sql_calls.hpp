#pragma once

#include "client.hpp"
#include "crossfade/engine/sqlite/session_calls.hpp"

namespace crossfade::session {

/// set_config(), current_setting() and pg_notify() of one client's statements. On the engine's threads, while the session waits.
class SqlCalls final : public sqlite::SessionCalls {
 public:
  using TransactionSetting = std::function<std::optional<std::string>(std::string_view name)>;
  using CurrentRow = std::function<model::Result<std::optional<std::int64_t>>(std::string_view cursor, std::string_view table)>;
  /// `transaction`: what transaction_isolation and the like are now; nullopt for all others.
  SqlCalls(Client& client, PendingNotifications& notifications, TransactionSetting transaction, CurrentRow current_row)
      : client_(client), notifications_(notifications), transaction_(std::move(transaction)), current_row_(std::move(current_row)) {}

  model::Result<std::string> setting(std::string_view name) override;
  model::Result<std::string> set(std::string_view name, std::optional<std::string_view> value, Scope scope) override;
  model::Result<std::optional<std::int64_t>> current_row(std::string_view cursor, std::string_view table) override {
    return current_row_(cursor, table);
  }
  model::Result<void> notify(std::string_view channel, std::string_view payload) override;

 private:
  Client& client_;
  PendingNotifications& notifications_;
  TransactionSetting transaction_;
  CurrentRow current_row_;
};

}  // namespace crossfade::session
