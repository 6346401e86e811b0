#include "view_types.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "connection_impl.hpp"
#include "crossfade/sql/relations.hpp"
#include "crossfade/sql/view_reading.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

/// A view's column that is a table's column, unchanged, has that column's type and form.
void type_handed_on(Connection& connection, plan::Schema& schema, plan::Table& view) {
  std::string quoted;
  for (const char c : view.sqlite_name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  const auto statement = connection.internals().prepare("SELECT * FROM " + std::string{schema_of(view)} + ".\"" + quoted + "\"", Author::proxy);
  if (!statement || statement->column_count() != static_cast<int>(view.columns.size())) return;  // a broken view stays as declared
  for (int i = 0; i < statement->column_count(); ++i) {
    sqlite3_stmt* handle = statement->internals().handle.get();
    const char* table_name = sqlite3_column_table_name(handle, i);
    const char* column_name = sqlite3_column_origin_name(handle, i);
    if (table_name == nullptr || column_name == nullptr) continue;
    const plan::Table* table = schema.find(plan::fold(table_name));
    const plan::Column* column = table == nullptr ? nullptr : table->find_column(plan::fold(column_name));
    if (column == nullptr) continue;
    view.columns[static_cast<std::size_t>(i)].type = column->type;
    view.columns[static_cast<std::size_t>(i)].form = column->form;
    view.columns[static_cast<std::size_t>(i)].collation = column->collation;
  }
}

/// Of those that a view reads before its own.
class ViewTypes {
 public:
  ViewTypes(Connection& connection, plan::Schema& schema, const plan::Plan* plan) : connection_(connection), schema_(schema), plan_(plan) {
    for (auto& [name, table] : schema.tables) by_name_.emplace(plan::fold(table.sqlite_name), &table);
    for (const auto& [name, table] : by_name_) find(name);
  }

 private:
  const plan::Table* find(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    plan::Table& table = *found->second;
    if (table.view && table.expands <= sql::kMostRelations && done_.insert(found->first).second) type(table);
    return &table;
  }

  void type(plan::Table& view) {
    const auto readings = view.created ? std::nullopt : sql::read_view(view.sql, [this](std::string_view name) { return find(name); });
    const bool known = readings && readings->size() == view.columns.size();
    if (!known) {
      for (plan::Column& column : view.columns)
        if (!view.created && column.declared.empty() && !is_planned(plan_, view, column)) column.form = {plan::Form::any};
      return type_handed_on(connection_, schema_, view);
    }
    for (std::size_t i = 0; i < view.columns.size(); ++i) {
      plan::Column& column = view.columns[i];
      if (is_planned(plan_, view, column)) continue;
      column.type = (*readings)[i].type;
      column.form = (*readings)[i].form;
      column.collation = (*readings)[i].collation;
    }
  }

  Connection& connection_;
  plan::Schema& schema_;
  const plan::Plan* plan_;
  std::map<std::string, plan::Table*, std::less<>> by_name_;
  std::set<std::string, std::less<>> done_;  // or begun: SQLite refuses a view that reads itself
};

}  // namespace

bool is_planned(const plan::Plan* plan, const plan::Table& table, const plan::Column& column) {
  if (plan == nullptr) return false;
  for (const plan::PlannedTable& each : plan->tables) {
    if (plan::fold(each.source) != plan::fold(table.sqlite_name)) continue;
    const auto same = [&](const plan::PlannedColumn& planned) { return plan::fold(planned.source) == plan::fold(column.sqlite_name); };
    if (std::ranges::any_of(each.columns, same)) return true;
  }
  return false;
}

void type_views(Connection& connection, plan::Schema& schema, const plan::Plan* plan) { ViewTypes{connection, schema, plan}; }

}  // namespace crossfade::sqlite
