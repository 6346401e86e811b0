#include <algorithm>

#include "crossfade/sql/session_statements.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using Declare = sql::DeclareStatement;
using Keep = ScrollCursor::Keep;

namespace {

constexpr std::size_t kFetchBytes = 64 * 1024;
constexpr std::array kBinary{wire::Format::binary};

std::unexpected<model::Error> unknown_cursor(std::string_view name) {
  return model::fail("34000"_state, "cursor \"" + std::string(name) + "\" does not exist");
}

std::unexpected<model::Error> cannot_run(std::string_view name) {
  return model::fail("55000"_state, "portal \"" + std::string(name) + "\" cannot be run");
}

/// What a cursor of a query that locks rows cannot be.
model::Result<void> check_locking(const Declare& declare, const sql::Translated& translated) {
  if (!translated.writes) return {};
  if (declare.hold)
    return model::fail("0A000"_state, "DECLARE CURSOR WITH HOLD ... FOR UPDATE is not supported", "Holdable cursors must be READ ONLY.");
  if (declare.scroll == Declare::Scroll::yes)
    return model::fail("0A000"_state, "DECLARE SCROLL CURSOR ... FOR UPDATE is not supported", "Scrollable cursors must be READ ONLY.");
  if (declare.insensitive)
    return model::fail("42P11"_state, "DECLARE INSENSITIVE CURSOR ... FOR UPDATE is not valid", "Insensitive cursors must be READ ONLY.");
  return {};
}

/// While DECLARE's query is translated.
class KeyedRows {
 public:
  explicit KeyedRows(bool& wanted) : wanted_(wanted) { wanted_ = true; }
  ~KeyedRows() { wanted_ = false; }
  KeyedRows(const KeyedRows&) = delete;
  KeyedRows& operator=(const KeyedRows&) = delete;

 private:
  bool& wanted_;
};

Keep keep_of(Declare::Scroll scroll) {
  switch (scroll) {
    case Declare::Scroll::automatic: return Keep::some;
    case Declare::Scroll::yes: return Keep::all;
    case Declare::Scroll::no: return Keep::none;
  }
  return Keep::some;
}

/// Rows that were read for an Execute with a limit.
class ReadRows final : public sqlite::Cursor {
 public:
  explicit ReadRows(std::vector<model::Row> rows) : rows_(std::move(rows)) {}
  model::Result<Written> write(sqlite::RowSink& sink, std::size_t max_rows) override {
    Written written;
    for (; at_ < rows_.size() && !sink.full() && (max_rows == 0 || written.rows < max_rows); ++written.rows) sink.take(std::move(rows_[at_++]));
    written.done = at_ == rows_.size() && (max_rows == 0 || written.rows < max_rows);
    return written;
  }

 private:
  std::vector<model::Row> rows_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<sqlite::Cursor> read_rows(std::vector<model::Row> rows) { return std::make_unique<ReadRows>(std::move(rows)); }

model::Error already_open(std::string_view name) {
  return {"42P03"_state, "cursor \"" + std::string(name) + "\" already exists"};
}

asio::awaitable<FileSession::Status> FileSession::run_cursor(Execution execution) {
  switch (sql::cursor_verb(*execution.statement)) {
    case sql::CursorVerb::declare: co_return co_await run_declare(std::move(execution));
    case sql::CursorVerb::fetch:
    case sql::CursorVerb::move: co_return co_await run_fetch(std::move(execution));
    case sql::CursorVerb::close: co_return co_await run_close(std::move(execution));
  }
  co_return model::fail("XX000"_state, "a cursor's statement without its verb");
}

/// A portal whose rows FETCH walks over. The query's snapshot is that of now.
asio::awaitable<FileSession::Status> FileSession::run_declare(Execution execution) {
  const auto said = sql::read_declare(*execution.statement);
  if (!said) co_return std::unexpected(said.error());
  auto query = co_await parse_text(said->query);
  if (!query) co_return std::unexpected(std::move(query).error());
  const std::shared_ptr<const sql::Parsed> inner = first_of(*query);
  const KeyedRows keyed(row_keys_);
  auto translated = co_await engine_statement([&] { return translate(*inner, execution.declared, execution.parameters()); }, Lane::brief);
  Status ready = translated ? check_locking(*said, **translated) : Status(std::unexpected(std::move(translated).error()));
  if (!ready) {
    if (ready.error().position != 0) ready.error().position += said->offset;
    co_return ready;
  }
  if (said->name.empty()) co_return model::fail("34000"_state, "invalid cursor name: must not be empty");
  if (!said->hold && !in_transaction_block()) co_return model::fail("25P01"_state, "DECLARE CURSOR can only be used in transaction blocks");
  if (portals_.contains(said->name)) co_return std::unexpected(already_open(said->name));

  auto prepared = std::make_shared<Prepared>();
  if (auto counted = hold_text(*prepared, said->query); !counted) co_return counted;
  Opened opened;
  Execution open{.statement = inner.get(), .declared = execution.declared, .values = execution.values, .describe = execution.describe,
                 .into = &opened};
  if (auto done = co_await run_on_engine(std::move(open)); !done) co_return done;
  prepared->statement = inner;
  auto told = std::make_shared<sql::Translated>(*opened.translated);
  const bool has_keys = !told->keyed_table.empty();
  if (has_keys) told->columns.pop_back();
  if (told->columns.empty()) told->rows_without_columns = true;
  prepared->translated = std::move(told);
  Portal portal{.prepared = std::move(prepared), .started = true, .level = savepoints_.size()};
  if (said->binary) portal.formats.assign(kBinary.begin(), kBinary.end());
  portal.scroll = std::make_unique<ScrollCursor>(std::move(opened.cursor), keep_of(said->scroll),
                                                 has_keys ? ScrollCursor::Keys::last : ScrollCursor::Keys::none, &client_.memory);
  portal.keyed_table = opened.translated->keyed_table;
  portal.hold = said->hold ? Portal::Hold::declared : Portal::Hold::no;
  portals_.insert_or_assign(said->name, std::move(portal));
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), "DECLARE CURSOR");
  if (session_.state() != sqlite::BlockState::idle || implicit_) co_return Status{};
  auto held = co_await hold_cursors();
  if (held) co_await settle_held(true);
  co_return held;
}

