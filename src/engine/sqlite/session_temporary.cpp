#include <sqlite3.h>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "schema_parts.hpp"
#include "session_impl.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

/// Never given twice, and never a file's own: what is cached by version stays right.
std::int64_t fresh_version() {
  static std::atomic<std::int64_t> last{0};
  return --last;
}

/// Views first: dropping a table does not ask for them, but nothing should read a table that is
/// gone.
constexpr std::string_view kTemporaryObjects =
    "SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB "
    "'sqlite_*' ORDER BY type DESC";

/// Our own tables among them stay when the client's are gone.
constexpr std::string_view kClientsObjects =
    "SELECT 1 FROM temp.sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*' AND "
    "name NOT GLOB 'crossfade_*' LIMIT 1";

/// Tables that keep their rows at COMMIT, and refer to one that loses its own.
constexpr std::string_view kStayingReferrers =
    "SELECT m.name FROM temp.sqlite_schema m, pragma_foreign_key_list(m.name, 'temp') f WHERE m.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE "
    "AND m.name NOT IN (SELECT table_name FROM temp.crossfade_commit) LIMIT 1";

model::Result<void> drop_all(Connection& connection) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  CROSSFADE_TRY(const auto objects, connection.query(kTemporaryObjects));
  // Among tables that refer to one another no order would do.
  CROSSFADE_TRY(const auto before, connection.value("SELECT defer_foreign_keys FROM pragma_defer_foreign_keys"));
  CROSSFADE_CHECK(connection.execute("PRAGMA defer_foreign_keys=ON"));
  for (const StorageRow& object : objects)
    CROSSFADE_CHECK(connection.execute("DROP " + text_of(object[0]) + " temp." +
                                       quote_name(text_of(object[1]))));
  return integer_of(before) != 0 ? model::Result<void>{} : connection.execute("PRAGMA defer_foreign_keys=OFF");
}

}  // namespace

Connection* Session::Impl::private_connection() const {
  Database::Lease* lease = held != nullptr ? held.get() : kept.get();
  return lease != nullptr && lease->connection.internals().temporary ? &lease->connection : nullptr;
}

void Session::Impl::let_go() {
  if (private_connection() != nullptr) kept = std::move(held);
  held.reset();
}

model::Result<std::shared_ptr<const plan::Schema>> Session::Impl::schema() {
  CROSSFADE_TRY(auto common, permanent_schema());
  Connection* const connection = private_connection();
  if (connection == nullptr) return common;
  const AuthorScope scope{connection->internals(), Author::proxy};
  CROSSFADE_TRY(const auto version, connection->value("PRAGMA temp.schema_version"));
  if (temporary_schema != nullptr && temporary_base == common &&
      temporary_version == integer_of(version))
    return temporary_schema;
  CROSSFADE_TRY(plan::Schema read, with_temporary(*connection, *common));
  read.version = fresh_version();
  temporary_version = integer_of(version);
  temporary_base = std::move(common);
  temporary_schema = std::make_shared<const plan::Schema>(std::move(read));
  return temporary_schema;
}

model::Result<std::shared_ptr<const plan::Schema>> Session::Impl::permanent_schema() {
  if (held == nullptr) return database.schema();
  CROSSFADE_TRY(const auto common, database.schema());
  const AuthorScope scope{connection().internals(), Author::proxy};
  CROSSFADE_TRY(const auto seen, connection().value(kSchemaVersion));
  if (!schema_changed && common->version == integer_of(seen)) return common;
  if (private_schema != nullptr && private_version == integer_of(seen)) return private_schema;
  CROSSFADE_TRY(const std::shared_ptr<const plan::Plan> plan, database.impl_->plan_of(connection()));
  CROSSFADE_TRY(plan::Schema read, read_schema(connection(), plan.get()));
  private_version = std::exchange(read.version, fresh_version());
  private_schema = std::make_shared<const plan::Schema>(std::move(read));
  return private_schema;
}

model::Result<std::shared_ptr<catalog::Catalog>> Session::Impl::catalog() {
  CROSSFADE_TRY(auto now, schema());
  auto rows = database.impl_->rows_of(now);
  if (rows == nullptr) rows = own_rows.lock();
  if (rows == nullptr || rows->schema() != now) own_rows = rows = std::make_shared<catalog::SharedRows>(std::move(now));
  return std::make_shared<catalog::Catalog>(std::move(rows), context);
}

model::Result<void> Session::Impl::act_on_commit() {
  Connection* const connection = private_connection();
  if (connection == nullptr || !connection->internals().acts_on_commit) return {};
  // A ROLLBACK or DISCARD TEMP takes the list away, and with it what was on it.
  if (sqlite3_table_column_metadata(connection->handle(), "temp", "crossfade_commit", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != SQLITE_OK)
    return {};
  const AuthorScope scope{connection->internals(), Author::proxy};
  CROSSFADE_TRY(const auto rows,
                connection->query("SELECT table_name, action FROM temp.crossfade_commit"));
  for (const StorageRow& row : rows) {
    const std::string name = text_of(row[0]);
    const std::string table = "temp." + quote_name(name);
    if (text_of(row[1]) == "rows") {
      const model::StorageValue emptied = name;
      CROSSFADE_TRY(const auto referring, connection->query(kStayingReferrers, std::span{&emptied, 1}));
      if (!referring.empty()) {
        return model::fail("0A000"_state, "unsupported ON COMMIT and foreign key combination",
                           "Table \"" + text_of(referring.front()[0]) + "\" references \"" + name + "\", but they do not have the same ON COMMIT setting.");
      }
      CROSSFADE_CHECK(connection->execute("PRAGMA defer_foreign_keys=ON"));  // among tables that lose their rows together, until this COMMIT
      CROSSFADE_CHECK(connection->execute("DELETE FROM " + table));
      continue;
    }
    CROSSFADE_CHECK(connection->execute("DROP TABLE " + table));
    const model::StorageValue parameter = name;
    for (const char* of : {"DELETE FROM temp.crossfade_types WHERE table_name = ?1",
                           "DELETE FROM temp.crossfade_commit WHERE table_name = ?1"}) {
      CROSSFADE_TRY(const auto none, connection->query(of, std::span{&parameter, 1}));
    }
  }
  return {};
}

void Session::Impl::explain(Connection& on, Statement& statement, model::Error& error) {
  if (error.state.family() != "23" || !error.detail.empty() || !on.in_transaction()) return;
  const auto known = schema();
  if (known) add_violation_detail(statement, **known, context.style, error);
}

bool Session::has_temporary() {
  Connection* const connection = impl_->private_connection();
  if (connection == nullptr) return false;
  const AuthorScope scope{connection->internals(), Author::proxy};
  const auto objects = connection->query(kClientsObjects);
  return !objects || !objects->empty();
}

model::Result<void> Session::discard_temporary() {
  Connection* connection = impl_->private_connection();
  if (connection == nullptr) return {};
  if (impl_->in_block() && impl_->held == nullptr && impl_->permit) {
    CROSSFADE_CHECK(impl_->open_writer());
    connection = impl_->private_connection();
  }
  if (connection->in_transaction()) {
    impl_->materialise_cursors();
    impl_->temporary_schema = nullptr;
    return drop_all(*connection);
  }
  for (LiveCursor* cursor : impl_->cursors)
    if (cursor->reads_on(*connection)) cursor->materialise();
  impl_->kept.reset();  // closed: it goes to nobody else
  impl_->temporary_schema = nullptr;
  return {};
}

}  // namespace crossfade::sqlite
