#include <algorithm>

#include "bound_values.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

/// CREATE TABLE AS and SELECT INTO: their query is read in Parse, unlike any other change of the schema.
bool makes_rows(const sql::Parsed& statement) { return statement.command_tag == "SELECT" || statement.command_tag == "CREATE TABLE AS"; }

/// Of the table that is to be made, or of what SQLite lacks: told when it is made.
bool is_of_target(const model::Error& error) {
  constexpr std::array<std::string_view, 6> kStates{"42P07", "42710", "42P16", "3F000", "42601", "0A000"};
  return std::ranges::any_of(kStates, [&](std::string_view state) { return error.state == model::SqlState{state}; });
}

constexpr std::size_t kBriefPoolBytes = 256 * 1024;  // more is not brief
constexpr std::size_t kPortalBytes = 512;

model::Error aborted() {
  return {"25P02"_state, "current transaction is aborted, commands ignored until end of transaction block"};
}

std::vector<model::Column> columns_of(const sql::Translated& translated) {
  std::vector<model::Column> columns;
  for (const sql::OutputColumn& column : translated.columns) columns.push_back({column.name, column.type});
  return columns;
}

/// Statements that a failed block still takes.
bool ends_block(const sql::Parsed& statement) {
  const auto* control = std::get_if<sql::TransactionControl>(&statement.control);
  using Verb = sql::TransactionControl::Verb;
  return control != nullptr &&
         (control->verb == Verb::commit || control->verb == Verb::rollback || control->verb == Verb::rollback_to);
}

/// Result formats of a statement without rows are passed over.
model::Result<void> check_results(const wire::Bind& message, const sql::Translated& translated) {
  const std::size_t results = message.result_formats.size(), columns = translated.columns.size();
  if (results <= 1 || columns == 0 || results == columns) return {};
  return model::fail("08P01"_state, "bind message has " + std::to_string(results) + " result formats but query has " +
                                        std::to_string(columns) + " columns");
}

/// A statement that uses no parameters has those that the client has declared.
model::Result<void> take_declared(Prepared& prepared, sql::Translated translated) {
  for (const model::Oid type : prepared.types()) {
    const std::string number = std::to_string(translated.parameters.size() + 1);
    if (type == 0 || type == model::oid::unknown) return model::fail("42P18"_state, "could not determine data type of parameter $" + number);
    translated.parameters.push_back({type});
  }
  prepared.announced.clear();
  for (const model::Type& type : translated.parameters) prepared.announced.push_back(type.oid);
  prepared.translated = std::make_shared<const sql::Translated>(std::move(translated));
  return {};
}

}  // namespace

FileSession::Status FileSession::hold_text(Prepared& prepared, std::string_view text) {
  constexpr std::size_t kStatementBytes = 2'048, kTree = 8;  // of a list of short literals it is more, of a long one less
  CROSSFADE_TRY(prepared.memory, client_.memory.take(kStatementBytes + kTree * text.size()));
  prepared.text = text;
  return {};
}

model::Error unknown_statement(std::string_view name) {
  return {"26000"_state, name.empty() ? std::string("unnamed prepared statement does not exist")
                                      : "prepared statement \"" + std::string(name) + "\" does not exist"};
}

/// A long text is parsed on the pool: it would hold every other client up. Very long ones, for parts of a second, do not stand in the
/// way of what is brief.
asio::awaitable<FileSession::ParsedText> FileSession::parse_text(std::string_view text) {
  const auto parse = [this, text]() -> ParsedText { return client_.hub.translations.parse(text, client_.settings.dialect()); };
  if (text.size() <= kBriefBytes) co_return parse();
  co_return co_await engine_statement(parse, text.size() <= kBriefPoolBytes ? Lane::brief : Lane::reads);
}

std::shared_ptr<Prepared> FileSession::find_prepared(std::string_view name) const {
  const auto found = client_.prepared.find(name_key(name));
  return found == client_.prepared.end() ? nullptr : found->second;
}

/// Stays where it is until it is dropped.
Portal* FileSession::find_portal(std::string_view name) {
  const auto found = portals_.find(name_key(name));
  return found == portals_.end() ? nullptr : &found->second;
}

