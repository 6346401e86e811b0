#include <array>

#include "crossfade/migrate/copy.hpp"
#include "postgres_objects.hpp"

namespace crossfade::migrate {

model::Result<void> store_plan(sqlite::Connection& connection, const plan::Plan& plan) {
  CROSSFADE_CHECK(connection.execute(kSqlitePlanTable));
  CROSSFADE_TRY(auto statement, connection.prepare("INSERT OR REPLACE INTO crossfade_plan (one, plan, hash) VALUES (1, ?1, ?2)"));
  const std::array<model::StorageValue, 2> values{plan::to_toml(plan), plan::hash(plan)};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

model::Result<void> store_plan(postgres::Connection& connection, const plan::Plan& plan) {
  const std::array parameters{postgres::Parameter{plan::to_toml(plan), {model::oid::text}},
                              postgres::Parameter{plan::hash(plan), {model::oid::text}}};
  CROSSFADE_CHECK(connection.query("INSERT INTO crossfade.plan (plan, hash) VALUES ($1, $2) "
                                   "ON CONFLICT (one) DO UPDATE SET plan = excluded.plan, hash = excluded.hash", parameters));
  return {};
}

model::Result<std::optional<plan::Plan>> stored_plan(sqlite::Connection& connection) {
  CROSSFADE_TRY(const auto table, connection.value("SELECT count(*) FROM sqlite_schema WHERE name = 'crossfade_plan'"));
  if (std::get<std::int64_t>(table) == 0) return std::nullopt;
  CROSSFADE_TRY(const auto text, connection.value("SELECT plan FROM crossfade_plan"));
  if (!std::holds_alternative<std::string>(text)) return std::nullopt;
  CROSSFADE_TRY(auto plan, plan::from_toml(std::get<std::string>(text), "crossfade_plan"));
  return plan;
}

model::Result<std::optional<plan::Plan>> stored_plan(postgres::Connection& connection) {
  CROSSFADE_TRY(const auto table, connection.value("SELECT to_regclass('crossfade.plan')::text"));
  if (model::is_null(table)) return std::nullopt;
  CROSSFADE_TRY(const auto text, connection.value("SELECT plan FROM crossfade.plan"));
  if (model::is_null(text)) return std::nullopt;
  CROSSFADE_TRY(auto plan, plan::from_toml(std::get<std::string>(text), "crossfade.plan"));
  return plan;
}

}  // namespace crossfade::migrate
