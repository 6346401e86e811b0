#include "forward_step.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "crossfade/observe/failpoint.hpp"
#include "forward_table.hpp"
#include "postgres_transaction.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

StepFailure stop(std::string message, std::string detail) {
  return {model::Error{"55000"_state, std::move(message), std::move(detail),
                       "SWITCH BACK to stage sqlite and SWITCH TO copy again: the tables are copied anew."},
          Remedy::stop};
}

/// The entry at the watermark must still be there, and be the same one: a restored or rewound file is recognised (MIRROR 5).
std::expected<Watermark, StepFailure> joined_watermark(sqlite::Connection& reader, std::optional<Watermark> watermark) {
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(reader));
  if (!file || !watermark || watermark->file_id != file->file_id) {
    return std::unexpected(stop("this is not the file that PostgreSQL mirrors",
                                "The watermark there belongs to another journal: the file was replaced or restored."));
  }
  CROSSFADE_TRY(const std::optional<JournalEntry> entry, entry_at(reader, watermark->at.seq));
  if (!entry || entry->nonce != watermark->at.nonce) {
    return std::unexpected(stop("the file was rewound: PostgreSQL holds changes that it no longer knows",
                                "Journal entry " + std::to_string(watermark->at.seq) + " is missing or another one."));
  }
  return std::move(*watermark);
}

struct Dirty { std::map<const MirrorTable*, KeySet> keys; JournalEntry last; Reach reach = Reach::snapshot; };

/// Notes after the watermark, at most `limit` of them.
std::expected<Dirty, StepFailure> read_journal(sqlite::Connection& reader, const MirrorTables& tables, const JournalEntry& from,
                                               std::size_t limit) {
  std::string columns;
  for (std::size_t i = 1; i <= tables.keys(); ++i) columns += ", k" + std::to_string(i);
  CROSSFADE_TRY(sqlite::Statement * statement,
                reader.cached("SELECT seq, nonce, t" + columns + " FROM crossfade_journal WHERE seq > ?1 ORDER BY seq LIMIT ?2"));
  CROSSFADE_CHECK(statement->bind(1, from.seq));
  CROSSFADE_CHECK(statement->bind(2, static_cast<std::int64_t>(limit)));
  Dirty dirty{.last = from};
  std::size_t count = 0;
  while (true) {
    CROSSFADE_TRY(const bool more, statement->step());
    if (!more) break;
    ++count;
    sqlite::StorageRow row = statement->row();
    dirty.last = {std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1])};
    const auto* name = std::get_if<std::string>(&row[2]);
    if (!name) continue;  // the journal's first entry
    const MirrorTable* table = tables.by_sqlite_name(*name);
    if (!table) return std::unexpected(stop("the journal names table \"" + *name + "\", which is not mirrored", ""));
    sqlite::StorageRow key(std::make_move_iterator(row.begin() + 3),
                           std::make_move_iterator(row.begin() + 3 + static_cast<std::ptrdiff_t>(table->key().size())));
    std::string bytes = key_bytes(key);
    dirty.keys[table].emplace(std::move(bytes), std::move(key));
  }
  if (count == limit) dirty.reach = Reach::partial;
  return dirty;
}

/// Asked in every step: the copy may have put aside millions, which a partial index leaves out.
model::Result<std::int64_t> aside_by_mirror(postgres::Connection& target) {
  CROSSFADE_TRY(const model::Value count, target.value("SELECT count(*) FROM crossfade.quarantine WHERE origin <> 'copy'"));
  return std::get<std::int64_t>(count);
}

/// So many keys at most are read for all tables before any is written.
constexpr std::size_t kReadTogether = 512;

std::expected<ForwardTable, StepFailure> read_table(sqlite::Connection& reader, postgres::Connection& target, const MirrorTable& table, const KeySet& keys,
                                                    Quarantine quarantine) {
  ForwardTable one(reader, target, table, keys, quarantine);
  CROSSFADE_CHECK(one.read());
  observe::failpoint("step-read");
  return one;
}

void about_to_commit(const ForwardOptions& options, const StepReport& report) {
  observe::failpoint("step-applied");
  if (options.before_commit) options.before_commit(report);
}

StepReport committed(StepReport report) {
  observe::failpoint("step-committed");
  return report;
}

/// A step under way, in its transaction of PostgreSQL.
class ForwardStep {
 public:
  ForwardStep(sqlite::Connection& reader, postgres::Connection& target, PostgresTransaction transaction, Watermark from, Quarantine quarantine,
              const ForwardOptions& options)
      : reader_(reader), target_(target), transaction_(std::move(transaction)), watermark_(std::move(from)), quarantine_(quarantine), options_(options) {}