asio::awaitable<FileSession::Status> FileSession::extended(wire::FrontendMessage message) {
  if (auto* parsed = std::get_if<wire::Parse>(&message)) co_return co_await parse(std::move(*parsed));
  if (auto* bound = std::get_if<wire::Bind>(&message)) co_return co_await bind(std::move(*bound));
  if (auto* described = std::get_if<wire::Describe>(&message)) co_return co_await describe(*described);
  if (auto* executed = std::get_if<wire::Execute>(&message)) co_return co_await execute(*executed);
  if (auto* closed = std::get_if<wire::Close>(&message)) co_return co_await close(*closed);
  if (std::holds_alternative<wire::Flush>(message)) {
    co_await client_.channel.flush();
    co_return Status{};
  }
  if (std::holds_alternative<wire::Sync>(message)) co_return co_await sync();
  co_return model::fail("08P01"_state, "unexpected message");
}

asio::awaitable<FileSession::Status> FileSession::parse(wire::Parse message) {
  if (message.statement.empty()) client_.prepared.erase("");
  auto query = co_await parse_text(message.text);
  if (!query) co_return std::unexpected(std::move(query).error());
  send_cut_names(**query);
  if ((*query)->size() > 1) co_return model::fail("42601"_state, "cannot insert multiple commands into a prepared statement");
  auto prepared = std::make_shared<Prepared>();
  if (auto held = hold_text(*prepared, message.text); !held) co_return held;
  prepared->declared = std::move(message.types);
  if (!(*query)->empty()) prepared->statement = first_of(*query);
  const bool empty = prepared->statement->kind == sql::Kind::empty;
  if (!empty && session_.state() == sqlite::BlockState::failed && !ends_block(*prepared->statement))
    co_return std::unexpected(aborted());
  if (auto translated = co_await ensure_translated(prepared); !translated) co_return translated;
  const auto [at, made] = client_.prepared.try_emplace(std::string(name_key(message.statement)), std::move(prepared));
  if (!made) co_return std::unexpected(already_prepared(message.statement));
  wire::append_empty(client_.channel.out(), '1');
  co_return Status{};
}

/// Translates what has not been on this side yet. A statement that the client knows with other columns is not run.
asio::awaitable<FileSession::Status> FileSession::ensure_translated(std::shared_ptr<Prepared> prepared) {
  if (prepared->translated != nullptr) co_return Status{};
  if (prepared->statement->kind == sql::Kind::empty && prepared->text.find_first_not_of(" \t\r\n;") != std::string::npos) {
    // It came from the other side as text.
    auto query = co_await parse_text(prepared->text);
    if (!query) co_return std::unexpected(std::move(query).error());
    if ((*query)->size() == 1) prepared->statement = first_of(*query);
  }
  const sql::Kind kind = prepared->statement->kind;
  if (kind == sql::Kind::create_table && makes_rows(*prepared->statement)) {
    auto read = co_await engine_statement([&]() -> Status {
      const auto known = translate(*prepared->statement, prepared->types());
      return known || is_of_target(known.error()) ? Status{} : std::unexpected(known.error());
    }, Lane::brief);
    if (!read && read.error().position != 0) read.error().position += prepared->statement->offset;
    if (!read) co_return read;
  }
  if (kind == sql::Kind::empty || is_ddl(kind)) {
    sql::Translated unseen{.kind = kind};
    unseen.command_tag = prepared->statement->command_tag;
    co_return take_declared(*prepared, std::move(unseen));
  }
  auto translated = co_await engine_statement([&] { return translate(*prepared->statement, prepared->types()); }, Lane::brief);
  if (!translated) {
    if (translated.error().position != 0) translated.error().position += prepared->statement->offset;
    co_return std::unexpected(std::move(translated).error());
  }
  if (prepared->described && prepared->columns != columns_of(**translated)) co_return std::unexpected(plan_changed());
  if (is_local(kind) && (*translated)->parameters.empty() && !prepared->types().empty()) {
    if (auto taken = take_declared(*prepared, **translated); !taken) co_return taken;
  } else {
    prepared->translated = std::move(*translated);
  }
  prepared->columns = columns_of(*prepared->translated);
  prepared->announced.clear();
  for (const model::Type& type : prepared->translated->parameters) prepared->announced.push_back(type.oid);
  if (!is_local(kind)) session_.mark_analysed();
  co_return Status{};
}

/// Whether a statement that was translated still means the same: its tables are there, with these columns.
asio::awaitable<FileSession::Status> FileSession::revalidate(std::shared_ptr<Prepared> prepared) {
  const sql::Kind kind = prepared->statement->kind;
  if (kind == sql::Kind::empty || is_local(kind) || is_ddl(kind)) co_return Status{};
  auto done = co_await engine_statement([&]() -> Status {
    CROSSFADE_TRY(const auto now, translate(*prepared->statement, prepared->types()));
    if (differs(*prepared, *now)) return std::unexpected(plan_changed());
    return {};
  }, Lane::brief);
  if (!done && done.error().position != 0) done.error().position += prepared->statement->offset;
  co_return done;
}

