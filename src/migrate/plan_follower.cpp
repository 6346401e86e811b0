#include "plan_follower.hpp"

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "follow_plan.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

class NothingToCommit final : public sqlite::SchemaCommit {
 public:
  void committed() override {}
};

class PlanFollower final : public sqlite::SchemaFollower {
 public:
  explicit PlanFollower(std::shared_ptr<const plan::Plan> given) : given_(std::move(given)) {}
  model::Result<void> changed(sqlite::Connection& writer, const sql::Translated& statement) override { return follow_plan(writer, statement, given_.get()); }
  model::Result<std::unique_ptr<sqlite::SchemaCommit>> prepare(sqlite::Connection&, std::span<const sqlite::SchemaStatement>, const std::atomic<bool>&) override { return nothing_to_commit(); }

 private:
  std::shared_ptr<const plan::Plan> given_;
};

}  // namespace

model::Result<void> follow_plan(sqlite::Connection& file, const sql::Translated& statement, const plan::Plan* given) {
  CROSSFADE_TRY(std::optional<plan::Plan> stored, stored_plan(file));
  if (stored) {
    CROSSFADE_TRY(const plan::Plan plan, without_gone(file, follow_changes(*stored, statement.type_changes, NewColumns::left)));
    return plan::hash(plan) == plan::hash(*stored) ? model::Result<void>{} : store_plan(file, plan);
  }
  if (given == nullptr) return {};
  const auto schema = sqlite::read_schema(file, given);
  if (schema || schema.error().state != "F0000"_state) return {};
  return model::fail("0A000"_state, statement.command_tag + " is not supported on what the plan names", schema.error().message + " afterwards.",
                     "Take it out of plan.toml and start again, or serve without the plan for the change.");
}

std::unique_ptr<sqlite::SchemaCommit> nothing_to_commit() { return std::make_unique<NothingToCommit>(); }
std::unique_ptr<sqlite::SchemaFollower> make_plan_follower(std::shared_ptr<const plan::Plan> given) { return std::make_unique<PlanFollower>(std::move(given)); }

}  // namespace crossfade::migrate
