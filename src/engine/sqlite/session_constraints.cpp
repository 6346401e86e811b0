#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "catalog/catalog.hpp"
#include "session_impl.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

/// SET CONSTRAINTS. The engine knows a foreign key as it was made, or all of them deferred; so after it all are, and each statement is
/// followed by a look at those that are to be checked at once, where the engine's count says that some row refers to nothing.
/// Source: PostgreSQL 15, AfterTriggerSetState.

bool ConstraintModes::defers(const plan::ForeignKey& key) const {
  if (!key.deferrable) return false;
  const auto own = named.find(key.name);
  return own != named.end() ? own->second : all.value_or(key.initially_deferred);
}

model::Result<std::string> Session::Impl::set_constraints(const sql::TransactionControl& control) {
  if (failed) return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
  auto done = take_modes(control);
  if (done && held != nullptr && in_block()) {
    done = defer_references();
    if (done) done = check_references();
  }
  if (in_block()) used = true;
  if (!done) {
    if (in_block()) fail();
    return std::unexpected(std::move(done).error());
  }
  return "SET CONSTRAINTS";
}

/// Outside a block only the names are looked up.
model::Result<void> Session::Impl::take_modes(const sql::TransactionControl& control) {
  ConstraintModes next = modes;
  if (control.constraints.empty()) next = {.all = control.deferred, .named = {}};
  for (const sql::ConstraintName& wanted : control.constraints) {
    if (!wanted.schema.empty() && wanted.schema != "public" && wanted.schema != "pg_temp")
      return model::fail("3F000"_state, "schema \"" + wanted.schema + "\" does not exist");
    CROSSFADE_TRY(const auto known, catalog());
    bool found = false;
    for (const catalog::ConstraintObject& each : known->objects().constraints) {
      if (each.name != wanted.name || (!wanted.schema.empty() && each.table->temporary != (wanted.schema == "pg_temp"))) continue;
      found = true;
      const bool deferrable = each.key != nullptr && each.key->deferrable;
      if (!deferrable && control.deferred) return model::fail("42809"_state, "constraint \"" + wanted.name + "\" is not deferrable");
    }
    if (!found) return model::fail("42704"_state, "constraint \"" + wanted.name + "\" does not exist");
    next.named.insert_or_assign(wanted.name, control.deferred);
  }
  if (!in_block()) return {};
  modes = std::move(next);
  modes_set = true;
  return {};
}

model::Result<void> Session::Impl::defer_references() {
  return modes_set ? own("PRAGMA defer_foreign_keys=ON") : model::Result<void>{};
}

/// Source: PostgreSQL 15, CheckTableNotInUse. PostgreSQL has an event for each row that a deferred key is to be looked at for; the engine
/// knows only how many of them refer to nothing, so rows that are whole by now do not refuse it.
model::Result<void> Session::Impl::check_not_in_use(const sql::Translated& statement) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kCommands{
      {{"TRUNCATE TABLE", "TRUNCATE"}, {"ALTER TABLE", "ALTER TABLE"}, {"DROP TABLE", "DROP TABLE"}, {"CREATE INDEX", "CREATE INDEX"}}};
  const auto command = std::ranges::find(kCommands, statement.command_tag, &std::pair<std::string_view, std::string_view>::first);
  if (command == kCommands.end() || held == nullptr || !has_open_references(connection())) return {};
  CROSSFADE_TRY(const auto known, schema());
  for (const auto* group : {&known->tables, &known->temporary}) {
    for (const auto& [name, table] : *group) {
      for (const plan::ForeignKey& key : table.foreign_keys) {
        if (!modes.defers(key)) continue;
        for (const std::string& used : statement.tables)
          if (used == table.name || used == key.target_table)
            return model::fail("55006"_state, "cannot " + std::string{command->second} + " \"" + used + "\" because it has pending trigger events");
      }
    }
  }
  return {};
}

model::Result<void> Session::Impl::check_references() {
  if (!modes_set || held == nullptr || !has_open_references(connection())) return {};
  CROSSFADE_TRY(const auto known, schema());
  const auto at_once = [this](const plan::ForeignKey& key) { return !modes.defers(key); };
  for (const auto* group : {&known->tables, &known->temporary}) {
    for (const auto& [name, table] : *group) {
      if (std::ranges::none_of(table.foreign_keys, at_once)) continue;
      if (auto broken = broken_reference(connection(), *known, table, at_once, context.style)) return std::unexpected(*std::move(broken));
    }
  }
  return {};
}

}  // namespace crossfade::sqlite
