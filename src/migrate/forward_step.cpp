#include "forward_step.hpp"

#include <algorithm>

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
std::expected<Watermark, StepFailure> joined_watermark(sqlite::Connection& reader, postgres::Connection& target) {
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(reader));
  CROSSFADE_TRY(std::optional<Watermark> watermark, read_watermark(target, Lock::for_update));
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

std::expected<StepReport, StepFailure> apply(sqlite::Connection& reader, postgres::Connection& target, const Dirty& dirty) {
  StepReport report{.reach = dirty.reach, .seq = dirty.last.seq, .nonce = dirty.last.nonce};
  CROSSFADE_TRY(const model::Value held, target.value("SELECT EXISTS (SELECT FROM crossfade.quarantine)"));
  const Quarantine quarantine = std::get<bool>(held) ? Quarantine::holds : Quarantine::empty;
  for (const auto& [table, keys] : dirty.keys) {
    report.keys += keys.size();
    ForwardTable one(reader, target, *table, keys, quarantine);
    CROSSFADE_CHECK(one.read());
    observe::failpoint("step-read");
    CROSSFADE_CHECK(one.write(dirty.reach));
    report.written += one.written();
    report.deleted += one.deleted();
    report.quarantined += one.quarantined();
  }
  if (quarantine == Quarantine::holds || report.quarantined != 0) {
    CROSSFADE_TRY(report.aside, aside_by_mirror(target));
  }
  return report;
}

}  // namespace

StepResult step_forward(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables,
                        const ForwardOptions& options) {
  CROSSFADE_TRY(const JournalEntry newest, newest_entry(reader));
  CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(target));
  CROSSFADE_TRY(Watermark watermark, joined_watermark(reader, target));
  if (newest.seq <= watermark.at.seq) {
    CROSSFADE_TRY(const std::int64_t aside, aside_by_mirror(target));
    return StepReport{.seq = watermark.at.seq, .nonce = watermark.at.nonce, .aside = aside};
  }
  for (std::size_t limit = options.chunk_entries;; limit = static_cast<std::size_t>(newest.seq)) {
    CROSSFADE_TRY(const Dirty dirty, read_journal(reader, tables, watermark.at, limit));
    CROSSFADE_CHECK(target.execute("SAVEPOINT step"));
    StepResult report = apply(reader, target, dirty);
    // A row of this chunk may stand in the way of one that a later chunk changes: then all of it is one step (MIRROR 8).
    const bool in_the_way = !report && report.error().error.state == "23505"_state && dirty.reach == Reach::partial;
    if (in_the_way) {
      CROSSFADE_CHECK(target.execute("ROLLBACK TO SAVEPOINT step"));
      continue;
    }
    if (!report) return report;
    watermark.at = dirty.last;
    CROSSFADE_CHECK(write_watermark(target, watermark));
    observe::failpoint("step-applied");
    if (options.before_commit) options.before_commit(*report);
    CROSSFADE_CHECK(transaction.commit());
    observe::failpoint("step-committed");
    return report;
  }
}

}  // namespace crossfade::migrate