/// A portal of the protocol becomes one that FETCH can walk over: forward only, as in PostgreSQL.
asio::awaitable<FileSession::Status> FileSession::make_scroll(std::string name) {
  Portal& portal = portals_.find(name)->second;
  if (portal.scroll != nullptr) co_return Status{};
  const bool has_rows = portal.prepared->translated != nullptr && returns_rows(*portal.prepared->translated);
  if (portal.finished || !has_rows || is_local(portal.prepared->statement->kind)) co_return cannot_run(name);
  if (std::exchange(portal.opened, nullptr) != nullptr) portal.started = true;
  if (!portal.started) {
    portal.started = true;
    Opened opened;
    Execution open{.statement = portal.prepared->statement.get(), .declared = portal.prepared->types(), .values = portal.values,
                   .prepared = portal.prepared.get(), .into = &opened};
    if (auto done = co_await run_on_engine(std::move(open)); !done) co_return done;
    portal.cursor = std::move(opened.cursor);
  }
  portal.scroll = std::make_unique<ScrollCursor>(std::move(portal.cursor), Keep::none, ScrollCursor::Keys::none, &client_.memory);
  co_return Status{};
}

asio::awaitable<FileSession::Status> FileSession::run_fetch(Execution execution) {
  const sql::FetchStatement said = sql::read_fetch(*execution.statement);
  const auto found = portals_.find(said.name);
  if (found == portals_.end()) co_return unknown_cursor(said.name);
  Portal& portal = found->second;  // std::map: stays where it is
  if (&portal == execution.portal) co_return cannot_run(said.name);
  if (portal.failed) co_return cannot_run(said.name);
  if (auto made = co_await make_scroll(said.name); !made) co_return made;
  execution.whole_from = client_.channel.out().size();
  if (execution.describe == Execution::Describe::rows && !said.move) {
    // A query string's FETCH of a BINARY cursor answers in binary.
    const bool binary = portal.hold != Portal::Hold::protocol && !portal.formats.empty();
    execution.formats = binary ? std::span<const wire::Format>(kBinary) : std::span<const wire::Format>{};
    send_columns(*portal.prepared->translated, execution.formats);
  }
  auto done = co_await walk(std::move(execution), said, portal);
  if (!done) portal.failed = true;
  co_return done;
}

