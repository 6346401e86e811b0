#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>

#include "crossfade/model/datetime.hpp"
#include "crossfade/sql/lock_wait.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

/// What waits for the permit; shared with the queue's callback, which may run on another thread.
struct PermitWait {
  explicit PermitWait(asio::any_io_executor io) : timer(io) {}
  std::mutex mutex;
  std::optional<sqlite::Permit> permit;
  asio::steady_timer timer;  // on the client's io thread only

  std::optional<sqlite::Permit> take() {
    const std::scoped_lock lock(mutex);
    return std::exchange(permit, std::nullopt);
  }
};

}  // namespace

bool differs(const Prepared& prepared, const sql::Translated& translated) {
  if (prepared.translated.get() == &translated || is_ddl(translated.kind)) return false;
  const auto same_column = [](const model::Column& told, const sql::OutputColumn& now) {
    return told.name == now.name && told.type == now.type;
  };
  const auto same_type = [](model::Oid told, const model::Type& now) { return told == now.oid; };
  return !std::ranges::equal(prepared.columns, translated.columns, same_column) ||
         !std::ranges::equal(prepared.announced, translated.parameters, same_type);
}

/// On a pool thread: reads the schema (from the file when it has changed) and translates.
model::Result<std::shared_ptr<const sql::Translated>> FileSession::translate(const sql::Parsed& statement,
                                                                             std::span<const model::Oid> declared,
                                                                             Parameters parameters) {
  if (is_local(statement.kind)) {
    CROSSFADE_TRY(auto local, translate_verb(statement, declared));
    return std::make_shared<const sql::Translated>(std::move(local));
  }
  plan_number_ = database_.plan_number();  // before the plan is read: a newer one must not pass for it
  CROSSFADE_TRY(const auto schema, session_.schema());
  schema_version_ = schema->version;
  return translate_under(*schema, statement, declared, parameters);
}

model::Result<std::shared_ptr<const sql::Translated>> FileSession::translate_under(const plan::Schema& schema,
                                                                                   const sql::Parsed& statement,
                                                                                   std::span<const model::Oid> declared,
                                                                                   Parameters parameters) {
  CROSSFADE_TRY(const auto search_path, client_.settings.show("search_path"));
  sql::Context context = translation_context(schema);
  context.takes_parameters = parameters == Parameters::taken;
  return client_.hub.translations.translate(statement, context, search_path, declared);
}

/// Lives as long as `schema`.
sql::Context FileSession::translation_context(const plan::Schema& schema) const {
  sql::Context context;
  context.dialect = client_.settings.dialect();
  context.target = sql::Target::sqlite;
  context.schema = &schema;
  context.database = client_.database;
  context.user = client_.user;
  context.zone = client_.settings.style().zone;
  context.date_order = client_.settings.style().date_order;
  context.interval_style = client_.settings.style().interval_style;
  context.row_key = row_keys_;
  context.plan_follows = client_.stage() != migrate::Stage::sqlite;
  return context;
}

void FileSession::refresh_context() {
  sqlite::FunctionContext& context = session_.context();
  context.statement_micros = model::now_micros();
  context.style = client_.settings.style();
  context.application_name = client_.settings.show("application_name").value_or("");
  context.search_path = client_.settings.show("search_path").value_or("");
}

asio::awaitable<model::Result<sqlite::Permit>> FileSession::acquire_permit(std::string at_once) {
  // A cancel that came while the statement was translated, or waited for a thread to be: nothing would end this wait for it.
  if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
  const auto wait = std::make_shared<PermitWait>(co_await asio::this_coro::executor);
  const auto id = database_.permits().acquire([wait](sqlite::Permit permit) {
    {
      const std::scoped_lock lock(wait->mutex);
      wait->permit = std::move(permit);
    }
    asio::post(wait->timer.get_executor(), [wait] { wait->timer.cancel(); });
  }, client_.pid);
  if (auto permit = wait->take()) co_return std::move(*permit);
  if (!at_once.empty() && database_.permits().cancel(id))
    co_return model::fail("55P03"_state, "could not obtain lock on " + at_once, holder_detail(),
                          "SQLite has one writer at a time: NOWAIT fails while anybody writes.");
  const auto limit = lock_limit();
  client_.show(Activity::waiting);
  wait->timer.expires_after(limit);
  canceller_->set_wait(&wait->timer);
  co_await wait->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  canceller_->set_wait(nullptr);
  client_.show(Activity::active);
  if (auto permit = wait->take()) co_return std::move(*permit);
  if (!database_.permits().cancel(id)) {
    // It was granted at this very moment: taken, though late.
    wait->timer.expires_after(limit);
    auto permit = wait->take();
    while (!permit) {
      co_await wait->timer.async_wait(asio::as_tuple(asio::use_awaitable));
      permit = wait->take();
    }
    if (!canceller_->reason()) co_return std::move(*permit);
  }
  if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
  co_return std::unexpected(permit_timeout(limit));
}

