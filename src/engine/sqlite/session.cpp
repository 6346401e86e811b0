#include <algorithm>
#include <utility>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "functions/sequences.hpp"
#include "schema_parts.hpp"
#include "session_impl.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

Session::Session(Database& database) : impl_(std::make_unique<Impl>(database)) {}
Session::~Session() { abandon(); }

BlockState Session::state() const {
  if (impl_->block != Block::explicit_) return BlockState::idle;
  return impl_->failed ? BlockState::failed : BlockState::in_block;
}

bool Session::anchored() const {
  const auto tightened = [&](const Impl::Savepoint& each) { return each.read_only != impl_->options.read_only; };
  return impl_->held != nullptr || holds_permit() || impl_->modes_set || std::ranges::any_of(impl_->savepoints, tightened);
}
bool Session::begun() const { return impl_->has_begun; }
bool Session::failed_in_planning() const { return impl_->planning_failed; }
bool Session::holds_permit() const { return static_cast<bool>(impl_->permit); }
const BeginOptions& Session::block_options() const { return impl_->options; }
FunctionContext& Session::context() { return impl_->context; }

bool Session::needs_permit(const sql::Translated& statement) const {
  if (holds_permit() || impl_->failed) return false;
  if (statement.writes) return impl_->check_writable(statement).has_value();
  return impl_->starves();
}

void Session::adopt(Permit permit) { impl_->permit = std::move(permit); }

void Session::mark_analysed() {
  if (impl_->block == Block::explicit_) impl_->used = true;
}

void Session::mark_failed() {
  if (impl_->in_block()) impl_->fail();
  else impl_->permit.release();  // adopted for a statement that was not started
}

void Session::abandon() {
  impl_->implicit_scope = false;
  impl_->end_transaction();
  impl_->close_block();
  impl_->kill_cursors();
  impl_->kept.reset();
}

model::Result<std::unique_ptr<Cursor>> Session::start(const sql::Translated& statement, std::span<const model::Value> values,
                                                      const RowsCheck& check) {
  if (impl_->failed)
    return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
  impl_->has_begun = impl_->planning_failed = false;
  impl_->context.statement_micros = model::now_micros();
  if (!impl_->in_block()) impl_->context.transaction_micros = impl_->context.statement_micros;
  auto cursor = impl_->start(statement, values, check);
  if (impl_->in_block()) {
    impl_->used |= statement.kind != sql::Kind::lock;  // which looks at nothing
    if (!cursor) impl_->fail();
  } else {
    impl_->permit.release();
  }
  return cursor;
}

model::Result<std::shared_ptr<const plan::Schema>> Session::schema() { return impl_->schema(); }

void Session::begin_implicit() {
  impl_->implicit_scope = true;
  if (!impl_->in_block()) impl_->open_block(Block::implicit, impl_->defaults);
}

model::Result<void> Session::end_implicit() {
  impl_->implicit_scope = false;
  if (impl_->block != Block::implicit) return {};
  if (!impl_->failed) return impl_->commit();
  impl_->end_transaction();
  impl_->close_block();
  return {};
}

/// A pinned snapshot that is to write loses to every commit of others. A client that has lost several times in a row gets the
/// permit at the start of its next block, where nothing can overtake it (MIRROR 22).
bool Session::Impl::starves() const {
  constexpr int kPatientRaces = 3;
  return in_block() && sql::pins_snapshot(options.isolation) && !options.read_only && held == nullptr &&
         lost_races >= kPatientRaces;
}

void Session::Impl::open_block(Block kind, BeginOptions with) {
  block = kind;
  options = opened = with;
  failed = used = lost = false;
  context.sequences.given.clear();
  context.transaction_micros = model::now_micros();
}

void Session::Impl::close_block() {
  block = Block::none;
  failed = used = lost = false;
  options = defaults;
  savepoints.clear();
  modes = {};
  modes_set = false;
  if (implicit_scope) open_block(Block::implicit, defaults);
}

/// Numbers that sequences gave in a transaction that was rolled back stay given, as in PostgreSQL. When that cannot be written (the disk is
/// full) they come again, which no row contradicts.
void Session::Impl::keep_numbers() {
  if (context.sequences.given.empty() || !permit) return;
  const AuthorScope scope{connection().internals(), Author::proxy};
  if (!own("BEGIN IMMEDIATE")) return;
  const auto done = functions::keep_given(connection().internals(), context.sequences);
  if (!done || !own("COMMIT")) (void)own("ROLLBACK");
}

void Session::Impl::end_transaction() {
  context.advisory.release_transaction();
  if (held != nullptr) {
    for (LiveCursor* cursor : cursors)
      if (cursor->reads_on(connection())) cursor->kill();
    if (connection().in_transaction()) {
      (void)own("ROLLBACK");
      temporary_schema = nullptr;
      if (writing) keep_numbers();
    }
    let_go();
  }
  writing = schema_changed = false;
  changes.clear();
  follower = nullptr;
  context.sequences.given.clear();
  private_schema = nullptr;
  permit.release();
}

/// The client's savepoints keep the transaction: it may go back to one. Without any, only ROLLBACK is left, and nobody need wait.
void Session::Impl::fail() {
  failed = true;
  if (held != nullptr && !connection().in_transaction()) lost = true;
  if (lost || savepoints.empty()) end_transaction();
}

model::Result<void> Session::Impl::commit() {
  model::Result<void> done;
  if (held != nullptr) {
    materialise_cursors();
    done = act_on_commit();
    if (done && writing) observe::failpoint("block-written");
    if (done) done = commit_changes();
    if (done && writing) observe::failpoint("block-committed");
    if (done && writing) lost_races = 0;
    if (!done && done.error().state == "23503"_state)
      if (const auto known = schema()) add_deferred_detail(connection(), **known, context.style, done.error());
  }
  end_transaction();
  close_block();
  return done;
}

void Session::Impl::materialise_cursors() {
  for (LiveCursor* cursor : cursors)
    if (held != nullptr && cursor->reads_on(connection())) cursor->materialise();
}

void Session::Impl::kill_cursors() {
  for (LiveCursor* cursor : cursors) cursor->kill();
  for (LiveCursor* cursor : std::exchange(cursors, {})) cursor->forget_owner();
}

void Session::Impl::cursor_failed() {
  if (in_block()) fail();
}

}  // namespace crossfade::sqlite
