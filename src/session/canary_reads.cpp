#include "canary_reads.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "crossfade/engine/sqlite/stored_row.hpp"
#include "file_session.hpp"

namespace crossfade::session {

using namespace model::literals;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kCanaryBytes = 4U << 20U;
constexpr std::chrono::milliseconds kCanaryConnect = 2'000ms;
constexpr std::chrono::milliseconds kCanaryRead = 5'500ms;  // by then PostgreSQL has ended the statement by itself
constexpr std::string_view kCanarySession = "SET default_transaction_read_only = on; SET default_transaction_isolation = 'read committed'; "
                                            "SET idle_session_timeout = 0; SET statement_timeout = '5s'; SET client_connection_check_interval = '1s'";

/// Says nothing about the statement.
bool is_passing(const model::Error& error) {
  const std::string_view family = error.state.family();
  return family == "08" || family == "57" || family == "40" || family == "53" || family == "55";
}

}  // namespace

migrate::CanaryOutcome CanaryReads::connect(const Settings& settings, const Wish& wish) {
  using Outcome = migrate::CanaryOutcome;
  const bool fresh = !connection_ || !connection_->healthy();
  if (fresh) {
    connection_.reset();
    auto made = postgres::Connection::connect(conninfo_, kCanaryConnect, "crossfade canary");
    if (!made) return Outcome::unreachable;
    made->set_deadline(std::chrono::steady_clock::now() + kCanaryConnect);
    if (!made->execute(kCanarySession)) return Outcome::unreachable;
    const auto held = made->value("SELECT seq FROM crossfade.watermark");
    const auto* seq = held ? std::get_if<std::int64_t>(&*held) : nullptr;
    if (seq == nullptr || *seq < wish.watermark) return Outcome::unreachable;
    connection_.emplace(std::move(*made));
  }
  const bool same_schema = std::exchange(schema_version_, wish.sample.schema_version) == wish.sample.schema_version;
  if (!fresh && same_schema && generation_ == settings.generation()) return Outcome::answered;
  std::string text = "SELECT ";
  for (const std::string_view name : Settings::kMeaningful) {
    const auto value = settings.show(name);
    if (!value) continue;
    text += (text.size() > 7 ? ", " : "") + std::string("pg_catalog.set_config(") + postgres::quote_literal(name) + ", " +
            postgres::quote_literal(*value) + ", false)";
  }
  connection_->set_deadline(std::chrono::steady_clock::now() + kCanaryConnect);
  if (const model::Result<void> set = connection_->execute(text); !set) {
    connection_.reset();
    return is_passing(set.error()) ? Outcome::unreachable : Outcome::stayed;  // a time zone that only one side knows is nobody else's business
  }
  generation_ = settings.generation();
  return Outcome::answered;
}

model::Result<CanaryReads::Answer> CanaryReads::read(const Wish& wish, const Settings& settings) {
  using Outcome = migrate::CanaryOutcome;
  const auto& [sample, translated, _, stop] = wish;
  const auto unless_passing = [&](model::Error error) -> model::Result<Answer> {
    if (!is_passing(error)) return std::unexpected(std::move(error));
    // It has ended the statement when it was asked to, or at its own statement_timeout: it is there.
    if (error.state == "57014"_state && connection_->healthy()) return Answer{Outcome::stayed};
    const bool stopped = stop();
    connection_.reset();
    return Answer{stopped ? Outcome::stayed : Outcome::unreachable};
  };
  if (const Outcome ready = connect(settings, wish); ready != Outcome::answered) return Answer{ready};
  connection_->set_deadline(std::chrono::steady_clock::now() + kCanaryRead);
  connection_->set_stop(stop);
  struct Unset {
    std::optional<postgres::Connection>& connection;
    ~Unset() {
      if (connection) connection->set_stop(nullptr);
    }
  };
  const Unset unset{connection_};
  auto described = connection_->describe(sample.text, sample.declared);
  if (!described) return unless_passing(std::move(described).error());
  const auto same = [](const model::Column& there, const sql::OutputColumn& here) { return there.type.oid == here.type.oid && there.name == here.name; };
  if (!std::ranges::equal(described->columns, translated.columns, same)) return std::unexpected(plan_changed());
  std::vector<postgres::Parameter> parameters;
  for (std::size_t i = 0; i < sample.values.size(); ++i) parameters.push_back({sample.values[i], sample.types[i]});
  std::vector<model::Row> rows;
  std::size_t bytes = 0;
  const auto keep = [&](const model::Row& row) {
    bytes += sqlite::weight(row);
    rows.push_back(row);
    return bytes <= kCanaryBytes;
  };
  if (auto read = connection_->stream(sample.text, parameters, keep); !read) return unless_passing(std::move(read).error());
  if (bytes > kCanaryBytes) return Answer{Outcome::stayed};
  return Answer{Outcome::answered, std::move(rows)};
}

