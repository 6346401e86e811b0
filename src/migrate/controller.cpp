#include "crossfade/migrate/controller.hpp"

#include "crossfade/plan/plan.hpp"
#include "file_claim.hpp"
#include "pair_controller.hpp"
#include "plan_follower.hpp"
#include "sqlite_state.hpp"
#include "tombstone.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// One database alone: there is nothing to mirror, and no stage to go to.
class SingleController final : public Controller {
 public:
  explicit SingleController(StageState state, FileClaim claim = {}, std::shared_ptr<const plan::Plan> plan = {})
      : fence_(state), claim_(std::move(claim)), follower_(make_plan_follower(std::move(plan))) {}
  Fence& fence() override { return fence_; }
  bool wants_sample(std::string_view) override { return false; }
  void offer(Sample) override {}
  void note_uncomparable() override {}
  bool wants_rehearsal(std::string_view) override { return false; }
  void set_sessions(SessionsHook) override {}
  int canary_percent() const override { return 0; }
  std::optional<CanaryPass> await_canary() override { return std::nullopt; }
  bool canary_held(const CanaryPass&) const override { return false; }
  void note_canary(CanaryOutcome) override {}
  bool syncs() const override { return false; }
  boost::asio::awaitable<bool> committed() override { co_return true; }
  bool refuses_changes() const override { return false; }
  sqlite::SchemaFollower* schema_follower() override { return follower_.get(); }
  model::Result<ChangeBack> rehearse_back(const BackAnswers&, std::span<const sqlite::SchemaStatement>) override { return alone<ChangeBack>(); }
  std::uint64_t schema_number() const override { return 0; }
  void wake() override {}
  void stop() override {}
  model::Result<StageState> switch_to(Stage, bool, std::optional<int>) override { return alone<StageState>(); }
  model::Result<StageState> switch_back(bool) override { return alone<StageState>(); }
  model::Result<StageState> finish(bool) override { return alone<StageState>(); }
  model::Result<ConsoleTable> repair() override { return alone<ConsoleTable>(); }
  model::Result<ConsoleTable> compare(std::string_view) override { return alone<ConsoleTable>(); }
  model::Result<ConsoleTable> show(std::string_view what) override {
    const std::string name = plan::fold(what);
    const StageState now = fence_.state();
    if (name == "stage") {
      return ConsoleTable{{"stage", "epoch", "since", "answers", "primary", "mirror", "filled", "canary"},
                          {{std::string(to_string(now.stage)), std::to_string(now.epoch), "", now.stage == Stage::sqlite ? "sqlite" : "postgres",
                            now.stage == Stage::sqlite ? "sqlite" : "postgres", "off", "", ""}}};
    }
    if (name == "version") return ConsoleTable{{"program", "version"}, {{"crossfade", CROSSFADE_VERSION}}};
    return alone<ConsoleTable>();
  }

 private:
  template <class T>
  model::Result<T> alone() const {
    return model::fail("55000"_state, "there is only one database", {}, "Serve with both --sqlite and --postgres to mirror and to switch.");
  }
  Fence fence_;
  FileClaim claim_;
  std::unique_ptr<sqlite::SchemaFollower> follower_;
};

/// A file that is, or was, part of a pair must not be served alone: it may have handed over.
model::Result<StageState> alone_state(sqlite::Database& database) {
  sqlite::OpenOptions options;
  options.mode = database.options().read_only ? sqlite::OpenMode::read_only : sqlite::OpenMode::read_write;
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(database.options().file, options));
  CROSSFADE_TRY(const std::optional<FileState> state, read_file_state(connection));
  if (!state) return StageState{};
  if (state->side.at.stage == Stage::sqlite && !state->side.handing_over) return state->side.at;
  CROSSFADE_TRY(const std::optional<Tombstone> tombstone, read_tombstone(connection));
  if (tombstone) {
    return model::fail("55000"_state, "this file was finished: its data went to PostgreSQL database \"" + tombstone->database + "\"",
                       "It went there by " + tombstone->target + ".",
                       "Serve with --postgres alone. `crossfade clean FILE` makes it an ordinary file again.");
  }
  return model::fail("55000"_state, "this file stands in stage " + std::string(to_string(state->side.at.stage)) + " of a pair",
                     "It cannot be served without its PostgreSQL.", "Serve with --postgres, or SWITCH BACK to stage sqlite first.");
}

}  // namespace

model::Result<std::unique_ptr<Controller>> Controller::start(sqlite::Database* database, std::optional<postgres::Conninfo> postgres,
                                                             std::shared_ptr<const plan::Plan> plan, ControllerOptions options) {
  if (!database) return std::make_unique<SingleController>(StageState{Stage::finished, 0, 0});
  if (!postgres) {
    CROSSFADE_TRY(const StageState state, alone_state(*database));
    model::Result<FileClaim> claim = FileClaim::take(database->options().file, FileClaim::Mode::shared);
    if (!claim && claim.error().state == "55006"_state) return std::unexpected(claim.error());
    // A folder that takes no new file: nobody can make a pair of what is in it.
    database->follow_stored_plan();
    return std::make_unique<SingleController>(state, claim ? std::move(*claim) : FileClaim{}, std::move(plan));
  }
  auto pair = std::make_unique<PairController>(*database, std::move(*postgres), std::move(plan), options);
  CROSSFADE_CHECK(pair->begin());
  return pair;
}

}  // namespace crossfade::migrate
