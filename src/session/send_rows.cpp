#include <algorithm>
#include <array>

#include "data_rows.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr std::string_view kTemporaryTables = "temporary tables";

}  // namespace

bool returns_rows(const sql::Translated& translated) { return !translated.columns.empty() || translated.rows_without_columns; }

std::string complete_tag(std::string_view tag, std::int64_t rows) {
  constexpr std::array<std::string_view, 6> kCounted{"INSERT 0", "SELECT", "UPDATE", "DELETE", "MERGE", "FETCH"};
  std::string out(tag);
  if (std::ranges::find(kCounted, tag) != kCounted.end()) out += " " + std::to_string(rows);
  return out;
}

/// Notices, RowDescription where it is due, rows and the command tag.
asio::awaitable<FileSession::Status> FileSession::send_result(Execution execution, std::unique_ptr<sqlite::Cursor> cursor,
                                                              EncodedRows batch) {
  for (const model::Error& notice : execution.translated->notices)
    client_.send_notice(notice, notice.state.family() == "01" ? wire::Severity::warning : wire::Severity::notice);
  if (execution.into != nullptr) {
    *execution.into = {execution.translated, std::move(cursor)};
    co_return Status{};
  }
  if (execution.describe == Execution::Describe::rows && returns_rows(*execution.translated))
    send_columns(*execution.translated, execution.formats);
  co_return co_await send_batches(std::move(execution), std::move(cursor), std::move(batch));
}

/// A SELECT that has failed while it ran, or waited to lock its rows: PostgreSQL has described them before. What is computed whole
/// before anything is sent (RETURNING, EXECUTE) ends with the error alone.
void FileSession::describe_failed(const Execution& execution) {
  if (execution.describe != Execution::Describe::rows || execution.whole_from || execution.translated == nullptr) return;
  const sql::Kind kind = execution.translated->kind;
  const bool streams = kind == sql::Kind::select || kind == sql::Kind::values;
  if (streams && returns_rows(*execution.translated)) send_columns(*execution.translated, execution.formats);
}

/// What was to be answered whole.
void FileSession::take_back(const Execution& execution) {
  std::string& out = client_.channel.out();
  if (execution.whole_from && *execution.whole_from <= out.size()) out.resize(*execution.whole_from);
}

/// PostgreSQL looks at the formats when the first row is sent.
model::Result<void> check_formats(std::span<const wire::Format> formats) {
  for (const wire::Format format : formats) CROSSFADE_CHECK(wire::check_format(format));
  return {};
}

/// Does not fail for a change that is committed: its rows are in memory, and the formats were looked at before the COMMIT.
model::Result<EncodedRows> FileSession::encode_rows(const Execution& execution, sqlite::Cursor& cursor, std::size_t max_rows,
                                                    std::size_t expected) const {
  EncodedRows rows;
  rows.messages.reserve(expected);
  DataRows sink(rows.messages, execution.translated->columns, execution.formats, client_.settings.style());
  CROSSFADE_TRY(rows.written, cursor.write(sink, max_rows));
  if (rows.written.rows != 0) CROSSFADE_CHECK(check_formats(execution.formats));
  return rows;
}

/// A change outside a block is committed before its rows are sent: from then on nothing may tell the client that it failed.
bool FileSession::is_committed(const sql::Translated& translated) const {
  const bool changes = translated.writes && translated.kind != sql::Kind::select;
  return changes && !implicit_ && session_.state() == sqlite::BlockState::idle;
}

/// Rows to the client, batch by batch: the next one is read when the socket has taken the last one, so that two are in memory at most.
asio::awaitable<FileSession::Status> FileSession::send_batches(Execution execution, std::unique_ptr<sqlite::Cursor> cursor,
                                                               EncodedRows batch) {
  const sql::Translated& translated = *execution.translated;
  const bool committed = is_committed(translated);
  std::size_t sent = 0;
  while (true) {
    std::string& out = client_.channel.out();
    if (out.empty()) out.swap(batch.messages);
    else out += batch.messages;
    batch.messages = {};
    sent += batch.written.rows;
    if (batch.written.done) break;
    if (out.size() >= (execution.whole_from ? kMostWhole : kFlushBytes)) {
      co_await client_.channel.flush();
      execution.whole_from.reset();
    }
    if (client_.channel.broken()) co_return Status{};
    if (canceller_->reason() && !committed) co_return std::unexpected(*canceller_->reason());
    if (execution.max_rows != 0 && sent >= execution.max_rows) {
      if (execution.portal != nullptr) execution.portal->cursor = std::move(cursor);
      wire::append_empty(client_.channel.out(), 's');
      co_return Status{};
    }
    const std::size_t wanted = execution.max_rows == 0 ? 0 : execution.max_rows - sent;
    const auto read = [&] { return encode_rows(execution, *cursor, wanted, wanted == 0 ? kFlushBytes + kFlushBytes / 8 : 0); };
    auto next = committed ? read() : co_await engine_statement(read);  // the rows of a change are in memory
    if (!next) {
      take_back(execution);
      co_return std::unexpected(std::move(next).error());
    }
    batch = std::move(*next);
  }
  if (execution.portal != nullptr) execution.portal->finished = true;
  // Those of this Execute; PostgreSQL counts the rows of RETURNING so, too.
  const bool table_as = translated.kind == sql::Kind::create_table && translated.command_tag == "SELECT";
  const bool counts_rows = !translated.writes || (translated.command_tag == "SELECT" && !table_as) || !translated.columns.empty();
  const std::int64_t count = counts_rows ? static_cast<std::int64_t>(sent) : batch.written.affected;
  wire::append_command_complete(client_.channel.out(), complete_tag(table_as && translated.texts.empty() ? "CREATE TABLE AS" : translated.command_tag, count));
  note_done(execution);
  co_return Status{};
}