/// What PostgreSQL checks before it reads the values. Source: postgres.c's messages, as its clients see them.
FileSession::Status FileSession::check_bind(const wire::Bind& message, const Prepared& prepared) const {
  if (!message.counted) return std::unexpected(*message.broken);
  const std::size_t formats = message.formats.size(), wanted = prepared.translated->parameters.size();
  if (formats > 1 && formats != message.announced) {
    return model::fail("08P01"_state, "bind message has " + std::to_string(formats) + " parameter formats but " +
                                          std::to_string(message.announced) + " parameters");
  }
  if (message.announced != wanted) {
    return model::fail("08P01"_state, "bind message supplies " + std::to_string(message.announced) +
                                          " parameters, but prepared statement \"" + std::string(message.statement) +
                                          "\" requires " + std::to_string(wanted));
  }
  if (session_.state() == sqlite::BlockState::failed && (!ends_block(*prepared.statement) || wanted != 0))
    return std::unexpected(aborted());
  if (!message.portal.empty() && portals_.contains(name_key(message.portal))) return std::unexpected(already_open(message.portal));
  return {};
}

/// Reads the session's settings: while this runs on the pool, the session waits for it.
model::Result<Portal> FileSession::make_portal(const wire::Bind& message, std::shared_ptr<Prepared> prepared) {
  CROSSFADE_CHECK(check_bind(message, *prepared));
  Portal portal;
  CROSSFADE_TRY(portal.memory, client_.memory.take(kPortalBytes + memory_of(message, prepared->translated->parameters)));
  CROSSFADE_TRY(portal.values, decode_values(message, prepared->translated->parameters, client_.settings.style()));
  if (message.broken) return std::unexpected(*message.broken);
  CROSSFADE_CHECK(check_results(message, *prepared->translated));
  portal.prepared = std::move(prepared);
  portal.formats = message.result_formats;
  portal.level = savepoints_.size();
  return portal;
}

asio::awaitable<FileSession::Status> FileSession::bind(wire::Bind message) {
  const std::shared_ptr<Prepared> prepared = find_prepared(message.statement);
  if (prepared == nullptr) co_return std::unexpected(unknown_statement(message.statement));
  if (session_.state() == sqlite::BlockState::failed && !ends_block(*prepared->statement) && prepared->translated == nullptr)
    co_return std::unexpected(aborted());
  if (auto ready = co_await ensure_translated(prepared); !ready) co_return ready;
  const std::size_t bytes = weight_of(message);
  model::Result<Portal> portal;
  if (bytes <= kBriefBytes) portal = make_portal(message, prepared);
  else portal = co_await engine_statement([&] { return make_portal(message, prepared); }, bytes <= kBriefPoolBytes ? Lane::brief : Lane::reads);
  if (!portal) co_return std::unexpected(std::move(portal).error());
  std::string name(name_key(message.portal));
  co_await drop_portals([&](const std::string& each, const Portal&) { return each == name; });
  portals_.insert_or_assign(name, *std::move(portal));
  fresh_ = FreshBind{std::move(name), client_.channel.out().size()};
  wire::append_empty(client_.channel.out(), '2');
  co_return Status{};
}

void FileSession::send_columns(const sql::Translated& translated, std::span<const wire::Format> formats) {
  if (!returns_rows(translated)) {
    wire::append_empty(client_.channel.out(), 'n');
    return;
  }
  std::vector<wire::Field> fields;
  for (std::size_t i = 0; i < translated.columns.size(); ++i) {
    const sql::OutputColumn& column = translated.columns[i];
    fields.push_back({column.name, column.type, column.table_oid, column.attribute, wire::format_at(formats, i)});
  }
  wire::append_row_description(client_.channel.out(), fields);
}

asio::awaitable<FileSession::Status> FileSession::describe(wire::Describe message) {
  std::shared_ptr<Prepared> prepared;
  std::span<const wire::Format> formats;
  if (message.kind == wire::Named::portal) {
    const Portal* portal = find_portal(message.name);
    if (portal == nullptr) co_return model::fail("34000"_state, "portal \"" + std::string(message.name) + "\" does not exist");
    prepared = portal->prepared;
    formats = portal->formats;
  } else {
    prepared = find_prepared(message.name);
    if (prepared == nullptr) co_return std::unexpected(unknown_statement(message.name));
  }
  if (auto ready = co_await ensure_translated(prepared); !ready) co_return ready;
  if (session_.state() == sqlite::BlockState::failed && returns_rows(*prepared->translated))
    co_return std::unexpected(aborted());
  if (message.kind == wire::Named::statement) {
    wire::append_parameter_description(client_.channel.out(), prepared->translated->parameters);
    if (!prepared->translated->columns.empty())
      if (auto valid = co_await revalidate(prepared); !valid) co_return valid;
  }
  send_columns(*prepared->translated, formats);
  prepared->described = true;
  co_return Status{};
}