std::chrono::milliseconds FileSession::lock_limit() const {
  const auto limit = client_.settings.milliseconds("lock_timeout");
  return limit.count() == 0 ? client_.hub.options.lock_timeout : limit;
}

std::string FileSession::holder_detail() const {
  const std::int32_t holder = database_.permits().holder();
  return (holder == 0 ? std::string("The proxy itself") : "Process " + std::to_string(holder)) + " holds the right to write the file.";
}

model::Error FileSession::permit_timeout(std::chrono::milliseconds limit) const {
  return {"55P03"_state, "canceling statement due to lock timeout",
          holder_detail() + " This waited for " + std::to_string(limit.count()) + " ms.",
          "SQLite has one writer at a time: end writing transactions soon, or raise lock_timeout."};
}

FileSession::Status FileSession::check_may_run(const sql::Translated& translated) const {
  if (!translated.writes || translated.writes_temporary) return {};  // the mirror carries what is everybody's
  const migrate::Stage stage = client_.stage();
  if (sql::changes_schema(translated) && stage != migrate::Stage::sqlite) CROSSFADE_CHECK(check_may_follow(translated));
  const migrate::Controller* controller = client_.hub.backends.controller;
  const bool changes = translated.kind != sql::Kind::select || !translated.steps.empty();  // nextval() changes no row
  if (changes && controller != nullptr && controller->refuses_changes()) return std::unexpected(migrate::refused_change());
  return {};
}

/// A portal that reads a table keeps it as it is, also when all its rows were read: it may not have been closed.
FileSession::Status FileSession::check_not_in_use(const sql::Translated& translated) const {
  struct Change { sql::Kind kind; std::string_view name; };
  constexpr std::array kChanges{Change{sql::Kind::drop, "DROP TABLE"}, Change{sql::Kind::alter_table, "ALTER TABLE"},
                                Change{sql::Kind::truncate, "TRUNCATE"}, Change{sql::Kind::create_index, "CREATE INDEX"}};
  using Verb = sql::TypeChange::Verb;
  const auto renames = [](const sql::TypeChange& each) { return each.verb == Verb::rename_table || each.verb == Verb::rename_column; };
  const auto* change = std::ranges::find(kChanges, translated.kind, &Change::kind);
  if (change == kChanges.end() || std::ranges::any_of(translated.type_changes, renames)) return {};
  for (const auto& [name, portal] : portals_) {
    if (!portal.started && portal.opened == nullptr) continue;
    const sql::Translated* reads = portal.prepared->translated.get();
    const bool open = reads != nullptr && reads->kind == sql::Kind::select && portal.hold != Portal::Hold::held;
    if (!open) continue;
    for (const std::string& table : translated.tables) {
      if (std::ranges::find(reads->tables, table) == reads->tables.end()) continue;
      return model::fail("55006"_state, "cannot " + std::string(change->name) + " \"" + table +
                                            "\" because it is being used by active queries in this session");
    }
  }
  return {};
}

asio::awaitable<FileSession::Status> FileSession::run(Execution execution) {
  auto done = co_await run_kind(std::move(execution));
  if (session_.state() == sqlite::BlockState::idle && !implicit_) {
    end_statement(done.has_value());
    if (done) co_await hold_for_mirror();
  }
  co_return done;
}

asio::awaitable<FileSession::Status> FileSession::run_kind(Execution execution) {
  const sql::Kind kind = execution.statement->kind;
  if (session_.state() == sqlite::BlockState::failed && kind != sql::Kind::transaction)
    co_return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
  if (const auto* control = std::get_if<sql::TransactionControl>(&execution.statement->control))
    co_return co_await run_control(*control, execution.statement->command_tag);
  if (const auto* control = std::get_if<sql::ObjectControl>(&execution.statement->control);
      control != nullptr && control->verb >= sql::ObjectControl::Verb::discard_all)
    co_return co_await run_discard(*control, execution.statement->command_tag);
  if (kind == sql::Kind::prepare) co_return co_await run_prepare(std::move(execution));
  if (kind == sql::Kind::execute) co_return co_await run_execute(std::move(execution));
  if (kind == sql::Kind::cursor) co_return co_await run_cursor(std::move(execution));
  if (const auto* setting = std::get_if<sql::SettingControl>(&execution.statement->control);
      setting != nullptr && setting->verb != sql::SettingControl::Verb::show && is_special_setting(setting->name))
    co_return co_await run_special_setting(*setting, std::move(execution));
  if (const std::string alone = sql::runs_alone(*execution.statement); !alone.empty() && in_transaction_block())
    co_return model::fail("25001"_state, alone + " cannot run inside a transaction block");
  if (kind == sql::Kind::lock && !in_transaction_block()) co_return model::fail("25P01"_state, "LOCK TABLE can only be used in transaction blocks");
  if (kind == sql::Kind::copy) co_return co_await run_copy(std::move(execution));
  if (is_local(kind)) co_return run_local(execution);
  co_return co_await run_on_engine(std::move(execution));
}

