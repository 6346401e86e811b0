#include <algorithm>

#include "crossfade/migrate/scan.hpp"
#include "draft_rules.hpp"
#include "sqlite_journal.hpp"
#include "sqlite_text.hpp"

namespace crossfade::migrate {
namespace {

/// Types that a column has anyway by the storage class of its values: nothing to prove.
bool natural(const plan::PlannedColumn& column) {
  constexpr std::array kForms{plan::Form::integer, plan::Form::real, plan::Form::text, plan::Form::blob};
  return std::ranges::find(kForms, column.form.form) != kForms.end();
}

/// INTEGER 5 and REAL 5.0 are one value where the column's affinity makes an INTEGER of both.
bool same_stored(const model::StorageValue& before, const model::StorageValue& after) {
  if (before == after) return true;
  const auto* integer = std::get_if<std::int64_t>(&before);
  const auto* real = std::get_if<double>(&after);
  return integer && real && static_cast<double>(*integer) == *real && *integer < (1LL << 53) && *integer > -(1LL << 53);
}

/// nullopt: survives; else why not.
std::optional<std::string> loses(const model::StorageValue& stored, const plan::PlannedColumn& column) {
  const auto value = plan::decode(stored, column.form, column.type);
  if (!value) return value.error().message;
  const auto back = plan::encode(*value, column.form, column.type);
  if (!back) return back.error().message;
  if (!same_stored(stored, *back)) return "a value would be written back differently";
  return std::nullopt;
}

/// The wider type: text or bytea for what is TEXT or BLOB, numbers as SQLite holds them.
void widen(plan::PlannedColumn& column, const model::StorageValue& witness, const std::string& reason) {
  struct Wide { model::Oid type; plan::Form form; };
  constexpr std::array<Wide, 5> kWide{{{model::oid::text, plan::Form::text}, {model::oid::int8, plan::Form::integer},
                                       {model::oid::float8, plan::Form::real}, {model::oid::text, plan::Form::text},
                                       {model::oid::bytea, plan::Form::blob}}};
  const auto wide = column.type.oid == model::oid::numeric ? kWide[0] : kWide[witness.index()];
  if (column.type.oid == model::oid::numeric) column.misfit = plan::Misfit::cast;
  column.note = "not " + model::format_type(column.type) + ": " + reason;
  column.type = {wide.type};
  column.form = {wide.form};
}

model::Result<void> prove_column(sqlite::Connection& connection, const plan::PlannedTable& table, plan::PlannedColumn& column,
                                 std::vector<Demotion>& out) {
  CROSSFADE_TRY(auto statement, connection.prepare("SELECT " + quote_sqlite(column.source) + " FROM main." + quote_sqlite(table.source)));
  while (true) {
    CROSSFADE_TRY(const bool row, statement.step());
    if (!row) return {};
    const auto stored = statement.column(0);
    if (const auto reason = loses(stored, column)) {
      out.push_back({table.name, column.name, "not " + model::format_type(column.type) + ": " + *reason});
      widen(column, stored, *reason);
      return {};
    }
  }
}

}  // namespace

model::Result<std::vector<Demotion>> prove(sqlite::Connection& connection, plan::Plan& plan) {
  std::vector<Demotion> out;
  for (auto& table : plan.tables) {
    for (auto& column : table.columns) {
      if (column.owner_edited || natural(column) || column.misfit == plan::Misfit::cast) continue;
      CROSSFADE_CHECK(prove_column(connection, table, column, out));
    }
  }
  return out;
}

}  // namespace crossfade::migrate
