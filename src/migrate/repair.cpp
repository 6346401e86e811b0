#include <algorithm>

#include "checkpoint.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/verify.hpp"
#include "forward_table.hpp"
#include "mirror_table.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "target_catalog.hpp"
#include "verify_table.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::chrono::seconds kRepairTimeout{10};
constexpr std::size_t kRowsOfRound = 10'000;  // of each table
constexpr int kMostRounds = 1'000;

/// Mends the rows of one table in one transaction.
class TableMender {
 public:
  TableMender(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table) : source_(source), target_(target), table_(table) {}
  model::Result<void> mend(const TableVerify& found) { return found.keyless ? mend_by_values(found) : mend_by_keys(found); }

 private:
  model::Result<void> mend_by_keys(const TableVerify& found);
  model::Result<void> mend_by_values(const TableVerify& found);
  std::vector<postgres::Parameter> parameters(const model::Row& row) const;

  sqlite::Connection& source_;
  postgres::Connection& target_;
  const plan::Table& table_;
};

/// As a step of the mirror does it: the rows of these keys as the file has them now.
model::Result<void> TableMender::mend_by_keys(const TableVerify& found) {
  const MirrorTable table(table_);
  KeySet keys;
  for (const auto& row : found.examples) {
    if (row.key.empty()) continue;  // of a row that PostgreSQL cannot hold
    CROSSFADE_TRY(auto key, table.encode_key(row.key));
    auto bytes = key_bytes(key);
    keys.emplace(std::move(bytes), std::move(key));
  }
  ForwardTable step(source_, target_, table, keys, Quarantine::empty);
  CROSSFADE_CHECK(step.read());
  return step.write(Reach::partial);
}

std::vector<postgres::Parameter> TableMender::parameters(const model::Row& row) const {
  std::vector<postgres::Parameter> out;
  for (std::size_t i = 0; i < row.size(); ++i) out.push_back({row[i], table_.columns[i].type});
  return out;
}

/// Without a key one row is as good as another of the same values.
model::Result<void> TableMender::mend_by_values(const TableVerify& found) {
  std::string columns, values, same;
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    const auto& column = table_.columns[i];
    const auto name = postgres::quote_identifier(column.name), value = "$" + std::to_string(i + 1);
    const bool by_text = column.type.oid == model::oid::json || column.type.oid == model::oid::jsonpath;  // they have no equality
    const std::string as = by_text ? "::text" : "";
    columns += (i == 0 ? "" : ", ") + name;
    values += (i == 0 ? "" : ", ") + value;
    same += (i == 0 ? "" : " AND ") + name + as + " IS NOT DISTINCT FROM " + value + as;
  }
  const auto relation = qualified(table_.name);
  for (const auto& row : found.examples) {
    const auto statement = row.kind == RowDifference::Kind::only_sqlite
                               ? "INSERT INTO " + relation + " (" + columns + ") VALUES (" + values + ")"
                               : "DELETE FROM " + relation + " WHERE ctid = (SELECT ctid FROM " + relation + " WHERE " + same + " LIMIT 1)";
    CROSSFADE_CHECK(target_.query(statement, parameters(row.key)));
  }
  return {};
}

/// Without the right to it triggers and cascades fire: what they change is found by the next round.
void quiet(postgres::Connection& target) { static_cast<void>(target.execute("SET session_replication_role = replica")); }
model::Result<void> loud(postgres::Connection& target) { return target.execute("RESET session_replication_role"); }

class Repairer {
 public:
  Repairer(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan, const VerifyOptions& options,
           sqlite::Connection& source, postgres::Connection& target)
      : file_(file), target_at_(target_at), plan_(plan), options_(options), source_(source), target_(target) {
    options_.examples = kRowsOfRound;
  }
  model::Result<RepairReport> run();

 private:
  model::Result<void> mend_rows(const VerifyReport& found);
  model::Result<void> mend_objects(const plan::Schema& schema);
  void give_up(const std::string& what, const model::Error& error) {
    report_.failed.push_back(what + ": " + error.message + (error.detail.empty() ? "" : " " + error.detail));
  }