/// The rows of one FETCH, batch by batch, and its tag.
asio::awaitable<FileSession::Status> FileSession::walk(Execution execution, sql::FetchStatement said, Portal& portal) {
  const auto want = said.move ? ScrollCursor::Want::count : ScrollCursor::Want::rows;
  auto begun = co_await engine_statement([&] { return portal.scroll->begin(said.direction, said.count, want); });
  if (!begun) {
    take_back(execution);
    co_return begun;
  }
  std::vector<model::Type> types;
  for (const sql::OutputColumn& column : portal.prepared->translated->columns) types.push_back(column.type);
  std::vector<model::Row> kept;  // for an Execute that wants them bit by bit
  std::uint64_t count = 0;
  for (bool more = true; more;) {
    auto batch = co_await engine_statement([&] { return portal.scroll->next(); });
    if (!batch || canceller_->reason()) {
      take_back(execution);
      co_return std::unexpected(canceller_->reason() ? *canceller_->reason() : std::move(batch).error());
    }
    count += batch->count;
    more = !batch->done;
    if (execution.max_rows != 0) {
      std::ranges::move(batch->rows, std::back_inserter(kept));
      continue;
    }
    if (auto appended = append_rows(batch->rows, types, execution.formats); !appended) co_return appended;
    if (client_.channel.out().size() >= (execution.whole_from ? kMostWhole : kFetchBytes)) {
      co_await client_.channel.flush();
      execution.whole_from.reset();
    }
    if (client_.channel.broken()) co_return Status{};
  }
  if (execution.max_rows != 0 && !said.move) {
    execution.translated = execution.portal->prepared->translated;
    auto rows = read_rows(std::move(kept));
    auto first = encode_rows(execution, *rows, execution.max_rows);
    co_return co_await send_batches(std::move(execution), std::move(rows), std::move(*first));
  }
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), (said.move ? "MOVE " : "FETCH ") + std::to_string(count));
  co_return Status{};
}

/// Execute of a cursor that DECLARE made, or that FETCH has walked over.
asio::awaitable<FileSession::Status> FileSession::execute_cursor(Portal& portal, std::size_t max_rows) {
  std::vector<model::Type> types;
  for (const sql::OutputColumn& column : portal.prepared->translated->columns) types.push_back(column.type);
  const auto count = max_rows == 0 ? sql::kAllRows : static_cast<std::int64_t>(max_rows);
  using Direction = sql::FetchStatement::Direction;
  auto begun = co_await engine_statement([&] { return portal.scroll->begin(Direction::forward, count, ScrollCursor::Want::rows); });
  if (!begun) co_return begun;
  std::uint64_t sent = 0;
  for (bool more = true; more;) {
    auto batch = co_await engine_statement([&] { return portal.scroll->next(); });
    if (!batch) co_return std::unexpected(std::move(batch).error());
    if (auto appended = append_rows(batch->rows, types, portal.formats); !appended) co_return appended;
    sent += batch->count;
    more = !batch->done;
    if (client_.channel.out().size() >= kFetchBytes) co_await client_.channel.flush();
    if (client_.channel.broken()) co_return Status{};
  }
  if (portal.scroll->at_end()) wire::append_command_complete(client_.channel.out(), "SELECT " + std::to_string(sent));
  else wire::append_empty(client_.channel.out(), 's');
  co_return Status{};
}

asio::awaitable<FileSession::Status> FileSession::run_close(Execution execution) {
  const auto& control = std::get<sql::ObjectControl>(execution.statement->control);
  if (!control.name.empty() && !portals_.contains(control.name)) co_return unknown_cursor(control.name);
  co_await drop_portals([&](const std::string& name, const Portal& portal) {
    return &portal != execution.portal && (control.name.empty() || name == control.name);
  });
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), execution.statement->command_tag);
  co_return Status{};
}

/// What Describe says: DECLARE has its query's parameters, FETCH the columns of its cursor (nothing when there is none).
model::Result<sql::Translated> FileSession::translate_cursor(const sql::Parsed& statement, std::span<const model::Oid> declared) {
  sql::Translated translated{.kind = sql::Kind::cursor};
  translated.command_tag = statement.command_tag;
  const sql::CursorVerb verb = sql::cursor_verb(statement);
  if (verb == sql::CursorVerb::declare) {
    CROSSFADE_TRY(const auto said, sql::read_declare(statement));
    CROSSFADE_TRY(const auto query, client_.hub.translations.parse(said.query, client_.settings.dialect()));
    auto inner = translate(query->front(), declared);
    if (!inner) {
      if (inner.error().position != 0) inner.error().position += said.offset;
      return std::unexpected(std::move(inner).error());
    }
    CROSSFADE_CHECK(check_locking(said, **inner));
    translated.parameters = (*inner)->parameters;
  } else if (verb == sql::CursorVerb::fetch) {
    const auto found = portals_.find(sql::read_fetch(statement).name);
    if (found != portals_.end() && found->second.prepared->translated != nullptr)
      translated.columns = found->second.prepared->translated->columns;
  }
  return translated;
}

}  // namespace crossfade::session