/// Whether PostgreSQL may answer it: a session of the share, and a read that nothing of its transaction's own stands behind.
bool FileSession::reads_on_canary(const Execution& execution) const {
  const sql::Translated& translated = *execution.translated;
  const migrate::Controller* controller = client_.hub.backends.controller;
  if (controller == nullptr || client_.stage() != migrate::Stage::canary || !in_canary_share()) return false;
  if (translated.kind != sql::Kind::select || translated.writes || translated.volatile_functions || translated.temporary) return false;
  if (translated.tables.empty() || execution.into != nullptr || client_.settings.dialect() != sql::Dialect::postgres) return false;
  const bool in_transaction = session_.state() != sqlite::BlockState::idle || implicit_;
  if (!in_transaction) return true;
  if (wrote_ || session_.anchored() || sql::pins_snapshot(session_.block_options().isolation)) return false;
  // now() is the beginning of the transaction, and that is here.
  return std::ranges::none_of(translated.texts, [](const std::string& text) { return text.contains("crossfade_now("); });
}

bool FileSession::in_canary_share() const {
  constexpr std::uint32_t kSpread = 2'654'435'761U;  // pids are given in turn
  const auto draw = static_cast<int>((static_cast<std::uint32_t>(client_.pid) * kSpread >> 8U) % 100);
  return draw < client_.hub.backends.controller->canary_percent();
}

/// On a pool thread. nullptr: SQLite answers, as if nobody had asked. `refused`: PostgreSQL's error, which may be SQLite's, too. Half of the
/// threads at most are here at the same time: the others go on with SQLite, whatever PostgreSQL does.
std::unique_ptr<sqlite::Cursor> FileSession::read_on_canary(const Execution& execution, std::optional<model::Error>& refused) {
  using Outcome = migrate::CanaryOutcome;
  migrate::Controller& controller = *client_.hub.backends.controller;
  std::atomic<std::size_t>& under_way = client_.hub.canary_reads;
  struct Leave {
    std::atomic<std::size_t>& count;
    ~Leave() { --count; }
  };
  const std::size_t before = under_way++;
  const Leave leave{under_way};
  const bool room = before < std::max<std::size_t>(1, client_.hub.options.engine_threads / 2);
  const std::optional<migrate::CanaryPass> pass = room ? controller.await_canary() : std::nullopt;
  if (!pass) {
    controller.note_canary(Outcome::stayed);
    return nullptr;
  }
  if (canary_ == nullptr) canary_ = std::make_unique<CanaryReads>(*client_.hub.backends.postgres);
  migrate::Sample sample = sample_of(execution);
  auto read = canary_->read({sample, *execution.translated, pass->seq, [this] { return canceller_->asked(); }}, client_.settings);
  if (!read) {
    if (!controller.canary_held(*pass)) {  // the schema changed while it ran
      controller.note_canary(Outcome::stayed);
      return nullptr;
    }
    refused = std::move(read).error();
    return nullptr;
  }
  if (!controller.canary_held(*pass)) {
    controller.note_canary(Outcome::stayed);
    return nullptr;
  }
  controller.note_canary(read->outcome);
  return read->rows ? read_rows(std::move(*read->rows)) : nullptr;
}

/// What PostgreSQL refuses and SQLite answers, or refuses otherwise, is a failure of the canary; what differs is found out on a pair.
void FileSession::note_refused(const Execution& execution, const model::Error& refused, const Status& here) {
  const bool same = !here && here.error().state == refused.state;
  client_.hub.backends.controller->note_canary(same ? migrate::CanaryOutcome::stayed : migrate::CanaryOutcome::failed);
  if (!same) client_.hub.backends.controller->offer(sample_of(execution));
}

/// A transaction that wrote has ended: with mode = "sync" its answer waits until the other side has it, or too long.
boost::asio::awaitable<void> FileSession::hold_for_mirror() {
  if (!std::exchange(wrote_, false)) co_return;
  migrate::Controller* controller = client_.hub.backends.controller;
  if (controller == nullptr) co_return;
  controller->wake();
  if (!controller->syncs() || co_await controller->committed()) co_return;
  client_.send_notice(migrate::late_commit(), wire::Severity::warning);
}

}  // namespace crossfade::session