  /// nullopt: a row of this part of the journal may stand in the way of one that a later part changes; nothing is written.
  std::expected<std::optional<StepReport>, StepFailure> run(const Dirty& dirty);

 private:
  std::expected<bool, StepFailure> at_once(StepReport& report, std::span<const ForwardTable> tables);
  std::expected<void, StepFailure> table_by_table(StepReport& report, const Dirty& dirty, std::span<ForwardTable> read_before);
  std::expected<bool, StepFailure> in_full(StepReport& report, const Dirty& dirty, std::span<ForwardTable> read_before);

  sqlite::Connection& reader_;
  postgres::Connection& target_;
  PostgresTransaction transaction_;
  Watermark watermark_;
  Quarantine quarantine_;
  const ForwardOptions& options_;
};

/// The rows, the watermark and the COMMIT in one round trip, as nearly every step goes. False: PostgreSQL refused a row, and stands at the
/// savepoint again.
std::expected<bool, StepFailure> ForwardStep::at_once(StepReport& report, std::span<const ForwardTable> tables) {
  std::vector<postgres::Request> all{{"SAVEPOINT step", {}}};
  for (const ForwardTable& table : tables) {
    table.add_requests(all);
    report.written += table.written();
    report.deleted += table.deleted();
  }
  all.push_back(watermark_change(watermark_));
  all.push_back({"COMMIT", {}});
  auto done = target_.query_together(all, [&] { about_to_commit(options_, report); });
  if (done) {
    transaction_.committed();
    report.plain = true;
    return true;
  }
  if (!row_is_at_fault(done.error()) || !target_.in_transaction()) return std::unexpected(std::move(done).error());
  CROSSFADE_CHECK(target_.execute("ROLLBACK TO SAVEPOINT step"));
  report.written = report.deleted = 0;
  return false;
}

/// `read_before`: all of them, or none.
std::expected<void, StepFailure> ForwardStep::table_by_table(StepReport& report, const Dirty& dirty, std::span<ForwardTable> read_before) {
  for (const auto& [table, keys] : dirty.keys) {
    std::optional<ForwardTable> read_now;
    if (read_before.empty()) {
      CROSSFADE_TRY(read_now, read_table(reader_, target_, *table, keys, quarantine_));
    }
    ForwardTable& one = read_now ? *read_now : read_before.front();
    if (!read_now) read_before = read_before.subspan(1);
    CROSSFADE_CHECK(one.write(dirty.reach));
    report.written += one.written();
    report.deleted += one.deleted();
    report.quarantined += one.quarantined();
  }
  if (quarantine_ == Quarantine::holds || report.quarantined != 0) {
    CROSSFADE_TRY(report.aside, aside_by_mirror(target_));
  }
  return {};
}

/// False: a row of this part of the journal is in the way of a later part's.
std::expected<bool, StepFailure> ForwardStep::in_full(StepReport& report, const Dirty& dirty, std::span<ForwardTable> read_before) {
  const auto written = table_by_table(report, dirty, read_before);
  // Then all of it is one step (MIRROR 8).
  if (!written && written.error().error.state == "23505"_state && dirty.reach == Reach::partial) {
    CROSSFADE_CHECK(target_.execute("ROLLBACK TO SAVEPOINT step"));
    return false;
  }
  if (!written) return std::unexpected(written.error());
  CROSSFADE_CHECK(write_watermark(target_, watermark_));
  about_to_commit(options_, report);
  CROSSFADE_CHECK(transaction_.commit());
  return true;
}

std::expected<std::optional<StepReport>, StepFailure> ForwardStep::run(const Dirty& dirty) {
  StepReport report{.reach = dirty.reach, .seq = dirty.last.seq, .nonce = dirty.last.nonce};
  for (const auto& [table, keys] : dirty.keys) report.keys += keys.size();
  const Watermark before = std::exchange(watermark_, {watermark_.file_id, dirty.last});
  std::vector<ForwardTable> tables;
  if (report.keys <= kReadTogether) {
    for (const auto& [table, keys] : dirty.keys) {
      CROSSFADE_TRY(ForwardTable one, read_table(reader_, target_, *table, keys, quarantine_));
      tables.push_back(std::move(one));
    }
  }
  const bool few = !tables.empty() && quarantine_ == Quarantine::empty && std::ranges::none_of(tables, &ForwardTable::poisoned);
  bool done = false;
  if (few) {
    CROSSFADE_TRY(done, at_once(report, tables));
  } else {
    CROSSFADE_CHECK(target_.execute("SAVEPOINT step"));
  }
  if (!done) {
    CROSSFADE_TRY(done, in_full(report, dirty, tables));
  }
  if (!done) {
    watermark_ = before;
    return std::nullopt;
  }
  return committed(report);
}

