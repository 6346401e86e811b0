#include <algorithm>
#include <array>

#include "checkpoint.hpp"
#include "copy_target.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "parallel.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "target_columns.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

/// What an interrupted finish_target has made already: duplicate_table (an index too), duplicate_object.
constexpr std::array kAlreadyThere{"42P07"_state, "42710"_state};

constexpr std::chrono::seconds kHelperTimeout{10};

postgres::Parameter text_parameter(std::string_view value) { return {std::string(value), {model::oid::text}}; }

bool copied(const plan::Table& table) { return !table.view && !table.virtual_table; }

/// Tables that are there must be empty and have the plan's columns.
model::Result<void> check_existing(postgres::Connection& target, const plan::Schema& schema) {
  std::string counts, others;
  for (const auto& [name, table] : schema.tables) {
    if (!copied(table)) continue;
    const auto parameter = text_parameter(qualified(name));
    CROSSFADE_TRY(const auto there, target.value("SELECT to_regclass($1) IS NOT NULL", {&parameter, 1}));
    if (!std::get<bool>(there)) continue;
    CROSSFADE_TRY(const auto rows, target.value("SELECT count(*) FROM " + qualified(name)));
    if (const auto count = std::get<std::int64_t>(rows); count != 0) counts += (counts.empty() ? "" : ", ") + name + " " + std::to_string(count);
    CROSSFADE_TRY(const auto differing, column_faults(target, table));
    for (const auto& fault : differing) others += (others.empty() ? "" : "; ") + fault;
  }
  if (!counts.empty()) {
    return model::fail("55000"_state, "target is not empty", "Rows: " + counts + ".", "Copy into an empty database, or drop these tables.");
  }
  if (!others.empty()) return model::fail("55000"_state, "target has other tables of these names", others + ".", "Drop them; copy makes its own.");
  return {};
}

model::Result<void> run_once(postgres::Connection& target, const std::string& statement) {
  auto done = target.execute(statement);
  if (done || std::ranges::find(kAlreadyThere, done.error().state) != kAlreadyThere.end()) return {};
  auto error = std::move(done).error();
  error.detail += (error.detail.empty() ? "" : " ") + ("Statement: " + statement);
  if (error.hint.empty() || error.state.family() == "23") error.hint = "The rows are copied. Mend them, or drop the index or constraint in the file, and copy again.";
  return std::unexpected(std::move(error));
}

/// The statements on the first connection and, when there are several, on further ones beside it.
model::Result<void> run_beside(postgres::Connection& target, const std::vector<std::string>& statements, const Helpers& helpers) {
  std::vector<postgres::Connection> further;
  const int wanted = helpers.at ? std::min(helpers.connections, static_cast<int>(statements.size())) : 1;
  for (int i = 1; i < wanted; ++i) {
    CROSSFADE_TRY(auto connection, postgres::Connection::connect(*helpers.at, kHelperTimeout, "crossfade copy"));
    further.push_back(std::move(connection));
  }
  return run_parallel(statements.size(), wanted, [&](std::size_t item, std::size_t worker) {
    return run_once(worker == 0 ? target : further[worker - 1], statements[item]);
  });
}

/// A foreign key is added at once and without a look at the rows, then validated: only the latter takes time, and takes no lock that two
/// validations could wait for crosswise.
model::Result<void> add_foreign_keys(postgres::Connection& target, const SchemaScript& script, const Helpers& helpers) {
  for (const auto& statement : script.foreign_keys) CROSSFADE_CHECK(run_once(target, statement + " NOT VALID"));
  return run_beside(target, script.validations, helpers);
}

model::Result<void> add_after_rows(postgres::Connection& target, const SchemaScript& script, Finality finality, const Helpers& helpers) {
  CROSSFADE_CHECK(run_beside(target, script.indexes, helpers));
  CROSSFADE_CHECK(add_foreign_keys(target, script, helpers));
  if (finality == Finality::mirrored) return {};
  for (const auto& statement : script.checks) CROSSFADE_CHECK(run_once(target, statement));
  return {};
}

}  // namespace

