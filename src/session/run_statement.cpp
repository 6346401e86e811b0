#include <algorithm>
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

constexpr std::size_t kFlushBytes = 64 * 1024;

/// What waits for the permit; shared with the queue's callback, which may run on another thread.
struct PermitWait {
  explicit PermitWait(asio::any_io_executor io) : timer(io) {}
  std::mutex mutex;
  std::optional<sqlite::Permit> permit;
  asio::steady_timer timer;  // on the io thread only

  std::optional<sqlite::Permit> take() {
    const std::scoped_lock lock(mutex);
    return std::exchange(permit, std::nullopt);
  }
};

}  // namespace

std::string complete_tag(std::string_view tag, std::int64_t rows) {
  constexpr std::array<std::string_view, 6> kCounted{"INSERT 0", "SELECT", "UPDATE", "DELETE", "MERGE", "FETCH"};
  std::string out(tag);
  if (std::ranges::find(kCounted, tag) != kCounted.end()) out += " " + std::to_string(rows);
  return out;
}

bool differs(const Prepared& prepared, const sql::Translated& translated) {
  if (prepared.translated.get() == &translated) return false;
  const auto same_column = [](const model::Column& told, const sql::OutputColumn& now) {
    return told.name == now.name && told.type == now.type;
  };
  const auto same_type = [](model::Oid told, const model::Type& now) { return told == now.oid; };
  return !std::ranges::equal(prepared.columns, translated.columns, same_column) ||
         !std::ranges::equal(prepared.announced, translated.parameters, same_type);
}

/// On a pool thread: reads the schema (from the file when it has changed) and translates.
model::Result<std::shared_ptr<const sql::Translated>> FileSession::translate(const sql::Parsed& statement,
                                                                             std::span<const model::Oid> declared) {
  if (is_local(statement.kind)) {
    CROSSFADE_TRY(auto local, translate_verb(statement, declared));
    return std::make_shared<const sql::Translated>(std::move(local));
  }
  plan_number_ = database_.plan_number();  // before the plan is read: a newer one must not pass for it
  CROSSFADE_TRY(const auto schema, session_.schema());
  schema_version_ = schema->version;
  return translate_under(*schema, statement, declared);
}

model::Result<std::shared_ptr<const sql::Translated>> FileSession::translate_under(const plan::Schema& schema,
                                                                                   const sql::Parsed& statement,
                                                                                   std::span<const model::Oid> declared) {
  CROSSFADE_TRY(const auto search_path, client_.settings.show("search_path"));
  return client_.hub.translations.translate(statement, translation_context(schema), search_path, declared);
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
  return context;
}

void FileSession::refresh_context() {
  sqlite::FunctionContext& context = session_.context();
  context.statement_micros = model::now_micros();
  context.style = client_.settings.style();
  context.application_name = client_.settings.show("application_name").value_or("");
  context.search_path = client_.settings.show("search_path").value_or("");
}

