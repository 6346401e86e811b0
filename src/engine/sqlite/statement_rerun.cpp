#include "statement_rerun.hpp"

#include <sqlite3.h>

#include <chrono>

#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongest{1};
constexpr std::size_t kMostRows = 10'000;

}  // namespace

StatementRerun::StatementRerun(Statement& failed, const plan::Table& table, References references)
    : connection_(*failed.internals().connection),
      last_rowid_(sqlite3_last_insert_rowid(connection_.handle.get())) {
  capture_.columns = table.columns.size();
  capture_.limit = kMostRows;
  if (const plan::Column* alias = table.rowid_alias()) capture_.rowid = place_of(*alias, table);
  outcome_ = run(failed, table, references);
}

model::Result<void> StatementRerun::run(Statement& failed, const plan::Table& table,
                                        References references) {
  CROSSFADE_CHECK(connection_.execute("SAVEPOINT crossfade_rerun", Author::proxy));
  opened_ = true;
  CROSSFADE_CHECK(watch_rows(connection_, table));
  if (references == References::deferred) {
    CROSSFADE_TRY(Statement before, connection_.prepare("PRAGMA defer_foreign_keys", Author::proxy));
    CROSSFADE_TRY(const bool known, before.step());
    defers_ = known && before.column(0) == model::StorageValue{std::int64_t{0}};
    before.reset();
    if (defers_) CROSSFADE_CHECK(connection_.execute("PRAGMA defer_foreign_keys=ON", Author::proxy));
  }
  capture_.until = Clock::now() + kLongest;
  connection_.capture = &capture_;
  // random() gives what it gave, and goes on from there.
  const FunctionContext* const session = connection_.context;
  const auto random = session != nullptr ? session->random : std::nullopt;
  if (session != nullptr) session->random = session->random_before;
  auto done = failed.run();
  if (session != nullptr) session->random = random;
  connection_.capture = nullptr;
  return done;
}

StatementRerun::~StatementRerun() {
  if (opened_ && sqlite3_get_autocommit(connection_.handle.get()) == 0) {
    (void)connection_.execute("ROLLBACK TO crossfade_rerun; RELEASE crossfade_rerun", Author::proxy);
    if (defers_) (void)connection_.execute("PRAGMA defer_foreign_keys=OFF", Author::proxy);
  }
  sqlite3_set_last_insert_rowid(connection_.handle.get(), last_rowid_);
}

}  // namespace crossfade::sqlite
