#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "bind_slots.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "repeated_rows.hpp"
#include "schema_parts.hpp"
#include "functions/sequences.hpp"
#include "session_impl.hpp"
#include "functions/packed.hpp"
#include "rebuild_table.hpp"
#include "type_changes.hpp"

namespace crossfade::sqlite {

using namespace model::literals;
using sql::Kind;

namespace {

constexpr std::size_t kMostOpenCursors = 100;

bool is_change(Kind kind) { return kind == Kind::insert || kind == Kind::update || kind == Kind::delete_; }

/// "INSERT 0" → "INSERT": the command as PostgreSQL's messages name it.
std::string command_name(const sql::Translated& statement) {
  if (statement.kind == Kind::select) return "SELECT FOR UPDATE";
  std::string name = statement.command_tag;
  if (name.ends_with(" 0")) name.resize(name.size() - 2);
  return name;
}

}  // namespace

model::Result<void> Session::Impl::check_writable(const sql::Translated& statement) const {
  bool read_only = in_block() ? options.read_only : defaults.read_only;
  if ((statement.writes_temporary && is_change(statement.kind)) || statement.kind == Kind::maintenance || statement.kind == Kind::lock)
    read_only = false;
  if (!read_only && !database.options().read_only) return {};
  return model::fail("25006"_state, "cannot execute " + command_name(statement) + " in a read-only transaction");
}

/// A batch up to Sync is a transaction as soon as another statement has run in it.
model::Result<void> Session::Impl::check_alone(const std::string& command) const {
  if (block == Block::explicit_) return model::fail("25001"_state, command + " cannot run inside a transaction block");
  if (block == Block::implicit && used) return model::fail("25001"_state, command + " cannot be executed within a pipeline");
  return {};
}

model::Result<std::unique_ptr<Cursor>> Session::Impl::start(const sql::Translated& statement, std::span<const model::Value> values,
                                                            const RowsCheck& check) {
  if (!statement.alone.empty()) CROSSFADE_CHECK(check_alone(statement.alone));
  if (!in_block()) context.sequences.given.clear();  // of a statement that others have written after
  const bool pinning = in_block() && sql::pins_snapshot(options.isolation);
  if (pinning && held == nullptr) CROSSFADE_CHECK(permit ? open_writer() : pin());
  if (!statement.writes) return read(statement, values);
  CROSSFADE_CHECK(check_writable(statement));
  if (!permit) return model::fail("XX000"_state, "a statement that writes was started without the permit to write");
  return in_block() ? write_in_block(statement, values, check) : write_alone(statement, values, check);
}

model::Result<std::unique_ptr<Cursor>> Session::Impl::read(const sql::Translated& statement, std::span<const model::Value> values) {
  std::unique_ptr<Database::Lease> lease;
  if (held == nullptr && kept == nullptr) {
    const auto own = std::ranges::count_if(cursors, &LiveCursor::has_own);
    if (static_cast<std::size_t>(own) >= kMostOpenCursors) {
      return model::fail("53400"_state, "too many open cursors", "This session has " + std::to_string(own) + " of them, each with a snapshot of its own.",
                         "Close those that are not needed any more, or read them in a REPEATABLE READ transaction.");
    }
    CROSSFADE_TRY(lease, database.lease(own == 0 ? Database::Claim::first : Database::Claim::further));
  }
  Connection& on = lease != nullptr ? lease->connection : held != nullptr ? connection() : kept->connection;
  if (kept != nullptr) {
    for (LiveCursor* cursor : cursors)
      if (cursor->reads_on(on)) cursor->materialise();  // else its snapshot would be this statement's too
  }
  CROSSFADE_TRY(Statement made, ready(on, statement, values));
  auto cursor = std::make_unique<LiveCursor>(*this, std::move(lease), on, statement.texts.front(), std::move(made), statement.columns);
  cursors.push_back(cursor.get());
  return cursor;
}

model::Result<std::unique_ptr<Cursor>> Session::Impl::write_alone(const sql::Translated& statement,
                                                                  std::span<const model::Value> values, const RowsCheck& check) {
  CROSSFADE_CHECK(open_writer());
  materialise_cursors();
  auto cursor = run_writing(connection(), statement, values, check);
  if (cursor) {
    auto done = act_on_commit();
    if (done) done = commit_changes();
    if (!done) cursor = std::unexpected(std::move(done).error());
  }
  end_transaction();
  return cursor;
}

bool Session::may_group(const sql::Translated& statement) const {
  const bool rows = is_change(statement.kind) || statement.kind == Kind::select;
  if (impl_->private_connection() != nullptr) return false;  // a name may mean a temporary table by now
  return rows && statement.writes && !statement.temporary && !impl_->in_block() && statement.texts.size() == 1 && statement.type_changes.empty() && statement.own_texts.empty() &&
         impl_->check_writable(statement).has_value();
}

model::Result<std::unique_ptr<Cursor>> Session::start_grouped(Connection& writer, const sql::Translated& statement,
                                                              std::span<const model::Value> values, const RowsCheck& check) {
  if (!may_group(statement)) return model::fail("XX000"_state, "a statement that cannot be grouped was");
  impl_->has_begun = impl_->planning_failed = false;
  impl_->context.statement_micros = impl_->context.transaction_micros = model::now_micros();
  return impl_->run_writing(writer, statement, values, check);
}

/// An error undoes this statement and no other: the block goes on from the client's savepoint, if it has one.
model::Result<std::unique_ptr<Cursor>> Session::Impl::write_in_block(const sql::Translated& statement,
                                                                     std::span<const model::Value> values, const RowsCheck& check) {
  if (held == nullptr) CROSSFADE_CHECK(open_writer());
  materialise_cursors();
  CROSSFADE_CHECK(own("SAVEPOINT crossfade_statement"));
  model::Result<std::unique_ptr<Cursor>> cursor;
  auto ready_to_write = upgrade();
  if (ready_to_write) ready_to_write = check_not_in_use(statement);
  if (ready_to_write) {
    cursor = run_writing(connection(), statement, values, check);
    if (auto whole = cursor ? check_references(&statement) : model::Result<void>{}; !whole) cursor = std::unexpected(std::move(whole).error());
  } else {
    cursor = std::unexpected(std::move(ready_to_write).error());
  }
  if (!connection().in_transaction()) {
    lost = true;
    if (cursor) cursor = model::fail("40000"_state, "SQLite has rolled back the whole transaction");
    return cursor;
  }
  if (!cursor) CROSSFADE_CHECK(own("ROLLBACK TO crossfade_statement"));
  CROSSFADE_CHECK(own("RELEASE crossfade_statement"));
  return cursor;
}

namespace {

/// The last number that an INSERT (Translated, ChangeStep) was given. A row that ON CONFLICT DO UPDATE found there had one too: SQLite has counted it, and no more.
model::Result<void> note_given(Connection& on, SequenceMemory& memory, const auto& statement) {
  std::int64_t last = on.last_insert_rowid();
  if (statement.upserts && !statement.serial_table.empty()) {
    CROSSFADE_TRY(last, functions::last_key(on.internals(), statement.serial_table, {}));
  }
  memory.last = statement.serial_sequence;
  memory.values[statement.serial_sequence] = last;
  if (!statement.serial_table.empty()) memory.given[statement.serial_sequence] = {statement.serial_table, last};
  return {};
}

model::Result<void> bind_packed(Statement& statement, std::size_t slots, const std::vector<std::size_t>& wanted, const std::vector<model::Bytes>& packed) {
  for (std::size_t i = 0; i < wanted.size(); ++i) CROSSFADE_CHECK(statement.bind(static_cast<int>(slots + i + 1), packed.at(wanted[i])));
  return {};
}

}  // namespace

/// The parts of a WITH that change data, one after the other; what each returns is packed for those behind it.
model::Result<std::vector<model::Bytes>> Session::Impl::run_steps(Connection& on, const sql::Translated& statement, std::span<const model::Value> values) {
  std::vector<model::Bytes> packed;
  for (const sql::ChangeStep& step : statement.steps) {
    sql::Translated alone{.texts = {step.text}, .slots = step.slots, .step_rows = step.rows};
    CROSSFADE_TRY(Statement made, ready(on, alone, values));
    CROSSFADE_CHECK(bind_packed(made, step.slots.size(), step.rows, packed));
    functions::PackedRows rows;
    std::optional<RepeatedRows> repeated;
    if (step.upserts) repeated.emplace(on.internals());
    try {
      for (;;) {
        CROSSFADE_TRY(const bool more, this->step(on, made));
        if (repeated) CROSSFADE_CHECK(repeated->check());
        if (!more) break;
        rows.begin_row();
        for (int i = 0; i < made.column_count(); ++i) rows.add(made.column(i));
      }
    } catch (const functions::RowsEnded& ended) {
      return std::unexpected(ended.error);
    }
    packed.push_back(rows.take_bytes());
    if (!step.serial_sequence.empty() && on.changes() > 0) CROSSFADE_CHECK(note_given(on, context.sequences, step));
  }
  return packed;
}

model::Result<std::unique_ptr<Cursor>> Session::Impl::run_writing(Connection& on, const sql::Translated& statement,
                                                                  std::span<const model::Value> values, const RowsCheck& check) {
  std::deque<model::Row> rows;
  model::MemoryBudget::Share memory{context.memory};
  std::int64_t affected = 0;
  const bool one = statement.texts.size() == 1 && statement.type_changes.empty() && statement.own_texts.empty();
  if (one) {
    CROSSFADE_TRY(const std::vector<model::Bytes> packed, run_steps(on, statement, values));
    CROSSFADE_TRY(Statement made, ready(on, statement, values));
    CROSSFADE_CHECK(bind_packed(made, statement.slots.size(), statement.step_rows, packed));
    std::optional<RepeatedRows> repeated;
    if (statement.upserts) repeated.emplace(on.internals());
    for (;;) {
      CROSSFADE_TRY(const bool more, step(on, made));
      if (repeated) CROSSFADE_CHECK(repeated->check());
      if (!more) break;
      CROSSFADE_TRY(const StoredRow stored, StoredRow::of(made, statement.columns, static_cast<std::int64_t>(rows.size()) + 1));
      CROSSFADE_TRY(model::Row row, stored.row());
      CROSSFADE_CHECK(keep_row(memory, row, command_name(statement)));
      rows.push_back(std::move(row));
    }
    if (check && !rows.empty()) CROSSFADE_CHECK(check());
    affected = is_change(statement.kind) ? on.changes() : static_cast<std::int64_t>(rows.size());
    if (!statement.serial_sequence.empty() && affected > 0) CROSSFADE_CHECK(note_given(on, context.sequences, statement));
    made.reset();  // its values may be large
    on.internals().cache.put_back(statement.texts.front(), std::move(made));
  } else {
    on.internals().context = &context;
    context.connection = &on.internals();
    on.internals().catalog = this;
    const auto run = [&]() -> model::Result<bool> {
      for (const std::string& text : statement.own_texts) CROSSFADE_CHECK(on.internals().execute(text, Author::proxy));
      for (const sql::TableRebuild& rebuild : statement.rebuilds_before) CROSSFADE_CHECK(rebuild_table(on, rebuild));
      for (const std::string& text : statement.texts) CROSSFADE_CHECK(on.internals().execute(text, Author::client));
      if (statement.command_tag == "SELECT") affected = statement.texts.size() > 1 ? on.changes() : 0;  // CREATE TABLE AS
      if (statement.rebuild) CROSSFADE_CHECK(rebuild_table(on, *statement.rebuild));
      return true;
    };
    CROSSFADE_CHECK(run_open(on, harm_to_write(), run));
    CROSSFADE_CHECK(record_types(on, statement.type_changes));
  }
  if (!is_change(statement.kind) && statement.kind != Kind::select && statement.kind != Kind::lock) schema_changed = true;
  if (follower != nullptr && sql::changes_schema(statement)) CROSSFADE_CHECK(note_change(on, statement));
  return std::make_unique<BufferedCursor>(std::move(rows), std::move(memory), affected);
}

model::Result<void> Session::Impl::own(std::string_view sql) {
  const AuthorScope scope{connection().internals(), Author::proxy};
  CROSSFADE_TRY(Statement* const statement, connection().cached(sql));
  return statement->run();
}

void Session::Impl::hold(std::unique_ptr<Database::Lease> lease) {
  held = std::move(lease);
  connection().internals().context = &context;
  connection().internals().catalog = this;
}

/// BEGIN alone pins nothing: the first read does.
model::Result<void> Session::Impl::pin() {
  auto lease = std::move(kept);
  if (lease == nullptr) {
    CROSSFADE_TRY(lease, database.lease());
  }
  hold(std::move(lease));
  CROSSFADE_CHECK(own("BEGIN"));
  CROSSFADE_CHECK(own("SELECT 1 FROM sqlite_schema LIMIT 1"));
  CROSSFADE_CHECK(defer_references());
  return replay_savepoints();
}

/// A pinned snapshot becomes a writing one only if nothing has been committed since: else 40001. Rewriting the file's
/// user_version as it is takes the write lock, also for SELECT … FOR UPDATE, which writes nothing itself.
model::Result<void> Session::Impl::upgrade() {
  if (writing) return {};
  const AuthorScope scope{connection().internals(), Author::proxy};
  CROSSFADE_TRY(const auto version, connection().value("SELECT user_version FROM pragma_user_version"));
  auto taken = own("PRAGMA user_version=" + std::to_string(integer_of(version)));
  if (!taken && taken.error().state != "57014"_state) ++lost_races;
  if (!taken && taken.error().state == "55P03"_state)
    return model::fail("40001"_state, "could not serialize access due to concurrent update", taken.error().message);
  if (taken) writing = true;
  return taken;
}

model::Result<void> Session::Impl::open_writer() {
  std::unique_ptr<Database::Lease> lease;
  if (kept == nullptr) {
    CROSSFADE_TRY(lease, database.lease_writer());
  } else {
    CROSSFADE_CHECK(database.impl_->check_file_again(Database::Impl::Look::now));  // before it moves: cursors may read on it
    lease = std::move(kept);
  }
  hold(std::move(lease));
  materialise_cursors();  // else their snapshot would be the writer's, and an old one cannot write
  if (auto begun = own_interruptible("BEGIN IMMEDIATE"); !begun) {
    let_go();  // nothing is lost: the block may try again
    return begun;
  }
  writing = true;
  CROSSFADE_CHECK(defer_references());
  return replay_savepoints();
}

}  // namespace crossfade::sqlite