asio::awaitable<model::Result<sqlite::Permit>> FileSession::acquire_permit(Wait how) {
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
  if (how == Wait::no && database_.permits().cancel(id))
    co_return model::fail("55P03"_state, "could not obtain lock on row", holder_detail(),
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
  const bool ddl = translated.kind >= sql::Kind::create_table && translated.kind <= sql::Kind::other_ddl &&
                   translated.kind != sql::Kind::truncate &&
                   (!translated.texts.empty() || !translated.own_texts.empty() || translated.rebuild);  // else: IF NOT EXISTS, and it does
  if (ddl && stage != migrate::Stage::sqlite) {
    return model::fail(
        "0A000"_state, translated.command_tag + " is not supported in stage \"" + std::string(migrate::to_string(stage)) + "\"",
        "The mirror does not carry changes of the schema yet.", "Change the schema in stage `sqlite` or after FINISH.");
  }
  return {};
}

asio::awaitable<FileSession::Status> FileSession::run(Execution execution) {
  auto done = co_await run_kind(std::move(execution));
  if (session_.state() == sqlite::BlockState::idle && !implicit_) end_statement(done.has_value());
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
  if (kind == sql::Kind::copy) co_return co_await run_copy(std::move(execution));
  if (is_local(kind)) co_return run_local(execution);
  co_return co_await run_on_engine(std::move(execution));
}

namespace {

/// A change of rows or of the schema: translated first, run when it has the permit.
bool waits_for_permit(sql::Kind kind) {
  return kind >= sql::Kind::insert && kind <= sql::Kind::other_ddl && kind != sql::Kind::values;
}

}  // namespace

asio::awaitable<FileSession::Status> FileSession::run_on_engine(Execution execution) {
  refresh_context();
  use_defaults();
  if (known_to_group(execution)) co_return co_await run_grouped(std::move(execution));
  Status done;
  bool needs_permit = false;
  std::unique_ptr<sqlite::Cursor> cursor;
  sqlite::Cursor::Batch batch;
  const auto start = [&]() -> Status {
    CROSSFADE_TRY(cursor, session_.start(*execution.translated, execution.values));
    if (execution.into != nullptr) return cursor->pin();
    CROSSFADE_TRY(batch, cursor->fetch(execution.max_rows));
    return {};
  };
  const auto first = [&]() -> Status {
    CROSSFADE_TRY(execution.translated, translate(*execution.statement, execution.declared));
    if (execution.prepared != nullptr && differs(*execution.prepared, *execution.translated))
      return std::unexpected(plan_changed());
    CROSSFADE_CHECK(check_may_run(*execution.translated));
    if (execution.translated->writes && !execution.translated->writes_temporary) wrote_ = true;
    needs_permit = session_.needs_permit(*execution.translated);
    if (needs_permit) return {};
    CROSSFADE_CHECK(start());
    // Not of an EXECUTE: its portal's statement is another one than runs here.
    const bool own = execution.portal != nullptr && execution.portal->prepared.get() == execution.prepared;
    if (batch.done && own) learn_short(execution);
    return {};
  };
  done = co_await engine_statement(first, waits_for_permit(execution.statement->kind) ? Lane::brief : Lane::reads);
  if (!done) co_return done;
  const bool nowait = sql::fails_when_locked(*execution.statement);
  if (needs_permit && !nowait && session_.may_group(*execution.translated)) co_return co_await run_grouped(std::move(execution));
  if (needs_permit) {
    auto permit = co_await acquire_permit(nowait ? Wait::no : Wait::yes);
    if (!permit) co_return std::unexpected(std::move(permit).error());
    session_.adopt(std::move(*permit));
    // The wait may have been long: the schema is looked at again.
    done = co_await engine([&]() -> Status {
      CROSSFADE_TRY(execution.translated, translate(*execution.statement, execution.declared));
      return start();
    });
    if (!done) co_return done;
  }
  co_return co_await send_result(std::move(execution), std::move(cursor), std::move(batch));
}

/// Notices, RowDescription where it is due, rows and the command tag.
asio::awaitable<FileSession::Status> FileSession::send_result(Execution execution, std::unique_ptr<sqlite::Cursor> cursor,
                                                              sqlite::Cursor::Batch batch) {
  for (const std::string& notice : execution.translated->notices)
    client_.send_notice({"00000"_state, notice}, wire::Severity::notice);
  if (execution.into != nullptr) {
    *execution.into = {execution.translated, std::move(cursor)};
    co_return Status{};
  }
  if (execution.describe == Execution::Describe::rows && !execution.translated->columns.empty())
    send_columns(*execution.translated, execution.formats);
  co_return co_await send_batches(std::move(execution), std::move(cursor), std::move(batch));
}

/// Rows to the client, batch by batch: the next one is fetched when the last one was taken by the socket.
asio::awaitable<FileSession::Status> FileSession::send_batches(Execution execution, std::unique_ptr<sqlite::Cursor> cursor,
                                                               sqlite::Cursor::Batch batch) {
  const sql::Translated& translated = *execution.translated;
  std::vector<model::Type> types;
  for (const sql::OutputColumn& column : translated.columns) types.push_back(column.type);
  std::size_t sent = 0;
  while (true) {
    for (const model::Row& row : batch.rows)
      wire::append_data_row(client_.channel.out(), row, types, execution.formats, client_.settings.style());
    sent += batch.rows.size();
    if (batch.done) break;
    if (client_.channel.out().size() >= kFlushBytes) co_await client_.channel.flush();
    if (client_.channel.broken()) co_return Status{};
    if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
    if (execution.max_rows != 0 && sent >= execution.max_rows) {
      if (execution.portal != nullptr) execution.portal->cursor = std::move(cursor);
      wire::append_empty(client_.channel.out(), 's');
      co_return Status{};
    }
    const std::size_t wanted = execution.max_rows == 0 ? 0 : execution.max_rows - sent;
    auto next = co_await engine_statement([&] { return cursor->fetch(wanted); });
    if (!next) co_return std::unexpected(std::move(next).error());
    batch = std::move(*next);
  }
  if (execution.portal != nullptr) execution.portal->finished = true;
  const bool table_as = translated.kind == sql::Kind::create_table && translated.command_tag == "SELECT";
  const bool counts_rows = !translated.writes || (translated.command_tag == "SELECT" && !table_as);
  const std::int64_t count = counts_rows ? static_cast<std::int64_t>(sent) : batch.affected;
  wire::append_command_complete(client_.channel.out(), complete_tag(table_as && translated.texts.empty() ? "CREATE TABLE AS" : translated.command_tag, count));
  note_done(execution);
  co_return Status{};
}

/// It keeps the session here: said in SHOW CLIENTS, and to the client when the session would have to move.
void FileSession::note_temporary() {
  client_.stays = model::Error{"57P01"_state, "terminating connection: the session moves to PostgreSQL and has temporary tables"};
  client_.hub.describe(client_.pid, [](ClientInfo& info) { info.stays = "temporary tables"; });
}

/// A read of a mirrored stage is offered for being run again on a pair.
void FileSession::note_done(const Execution& execution) {
  migrate::Controller* controller = client_.hub.backends.controller;
  const sql::Translated& translated = *execution.translated;
  const bool read = translated.kind == sql::Kind::select || translated.kind == sql::Kind::values;
  if (translated.writes_temporary && translated.kind >= sql::Kind::create_table && translated.kind <= sql::Kind::other_ddl)
    note_temporary();
  if (controller == nullptr || !read || translated.writes || translated.temporary || translated.volatile_functions || translated.tables.empty()) return;
  if (client_.stage() != migrate::Stage::shadow || session_.anchored() || client_.settings.dialect() != sql::Dialect::postgres)
    return;
  if (!controller->wants_sample(translated.fingerprint)) return;
  migrate::Sample sample;
  sample.text = execution.statement->text;
  sample.values.assign(execution.values.begin(), execution.values.end());
  sample.types = translated.parameters;
  for (const model::Type& type : sample.types) sample.declared.push_back(type.oid);
  sample.search_path = client_.settings.show("search_path").value_or("");
  controller->offer(std::move(sample));
}

}  // namespace crossfade::session
