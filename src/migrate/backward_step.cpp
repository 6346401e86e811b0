#include "backward_step.hpp"

#include <limits>

#include "backward_table.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "postgres_objects.hpp"
#include "postgres_state.hpp"
#include "postgres_transaction.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// What the journal in PostgreSQL notes, and the sequence numbers of exactly the entries that were read.
struct Noted {
  std::map<const MirrorTable*, BackwardTable> tables;
  std::string entries;  // "1,2,5"
  std::size_t count = 0;
  Reach reach = Reach::snapshot;
};

std::expected<Noted, StepFailure> read_journal(postgres::Connection& reader, sqlite::Connection& target, const MirrorTables& tables,
                                               std::size_t limit) {
  std::string columns;
  for (std::size_t i = 1; i <= tables.keys(); ++i) columns += ", k" + std::to_string(i);
  CROSSFADE_TRY(const model::ResultSet entries,
                reader.query("SELECT seq, t, whole" + columns + " FROM crossfade.journal ORDER BY seq LIMIT " + std::to_string(limit)));
  Noted noted;
  noted.count = entries.rows.size();
  if (noted.count == limit) noted.reach = Reach::partial;
  for (const model::Row& row : entries.rows) {
    noted.entries += (noted.entries.empty() ? "" : ",") + std::to_string(std::get<std::int64_t>(row[0]));
    const MirrorTable* table = tables.by_name(std::get<std::string>(row[1]));
    if (!table) {
      return std::unexpected(StepFailure({"55000"_state, "crossfade.journal names a table that is not mirrored: " + std::get<std::string>(row[1])},
                                         Remedy::stop));
    }
    BackwardTable& one = noted.tables.try_emplace(table, *table).first->second;
    if (std::get<bool>(row[2])) {
      CROSSFADE_CHECK(one.note_all(target));
      continue;
    }
    std::vector<std::string> key;
    for (std::size_t i = 0; i < table->key().size(); ++i) key.push_back(std::get<std::string>(row[3 + i]));
    CROSSFADE_CHECK(one.note(key));
  }
  return noted;
}

std::expected<StepReport, StepFailure> apply(Noted& noted, postgres::Connection& reader, postgres::Connection& service,
                                             sqlite::Connection& target) {
  StepReport report{.reach = noted.reach};
  for (auto& [table, one] : noted.tables) CROSSFADE_CHECK(one.read(reader));
  observe::failpoint("back-read");
  CROSSFADE_CHECK(flush_postgres(service));
  observe::failpoint("back-flushed");
  for (auto& [table, one] : noted.tables) {
    CROSSFADE_CHECK(one.write(target, noted.reach));
    report.keys += one.keys();
    report.written += one.written();
    report.deleted += one.deleted();
    report.quarantined += one.quarantined();
  }
  CROSSFADE_TRY(report.aside, count_aside(target));
  observe::failpoint("back-applied");
  return report;
}

}  // namespace

model::Result<void> begin_reading(postgres::Connection& reader, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + qualified(name);
  std::string begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '200ms'";
  if (!list.empty()) begin += "; LOCK TABLE " + list + " IN ACCESS SHARE MODE";
  return reader.execute(begin);
}

/// The entry at the watermark must be in the file, as in the steps forward: else the file was set back, and lacks rows whose entries in
/// PostgreSQL's journal are gone (MIRROR 5).
std::expected<Watermark, StepFailure> joined_watermark(postgres::Connection& service, sqlite::Connection& target) {
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(target));
  CROSSFADE_TRY(std::optional<Watermark> watermark, read_watermark(service, Lock::none));
  std::optional<JournalEntry> entry;
  if (file && watermark && file->file_id == watermark->file_id) {
    CROSSFADE_TRY(entry, entry_at(target, watermark->at.seq));
  }
  if (entry && entry->nonce == watermark->at.nonce) return std::move(*watermark);
  model::Error rewound{"55000"_state, "the file was rewound or replaced: it lacks changes that PostgreSQL's journal no longer holds", {},
                       "Put the newest file back and start again; PostgreSQL has every row."};
  return std::unexpected(StepFailure(std::move(rewound), Remedy::stop));
}

/// The step leaves an entry of its own in the file: the new watermark. The old one stays until PostgreSQL knows the new one.
model::Result<JournalEntry> leave_entry(sqlite::Connection& target, const Watermark& watermark) {
  CROSSFADE_CHECK(target.execute("INSERT INTO crossfade_journal (t, nonce) VALUES (NULL, random())"));
  CROSSFADE_CHECK(prune_journal(target, watermark.at.seq));
  return newest_entry(target);
}

/// Waits for locks no longer than begin_reading(): who wants the journal for himself waits for our reader, and we would wait for him.
model::Result<void> forget_read(postgres::Connection& service, const std::string& entries, const Watermark& watermark) {
  CROSSFADE_CHECK(service.execute("SET LOCAL lock_timeout = '200ms'"));
  CROSSFADE_CHECK(write_watermark(service, watermark));
  return service.execute("DELETE FROM crossfade.journal WHERE seq = ANY ('{" + entries + "}'::bigint[])");
}

/// Flushes the log up to here: a crash under synchronous_commit = off cannot undo what is now copied (MIRROR 15).
model::Result<void> flush_postgres(postgres::Connection& service) {
  return service.execute("BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '200ms'; UPDATE crossfade.watermark SET seq = seq; COMMIT");
}

model::Result<std::int64_t> count_aside(sqlite::Connection& target) {
  CROSSFADE_TRY(const model::StorageValue count, target.value("SELECT count(*) FROM crossfade_quarantine"));
  return std::get<std::int64_t>(count);
}

StepResult step_backward(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target,
                         const MirrorTables& tables, const BackwardOptions& options) {
  for (std::size_t limit = options.chunk_entries;; limit = std::numeric_limits<std::int32_t>::max()) {
    CROSSFADE_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(target, sqlite::Transaction::Mode::immediate));
    CROSSFADE_TRY(Watermark watermark, joined_watermark(service, target));
    std::expected<Noted, StepFailure> noted = read_journal(reader, target, tables, limit);
    if (!noted) return std::unexpected(noted.error());
    if (noted->count == 0) {
      CROSSFADE_TRY(const std::int64_t aside, count_aside(target));
      return StepReport{.aside = aside};
    }
    StepResult report = apply(*noted, reader, service, target);
    if (!report && report.error().error.state == "23505"_state && noted->reach == Reach::partial) continue;
    if (!report) return report;
    CROSSFADE_TRY(watermark.at, leave_entry(target, watermark));
    CROSSFADE_CHECK(transaction.commit());
    observe::failpoint("back-committed");
    CROSSFADE_TRY(PostgresTransaction forgetting, PostgresTransaction::begin(service));
    CROSSFADE_CHECK(forget_read(service, noted->entries, watermark));
    CROSSFADE_CHECK(forgetting.commit());
    observe::failpoint("back-pruned");
    return report;
  }
}

}  // namespace crossfade::migrate
