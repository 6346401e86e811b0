#include <sqlite3.h>

#include <string>
#include <utility>

#include "connection_impl.hpp"
#include "constraint_errors.hpp"
#include "errors.hpp"
#include "file_conditions.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f;") == std::string_view::npos; }

}  // namespace

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

model::Error Connection::Impl::error(const ChangeTarget& failed) {
  sqlite3* database = handle.get();
  const int code = sqlite3_extended_errcode(database);
  const int family = code & 0xff;
  if (family == SQLITE_AUTH && refusal) return *std::exchange(refusal, std::nullopt);
  if (family == SQLITE_BUSY && cancel_wait.exchange(false))
    return {"57014"_state, "canceling statement due to user request"};
  model::Error plain = last_error(database);
  if (family == SQLITE_CONSTRAINT) return constraint_error(*this, failed, code, std::move(plain));
  return file_error(file, code, sqlite3_system_errno(database), std::move(plain));
}

model::Result<Statement> Connection::Impl::prepare_next(std::string_view& rest, Author writer) {
  const AuthorScope scope{*this, writer};
  take_reported_error();
  refusal.reset();
  target = {};
  dropped.clear();
  reads_catalog = false;
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(handle.get(), rest.data(), static_cast<int>(rest.size()), 0, &raw, &tail);
  StatementHandle made{raw};
  if (code != SQLITE_OK) return std::unexpected(error({}));
  rest.remove_prefix(static_cast<std::size_t>(tail - rest.data()));
  auto impl = std::make_unique<Statement::Impl>();
  impl->handle = std::move(made);
  impl->connection = this;
  impl->author = writer;
  impl->target = std::exchange(target, {});
  impl->reads_catalog = reads_catalog;
  return Statement{std::move(impl)};
}

model::Result<Statement> Connection::Impl::prepare(std::string_view sql, Author writer) {
  std::string_view rest = sql;
  CROSSFADE_TRY(Statement statement, prepare_next(rest, writer));
  if (!blank(rest)) return model::fail("42601"_state, "cannot insert multiple commands into a prepared statement");
  if (blank(sql)) return model::fail("42601"_state, "the statement is empty");
  return statement;
}

model::Result<void> Connection::Impl::execute(std::string_view sql, Author writer) {
  std::string_view rest = sql;
  while (!blank(rest)) {
    CROSSFADE_TRY(Statement statement, prepare_next(rest, writer));
    if (statement.internals().handle == nullptr) continue;  // a comment
    CROSSFADE_CHECK(statement.run());
  }
  return {};
}

model::Result<Statement> Connection::prepare(std::string_view sql) { return impl_->prepare(sql, impl_->author); }

model::Result<Statement*> Connection::cached(std::string_view sql) {
  if (Statement* known = impl_->cache.find(sql); known != nullptr && known->internals().author == impl_->author) {
    known->reset();
    return known;
  }
  CROSSFADE_TRY(Statement made, prepare(sql));
  return impl_->cache.put(std::string{sql}, std::move(made));
}

model::Result<void> Connection::execute(std::string_view sql) { return impl_->execute(sql, impl_->author); }

model::Result<std::vector<StorageRow>> Connection::query(std::string_view sql, std::span<const model::StorageValue> parameters) {
  CROSSFADE_TRY(Statement* const statement, cached(sql));
  CROSSFADE_CHECK(statement->bind_all(parameters));
  std::vector<StorageRow> rows;
  for (;;) {
    CROSSFADE_TRY(const bool more, statement->step());
    if (!more) return rows;
    rows.push_back(statement->row());
  }
}

model::Result<model::StorageValue> Connection::value(std::string_view sql, std::span<const model::StorageValue> parameters) {
  CROSSFADE_TRY(Statement* const statement, cached(sql));
  CROSSFADE_CHECK(statement->bind_all(parameters));
  CROSSFADE_TRY(const bool found, statement->step());
  model::StorageValue value = found ? statement->column(0) : model::StorageValue{model::Null{}};
  statement->reset();
  return value;
}

void Connection::answer_for(FunctionContext* session) { impl_->context = session; }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle()); }
std::int64_t Connection::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle()); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }
sqlite3* Connection::handle() const { return impl_->handle.get(); }

void Connection::interrupt() {
  impl_->cancel_wait = true;
  sqlite3_interrupt(handle());
}

model::Result<Transaction> Transaction::begin(Connection& connection, Mode mode) {
  CROSSFADE_CHECK(connection.internals().execute(mode == Mode::immediate ? "BEGIN IMMEDIATE" : "BEGIN", Author::proxy));
  return Transaction{&connection};
}

Transaction::Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}

Transaction::~Transaction() { rollback(); }

model::Result<void> Transaction::commit() {
  if (connection_ == nullptr || !connection_->in_transaction())
    return model::fail("40000"_state, "the transaction was rolled back before its COMMIT");
  CROSSFADE_CHECK(connection_->internals().execute("COMMIT", Author::proxy));
  connection_ = nullptr;
  return {};
}

void Transaction::rollback() {
  if (Connection* const connection = std::exchange(connection_, nullptr); connection != nullptr && connection->in_transaction())
    (void)connection->internals().execute("ROLLBACK", Author::proxy);
}

}  // namespace crossfade::sqlite
