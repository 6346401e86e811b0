#include "carry_schema.hpp"

#include <algorithm>
#include <map>

#include "back_schema.hpp"
#include "backward_step.hpp"
#include "backward_table.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "postgres_transaction.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Said in the file, in their order. What cannot be said was refused when the client said it, so that the mirror stands still here until somebody has looked.
std::expected<void, StepFailure> say_records(BackSchema& schema, std::span<const BackRecord> records) {
  for (const BackRecord& record : records) {
    auto said = schema.say(record.said);
    if (!said) {
      model::Error error = std::move(said).error();
      const std::string_view family = error.state.family();
      const bool passing = family == "53" || family == "57" || family == "58" || error.state == "55P03"_state;
      error.message = "the file refuses a change of the schema that PostgreSQL has: " + error.message;
      error.detail = "Statement: " + record.said.text + (error.detail.empty() ? "" : ". " + error.detail);
      return std::unexpected(StepFailure(std::move(error), passing ? Remedy::again : Remedy::stop));
    }
  }
  return {};
}

/// The rows of the snapshot, by what the journal has noted under any name that a table has had.
class CarriedRows {
 public:
  CarriedRows(const MirrorTables& tables, const std::map<std::string, FollowedTable>& followed) : tables_(tables) {
    for (const auto& [name, known] : followed) {
      const MirrorTable* table = tables.by_name(name);
      if (table == nullptr) continue;
      if (known.whole) whole_.insert(table);
      for (const std::string& each : known.names) called_[each].push_back(table);
    }
  }

  std::expected<void, StepFailure> note(postgres::Connection& reader, sqlite::Connection& target);
  std::expected<StepReport, StepFailure> write(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target);
  const std::string& entries() const { return entries_; }

 private:
  model::Result<void> note_row(const model::Row& row, sqlite::Connection& target);

  const MirrorTables& tables_;
  std::set<const MirrorTable*> whole_;
  std::map<std::string, std::vector<const MirrorTable*>> called_;
  std::map<const MirrorTable*, BackwardTable> noted_;
  std::string entries_;
};

/// A key that is none of the table's as it is now: all of its rows are looked at. One of a table that is gone says nothing.
model::Result<void> CarriedRows::note_row(const model::Row& row, sqlite::Connection& target) {
  const auto found = called_.find(std::get<std::string>(row[1]));
  if (found == called_.end()) return {};
  for (const MirrorTable* table : found->second) {
    if (whole_.contains(table)) continue;
    BackwardTable& one = noted_.try_emplace(table, *table).first->second;
    if (std::get<bool>(row[2])) {
      CROSSFADE_CHECK(one.note_all(target));
      continue;
    }
    std::vector<std::string> key;
    for (std::size_t i = 0; i < table->key().size(); ++i)
      if (const auto* text = std::get_if<std::string>(&row[3 + i])) key.push_back(*text);
    if (key.size() != table->key().size() || !one.note(key)) whole_.insert(table);
  }
  return {};
}

std::expected<void, StepFailure> CarriedRows::note(postgres::Connection& reader, sqlite::Connection& target) {
  std::string columns;
  CROSSFADE_TRY(const model::Value width, reader.value("SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = 'crossfade.journal'::regclass AND attname ~ '^k[0-9]+$' AND NOT attisdropped"));
  for (std::size_t i = 1; i <= tables_.keys(); ++i)
    columns += ", " + (static_cast<std::int64_t>(i) <= std::get<std::int64_t>(width) ? "k" + std::to_string(i) : std::string("NULL::text"));
  CROSSFADE_TRY(const model::ResultSet rows, reader.query("SELECT seq, t, whole" + columns + " FROM crossfade.journal ORDER BY seq"));
  for (const model::Row& row : rows.rows) {
    entries_ += (entries_.empty() ? "" : ",") + std::to_string(std::get<std::int64_t>(row[0]));
    CROSSFADE_CHECK(note_row(row, target));
  }
  return {};
}

