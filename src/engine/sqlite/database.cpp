#include "crossfade/engine/sqlite/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "catalog/catalog.hpp"
#include "connection_impl.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/observe/log.hpp"
#include "database_impl.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// WAL, so that readers and the writer do not wait for each other.
model::Result<void> use_wal(Connection& connection, const DatabaseOptions& options) {
  CROSSFADE_TRY(const auto mode, connection.value("PRAGMA journal_mode"));
  if (text_of(mode) == "wal" || options.read_only) return {};
  CROSSFADE_TRY(const auto changed, connection.value("PRAGMA journal_mode=WAL"));
  if (text_of(changed) != "wal")
    return model::fail("55000"_state, "database file \"" + options.file.string() + "\" cannot be put into WAL mode",
                       "it stays in mode " + text_of(changed));
  observe::log(observe::Level::info, "journal mode changed",
               {{"file", options.file.string()}, {"from", text_of(mode)}, {"to", "wal"}});
  return {};
}

/// Foreign keys are enforced unless rows break them already: then other programs' writes would begin to fail. SQLite enforces them
/// by connection, so it is all tables or none (docs/decisions/0003-foreign-keys.md).
model::Result<bool> foreign_keys_hold(Connection& connection, const DatabaseOptions& options) {
  const auto warn = [&](const std::string& reason) {
    observe::log(observe::Level::warn, "foreign keys not enforced", {{"file", options.file.string()}, {"reason", reason}});
    return false;
  };
  const auto broken = connection.query("SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1");
  if (!broken && broken.error().state == "42830"_state) return warn(broken.error().message);
  if (!broken) return std::unexpected(broken.error());
  if (broken->empty()) return true;
  std::string tables;
  for (const StorageRow& row : *broken)
    tables += (tables.empty() ? "" : ", ") + text_of(row[0]) + " (" + std::to_string(integer_of(row[1])) + ")";
  return warn("rows without a referenced row in " + tables);
}

/// SQLite opens a file that it may not write for reading only, and says so at the first write.
model::Result<void> check_writable_file(Connection& connection, const DatabaseOptions& options) {
  if (options.read_only || sqlite3_db_readonly(connection.handle(), "main") == 0) return {};
  return model::fail("42501"_state, "database file \"" + options.file.string() + "\" is read-only", {},
                     "Give the right to write it, or serve it with sqlite.read_only = true.");
}

}  // namespace

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

