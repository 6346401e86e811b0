#include "bind/schema_binder.hpp"

#include <algorithm>
#include <array>

#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

Result<Translated> SchemaBinder::statement(Statement& statement, Kind kind) {
  result_ = {.kind = kind, .writes = true};
  auto done = std::visit([&](auto& node) -> Result<void> {
    using N = std::remove_cvref_t<decltype(node)>;
    if constexpr (requires { bind(node, statement); }) return bind(node, statement);
    else if constexpr (std::is_same_v<N, CreateTableAs>) return unsupported("CREATE TABLE AS", node.relation.position, "CREATE TABLE and INSERT … SELECT work.");
    else return unsupported("this statement", 0);
  }, statement.node);
  if (!done) return std::unexpected(done.error());
  return std::move(result_);
}

Result<void> SchemaBinder::finish(const Statement& statement) {
  CROSSFADE_TRY(result_.texts, print(statement, context_.target));
  return {};
}

Result<bool> SchemaBinder::taken(RelationName& name, Existing existing) {
  if (!name.schema.empty() && name.schema != "public") {
    return refuse("3F000"_state, "schema \"" + name.schema + "\" does not exist", name.position);
  }
  if (name.name.starts_with("crossfade_") || name.name.starts_with("sqlite_")) {
    return refuse("42939"_state, "unacceptable relation name \"" + name.name + "\"", name.position, {}, "The prefixes \"crossfade_\" and \"sqlite_\" are reserved.");
  }
  name.printed = name.name;
  const bool index = std::ranges::any_of(context_.schema->tables, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.indexes, [&](const plan::Index& each) { return each.name == name.name; });
  });
  if (!index && !context_.schema->find(name.name)) return false;
  if (existing == Existing::refuse) return refuse("42P07"_state, "relation \"" + name.name + "\" already exists", kNowhere);
  result_.notices.push_back("relation \"" + name.name + "\" already exists, skipping");
  return true;
}

Result<const plan::Table*> SchemaBinder::find(RelationName& name, std::string_view object) {
  const bool reachable = name.schema.empty() || name.schema == "public";
  const plan::Table* table = reachable ? context_.schema->find(name.name) : nullptr;
  if (!table) {
    const std::string message = object == "relation" ? "relation \"" : std::string{object} + " \"";
    return refuse("42P01"_state, message + name.name + "\" does not exist", object == "relation" ? name.position : kNowhere);
  }
  name.printed = table->sqlite_name;
  result_.tables.push_back(table->name);
  return table;
}

void SchemaBinder::declare(const plan::Table& table) {
  for (const plan::Column& column : table.columns) {
    result_.type_changes.push_back({TypeChange::Verb::declare, {table.name, column.name, column.type, column.form, column.serial}, {}});
  }
}

Result<void> SchemaBinder::bind_persisted(Expression& expression, const plan::Table& table, std::string_view what) {
  Binder binder{context_, {}, 0};
  binder.persisted_ = true;
  Scope scope;
  scope.relations.push_back(binder.relation_of(table, table.name, {}));
  scope.visible = scope.relations.front()->columns;
  CROSSFADE_CHECK(binder.bind(expression, scope, Clause::persisted));
  CROSSFADE_CHECK(binder.settle(expression));
  CROSSFADE_TRY(const std::string text, print(expression, context_.target));
  if (text.find("crossfade_") != std::string::npos) {
    return unsupported("this expression in " + std::string{what}, expression.position,
                       "What is stored in the file may only use SQLite's own functions, so that other programs can go on writing it.");
  }
  return {};
}

