#include "back_record.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "mirror.hpp"
#include "postgres_state.hpp"
#include "postgres_transaction.hpp"
#include "sequences.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Whoever asks waits, and so does a probe's 503: a lock of somebody else's on our tables is a red gate.
constexpr std::chrono::seconds kCountsDeadline{5};

std::int64_t counted(const model::StorageValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? *number : 0;
}

model::Result<std::int64_t> count_in(sqlite::Connection& file, std::string_view sql) {
  CROSSFADE_TRY(const model::StorageValue count, file.value(sql));
  return counted(count);
}

model::Result<std::int64_t> count_in(postgres::Connection& target, std::string_view sql) {
  CROSSFADE_TRY(const model::Value count, target.value(sql));
  return std::get<std::int64_t>(count);
}

/// Changes of the schema that only PostgreSQL has.
model::Result<std::int64_t> count_changes(sqlite::Connection& file, postgres::Connection& target) {
  CROSSFADE_TRY(const std::optional<CarriedBack> carried, read_carried(file));
  CROSSFADE_TRY(const model::Value there, target.value("SELECT to_regclass('crossfade.schema_back') IS NOT NULL"));
  if (!std::get<bool>(there)) return 0;
  return count_in(target, "SELECT count(*) FROM crossfade.schema_back WHERE number > " + std::to_string(carried ? carried->number : 0));
}

/// Of the two sides in one moment, while PostgreSQL is the primary. Without `changes`: the others.
struct BothSides { std::int64_t changes = 0, missing_triggers = 0; std::optional<SchemaDifferences> differences; };

/// The file first: what PostgreSQL has since is among the changes that are counted, but for one that a step has carried and forgotten between the two.
model::Result<BothSides> compare_once(sqlite::Connection& file, postgres::Connection& target) {
  CROSSFADE_TRY(const sqlite::Transaction snapshot, sqlite::Transaction::begin(file, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(file));
  if (!plan) return model::fail("55000"_state, "the file has no stored plan");
  CROSSFADE_TRY(const plan::Schema schema, sqlite::read_schema(file, &*plan));
  CROSSFADE_TRY(PostgresTransaction moment, PostgresTransaction::begin(target, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  CROSSFADE_TRY(const std::int64_t changes, count_changes(file, target));
  if (changes != 0) return BothSides{.changes = changes};
  CROSSFADE_TRY(const std::vector<TargetTable> there, read_target_tables(target));
  CROSSFADE_TRY(const std::int64_t missing, missing_triggers(target, schema, Writers::clients));
  return BothSides{.missing_triggers = missing, .differences = schema_differences(schema, there)};
}

model::Result<BothSides> compare_schemas(sqlite::Connection& file, postgres::Connection& target) {
  constexpr int kAttempts = 5;
  const auto carried = [&file]() -> model::Result<std::int64_t> {
    CROSSFADE_TRY(const std::optional<CarriedBack> last, read_carried(file));
    return last ? last->number : 0;
  };
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    CROSSFADE_TRY(const std::int64_t before, carried());
    CROSSFADE_TRY(BothSides found, compare_once(file, target));
    if (found.missing_triggers != 0) {  // PostgreSQL looks a name up as it is now, whatever the snapshot
      CROSSFADE_TRY(const std::int64_t changes, count_changes(file, target));
      if (changes != 0) found = {.changes = changes};
    }
    CROSSFADE_TRY(const std::int64_t after, carried());
    if (before == after) return found;
  }
  return BothSides{.changes = 1};  // one after the other
}

model::Result<std::int64_t> count_waiting(sqlite::Connection& file, postgres::Connection& target, Side primary) {
  if (primary == Side::postgres) {
    CROSSFADE_TRY(const std::int64_t changes, count_changes(file, target));
    CROSSFADE_TRY(const std::int64_t rows, count_in(target, "SELECT count(*) FROM crossfade.journal"));
    return changes + rows;
  }
  CROSSFADE_TRY(const std::optional<Watermark> held, read_watermark(target, Lock::none));
  if (!held) return model::fail("55000"_state, "PostgreSQL has not been filled yet");
  const std::vector<model::StorageValue> from{held->at.seq};
  CROSSFADE_TRY(const model::StorageValue count, file.value("SELECT count(*) FROM crossfade_journal WHERE seq > ?1", from));
  return counted(count);
}

}  // namespace

model::Result<std::int64_t> Mirror::waiting(Side primary) const {
  CROSSFADE_TRY(postgres::Connection target, links_.open_postgres(Links::Effects::on));
  target.set_deadline(std::chrono::steady_clock::now() + kCountsDeadline);
  CROSSFADE_TRY(sqlite::Connection file, links_.open_file(sqlite::Role::service));
  return count_waiting(file, target, primary);
}

MirrorCounts Mirror::counts(Side primary, Counted what) const {
  MirrorCounts out;
  const auto take = [&out](const model::Result<std::int64_t>& count) -> std::optional<std::int64_t> {
    if (count) return *count;
    out.unreachable = count.error().message;
    return std::nullopt;
  };
  model::Result<sqlite::Connection> file = links_.open_file(sqlite::Role::service);
  if (!file) {
    out.unreachable = file.error().message;
    return out;
  }
  out.orphans = take(count_in(*file, "SELECT count(*) FROM pragma_foreign_key_check"));
  if (primary == Side::postgres) out.quarantined = take(count_in(*file, "SELECT count(*) FROM crossfade_quarantine"));
  model::Result<postgres::Connection> target = links_.open_postgres(Links::Effects::on);
  if (!target) {
    out.unreachable = target.error().message;
    return out;
  }
  target->set_deadline(std::chrono::steady_clock::now() + kCountsDeadline);
  out.waiting = take(count_waiting(*file, *target, primary));
  if (!out.waiting) return out;  // what else would be asked would wait for the same
  if (primary == Side::sqlite) out.quarantined = take(count_in(*target, "SELECT count(*) FROM crossfade.quarantine WHERE origin <> 'copy'"));
  if (what == Counted::before_filling) return out;
  const std::shared_ptr<const plan::Schema> schema = shared_schema();
  out.unprimable = take(unprimable_sequences(*file, *target, *schema));
  if (primary == Side::postgres) {
    auto compared = compare_schemas(*file, *target);
    if (!compared) out.unreachable = compared.error().message;
    out.changes = compared ? std::optional(compared->changes) : std::nullopt;
    out.missing_triggers = compared ? std::optional(compared->missing_triggers) : std::nullopt;
    if (compared) out.differences = std::move(compared->differences);
  } else {
    out.missing_triggers = take(missing_triggers(*target, *schema, Writers::mirror));
  }
  return out;
}

model::Result<std::optional<SchemaDifferences>> Mirror::differences() {
  CROSSFADE_TRY(sqlite::Connection * file, links_.reader());
  CROSSFADE_TRY(postgres::Connection * target, links_.service());
  CROSSFADE_TRY(BothSides compared, compare_schemas(*file, *target));
  return std::move(compared.differences);
}

model::Result<std::int64_t> Mirror::entries() const {
  CROSSFADE_TRY(sqlite::Connection file, links_.open_file(sqlite::Role::service));
  return count_in(file, "SELECT count(*) FROM crossfade_journal");
}

model::Result<std::vector<StageChange>> Mirror::history() const {
  CROSSFADE_TRY(sqlite::Connection file, links_.open_file(sqlite::Role::service));
  return read_history(file);
}

model::Result<std::vector<Forced>> Mirror::forced() const {
  CROSSFADE_TRY(sqlite::Connection file, links_.open_file(sqlite::Role::service));
  return read_forced(file);
}

}  // namespace crossfade::migrate