model::Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options, std::shared_ptr<const plan::Plan> plan) {
  auto impl = std::make_unique<Impl>();
  impl->application = {.mode = options.read_only ? OpenMode::read_only : OpenMode::read_write,
                       .role = Role::application,
                       .busy_timeout = options.busy_timeout,
                       .synchronous = options.synchronous,
                       .wal_autocheckpoint = options.wal_autocheckpoint,
                       .max_value_bytes = static_cast<int>(std::min<std::size_t>(options.max_value_bytes, 1'000'000'000))};
  OpenOptions service = impl->application;
  service.role = Role::service;
  CROSSFADE_TRY(Connection connection, Connection::open(options.file, service));
  CROSSFADE_CHECK(check_writable_file(connection, options));
  CROSSFADE_CHECK(use_wal(connection, options));
  CROSSFADE_TRY(impl->identity, identify(options.file));
  CROSSFADE_TRY(impl->application.foreign_keys, foreign_keys_hold(connection, options));
  impl->options = std::move(options);
  impl->plan = std::move(plan);
  std::unique_ptr<Database> database{new Database(std::move(impl))};
  CROSSFADE_CHECK(database->schema());
  return database;
}

const DatabaseOptions& Database::options() const { return impl_->options; }
PermitQueue& Database::permits() { return impl_->permits; }

model::Result<std::shared_ptr<const plan::Schema>> Database::schema() {
  CROSSFADE_TRY(const auto held, lease());
  return schema(held->connection);
}

model::Result<std::shared_ptr<const plan::Schema>> Database::schema(Connection& connection) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  CROSSFADE_TRY(const auto version, connection.value(kSchemaVersion));
  std::uint64_t generation;
  {
    const std::lock_guard lock{impl_->mutex};
    if (impl_->schema != nullptr && impl_->schema->version == integer_of(version) &&
        impl_->schema_generation == impl_->plan_generation)
      return impl_->schema;
    generation = impl_->plan_generation;
  }
  std::optional<Transaction> snapshot;  // of plan and schema
  if (!connection.in_transaction()) {
    CROSSFADE_TRY(auto begun, Transaction::begin(connection, Transaction::Mode::deferred));
    snapshot.emplace(std::move(begun));
  }
  CROSSFADE_TRY(const std::shared_ptr<const plan::Plan> plan, impl_->plan_of(connection));
  CROSSFADE_TRY(plan::Schema read, read_schema(connection, plan.get()));
  auto fresh = std::make_shared<const plan::Schema>(std::move(read));
  const std::lock_guard lock{impl_->mutex};
  if (generation == impl_->plan_generation) {
    impl_->schema = fresh;
    impl_->schema_generation = generation;
  }
  return fresh;
}

std::shared_ptr<catalog::SharedRows> Database::Impl::rows_of(const std::shared_ptr<const plan::Schema>& now) {
  std::shared_ptr<catalog::SharedRows> old;  // dies without the lock
  const std::lock_guard lock{mutex};
  if (schema != now) return nullptr;
  if (rows == nullptr || rows->schema() != now) old = std::exchange(rows, std::make_shared<catalog::SharedRows>(now));
  return rows;
}

model::Result<std::shared_ptr<const plan::Plan>> Database::Impl::plan_of(Connection& connection) {
  std::shared_ptr<const plan::Plan> known;
  std::string known_hash;
  {
    const std::lock_guard lock{mutex};
    known = plan;
    known_hash = plan_hash;
  }
  if (!stored_plan_rules) return known;
  if (sqlite3_table_column_metadata(connection.handle(), "main", "crossfade_plan", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != SQLITE_OK) return known;
  CROSSFADE_TRY(const auto hash, connection.value("SELECT hash FROM main.crossfade_plan"));
  if (std::holds_alternative<model::Null>(hash) || text_of(hash) == known_hash) return known;
  CROSSFADE_TRY(const auto text, connection.value("SELECT plan FROM main.crossfade_plan"));
  CROSSFADE_TRY(plan::Plan stored, plan::from_toml(text_of(text), "crossfade_plan"));
  return std::make_shared<const plan::Plan>(std::move(stored));
}

void Database::follow_stored_plan() { impl_->stored_plan_rules = true; }

void Database::replace_plan(std::shared_ptr<const plan::Plan> plan) {
  std::string hash = plan ? plan::hash(*plan) : "";
  const std::lock_guard lock{impl_->mutex};
  impl_->plan = std::move(plan);
  impl_->plan_hash = std::move(hash);
  ++impl_->plan_generation;
}

model::Result<void> Database::Impl::check_file_again(Look look) {
  using Clock = std::chrono::steady_clock;
  constexpr Clock::duration kInterval = std::chrono::milliseconds{100};
  const Clock::rep now = Clock::now().time_since_epoch().count();
  if (look == Look::sometimes && now - looked_at.load(std::memory_order_relaxed) < kInterval.count()) return {};
  CROSSFADE_CHECK(check_identity(options.file, identity));
  looked_at.store(now, std::memory_order_relaxed);
  return {};
}

std::uint64_t Database::plan_number() const { return impl_->plan_generation; }

std::unique_ptr<Database::Lease> Database::lease_idle() {
  if (!impl_->check_file_again(Impl::Look::sometimes)) return nullptr;  // lease() says why
  const std::lock_guard lock{impl_->mutex};
  if (impl_->idle.empty()) return nullptr;
  auto lease = std::make_unique<Lease>(*impl_, std::move(impl_->idle.back()));
  impl_->idle.pop_back();
  return lease;
}

model::Result<std::unique_ptr<Database::Lease>> Database::lease(Claim claim) {
  const std::size_t most = claim == Claim::first ? impl_->options.max_open : impl_->options.max_open / 2;
  if (impl_->out.load() >= most) {
    return model::fail("53300"_state, "too many open connections to the database file", std::to_string(most) + " are in use.",
                       claim == Claim::first ? "Try again later." : "Close cursors that are not needed any more.");
  }
  if (auto idle = lease_idle()) return idle;
  CROSSFADE_CHECK(impl_->check_file_again(Impl::Look::now));
  CROSSFADE_TRY(Connection connection, Connection::open(impl_->options.file, impl_->application));
  return std::make_unique<Lease>(*impl_, std::move(connection));
}

model::Result<std::unique_ptr<Database::Lease>> Database::lease_writer() {
  CROSSFADE_CHECK(impl_->check_file_again(Impl::Look::now));  // else what is written would be lost with the old file
  {
    const std::lock_guard lock{impl_->mutex};
    if (impl_->writer) {
      Connection connection = *std::exchange(impl_->writer, std::nullopt);
      return std::make_unique<Lease>(*impl_, std::move(connection), Lease::Use::writer);
    }
  }
  CROSSFADE_TRY(Connection connection, Connection::open(impl_->options.file, impl_->application));
  return std::make_unique<Lease>(*impl_, std::move(connection), Lease::Use::writer);
}

void Database::close_idle() {
  std::vector<Connection> closing;
  std::optional<Connection> writer;
  const std::lock_guard lock{impl_->mutex};
  closing.swap(impl_->idle);
  writer.swap(impl_->writer);
}

Database::Lease::Lease(Database::Impl& from, Connection made, Use as) : pool(from), connection(std::move(made)), use(as) { ++pool.out; }

Database::Lease::~Lease() {
  --pool.out;
  connection.internals().context = nullptr;
  connection.internals().catalog = nullptr;
  if (connection.in_transaction()) (void)connection.internals().execute("ROLLBACK", Author::proxy);
  if (connection.in_transaction() || connection.internals().temporary) return;  // not fit for another client: closed
  const std::lock_guard lock{pool.mutex};
  if (use == Use::writer && !pool.writer) {
    pool.writer.emplace(std::move(connection));
    return;
  }
  if (pool.idle.size() < pool.options.max_readers) pool.idle.push_back(std::move(connection));
}

}  // namespace crossfade::sqlite