namespace {

/// A change of rows or of the schema: translated first, run when it has the permit.
bool waits_for_permit(sql::Kind kind) {
  return (kind >= sql::Kind::insert && kind <= sql::Kind::other_ddl && kind != sql::Kind::values) || kind == sql::Kind::maintenance ||
         kind == sql::Kind::lock;
}

}  // namespace

asio::awaitable<FileSession::Status> FileSession::run_on_engine(Execution execution) {
  refresh_context();
  use_defaults();
  if (known_to_group(execution)) co_return co_await run_grouped(std::move(execution));
  Status done;
  bool needs_permit = false, stands = false, started = false;
  std::unique_ptr<sqlite::Cursor> cursor;
  EncodedRows batch;
  const auto start = [&]() -> Status {
    started = true;
    CROSSFADE_CHECK(follow_schema(execution));
    CROSSFADE_TRY(cursor, session_.start(*execution.translated, execution.values, [&execution] { return check_formats(execution.formats); }));
    if (execution.into != nullptr) return cursor->pin();
    CROSSFADE_TRY(batch, encode_rows(execution, *cursor, execution.max_rows));
    return {};
  };
  const auto prepare = [&]() -> Status {
    CROSSFADE_TRY(execution.translated, translate(*execution.statement, execution.declared, execution.parameters()));
    if (execution.prepared != nullptr && differs(*execution.prepared, *execution.translated))
      return std::unexpected(plan_changed());
    stands = true;
    CROSSFADE_CHECK(check_may_run(*execution.translated));
    return check_not_in_use(*execution.translated);
  };
  const auto first = [&]() -> Status {
    CROSSFADE_CHECK(prepare());
    if (execution.translated->writes && !execution.translated->writes_temporary) wrote_ = true;
    needs_permit = session_.needs_permit(*execution.translated);
    if (needs_permit) return {};
    if (reads_on_canary(execution)) {
      std::optional<model::Error> refused;
      cursor = read_on_canary(execution, refused);
      if (canceller_->reason()) return std::unexpected(*canceller_->reason());
      if (cursor) {
        CROSSFADE_TRY(batch, encode_rows(execution, *cursor, execution.max_rows));
        return {};
      }
      const Status started = start();
      if (refused) note_refused(execution, *refused, started);
      return started;
    }
    CROSSFADE_CHECK(start());
    // Not of an EXECUTE: its portal's statement is another one than runs here.
    const bool own = execution.portal != nullptr && execution.portal->prepared.get() == execution.prepared;
    if (batch.written.done && own) learn_short(execution);
    return {};
  };
  done = co_await engine_statement(first, waits_for_permit(execution.statement->kind) ? Lane::brief : Lane::reads);
  if (!done) {
    const bool in_bind = !stands || (started && session_.failed_in_planning());
    if (in_bind && execution.bound && !is_ddl(execution.statement->kind)) take_back(*execution.bound);
    if (session_.begun()) describe_failed(execution);
    co_return done;
  }
  const std::string at_once = sql::fails_when_locked(*execution.statement);
  if (needs_permit && at_once.empty() && session_.may_group(*execution.translated)) co_return co_await run_grouped(std::move(execution));
  if (needs_permit) {
    auto permit = co_await acquire_permit(at_once);
    if (!permit) {
      describe_failed(execution);
      co_return std::unexpected(std::move(permit).error());
    }
    session_.adopt(std::move(*permit));
    // The wait may have been long: the schema is looked at again.
    done = co_await engine([&]() -> Status {
      CROSSFADE_CHECK(prepare());
      return start();
    });
    if (!done) {
      if (session_.begun()) describe_failed(execution);
      session_.mark_failed();  // the permit is not kept where nothing was begun
      co_return done;
    }
  }
  co_return co_await send_result(std::move(execution), std::move(cursor), std::move(batch));
}

}  // namespace crossfade::session
