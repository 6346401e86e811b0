#include <sqlite3.h>

#include <iterator>
#include <string>
#include <utility>

#include "connection_impl.hpp"
#include "errors.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(model::Null) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(const std::string& value) const {
    return sqlite3_bind_text64(statement, index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  int operator()(const model::Bytes& value) const {
    if (value.data.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, value.data.data(), value.data.size(), SQLITE_TRANSIENT);
  }
};

}  // namespace

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

model::Result<void> Statement::bind(int index, const model::StorageValue& value) {
  if (std::visit(Binder{impl_->handle.get(), index}, value) == SQLITE_OK) return {};
  return std::unexpected(last_error(impl_->connection->handle.get()));
}

model::Result<void> Statement::bind_all(std::span<const model::StorageValue> values) {
  if (static_cast<int>(values.size()) != sqlite3_bind_parameter_count(impl_->handle.get()))
    return model::fail("08P01"_state, "statement takes " + std::to_string(sqlite3_bind_parameter_count(impl_->handle.get())) +
                                          " values, not " + std::to_string(values.size()));
  for (int index = 1; const model::StorageValue& value : values) CROSSFADE_CHECK(bind(index++, value));
  return {};
}

model::Result<bool> Statement::step() {
  Connection::Impl& connection = *impl_->connection;
  const AuthorScope scope{connection, impl_->author};  // a changed schema prepares it again
  const StepScope stepped{*impl_};
  take_reported_error();
  connection.refusal.reset();
  const int code = sqlite3_step(impl_->handle.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(impl_->handle.get());
    impl_->catalog = nullptr;
    return false;
  }
  model::Error error = connection.error(impl_->target);
  sqlite3_reset(impl_->handle.get());
  impl_->catalog = nullptr;
  return std::unexpected(std::move(error));
}

void Statement::reset() {
  sqlite3_reset(impl_->handle.get());
  sqlite3_clear_bindings(impl_->handle.get());
  impl_->catalog = nullptr;
}

int Statement::column_count() const { return sqlite3_column_count(impl_->handle.get()); }

std::string Statement::column_name(int index) const {
  const char* name = sqlite3_column_name(impl_->handle.get(), index);
  return name == nullptr ? std::string{} : std::string{name};
}

model::StorageValue Statement::column(int index) const {
  sqlite3_stmt* statement = impl_->handle.get();
  const auto bytes = [&](const void* start) {
    return std::string{static_cast<const char*>(start), static_cast<std::size_t>(sqlite3_column_bytes(statement, index))};
  };
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(statement, index);
    case SQLITE_FLOAT: return sqlite3_column_double(statement, index);
    case SQLITE_TEXT: return bytes(sqlite3_column_text(statement, index));
    case SQLITE_BLOB: {
      const void* start = sqlite3_column_blob(statement, index);  // nullptr when empty
      return start == nullptr ? model::Bytes{} : model::Bytes{bytes(start)};
    }
    default: return model::Null{};
  }
}

StorageRow Statement::row() const {
  StorageRow values;
  const int count = column_count();
  values.reserve(static_cast<std::size_t>(count));
  for (int index = 0; index < count; ++index) values.push_back(column(index));
  return values;
}

void Statement::read_row(StorageRow& into) const {
  sqlite3_stmt* statement = impl_->handle.get();
  into.resize(static_cast<std::size_t>(column_count()));
  for (int index = 0; index < static_cast<int>(into.size()); ++index) {
    auto& value = into[static_cast<std::size_t>(index)];
    switch (sqlite3_column_type(statement, index)) {
      case SQLITE_INTEGER: value = static_cast<std::int64_t>(sqlite3_column_int64(statement, index)); break;
      case SQLITE_FLOAT: value = sqlite3_column_double(statement, index); break;
      case SQLITE_NULL: value = model::Null{}; break;
      case SQLITE_TEXT:
        if (auto* text = std::get_if<std::string>(&value)) {
          const auto* start = sqlite3_column_text(statement, index);
          text->assign(reinterpret_cast<const char*>(start), static_cast<std::size_t>(sqlite3_column_bytes(statement, index)));
          break;
        }
        [[fallthrough]];
      default: value = column(index);
    }
  }
}

model::Result<void> Statement::run() {
  for (;;) {
    CROSSFADE_TRY(const bool more, step());
    if (!more) return {};
  }
}

bool Statement::readonly() const { return sqlite3_stmt_readonly(impl_->handle.get()) != 0; }

std::optional<Statement> StatementCache::take(std::string_view text) {
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return std::nullopt;
  Statement statement = std::move(found->second->statement);
  forget(found->second);
  return statement;
}

Statement* StatementCache::find(std::string_view text) {
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->statement;
}

/// What SQLite has allocated for it, and its text twice.
std::size_t StatementCache::weight(const Entry& entry) {
  return static_cast<std::size_t>(sqlite3_stmt_status(entry.statement.internals().handle.get(), SQLITE_STMTSTATUS_MEMUSED, 0)) + 2 * entry.text.size();
}

Statement* StatementCache::put(std::string text, Statement statement) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    found->second->statement = std::move(statement);
    return &found->second->statement;
  }
  entries_.push_front({std::move(text), std::move(statement)});
  Entry& entry = entries_.front();
  by_text_.emplace(entry.text, entries_.begin());
  entry.bytes = weight(entry);
  bytes_ += entry.bytes;
  while (entries_.size() > kEntries || (bytes_ > kMostBytes && entries_.size() > 1)) forget(std::prev(entries_.end()));
  return &entry.statement;
}

void StatementCache::put_back(std::string text, Statement statement) {
  if (text.size() > kLongestText) return;
  put(std::move(text), std::move(statement));
  if (entries_.front().bytes > kMostBytes) forget(entries_.begin());
}

void StatementCache::forget(std::list<Entry>::iterator entry) {
  by_text_.erase(entry->text);
  bytes_ -= entry->bytes;
  entries_.erase(entry);
}

void StatementCache::clear() {
  by_text_.clear();
  entries_.clear();
  bytes_ = 0;
}

}  // namespace crossfade::sqlite
