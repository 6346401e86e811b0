#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/sql/copy.hpp"
#include "crossfade/wire/copy_reader.hpp"

namespace crossfade::session {

/// What came of a COPY's data at once.
struct CopyInput {
  std::string bytes;
  bool done = false;                     // CopyDone: no more will come
  std::optional<model::Error> failure;   // what came instead of more data: CopyFail, or what does not belong here
  bool lost = false;                     // the latter: where the next message begins is unknown to PostgreSQL
};

/// The rows of one COPY FROM between the client's bytes and the table. Batches are PostgreSQL's: 1000 rows or 64 KiB; as there, a
/// row that cannot be read is told before a key that is there twice in the same batch. Used by one thread at a time; blocks.
class CopyIn {
 public:
  CopyIn(const sql::CopyPlan& plan, sqlite::Session& session, model::TextStyle style);

  void feed(const CopyInput& input);
  enum class Progress : std::uint8_t { needs_bytes, needs_permit, done };
  /// Goes on as far as the bytes reach. Errors: as their `context()` says.
  model::Result<Progress> advance();
  /// Where it stands, or where the last error was: "COPY t, line 3, column a: \"x\""; may be empty.
  std::string context() const;
  std::int64_t count() const { return count_; }

 private:
  struct PendingRow { model::Row values; std::uint64_t line; std::string place; };

  model::Result<Progress> go_on();
  /// One row more into the batch; false: not now.
  model::Result<bool> read_row();
  model::Result<void> convert(const wire::CopyRecord& record, model::Row& row);
  model::Result<model::Value> convert(std::string_view bytes, model::Type type) const;
  model::Result<void> insert_batch();
  bool batch_is_full() const;

  const sql::CopyPlan& plan_;
  sqlite::Session& session_;
  model::TextStyle style_;
  std::unique_ptr<wire::CopyReader> reader_;
  std::unique_ptr<sqlite::Loader> loader_;
  std::vector<PendingRow> batch_;
  std::size_t batch_bytes_ = 0;
  std::int64_t count_ = 0;
  bool at_end_ = false;
  std::optional<model::Error> unreadable_;  // what is behind the batch
  std::optional<std::string> place_;        // of the last error; none: where the reader stands
};

}  // namespace crossfade::session