/// All of a step in one round trip: the watermark moves from where this process left it, or all of it fails. nullopt: this step is not like that,
/// or the server refused it; nothing has changed, and it is made again by asking first.
std::expected<std::optional<StepReport>, StepFailure> unasked(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables,
                                                              const JournalEntry& after, const ForwardOptions& options) {
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(reader));
  CROSSFADE_TRY(const std::optional<JournalEntry> entry, entry_at(reader, after.seq));
  if (!file || !entry || entry->nonce != after.nonce) return std::nullopt;  // a switch has been there and back: another journal
  CROSSFADE_TRY(const Dirty dirty, read_journal(reader, tables, after, options.chunk_entries));
  StepReport report{.reach = dirty.reach, .seq = dirty.last.seq, .nonce = dirty.last.nonce, .plain = true};
  for (const auto& [table, keys] : dirty.keys) report.keys += keys.size();
  if (dirty.reach == Reach::partial || report.keys > kReadTogether) return std::nullopt;
  std::vector<postgres::Request> all{{"BEGIN", {}}, watermark_move({file->file_id, after}, dirty.last), empty_quarantine()};
  for (const auto& [table, keys] : dirty.keys) {
    CROSSFADE_TRY(const ForwardTable one, read_table(reader, target, *table, keys, Quarantine::empty));
    if (one.poisoned()) return std::nullopt;
    one.add_requests(all);
    report.written += one.written();
    report.deleted += one.deleted();
  }
  all.push_back({"COMMIT", {}});
  const auto done = target.query_together(all, [&] { about_to_commit(options, report); });
  if (done) return committed(report);
  if (!target.in_transaction()) return std::unexpected(done.error());
  CROSSFADE_CHECK(target.execute("ROLLBACK"));
  return std::nullopt;
}

}  // namespace

StepResult step_forward(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables,
                        const ForwardOptions& options) {
  CROSSFADE_TRY(const JournalEntry newest, newest_entry(reader));
  if (options.after && newest.seq > options.after->seq) {
    CROSSFADE_TRY(std::optional<StepReport> report, unasked(reader, target, tables, *options.after, options));
    if (report) return *std::move(report);
  }
  const std::array opening{postgres::Request{"BEGIN", {}}, watermark_query(Lock::for_update),
                           postgres::Request{"SELECT EXISTS (SELECT FROM crossfade.quarantine)", {}}};
  const auto opened = target.query_together(opening);
  auto transaction = PostgresTransaction::begun(target);
  CROSSFADE_CHECK(opened);
  CROSSFADE_TRY(Watermark watermark, joined_watermark(reader, watermark_of(opened->at(1))));
  if (newest.seq <= watermark.at.seq) {
    CROSSFADE_TRY(const std::int64_t aside, aside_by_mirror(target));
    return StepReport{.seq = watermark.at.seq, .nonce = watermark.at.nonce, .aside = aside};
  }
  const JournalEntry from = watermark.at;
  const bool held = std::get<bool>(opened->at(2).rows.at(0).at(0));
  ForwardStep step(reader, target, std::move(transaction), std::move(watermark), held ? Quarantine::holds : Quarantine::empty, options);
  for (std::size_t limit = options.chunk_entries;; limit = static_cast<std::size_t>(newest.seq)) {
    CROSSFADE_TRY(const Dirty dirty, read_journal(reader, tables, from, limit));
    CROSSFADE_TRY(const std::optional<StepReport> report, step.run(dirty));
    if (report) return *report;
  }
}

StepResult step_within(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables) {
  CROSSFADE_TRY(const std::optional<Watermark> held, read_watermark(target, Lock::for_update));
  CROSSFADE_TRY(Watermark watermark, joined_watermark(reader, held));
  CROSSFADE_TRY(const Dirty dirty, read_journal(reader, tables, watermark.at, std::numeric_limits<std::int64_t>::max()));
  StepReport report{.seq = dirty.last.seq, .nonce = dirty.last.nonce};
  for (const auto& [table, keys] : dirty.keys) {
    ForwardTable one(reader, target, *table, keys, Quarantine::holds);
    CROSSFADE_CHECK(one.read());
    CROSSFADE_CHECK(one.write(Reach::snapshot));
    report.keys += keys.size();
    report.quarantined += one.quarantined();
  }
  watermark.at = dirty.last;
  CROSSFADE_CHECK(write_watermark(target, watermark));
  return report;
}

}  // namespace crossfade::migrate