asio::awaitable<FileSession::Status> FileSession::execute(wire::Execute message) {
  Portal* const found = find_portal(message.portal);
  if (found == nullptr) co_return model::fail("34000"_state, "portal \"" + std::string(message.portal) + "\" does not exist");
  Portal& portal = *found;
  std::optional<FreshBind> bound = std::exchange(fresh_, std::nullopt);
  const sql::Parsed& statement = *portal.prepared->statement;
  if (statement.kind == sql::Kind::empty) {
    wire::append_empty(client_.channel.out(), 'I');
    co_return Status{};
  }
  if (session_.state() == sqlite::BlockState::failed && !ends_block(statement)) co_return std::unexpected(aborted());
  if (portal.finished) {
    if (!returns_rows(*portal.prepared->translated))
      co_return model::fail("55000"_state, "portal \"" + std::string(message.portal) + "\" cannot be run");
    wire::append_command_complete(client_.channel.out(), complete_tag(portal.prepared->translated->command_tag, 0));
    co_return Status{};
  }
  if (portal.failed) co_return model::fail("55000"_state, "portal \"" + std::string(message.portal) + "\" cannot be run");
  canceller_->begin(client_.settings.milliseconds("statement_timeout"));
  if (portal.scroll != nullptr) co_return co_await execute_cursor(portal, message.max_rows > 0 ? static_cast<std::size_t>(message.max_rows) : 0);
  // Alone in its batch it is its own transaction; else the batch is one, as in PostgreSQL. What COMMIT may refuse is complete before:
  // the error comes with Sync.
  const auto* control = std::get_if<sql::TransactionControl>(&statement.control);
  using Verb = sql::TransactionControl::Verb;
  const bool opens = control == nullptr || control->verb == Verb::set_transaction || control->verb == Verb::set_constraints;
  const auto& translated = portal.prepared->translated;
  if (opens && (client_.channel.peek_type() != 'S' || (translated != nullptr && translated->checked_late))) co_await begin_implicit();
  Execution execution{.statement = &statement,
                      .declared = portal.prepared->types(),
                      .values = portal.values,
                      .formats = portal.formats,
                      .prepared = portal.prepared.get(),
                      .max_rows = message.max_rows > 0 ? static_cast<std::size_t>(message.max_rows) : 0,
                      .portal = &portal,
                      .bound = std::move(bound)};
  Status done;
  if (portal.opened != nullptr) {
    portal.started = true;
    execution.translated = std::exchange(portal.opened, nullptr);
    done = co_await send_batches(std::move(execution), std::move(portal.cursor), EncodedRows{});
  } else if (!portal.started) {
    portal.started = true;
    done = co_await run(std::move(execution));
    // A COMMIT has dropped the portals, this one too.
  } else if (portal.cursor == nullptr) {
    co_return model::fail("55000"_state, "portal \"" + std::string(message.portal) + "\" cannot be run");
  } else {
    execution.translated = portal.prepared->translated;
    done = co_await send_batches(std::move(execution), std::move(portal.cursor), EncodedRows{});
  }
  canceller_->leave_engine();
  if (done) canceller_->end();
  if (!done && done.error().position != 0) done.error().position += statement.offset;
  co_return done;
}

asio::awaitable<FileSession::Status> FileSession::close(wire::Close message) {
  if (message.kind == wire::Named::statement) {
    if (const auto found = client_.prepared.find(name_key(message.name)); found != client_.prepared.end()) client_.prepared.erase(found);
  } else if (const auto found = portals_.find(name_key(message.name)); found != portals_.end()) {
    co_await engine([portal = portals_.extract(found)]() mutable {
      portal = {};
      return true;
    }, Lane::brief);
  }
  wire::append_empty(client_.channel.out(), '3');
  co_return Status{};
}

asio::awaitable<FileSession::Status> FileSession::sync() {
  co_return co_await end_implicit(!failed_batch_);
}

/// Portals whose end may end a transaction.
bool FileSession::has_cursors() const {
  return std::ranges::any_of(portals_, [](const auto& entry) { return entry.second.cursor != nullptr || entry.second.scroll != nullptr; });
}

}  // namespace crossfade::session
