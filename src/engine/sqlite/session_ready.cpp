#include <optional>
#include <string>
#include <utility>

#include "bind_slots.hpp"
#include "crossfade/model/object_type.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "session_impl.hpp"

namespace crossfade::sqlite {

using namespace model::literals;
using sql::Kind;

model::Result<void> bind_slots(Statement& ready, const sql::Translated& statement, std::span<const model::Value> values) {
  std::vector<model::StorageValue> stored;
  stored.reserve(statement.slots.size());
  for (const sql::BindSlot& slot : statement.slots) {
    if (slot.parameter >= values.size())
      return model::fail("08P01"_state, "bind message supplies " + std::to_string(values.size()) + " parameters, but $" +
                                            std::to_string(slot.parameter + 1) + " is used");
    CROSSFADE_TRY(auto value, plan::encode(values[slot.parameter], slot.form, slot.type));
    stored.push_back(std::move(value));
  }
  if (!statement.steps.empty() || !statement.step_rows.empty()) {  // the steps' rows are bound behind them
    for (std::size_t i = 0; i < stored.size(); ++i) CROSSFADE_CHECK(ready.bind(static_cast<int>(i + 1), stored[i]));
    return {};
  }
  return ready.bind_all(stored);
}

model::Result<Statement> Session::Impl::ready(Connection& on, const sql::Translated& statement, std::span<const model::Value> values) {
  if (statement.texts.size() != 1) return model::fail("XX000"_state, "a statement with rows or parameters has one text");
  const bool uses = (statement.kind == Kind::insert || statement.kind == Kind::update || statement.kind == Kind::delete_) || statement.kind == Kind::select;  // else it may make the first one
  if (statement.temporary && uses && &on != private_connection())
    return model::fail("XX000"_state, "a statement on temporary tables was started on a connection that does not have them");
  Connection::Impl& connection = on.internals();
  connection.context = &context;
  context.connection = &connection;
  connection.catalog = this;
  std::optional<Statement> known = connection.cache.take(statement.texts.front());
  if (!known || known->internals().author != Author::client) {
    CROSSFADE_TRY(Statement made, connection.prepare(statement.texts.front(), Author::client));
    known.emplace(std::move(made));
  }
  known->reset();
  if (!statement.constants.empty() && !known->internals().constants_hold) {
    if (auto folded = fold(on, statement.constants); !folded) {
      planning_failed = true;
      return std::unexpected(std::move(folded).error());
    }
    known->internals().constants_hold = true;
  }
  if (auto read = read_names(connection, statement, values); !read) {
    planning_failed = true;
    return std::unexpected(std::move(read).error());
  }
  CROSSFADE_CHECK(bind_slots(*known, statement, values));
  context.random_before = context.random;
  if (known->internals().reads_catalog) {  // now, not when the first row of it is asked for
    CROSSFADE_TRY(known->internals().catalog, catalog());
  }
  return *std::move(known);
}

/// What PostgreSQL computes when it plans a statement, for the errors of it. A pattern on a constant may take long: it can be cancelled.
model::Result<void> Session::Impl::fold(Connection& on, const std::string& constants) {
  CROSSFADE_CHECK(run_open(on, harm_to_read(on), [&]() -> model::Result<bool> {
    CROSSFADE_CHECK(on.internals().execute(constants, Author::client));
    return true;
  }));
  return {};
}

/// Parameters that are names of objects, which the catalog knows: PostgreSQL reads them in Bind. Their slots hold the texts.
model::Result<void> Session::Impl::read_names(Connection::Impl& connection, const sql::Translated& statement, std::span<const model::Value> values) {
  for (const sql::BindSlot& slot : statement.slots) {
    if (slot.parameter >= values.size() || slot.parameter >= statement.parameters.size()) continue;
    const model::Type type = statement.parameters[slot.parameter];
    if (!model::is_object_type(type.oid) || slot.type.oid != model::oid::text) continue;
    CROSSFADE_TRY(auto name, plan::encode(values[slot.parameter], slot.form, slot.type));
    CROSSFADE_TRY(Statement look, connection.prepare("SELECT crossfade_reg_in(?1, ?2, 0)", Author::client));
    CROSSFADE_CHECK(look.bind(1, name));
    CROSSFADE_CHECK(look.bind(2, model::format_type(type)));
    CROSSFADE_CHECK(look.step());
  }
  return {};
}

}  // namespace crossfade::sqlite