FileSession::Status FileSession::append_rows(std::span<const model::Row> rows, std::span<const model::Type> types,
                                             std::span<const wire::Format> formats) {
  if (!rows.empty()) CROSSFADE_CHECK(check_formats(formats));
  for (const model::Row& row : rows) wire::append_data_row(client_.channel.out(), row, types, formats, client_.settings.style());
  return {};
}

/// It keeps the session here: said in SHOW CLIENTS, and to the client when the session would have to move.
void FileSession::note_temporary() {
  client_.stays = model::Error{"57P01"_state, "terminating connection: the session moves to PostgreSQL and has temporary tables"};
  client_.tell_stays(kTemporaryTables);
}

/// Between transactions: what the session holds that cannot be taken to the other side.
void FileSession::tell_what_stays() {
  if (client_.stays) client_.tell_stays(kTemporaryTables);
  else if (holds_cursors()) client_.tell_stays("cursors WITH HOLD");
  else if (session_.context().advisory.holds_for_session()) client_.tell_stays("session advisory locks");
  else client_.tell_stays({});
}

/// A change that PostgreSQL has not planned yet is offered for that.
void FileSession::offer_rehearsal(const Execution& execution) {
  migrate::Controller& controller = *client_.hub.backends.controller;
  const sql::Translated& translated = *execution.translated;
  if (session_.changes_schema()) return;  // PostgreSQL does not know of it yet
  if (!migrate::rule(client_.stage()).mirrored || !controller.wants_rehearsal(translated.fingerprint)) return;
  migrate::Sample sample = sample_of(execution);
  sample.purpose = migrate::Sample::Purpose::rehearse;
  sample.fingerprint = translated.fingerprint;
  sample.tables = translated.tables;
  controller.offer(std::move(sample));
}

migrate::Sample FileSession::sample_of(const Execution& execution) const {
  migrate::Sample sample;
  sample.text = execution.statement->text;
  sample.values.assign(execution.values.begin(), execution.values.end());
  sample.types = execution.translated->parameters;
  for (const model::Type& type : sample.types) sample.declared.push_back(type.oid);
  sample.translated = execution.translated;
  sample.style = client_.settings.style();
  sample.settings = client_.settings.meaningful();
  sample.schema_version = schema_version_;
  return sample;
}

/// A read of a mirrored stage is offered for being run again on a pair.
void FileSession::note_done(const Execution& execution) {
  migrate::Controller* controller = client_.hub.backends.controller;
  const sql::Translated& translated = *execution.translated;
  const bool read = translated.kind == sql::Kind::select || translated.kind == sql::Kind::values;
  if (translated.writes_temporary && translated.kind >= sql::Kind::create_table && translated.kind <= sql::Kind::other_ddl)
    note_temporary(), look_for_temporary_ = translated.kind == sql::Kind::drop;
  const bool changes = translated.kind == sql::Kind::insert || translated.kind == sql::Kind::update || translated.kind == sql::Kind::delete_;
  if (controller != nullptr && changes && !translated.temporary && client_.settings.dialect() == sql::Dialect::postgres) offer_rehearsal(execution);
  if (controller == nullptr || !read || translated.writes || translated.temporary || translated.tables.empty()) return;
  const migrate::StageRule& at = migrate::rule(client_.stage());
  if (!at.mirrored || at.primary != migrate::Side::sqlite || session_.anchored() || client_.settings.dialect() != sql::Dialect::postgres)
    return;
  if (translated.volatile_functions) return controller->note_uncomparable();
  if (!controller->wants_sample(translated.fingerprint)) return;
  controller->offer(sample_of(execution));
}

}  // namespace crossfade::session
