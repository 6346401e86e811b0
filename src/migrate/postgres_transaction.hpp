#pragma once

#include <string_view>
#include <utility>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::migrate {

/// Ends an open transaction of PostgreSQL with ROLLBACK at the end of its scope unless commit() was called.
class PostgresTransaction {
 public:
  static model::Result<PostgresTransaction> begin(postgres::Connection& connection, std::string_view statement = "BEGIN") {
    CROSSFADE_CHECK(connection.execute(statement));
    return PostgresTransaction(&connection);
  }
  /// BEGIN has been sent with other statements, and one of them may have failed.
  static PostgresTransaction begun(postgres::Connection& connection) { return PostgresTransaction(&connection); }
  PostgresTransaction(PostgresTransaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  PostgresTransaction& operator=(PostgresTransaction&&) = delete;
  ~PostgresTransaction() {
    // Its error says nothing more: the transaction is gone with the connection then.
    if (connection_) static_cast<void>(connection_->execute("ROLLBACK"));
  }
  /// Its COMMIT went through with other statements.
  void committed() { connection_ = nullptr; }
  model::Result<void> commit() { return std::exchange(connection_, nullptr)->execute("COMMIT"); }

 private:
  explicit PostgresTransaction(postgres::Connection* connection) : connection_(connection) {}
  postgres::Connection* connection_;
};

}  // namespace crossfade::migrate
