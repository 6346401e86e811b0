#include <algorithm>
#include <iterator>
#include <set>

#include "crossfade/migrate/verify.hpp"
#include "crossfade/model/text_format.hpp"
#include "pair_controller.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::size_t kRepairRows = 10'000;  // of each table and round
constexpr int kSchemasInVain = 5;
constexpr int kPairsInVain = 5;              // whose connection broke before a table was compared
constexpr std::chrono::milliseconds kPauseInVain{100};

}  // namespace

/// All tables on one pair, if its connection holds so long. Where it breaks, those that were compared are, and the others are compared on
/// another pair.
model::Result<VerifyReport> PairController::verify_tables(const plan::Schema& schema) {
  VerifyReport out;
  std::vector<std::string> left;
  for (const auto& [name, table] : schema.tables) {
    if (!table.view && !table.virtual_table) left.push_back(name);
  }
  int failures = 0;
  while (!left.empty()) {
    model::Result<Pair> pair = make_pair();
    model::Result<void> all = pair ? model::Result<void>() : std::unexpected(pair.error());
    for (std::size_t done = 0; all && done < left.size(); ++done) {
      model::Result<VerifyReport> one = verify(pair->sqlite, pair->postgres, schema, {.examples = kRepairRows, .tables = {left[done]}, .postgres_only = options_.gates.postgres_only});
      if (!one) {
        all = std::unexpected(std::move(one).error());
        failures = done == 0 ? failures : 0;
        left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(done));
        break;
      }
      std::ranges::move(one->tables, std::back_inserter(out.tables));
      std::ranges::move(one->problems, std::back_inserter(out.problems));
    }
    if (all) return out;
    if (stopping_ || all.error().state.family() != "08" || ++failures >= kPairsInVain) return std::unexpected(std::move(all).error());
    std::unique_lock lock(state_);
    woken_.wait_for(lock, kPauseInVain, [this] { return stopping_.load(); });
  }
  return out;
}

/// Of one schema: where that changes meanwhile, once more.
model::Result<VerifyReport> PairController::verify_steadily() {
  for (int attempt = 0; attempt < kSchemasInVain; ++attempt) {
    std::shared_ptr<const plan::Schema> schema;
    const std::uint64_t before = schema_changes_;
    {
      const std::scoped_lock lock(state_);
      schema = schema_;
    }
    model::Result<VerifyReport> report = verify_tables(*schema);
    const std::scoped_lock lock(state_);
    if (schema_changes_ == before && schema_ == schema) return report;
  }
  return model::fail("40001"_state, "the schema changes again and again while the tables are compared", {}, "Try again later.");
}

model::Result<VerifyOutcome> PairController::verify_now(std::vector<FoundDifference>* found) {
  CROSSFADE_TRY(const VerifyReport report, verify_steadily());
  const VerifyOutcome outcome{now_micros(), report.differences(), report.problems.size()};
  for (const TableVerify& table : report.tables) {
    if (!found) break;
    for (const RowDifference& row : table.examples) {
      found->push_back({table.table, row.key, row.key_text, row.column, row.sqlite, row.postgres});
    }
  }
  const std::scoped_lock lock(state_);
  verify_ = outcome;
  return outcome;
}

model::Result<void> PairController::verify_if_stale() {
  std::optional<VerifyOutcome> last;
  {
    const std::scoped_lock lock(state_);
    last = verify_;
  }
  const std::int64_t limit = std::chrono::duration_cast<std::chrono::microseconds>(options_.gates.verify_max_age).count();
  if (last && last->differences == 0 && last->problems == 0 && now_micros() - last->at_micros <= limit) return {};
  CROSSFADE_CHECK(verify_now(nullptr));
  return {};
}

/// Notes the keys in the primary's journal: the next step carries their rows again.
model::Result<void> PairController::mark(const std::vector<FoundDifference>& found) {
  const std::scoped_lock work(work_);
  const MirrorTables& tables = mirror_.tables();
  if (rule(fence_.state().stage).primary == Side::sqlite) {
    return move_file(*database_, mirror_, [&](sqlite::Connection& file) -> model::Result<void> {
      for (const FoundDifference& one : found) {
        const MirrorTable* table = tables.by_name(one.table);
        if (!table) continue;
        CROSSFADE_TRY(const sqlite::StorageRow key, table->encode_key(one.key));
        CROSSFADE_CHECK(mark_dirty(file, table->table(), key));
      }
      return {};
    });
  }
  return move_target(mirror_, [&](postgres::Connection& target, const std::optional<TargetState>&) -> model::Result<void> {
    for (const FoundDifference& one : found) {
      const MirrorTable* table = tables.by_name(one.table);
      if (!table) continue;
      std::string columns = "t", values = postgres::quote_literal(one.table);
      for (std::size_t i = 0; i < one.key.size(); ++i) {
        columns += ", k" + std::to_string(i + 1);
        values += ", " + postgres::quote_literal(model::to_text(one.key[i], table->key()[i]->type));
      }
      CROSSFADE_CHECK(target.execute("INSERT INTO crossfade.journal (" + columns + ") VALUES (" + values + ")"));
    }
    return {};
  });
}

model::Result<ConsoleTable> PairController::repair() {
  const std::unique_lock one(switching_, std::try_to_lock);
  if (!one) return model::fail("55006"_state, "a switch is under way");
  if (!rule(fence_.state().stage).journal || !filled_) {
    return model::fail("55000"_state, "there is no mirror to repair at stage " + std::string(to_string(fence_.state().stage)));
  }
  ConsoleTable table{.columns = {"table", "key", "column", "sqlite", "postgres", "outcome"}, .rows = {}};
  std::vector<FoundDifference> found, left;
  CROSSFADE_TRY(const VerifyOutcome before, verify_now(&found));
  if (before.differences != 0) {
    CROSSFADE_CHECK(mark(found));
    CROSSFADE_CHECK(verify_now(&left));
  }
  std::set<std::pair<std::string, std::string>> different;
  for (const FoundDifference& difference : left) different.emplace(difference.table, difference.key_text);
  for (const FoundDifference& difference : found) {
    const bool still = different.contains({difference.table, difference.key_text});
    table.rows.push_back({difference.table, difference.key_text, difference.column, difference.sqlite, difference.postgres,
                          still ? "still different" : "mended"});
  }
  if (left.empty()) mismatches_.forget_data();
  return table;
}

}  // namespace crossfade::migrate