  const std::filesystem::path& file_;
  const postgres::Conninfo& target_at_;
  const plan::Plan& plan_;
  VerifyOptions options_;
  sqlite::Connection& source_;
  postgres::Connection& target_;
  RepairReport report_;
};

model::Result<void> Repairer::mend_rows(const VerifyReport& found) {
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(source_, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source_, &plan_));
  quiet(target_);
  for (const auto& table : found.tables) {
    const auto at = schema.tables.find(table.table);
    if (table.examples.empty() || at == schema.tables.end()) continue;
    CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target_));
    CROSSFADE_TRY(const auto written, writable(target_, at->second));  // what PostgreSQL generates itself is not
    if (auto mended = TableMender(source_, target_, table.keyless ? at->second : written).mend(table); !mended) {
      give_up("table " + table.table, mended.error());
      continue;
    }
    CROSSFADE_CHECK(transaction.commit());
    report_.rows += table.only_sqlite + table.only_postgres + table.different_rows;
  }
  return loud(target_);
}

model::Result<void> Repairer::mend_objects(const plan::Schema& schema) {
  CROSSFADE_TRY(const auto missing, missing_objects(target_, schema_script(schema, plan_)));
  for (const auto& object : missing) {
    // One that is there but not valid makes way. The statement of a NOT NULL has nothing in its way.
    const auto name = postgres::quote_identifier(object.name);
    std::string drop;
    if (object.kind == TargetObject::Kind::index) drop = "DROP INDEX IF EXISTS " + qualified(object.name) + "; ";
    else if (object.kind != TargetObject::Kind::not_null) drop = "ALTER TABLE " + qualified(object.table) + " DROP CONSTRAINT IF EXISTS " + name + "; ";
    if (auto made = target_.execute(drop + object.statement); !made) {
      give_up("table " + object.table + ", " + object.name, made.error());
    } else {
      report_.made.push_back(object.table + ": " + object.name);
    }
  }
  return {};
}

model::Result<RepairReport> Repairer::run() {
  CROSSFADE_TRY(report_.before, verify(file_, target_at_, plan_, options_));
  report_.after = report_.before;
  for (int round = 0; round < kMostRounds && !report_.after.equal(); ++round) {
    const auto left = report_.after.differences() + static_cast<std::int64_t>(report_.after.problems.size());
    CROSSFADE_TRY(const auto schema, sqlite::read_schema(source_, &plan_));
    CROSSFADE_CHECK(mend_objects(schema));  // a row is written by its key: that first
    report_.failed.clear();                 // what failed now may go once the rows are mended
    CROSSFADE_CHECK(mend_rows(report_.after));
    CROSSFADE_CHECK(mend_objects(schema));  // and what the rows stood in the way of
    CROSSFADE_TRY(const auto sequenced, plan_.schema == plan::TargetSchema::existing ? with_target_sequences(target_, schema) : model::Result<plan::Schema>(schema));
    CROSSFADE_CHECK(prime_sequences(source_, target_, sequenced));
    CROSSFADE_TRY(report_.after, verify(file_, target_at_, plan_, options_));
    if (report_.after.differences() + static_cast<std::int64_t>(report_.after.problems.size()) >= left) break;  // it gets no better
  }
  std::ranges::sort(report_.made);
  report_.made.erase(std::ranges::unique(report_.made).begin(), report_.made.end());
  return std::move(report_);
}

}  // namespace

model::Result<RepairReport> repair(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan,
                                   const VerifyOptions& options) {
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only, .role = sqlite::Role::service}));
  CROSSFADE_TRY(auto target, postgres::Connection::connect(target_at, kRepairTimeout, "crossfade repair"));
  CROSSFADE_CHECK(refuse_mirrored(target, "Use REPAIR on the console."));
  return Repairer(file, target_at, plan, options, source, target).run();
}

}  // namespace crossfade::migrate