std::expected<StepReport, StepFailure> CarriedRows::write(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target) {
  for (const MirrorTable* table : whole_) noted_.erase(table);
  StepReport report{.reach = Reach::snapshot};
  for (auto& [table, one] : noted_) CROSSFADE_CHECK(one.read(reader));
  CROSSFADE_CHECK(flush_postgres(service));
  const auto count = [&report](const BackwardTable& one) {
    report.keys += one.keys();
    report.written += one.written();
    report.deleted += one.deleted();
    report.quarantined += one.quarantined();
  };
  for (auto& [table, one] : noted_) {
    CROSSFADE_CHECK(one.write(target, Reach::snapshot));
    count(one);
  }
  for (const MirrorTable* table : whole_) {
    BackwardTable all(*table);
    CROSSFADE_CHECK(all.fill(reader, target));
    count(all);
  }
  CROSSFADE_TRY(report.aside, count_aside(target));
  return report;
}

/// What is in quarantine goes by the tables' names; of a table that is carried whole nothing of before counts.
model::Result<void> rename_aside(sqlite::Connection& target, const BackSchema& schema, const std::map<std::string, std::string>& before) {
  for (const auto& [name, known] : schema.tables()) {
    const std::string& now = schema.schema().tables.at(name).sqlite_name;
    for (const std::string& each : known.names) {
      const auto was = before.find(each);
      if (each == name || was == before.end()) continue;
      const std::vector<model::StorageValue> names{was->second, now};
      CROSSFADE_CHECK(target.query("UPDATE crossfade_quarantine SET t = ?2 WHERE t = ?1", names));
    }
  }
  std::string there;
  for (const plan::Table* table : mirrored_tables(schema.schema())) there += (there.empty() ? "" : ", ") + quote_sqlite_literal(table->sqlite_name);
  return target.execute("DELETE FROM crossfade_quarantine WHERE t NOT IN (" + there + ")");
}

/// In PostgreSQL, in one transaction: entries, records, watermark, plan.
model::Result<void> forget_carried(postgres::Connection& service, const CarriedBack& carried, const std::string& file_id, const plan::Plan& plan) {
  CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(service));
  CROSSFADE_CHECK(forget_read(service, carried.entries, {file_id, carried.at}));
  CROSSFADE_CHECK(service.execute("DELETE FROM crossfade.schema_back WHERE number <= " + std::to_string(carried.number)));
  CROSSFADE_CHECK(store_plan(service, plan));
  return transaction.commit();
}

}  // namespace

StepResult carry_changes(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target, std::span<const BackRecord> records) {
  CROSSFADE_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(target, sqlite::Transaction::Mode::immediate));
  CROSSFADE_TRY(const Watermark watermark, joined_watermark(service, target));
  CROSSFADE_TRY(BackSchema schema, BackSchema::of(target));
  std::map<std::string, std::string> before;
  for (const plan::Table* table : mirrored_tables(schema.schema())) before.emplace(table->name, table->sqlite_name);
  CROSSFADE_CHECK(say_records(schema, records));
  const MirrorTables tables(schema.schema());
  CarriedRows rows(tables, schema.tables());
  CROSSFADE_CHECK(rows.note(reader, target));
  CROSSFADE_CHECK(rename_aside(target, schema, before));
  const StepResult report = rows.write(reader, service, target);
  if (!report) return report;
  CROSSFADE_CHECK(raise_file_guard(target, schema.schema()));
  CROSSFADE_CHECK(renew_baseline(target));
  CarriedBack carried{records.back().number, rows.entries(), {}};
  CROSSFADE_TRY(carried.at, leave_entry(target, watermark));
  CROSSFADE_CHECK(write_carried(target, carried));
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(target));
  observe::failpoint("schema-back-applied");
  CROSSFADE_CHECK(transaction.commit());
  observe::failpoint("schema-back-committed");
  CROSSFADE_CHECK(forget_carried(service, carried, watermark.file_id, *plan));
  observe::failpoint("schema-back-forgotten");
  return report;
}

std::expected<void, StepFailure> finish_carrying(postgres::Connection& service, sqlite::Connection& target) {
  CROSSFADE_TRY(const std::optional<CarriedBack> carried, read_carried(target));
  if (!carried) return {};
  CROSSFADE_TRY(const Watermark watermark, joined_watermark(service, target));
  if (watermark.at.seq >= carried->at.seq) return {};
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(target));
  if (!plan) return std::unexpected(StepFailure({"55000"_state, "the file has no stored plan"}, Remedy::stop));
  CROSSFADE_CHECK(forget_carried(service, *carried, watermark.file_id, *plan));
  observe::failpoint("schema-back-finished");
  return {};
}

}  // namespace crossfade::migrate
