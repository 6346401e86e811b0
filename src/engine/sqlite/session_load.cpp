#include <algorithm>
#include <string>
#include <utility>

#include "bind_slots.hpp"
#include "constraint_errors.hpp"
#include "crossfade/model/datetime.hpp"
#include "session_impl.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

enum class References : std::uint8_t { each_row, at_end };

/// One prepared INSERT on the block's connection; it goes back to the cache at the end. PostgreSQL looks at foreign keys when the
/// whole statement is done, so that rows may reference later ones: here they wait as deferred ones do. `Block`: Session::Impl.
template <class Block>
class BlockLoader final : public Loader {
 public:
  BlockLoader(Block& session, Statement statement, const sql::Translated& translated, References references)
      : session_(session), statement_(std::move(statement)), translated_(translated), references_(references) {}

  ~BlockLoader() override {
    statement_.reset();
    session_.connection().internals().cache.put_back(translated_.texts.front(), std::move(statement_));
    end_deferral();
  }

  model::Result<std::int64_t> add(std::span<const model::Value> row) override {
    CROSSFADE_CHECK(bind_slots(statement_, translated_, row));
    CROSSFADE_TRY(const bool more, session_.step(session_.connection(), statement_));
    if (more) return model::fail("XX000"_state, "an INSERT that loads has given a row");
    return session_.connection().changes();
  }

  model::Result<void> finish() override {
    Connection& connection = session_.connection();
    if (session_.modes_set) return session_.check_references();
    if (references_ == References::at_end && has_open_references(connection)) {
      return std::unexpected(constraint_error(connection.internals(), statement_.internals().target, SQLITE_CONSTRAINT_FOREIGNKEY,
                                              {"23503"_state, "FOREIGN KEY constraint failed"}));
    }
    end_deferral();
    return {};
  }

 private:
  /// Forgets what is open: after finish() nothing is, and a failed load is undone whole.
  void end_deferral() {
    if (std::exchange(references_, References::each_row) == References::at_end) (void)session_.own("PRAGMA defer_foreign_keys=OFF");
  }

  Block& session_;
  Statement statement_;
  const sql::Translated& translated_;
  References references_;
};

/// SQLite counts deferred constraints and immediate ones that wait together: the latter wait only where there are none of the former.
bool may_wait(const plan::Schema& schema, const sql::Translated& statement) {
  const plan::Table* table = statement.tables.size() == 1 ? schema.find(statement.tables.front()) : nullptr;
  return table != nullptr && !table->foreign_keys.empty() &&
         std::ranges::none_of(table->foreign_keys, &plan::ForeignKey::initially_deferred);
}

}  // namespace

model::Result<void> Session::check_writable(std::string_view command, sql::Translated statement) const {
  statement.command_tag = command;
  return impl_->check_writable(statement);
}

model::Result<std::unique_ptr<Loader>> Session::load(const sql::Translated& statement) {
  Impl& impl = *impl_;
  if (impl.failed)
    return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
  if (!impl.in_block() || !impl.permit)
    return model::fail("XX000"_state, "a load was started without a block or without the permit to write");
  impl.context.statement_micros = model::now_micros();
  impl.used = true;
  const bool pinning = sql::pins_snapshot(impl.options.isolation);
  if (pinning && impl.held == nullptr) CROSSFADE_CHECK(impl.pin());
  if (impl.held == nullptr) CROSSFADE_CHECK(impl.open_writer());
  impl.materialise_cursors();
  CROSSFADE_CHECK(impl.upgrade());
  const std::vector<model::Value> nulls(statement.parameters.size(), model::Value{model::Null{}});
  CROSSFADE_TRY(Statement prepared, impl.ready(impl.connection(), statement, nulls));
  CROSSFADE_TRY(const auto known, schema());
  References references = References::each_row;
  if (!impl.modes_set && may_wait(*known, statement) && !has_open_references(impl.connection())) {
    CROSSFADE_CHECK(impl.own("PRAGMA defer_foreign_keys=ON"));
    references = References::at_end;
  }
  return std::make_unique<BlockLoader<Impl>>(impl, std::move(prepared), statement, references);
}

}  // namespace crossfade::sqlite
