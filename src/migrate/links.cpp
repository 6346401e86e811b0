#include "links.hpp"

#include <algorithm>
#include <condition_variable>

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::chrono::milliseconds kConnectTimeout{10'000};
constexpr std::chrono::milliseconds kBusyTimeout{5'000};
constexpr std::size_t kKeptStatements = 256;  // a step's are the same again and again, but for the number of their rows
constexpr std::chrono::minutes kDeadline{5};  // of a step; a fill has none
/// A database's or role's defaults for its applications: the mirror writes, waits for clients between two statements, and bounds each
/// itself (kDeadline).
constexpr std::string_view kUnbounded =
    "SET default_transaction_read_only = off; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
    "SET idle_session_timeout = 0; "
    // Killed in the middle of a statement, we leave no server process behind that goes on with it.
    "SET client_connection_check_interval = '1s'";
/// "cros", "fade".
constexpr std::string_view kClaimKey = "1668444019, 1717658725";
constexpr std::chrono::milliseconds kOwnEnds{2'000};  // a backend of ours whose connection is gone
constexpr std::string_view kClaimBackend = "SELECT a.pid || ' ' || a.backend_start";
constexpr std::string_view kEndClaimant = "SELECT CASE WHEN a.pid || ' ' || a.backend_start = ";
constexpr std::string_view kClaimHolder =
    "SELECT 'Its connection is process ' || a.pid || ' of PostgreSQL, from ' || coalesce(host(a.client_addr), 'this machine') || ', since ' "
    "|| to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') || '.'";
constexpr std::string_view kOfTheClaim =
    " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1668444019 AND l.objid = 1717658725 AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
/// A database or role may have `off`: a step whose commit PostgreSQL then loses in a crash would have been pruned from the file's journal,
/// and the mirror would take the file for a rewound one. What flushes already (local, remote_apply …) stays.
constexpr std::string_view kDurable =
    "SELECT pg_catalog.set_config('synchronous_commit', 'on', false) WHERE pg_catalog.current_setting('synchronous_commit') = 'off'";

/// A request for the permit that outlives neither side: the queue may grant it after the asker gave up.
struct Request {
  std::mutex mutex;
  std::condition_variable granted;
  std::optional<sqlite::Permit> permit;
};

}  // namespace

Links::Links(std::filesystem::path file, postgres::Conninfo conninfo) : file_(std::move(file)), conninfo_(std::move(conninfo)) {}

model::Result<sqlite::Connection> Links::open_file(sqlite::Role role) const {
  sqlite::OpenOptions options;
  options.role = role;
  options.busy_timeout = kBusyTimeout;
  return sqlite::Connection::open(file_, options);
}

model::Result<postgres::Connection> Links::open_postgres(Effects effects) const {
  CROSSFADE_TRY(postgres::Connection connection, postgres::Connection::connect(conninfo_, kConnectTimeout, "crossfade mirror"));
  connection.set_deadline(std::chrono::steady_clock::now() + kConnectTimeout);
  CROSSFADE_CHECK(connection.execute(kUnbounded));
  CROSSFADE_CHECK(connection.execute(kDurable));
  model::Result<void> set;
  if (effects == Effects::off) set = connection.execute("SET session_replication_role = replica");
  if (!set) {
    model::Error error = std::move(set).error();
    if (error.state != "42501"_state) return std::unexpected(std::move(error));
    error.hint = "The mirror repeats rows, not triggers and cascades: as a superuser of PostgreSQL 15 or newer run "
                 "GRANT SET ON PARAMETER session_replication_role TO " + postgres::quote_identifier(conninfo_.value("user")) + ".";
    return std::unexpected(std::move(error));
  }
  connection.clear_deadline();
  connection.keep_statements(kKeptStatements);
  return connection;
}

model::Result<sqlite::Connection*> Links::file(std::optional<sqlite::Connection>& slot, sqlite::Role role) {
  if (!slot) {
    CROSSFADE_TRY(sqlite::Connection connection, open_file(role));
    slot.emplace(std::move(connection));
  }
  return &*slot;
}

model::Result<postgres::Connection*> Links::postgres(std::optional<postgres::Connection>& slot, Effects effects) {
  if (!slot || !slot->alive()) {
    CROSSFADE_TRY(postgres::Connection connection, open_postgres(effects));
    const std::scoped_lock lock(opening_);
    slot.emplace(std::move(connection));
  }
  slot->set_deadline(std::chrono::steady_clock::now() + kDeadline);
  return &*slot;
}

model::Result<sqlite::Connection*> Links::reader() { return file(reader_, sqlite::Role::service); }
model::Result<sqlite::Connection*> Links::writer() { return file(writer_, sqlite::Role::service); }
model::Result<sqlite::Connection*> Links::mirror() { return file(mirror_, sqlite::Role::mirror); }
model::Result<postgres::Connection*> Links::applier() {
  CROSSFADE_TRY(postgres::Connection * connection, postgres(applier_, Effects::off));
  connection->set_stop(stop_);
  return connection;
}
model::Result<postgres::Connection*> Links::service() { return postgres(service_, Effects::on); }

model::Result<void> Links::claim(std::chrono::milliseconds patience) {
  if (claim_ && claim_->alive()) {
    claim_->set_deadline(std::chrono::steady_clock::now() + kConnectTimeout);
    if (claim_->execute("SELECT 1")) return {};
  }
  claim_.reset();
  CROSSFADE_TRY(postgres::Connection connection, postgres::Connection::connect(conninfo_, kConnectTimeout, "crossfade claim"));
  connection.set_deadline(std::chrono::steady_clock::now() + patience + kOwnEnds + kConnectTimeout);
  CROSSFADE_CHECK(connection.execute(kUnbounded));
  const auto lock = [&](std::chrono::milliseconds wait) {
    return connection.execute("SET lock_timeout = " + std::to_string(std::max<std::int64_t>(1, wait.count())) + "; SELECT pg_catalog.pg_advisory_lock(" + std::string(kClaimKey) + ")");
  };
  const auto of_the_claim = [&](std::string_view what) {
    const model::Result<model::Value> said = connection.value(std::string(what) + std::string(kOfTheClaim));
    const auto* text = said ? std::get_if<std::string>(&*said) : nullptr;
    return text ? *text : std::string{};
  };
  const auto taken = [](const model::Result<void>& held) { return !held && held.error().state == "55P03"_state; };
  model::Result<void> held = lock(patience);
  if (taken(held) && !claimed_as_.empty() && of_the_claim(kClaimBackend) == claimed_as_) {  // PostgreSQL has not heard yet that our connection is gone
    (void)of_the_claim(std::string(kEndClaimant) + postgres::quote_literal(claimed_as_) + " THEN pg_catalog.pg_terminate_backend(a.pid) END");  // not whoever was quicker by now
    held = lock(kOwnEnds);
    if (taken(held)) return model::fail("08006"_state, "the connection that held the claim has not ended yet");
  }
  if (taken(held)) {
    return model::fail("55006"_state, "another Crossfade serves this PostgreSQL database", of_the_claim(kClaimHolder),
                       "A pair of a file and a PostgreSQL database is served by one process: end that one first.");
  }
  CROSSFADE_CHECK(held);
  claimed_as_ = of_the_claim(kClaimBackend);
  claim_.emplace(std::move(connection));
  return {};
}

void Links::set_stop(std::function<bool()> stop) {
  stop_ = std::move(stop);
  if (applier_) applier_->set_stop(stop_);
}

void Links::tidy() {
  for (std::optional<sqlite::Connection>* slot : {&reader_, &writer_, &mirror_}) {
    if (*slot && (*slot)->in_transaction()) slot->reset();
  }
  for (std::optional<postgres::Connection>* slot : {&applier_, &service_}) {
    const std::scoped_lock lock(opening_);
    if (*slot && (!(*slot)->healthy() || (*slot)->in_transaction())) slot->reset();
  }
}

void Links::renew_postgres() {
  const std::scoped_lock lock(opening_);
  applier_.reset();
  service_.reset();
}

void Links::cancel() {
  const std::scoped_lock lock(opening_);
  for (std::optional<postgres::Connection>* slot : {&applier_, &service_}) {
    if (*slot) (*slot)->cancel();
  }
}

model::Result<sqlite::Permit> take_permit(sqlite::Database& database, std::chrono::milliseconds timeout, const std::function<bool()>& gives_way) {
  constexpr std::chrono::milliseconds kLook{50};
  const auto request = std::make_shared<Request>();
  const sqlite::PermitQueue::Id id = database.permits().acquire([request](sqlite::Permit permit) {
    const std::scoped_lock lock(request->mutex);
    request->permit.emplace(std::move(permit));
    request->granted.notify_all();
  });
  std::unique_lock lock(request->mutex);
  const auto end = std::chrono::steady_clock::now() + timeout;
  const auto granted = [&] { return request->permit.has_value(); };
  while (!granted() && std::chrono::steady_clock::now() < end && !(gives_way && gives_way()))
    request->granted.wait_until(lock, gives_way ? std::min(end, std::chrono::steady_clock::now() + kLook) : end, granted);
  if (granted()) return std::move(*request->permit);
  lock.unlock();
  database.permits().cancel(id);
  lock.lock();
  if (request->permit) return std::move(*request->permit);
  return model::fail("55P03"_state, "the mirror could not obtain the file's write permit within " + std::to_string(timeout.count()) + " ms");
}

}  // namespace crossfade::migrate
