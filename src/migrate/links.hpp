#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::migrate {

/// Two snapshots that hold the same data by construction (DESIGN idea 4): SQLite in a read transaction, PostgreSQL in a REPEATABLE READ one.
struct Pair {
  sqlite::Connection sqlite;
  postgres::Connection postgres;
};

/// The mirror's own connections: none of them is a client's. Opened when first asked for, opened again after they broke.
/// One thread at a time, but for cancel().
class Links {
 public:
  Links(std::filesystem::path file, postgres::Conninfo conninfo);

  /// A connection of its own on the file. Role `service`, or `mirror` with triggers and foreign keys off (MIRROR 9).
  model::Result<sqlite::Connection> open_file(sqlite::Role role) const;
  /// Errors: 42501 with a hint when the role may not set session_replication_role (MIRROR 9).
  enum class Effects : std::uint8_t { on, off };
  model::Result<postgres::Connection> open_postgres(Effects effects) const;

  model::Result<sqlite::Connection*> reader();   // steps forward read here
  model::Result<sqlite::Connection*> writer();   // state, guard, journal: triggers on
  model::Result<sqlite::Connection*> mirror();   // steps back write here
  model::Result<postgres::Connection*> applier();  // steps forward write here: replica role
  model::Result<postgres::Connection*> service();  // state, epochs, pruning

  /// The pair is this process's while it runs: an advisory lock of the database, held by a connection of its own, which PostgreSQL takes away
  /// with the connection. Asks whether it still holds, and takes it again after the connection broke. Errors: 55006 naming who has it
  /// and did not let it go within `patience`; 08001.
  model::Result<void> claim(std::chrono::milliseconds patience);
  void give_up_claim() { claim_.reset(); }

  /// What is asked of PostgreSQL for the applier ends with 57014 when it says so: it is asked several times a second. nullptr: nobody is asked.
  void set_stop(std::function<bool()> stop);
  /// After an error: connections that broke, or stand in a transaction, are closed and opened again when next needed.
  void tidy();
  /// The schema is another one: what is prepared on the connections to PostgreSQL would refuse its new columns. They are opened again when next needed.
  void renew_postgres();
  /// From any thread: what PostgreSQL does for the applier now ends with 57014, and a server that does not even take that is waited for no more.
  void cancel();
  const postgres::Conninfo& conninfo() const { return conninfo_; }

 private:
  model::Result<sqlite::Connection*> file(std::optional<sqlite::Connection>& slot, sqlite::Role role);
  model::Result<postgres::Connection*> postgres(std::optional<postgres::Connection>& slot, Effects effects);

  std::filesystem::path file_;
  postgres::Conninfo conninfo_;
  std::optional<sqlite::Connection> reader_, writer_, mirror_;
  std::function<bool()> stop_;
  std::mutex opening_;  // of applier_, against cancel()
  std::optional<postgres::Connection> applier_, service_, claim_;
  std::string claimed_as_;  // the claim's backend, by process and start: ours also when its connection is gone
};

/// Takes the file's write permit, as a client would; waits at most `timeout`, and no longer once `gives_way` says so. Errors: 55P03.
model::Result<sqlite::Permit> take_permit(sqlite::Database& database, std::chrono::milliseconds timeout, const std::function<bool()>& gives_way = {});

}  // namespace crossfade::migrate