model::Result<bool> rules_already(postgres::Connection& target, const plan::Plan& plan) {
  CROSSFADE_TRY(const auto ruling, stored_plan(target));
  if (ruling && plan::hash(*ruling) != plan::hash(plan)) {
    return model::fail("55000"_state, "another plan rules in the target",
                       "Stored there: " + plan::hash(*ruling) + "; given: " + plan::hash(plan) + ".",
                       "Go on with the stored plan, or copy into an empty database.");
  }
  return ruling.has_value();
}

model::Result<void> create_copy_objects(postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan,
                                        const std::vector<std::string>& statements) {
  for (const auto statement : kCopyObjects) CROSSFADE_CHECK(target.execute(statement));
  for (const auto& statement : statements) CROSSFADE_CHECK(target.execute(statement));
  CROSSFADE_CHECK(store_plan(target, plan));
  for (const auto& [name, table] : schema.tables) {
    if (!copied(table)) continue;
    CROSSFADE_TRY(const auto checkpoint, read_checkpoint(target, name));
    if (!checkpoint) CROSSFADE_CHECK(write_checkpoint(target, name, {}));
  }
  return {};
}

model::Result<void> prepare_target(postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan,
                                   const SchemaScript& script) {
  CROSSFADE_TRY(const bool ruled, rules_already(target, plan));
  if (!ruled) CROSSFADE_CHECK(check_existing(target, schema));
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
  CROSSFADE_CHECK(create_copy_objects(target, schema, plan, script.tables));
  return transaction.commit();
}

model::Result<void> finish_target(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                  const SchemaScript& script, Finality finality, const Helpers& helpers) {
  CROSSFADE_CHECK(add_after_rows(target, script, finality, helpers));
  CROSSFADE_CHECK(prime_sequences(source, target, schema));
  for (const auto& [name, table] : schema.tables) {
    if (copied(table)) CROSSFADE_CHECK(target.execute("ANALYZE " + qualified(name)));
  }
  return {};
}

model::Result<void> refuse_existing(const plan::Plan& plan) {
  if (plan.schema == plan::TargetSchema::drafted) return {};
  return model::fail("0A000"_state, "the plan is for tables that the application makes itself", "plan.toml says schema = \"existing\".",
                     "Fill them with `crossfade copy` while nobody writes; for tables made by Crossfade, which can be mirrored, draft a plan without --into-existing.");
}

model::Result<void> apply_schema(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan, Section section) {
  CROSSFADE_CHECK(refuse_existing(plan));
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only, .role = sqlite::Role::service}));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source, &plan));
  CROSSFADE_TRY(auto target, postgres::Connection::connect(target_at, kHelperTimeout, "crossfade schema"));
  const auto script = schema_script(schema, plan);
  if (section == Section::pre) return prepare_target(target, schema, plan, script);
  CROSSFADE_TRY(const auto chunks, target.value("SELECT to_regclass('crossfade.chunks') IS NOT NULL"));
  std::optional<Checkpoint> whole;
  if (std::get<bool>(chunks)) {
    CROSSFADE_TRY(whole, read_checkpoint(target, kWholeCopy));
  }
  if (!whole || !whole->done) {
    return model::fail("55000"_state, "the rows are not there yet", "Indexes, foreign keys and CHECKs come after them; before them the copy would fail.",
                       "Apply --section pre, then run `crossfade copy`: it makes the rest itself.");
  }
  CROSSFADE_CHECK(prepare_target(target, schema, plan, script));
  return add_after_rows(target, script, Finality::final_copy, {});
}

model::Result<void> forget_copy(postgres::Connection& target, const plan::Table& table) {
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
  const auto name = text_parameter(table.name);
  CROSSFADE_CHECK(target.query("DELETE FROM crossfade.quarantine WHERE table_name = $1 AND origin = 'copy'", {&name, 1}));
  CROSSFADE_CHECK(write_checkpoint(target, table.name, {}));
  // TRUNCATE refuses a table that foreign keys of others name.
  CROSSFADE_CHECK(target.execute("DELETE FROM " + qualified(table.name)));
  return transaction.commit();
}

}  // namespace crossfade::migrate
