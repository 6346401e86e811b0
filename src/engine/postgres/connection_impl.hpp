#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "libpq.hpp"

namespace crossfade::postgres {

/// A libpq connection in non-blocking mode, with waits that end at the deadline.
struct Connection::Impl {
  ConnectionHandle handle;
  std::shared_ptr<PGcancel> canceller;  // made once: PQcancel may then be called from any thread
  /// A request to cancel was not taken: the server hangs, and whoever waits for it gives the connection up.
  std::atomic<bool> given_up = false;
  Deadline deadline;
  std::function<bool()> stop;
  /// What the unnamed statement holds: the same text with the same types need not be parsed again.
  struct Statement { std::string name, text; std::vector<model::Oid> types; Description description; };  // `text` empty: nothing is prepared
  Statement unnamed;
  std::list<Statement> kept;  // the one used last first; at most `most_kept`
  std::size_t most_kept = 0;
  std::unique_ptr<char, FreeCopied> copied;
  std::int64_t skipped = 0;  // notices
  std::size_t reads = 0;  // sent and not answered yet, in pipeline mode

  PGconn* raw() const { return handle.get(); }

  /// Sends what libpq has buffered.
  model::Result<void> flush();
  /// The next result of what was sent; empty at its end. At the deadline the statement is cancelled, and what still comes of it
  /// thrown away: 57014.
  model::Result<ResultHandle> next_result();
  /// The next piece of a COPY's data, good until the next call; empty at its end. The deadline as in next_result().
  model::Result<std::string_view> next_copy_data();
  /// Waits for what the server says next and takes it.
  model::Result<void> await_input();
  /// All results until the end, or until a COPY begins; the first error wins, else the last result.
  model::Result<ResultHandle> finish();
  /// Throws away what is left of a statement, until then; the connection is closed when that takes longer.
  void drain(Deadline until = bounded());
  /// Asks the server to end the statement; at most until then, for a server that hangs takes connections and says nothing. From any thread.
  /// false: it was not asked.
  bool cancel(Deadline until = bounded());
  /// Closes the connection: every use is 08006 from now on, when what has come is read.
  void abandon();
  /// Two seconds from now.
  static Deadline bounded();
  /// wait_for(), until the deadline or until the connection is given up.
  Ready wait(short events);

  /// Good until the next call.
  model::Result<const Statement*> prepare(std::string_view sql, std::vector<model::Oid> types);
  model::Result<Statement*> kept_place(std::string_view sql, const std::vector<model::Oid>& types);
  model::Result<void> send(std::string_view sql, std::span<const Parameter> parameters);
  model::Result<void> send_prepared(const Statement& statement, std::span<const Parameter> parameters);
  /// What comes next in pipeline mode: a statement's own result goes into `results`, an error into `failure`. False: the Sync that ends them.
  model::Result<bool> take_piped(std::vector<ResultHandle>& results, std::optional<model::Error>& failure);
  model::Result<model::Row> row(const PGresult* result, int index) const;
  /// All rows of a result.
  model::Result<model::ResultSet> rows(const PGresult* result) const;
  model::Error lost() const;
  /// Nobody knows which answer would come next: the connection is given up.
  model::Error lose_reads(model::Error why);
};

}  // namespace crossfade::postgres