Result<void> SchemaBinder::bind(Drop& drop, Statement& statement) {
  constexpr std::array<std::string_view, 3> kObjects{"table", "index", "view"};
  const std::string object{kObjects[static_cast<std::size_t>(drop.object)]};
  std::vector<RelationName> found;
  for (RelationName& name : drop.relations) {
    const plan::Table* table = context_.schema->find(name.name);
    const plan::Index* index = nullptr;
    for (const auto& [key, each] : context_.schema->tables) {
      for (const plan::Index& candidate : each.indexes) {
        if (candidate.name == name.name && candidate.origin == plan::Index::Origin::created) index = &candidate;
      }
    }
    const bool is_index = drop.object == Drop::Object::index;
    if (is_index ? index == nullptr : table == nullptr) {
      if (!drop.if_exists) return refuse("42P01"_state, object + " \"" + name.name + "\" does not exist", kNowhere);
      result_.notices.push_back(object + " \"" + name.name + "\" does not exist, skipping");
      continue;
    }
    name.printed = is_index ? name.name : table->sqlite_name;
    if (!is_index && table->view != (drop.object == Drop::Object::view)) {
      return refuse("42809"_state, "\"" + name.name + "\" is not a " + object, kNowhere, table->view ? "Use DROP VIEW to remove a view." : "Use DROP TABLE to remove a table.");
    }
    if (!is_index) result_.type_changes.push_back({TypeChange::Verb::forget_table, {.table = name.name}, {}});
    found.push_back(name);
  }
  for (const auto& [key, other] : context_.schema->tables) {
    const bool goes_too = std::ranges::any_of(found, [&](const RelationName& name) { return name.name == key; });
    for (const plan::ForeignKey& reference : other.foreign_keys) {
      const bool target = std::ranges::any_of(found, [&](const RelationName& name) { return name.name == reference.target_table; });
      if (!target || goes_too || drop.object != Drop::Object::table) continue;
      if (drop.cascade) return unsupported("DROP … CASCADE of a table that others refer to", kNowhere);
      return refuse("2BP01"_state, "cannot drop table " + reference.target_table + " because other objects depend on it", kNowhere,
                    "Use DROP ... CASCADE to drop the dependent objects too.",
                    "constraint " + (reference.name.empty() ? key + "_fkey" : reference.name) + " on table " + key + " depends on table " + reference.target_table);
    }
  }
  drop.relations = std::move(found);
  drop.cascade = drop.concurrently = drop.if_exists = false;
  return drop.relations.empty() ? Result<void>{} : finish(statement);
}

Result<void> SchemaBinder::bind(Truncate& truncate, Statement&) {
  std::vector<const plan::Table*> tables;
  for (RelationName& name : truncate.relations) {
    CROSSFADE_TRY(const plan::Table* table, find(name, "relation"));
    if (table->view) return refuse("42809"_state, "\"" + table->name + "\" is not a table", kNowhere);
    tables.push_back(table);
  }
  const auto chosen = [&](std::string_view name) { return std::ranges::any_of(tables, [&](const plan::Table* table) { return table->name == name; }); };
  for (const auto& [key, other] : context_.schema->tables) {
    for (const plan::ForeignKey& reference : other.foreign_keys) {
      if (!chosen(reference.target_table) || chosen(key)) continue;
      if (truncate.cascade) return unsupported("TRUNCATE … CASCADE of a table that others refer to", kNowhere);
      return refuse("0A000"_state, "cannot truncate a table referenced in a foreign key constraint", kNowhere,
                    "Truncate table \"" + key + "\" at the same time, or use TRUNCATE ... CASCADE.",
                    "Table \"" + key + "\" references \"" + reference.target_table + "\".");
    }
  }
  for (const plan::Table* table : tables) result_.texts.push_back("DELETE FROM " + quote_identifier(table->sqlite_name, context_.target));
  for (const plan::Table* table : tables) {
    if (!truncate.restart_identity || !table->autoincrement) continue;
    std::string name;
    for (const char character : table->sqlite_name) name += character == '\'' ? "''" : std::string{character};
    result_.texts.push_back("DELETE FROM sqlite_sequence WHERE name = '" + name + "'");
  }
  return {};
}

Result<void> SchemaBinder::bind(CreateView& create, Statement& statement) {
  if (create.persistence == Persistence::temporary) return unsupported("a temporary view", create.relation.position);
  CROSSFADE_TRY(const bool exists, taken(create.relation, Existing::refuse));
  if (exists) return {};
  Binder binder{context_, {}, 0};
  binder.persisted_ = true;
  CROSSFADE_TRY(const Binder::QueryShape shape, binder.bind_query(*create.query, nullptr, Binder::Place::subquery));
  plan::Table view{.name = create.relation.name};
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    plan::Column column{.name = i < create.columns.size() ? create.columns[i] : shape.output[i].name};
    column.type = shape.output[i].type;
    column.form = shape.output[i].form;
    if (view.find_column(column.name)) return refuse("42701"_state, "column \"" + column.name + "\" specified more than once", kNowhere);
    view.columns.push_back(std::move(column));
  }
  create.columns.clear();
  for (const plan::Column& column : view.columns) create.columns.push_back(column.name);
  CROSSFADE_CHECK(finish(statement));
  if (result_.texts.front().find("crossfade_") != std::string::npos) {
    return unsupported("this query in a view", create.query->position, "What is stored in the file may only use SQLite's own functions.");
  }
  declare(view);
  return {};
}

}  // namespace crossfade::sql
