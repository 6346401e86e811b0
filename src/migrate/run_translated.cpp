#include "run_translated.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

struct Reset {
  sqlite::Statement& statement;
  ~Reset() { statement.reset(); }
};

}  // namespace

model::Result<model::ResultSet> run_translated(sqlite::Connection& connection, const sql::Translated& statement,
                                               std::span<const model::Value> values) {
  if (statement.texts.size() != 1) return model::fail("0A000"_state, "only a single statement can be run on a pair");
  CROSSFADE_TRY(sqlite::Statement* const kept, connection.cached(statement.texts.front()));
  sqlite::Statement& prepared = *kept;
  const Reset at_the_end{prepared};
  int place = 0;
  for (const sql::BindSlot& slot : statement.slots) {
    if (slot.parameter >= values.size()) return model::fail("08P01"_state, "the statement has more parameters than values");
    CROSSFADE_TRY(const model::StorageValue stored, plan::encode(values[slot.parameter], slot.form, slot.type));
    CROSSFADE_CHECK(prepared.bind(++place, stored));
  }
  model::ResultSet out;
  out.command_tag = statement.command_tag;
  for (const sql::OutputColumn& column : statement.columns) out.columns.push_back({column.name, column.type});
  while (true) {
    CROSSFADE_TRY(const bool more, prepared.step());
    if (!more) return out;
    model::Row row;
    for (std::size_t i = 0; i < statement.columns.size(); ++i) {
      const sql::OutputColumn& column = statement.columns[i];
      CROSSFADE_TRY(model::Value value, plan::decode(prepared.column(static_cast<int>(i)), column.form, column.type));
      row.push_back(std::move(value));
    }
    out.rows.push_back(std::move(row));
  }
}

}  // namespace crossfade::migrate
