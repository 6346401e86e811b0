#include "backward_step.hpp"
#include "carry_schema.hpp"
#include "mirror.hpp"
#include "schema_catalog.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Times that a snapshot is tried for: each waits a fifth of a second for locks.
constexpr int kSnapshotAttempts = 100;

constexpr std::string_view kReadable =
    "SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND pg_catalog.has_table_privilege(c.oid, 'SELECT') ORDER BY 1";

bool is_locked(const model::Error& error) { return error.state == "55P03"_state || error.state == "40P01"_state; }

model::Result<std::vector<std::string>> readable_tables(postgres::Connection& connection) {
  CROSSFADE_TRY(const model::ResultSet found, connection.query(kReadable));
  std::vector<std::string> out;
  for (const model::Row& row : found.rows) out.push_back(std::get<std::string>(row.at(0)));
  return out;
}

}  // namespace

std::expected<void, StepFailure> Mirror::ready_back() {
  if (back_ready_) return {};
  CROSSFADE_TRY(postgres::Connection * service, links_.service());
  CROSSFADE_TRY(sqlite::Connection * target, links_.mirror());
  CROSSFADE_CHECK(service->execute(kBackTable));
  CROSSFADE_CHECK(finish_carrying(*service, *target));
  if (carried_anew_) {
    links_.renew_postgres();
    CROSSFADE_CHECK(load(plan_));
    if (on_change_) on_change_();
  }
  CROSSFADE_TRY(const std::optional<CarriedBack> carried, read_carried(*target));
  carried_ = carried ? carried->number : 0;
  carried_anew_ = false;
  back_ready_ = true;
  return {};
}

std::expected<Mirror::Met, StepFailure> Mirror::meet(postgres::Connection& reader) {
  std::vector<std::string> names;
  for (const MirrorTable& table : tables_->all()) names.push_back(table.table().name);
  const model::Result<void> begun = begin_reading(reader, names);
  if (!begun && !reader.healthy()) return std::unexpected(begun.error());
  if (begun) {
    CROSSFADE_TRY(const model::Value waiting, reader.value("SELECT EXISTS (SELECT FROM crossfade.schema_back WHERE number > " + std::to_string(carried_) + ")"));
    if (!std::get<bool>(waiting)) return Met::rows;
  }
  CROSSFADE_CHECK(reader.execute("ROLLBACK"));
  if (begun) return Met::changes;
  if (is_locked(begun.error())) return Met::locks;
  if (begun.error().state != "42P01"_state) return std::unexpected(begun.error());
  // A table is gone. That is a change of the schema if a client has made it through us.
  CROSSFADE_TRY(const model::Value waiting, reader.value("SELECT EXISTS (SELECT FROM crossfade.schema_back WHERE number > " + std::to_string(carried_) + ")"));
  if (!std::get<bool>(waiting)) return std::unexpected(begun.error());
  return Met::changes;
}

StepResult Mirror::carry() {
  links_.renew_postgres();
  CROSSFADE_TRY(postgres::Connection * reader, links_.applier());
  CROSSFADE_TRY(postgres::Connection * service, links_.service());
  CROSSFADE_TRY(sqlite::Connection * target, links_.mirror());
  CROSSFADE_TRY(const std::vector<std::string> names, readable_tables(*service));
  const model::Result<void> begun = begin_reading(*reader, names);
  if (!begun && !reader->healthy()) return std::unexpected(begun.error());
  if (!begun) {
    CROSSFADE_CHECK(reader->execute("ROLLBACK"));
    if (is_locked(begun.error()) || begun.error().state == "42P01"_state) return StepReport{.reach = Reach::partial};
    return std::unexpected(begun.error());
  }
  CROSSFADE_TRY(const model::ResultSet rows, reader->query(kReadBack));
  CROSSFADE_TRY(const std::vector<BackRecord> records, back_records(rows, carried_));
  CROSSFADE_TRY(const std::vector<std::string> there, readable_tables(*reader));
  if (records.empty() || there != names) {  // one was made between the two: it is not locked
    CROSSFADE_CHECK(reader->execute("ROLLBACK"));
    return StepReport{.reach = Reach::partial};
  }
  carried_anew_ = true;
  back_ready_ = false;
  reader->clear_deadline();  // a table may have many rows
  StepResult result = carry_changes(*reader, *service, *target, records);
  if (!result) return result;
  CROSSFADE_CHECK(reader->execute("ROLLBACK"));
  CROSSFADE_CHECK(ready_back());
  result->reach = Reach::partial;  // whoever wants a snapshot takes one in the new schema
  return result;
}

StepResult Mirror::step_back() {
  CROSSFADE_CHECK(ready_back());
  CROSSFADE_TRY(postgres::Connection * reader, links_.applier());
  CROSSFADE_TRY(postgres::Connection * service, links_.service());
  CROSSFADE_TRY(sqlite::Connection * target, links_.mirror());
  CROSSFADE_CHECK(check_objects(*target, Side::postgres));
  CROSSFADE_TRY(const Met met, meet(*reader));
  if (met == Met::changes) return carry();
  if (met == Met::locks) return StepReport{.reach = Reach::partial};
  StepResult result = step_backward(*reader, *service, *target, *tables_, {});
  CROSSFADE_CHECK(reader->execute("ROLLBACK"));
  return result;
}

/// `target` stands in the snapshot that the file then holds.
std::expected<void, StepFailure> Mirror::pair_back(postgres::Connection& target) {
  for (int attempt = 0; attempt < kSnapshotAttempts;) {
    CROSSFADE_CHECK(ready_back());
    CROSSFADE_TRY(postgres::Connection * service, links_.service());
    CROSSFADE_TRY(sqlite::Connection * mirror, links_.mirror());
    CROSSFADE_CHECK(check_objects(*mirror, Side::postgres));
    CROSSFADE_TRY(const Met met, meet(target));
    if (met != Met::rows) ++attempt;
    if (met == Met::changes) CROSSFADE_CHECK(carry());
    if (met != Met::rows) continue;
    CROSSFADE_TRY(const StepReport report, step_backward(target, *service, *mirror, *tables_, {}));
    if (report.reach == Reach::snapshot) return {};
    CROSSFADE_CHECK(target.execute("ROLLBACK"));
  }
  return std::unexpected(StepFailure({"55P03"_state, "a client holds locks that the mirror waits for in PostgreSQL"}));
}

std::expected<void, StepFailure> Mirror::carry_waiting() {
  for (int attempt = 0; attempt < kSnapshotAttempts; ++attempt) {
    CROSSFADE_CHECK(ready_back());
    CROSSFADE_TRY(postgres::Connection * reader, links_.applier());
    CROSSFADE_TRY(const Met met, meet(*reader));
    if (met == Met::rows) CROSSFADE_CHECK(reader->execute("ROLLBACK"));
    if (met == Met::rows) return {};
    if (met == Met::changes) CROSSFADE_CHECK(carry());
  }
  return std::unexpected(StepFailure({"55P03"_state, "a client holds locks that the mirror waits for in PostgreSQL"}));
}

}  // namespace crossfade::migrate
