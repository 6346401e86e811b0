#include "bind/schema_binder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

Result<Translated> SchemaBinder::statement(Statement& statement, Kind kind) {
  result_ = {.kind = kind, .writes = true};
  auto done = std::visit([&](auto& node) -> Result<void> {
    if constexpr (requires { bind(node, statement); }) return bind(node, statement);
    else return unsupported("this statement", 0);
  }, statement.node);
  if (!done) return std::unexpected(done.error());
  result_.writes_temporary = result_.temporary && !permanent_;
  for (TypeChange& change : result_.type_changes) change.temporary = change.temporary || (result_.temporary && !permanent_);
  return std::move(result_);
}

Result<void> SchemaBinder::finish(const Statement& statement) {
  CROSSFADE_TRY(result_.texts, print(statement, context_.target));
  return {};
}

Result<Persistence> SchemaBinder::persistence_of(const RelationName& name, Persistence written) {
  if (name.schema == "pg_temp" && written == Persistence::unlogged)
    return refuse("42P16"_state, "only temporary relations may be created in temporary schemas", name.position);
  if (name.schema == "pg_temp") written = Persistence::temporary;
  const bool temporary = written == Persistence::temporary;
  if (temporary && !name.schema.empty() && name.schema != "pg_temp") {
    return refuse("42P16"_state, "cannot create temporary relation in non-temporary schema", name.position);
  }
  note_place(temporary);
  if (written == Persistence::unlogged) note("00000"_state, "UNLOGGED is ignored: SQLite writes every table through the same log");
  return temporary ? written : Persistence::permanent;
}

void SchemaBinder::note(model::SqlState state, std::string message) { result_.notices.push_back({state, std::move(message)}); }

void SchemaBinder::note_place(bool temporary) { (temporary ? result_.temporary : permanent_) = true; }

/// PostgreSQL keeps a key in an index with a name of its own: t_pkey, t_a_b_key, or the written one. SQLite's have none that a client sees.
bool SchemaBinder::names_key_of(const plan::Table& table, const std::string& name) {
  if (!name.starts_with(table.name + "_") && !table.sql.contains(name)) return false;
  if (table.view) return false;
  if (const auto text = read_table_text(table.sql)) {
    const auto is_it = [&](const TablePiece& piece) {
      return (piece.kind == PieceKind::primary_key || piece.kind == PieceKind::unique) && piece_name(piece, table.name) == name;
    };
    return std::ranges::any_of(text->constraints, is_it) ||
           std::ranges::any_of(text->columns, [&](const TableColumn& column) { return std::ranges::any_of(column.pieces, is_it); });
  }
  if (name == table.name + "_pkey") return !table.key().empty();
  return std::ranges::any_of(table.indexes, [&](const plan::Index& index) {
    std::string derived = table.name;
    for (const plan::IndexPart& part : index.parts) derived += "_" + part.column;
    return index.origin == plan::Index::Origin::unique_constraint && derived + "_key" == name;
  });
}

bool SchemaBinder::names_key(const RelationName& name) const {
  return std::ranges::any_of(context_.schema->tables, [&](const auto& entry) { return names_key_of(entry.second, name.name); });
}

bool SchemaBinder::is_sequence(const RelationName& name) const {
  const bool here = name.schema.empty() || name.schema == "public";
  return here && (context_.schema->sequences.contains(name.name) || keyed_by(*context_.schema, name.name) != nullptr);
}

Result<bool> SchemaBinder::taken(RelationName& name, Existing existing) {
  const bool temporary = result_.temporary;
  if (context_.schema->namespaces.contains(name.schema)) {
    return unsupported("an object in schema \"" + name.schema + "\"", name.position, "On SQLite all objects are in schema \"public\".");
  }
  if (!name.schema.empty() && name.schema != "public" && name.schema != "pg_temp") {
    return refuse("3F000"_state, "schema \"" + name.schema + "\" does not exist", name.position);
  }
  // To SQLite names are the same in any case.
  const std::string folded = plan::fold(name.name);
  if (folded.starts_with("crossfade_") || folded.starts_with("sqlite_")) {
    return refuse("42939"_state, "unacceptable relation name \"" + name.name + "\"", name.position, {}, "The prefixes \"crossfade_\" and \"sqlite_\" are reserved.");
  }
  name.printed = name.name;
  const plan::Schema::Tables& beside = temporary ? context_.schema->temporary : context_.schema->tables;
  const bool index = std::ranges::any_of(beside, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.indexes, [&](const plan::Index& each) { return each.name == name.name; });
  });
  const bool sequence = !temporary && is_sequence(name);
  const bool key = std::ranges::any_of(beside, [&](const auto& entry) { return names_key_of(entry.second, name.name); });
  if (!index && !sequence && !key && !beside.contains(name.name)) {
    const auto alike = std::ranges::find_if(beside, [&](const auto& entry) { return plan::fold(entry.second.sqlite_name) == folded; });
    if (alike == beside.end()) return false;
    return unsupported("relation \"" + name.name + "\" beside \"" + alike->first + "\"", name.position, "On SQLite names are the same in any case.");
  }
  if (existing == Existing::refuse) return refuse("42P07"_state, "relation \"" + name.name + "\" already exists", kNowhere);
  note("42P07"_state, "relation \"" + name.name + "\" already exists, skipping");
  return true;
}

/// Errors: 3F000. PostgreSQL names no place.
Result<void> SchemaBinder::check_schema(const RelationName& name) const {
  constexpr std::array<std::string_view, 5> kSchemas{"", "public", "pg_temp", "pg_catalog", "information_schema"};
  if (std::ranges::find(kSchemas, name.schema) != kSchemas.end() || context_.schema->namespaces.contains(name.schema)) return {};
  return refuse("3F000"_state, "schema \"" + name.schema + "\" does not exist", kNowhere);
}

Result<const plan::Table*> SchemaBinder::find(RelationName& name, std::string_view object) {
  const plan::Table* table = context_.schema->find(name.schema, name.name);
  if (!table) {
    CROSSFADE_CHECK(check_schema(name));
    return refuse("42P01"_state, std::string{object} + " \"" + name.name + "\" does not exist", kNowhere);  // PostgreSQL names no place either
  }
  print_relation(name, *table, *context_.schema);
  note_place(table->temporary);
  result_.tables.push_back(table->name);
  return table;
}

void SchemaBinder::declare(const plan::Table& table) {
  for (const plan::Column& column : table.columns) result_.type_changes.push_back({TypeChange::Verb::declare, declaration(table.name, column), {}});
}

Result<void> SchemaBinder::bind_persisted(Expression& expression, const plan::Table& table, std::string_view what) {
  note_written(expression, table);
  Binder binder{context_, {}, 0};
  binder.persisted_ = true;
  Scope scope;
  scope.relations.push_back(binder.relation_of(table, table.name, {}));
  scope.visible = scope.relations.front()->columns;
  CROSSFADE_CHECK(binder.bind(expression, scope, Clause::persisted));
  CROSSFADE_CHECK(binder.settle(expression));
  CROSSFADE_TRY(const std::string text, print(expression, context_.target));
  if (text.find("crossfade_") != std::string::npos) {
    const bool letters = text.find("crossfade_lower(") != std::string::npos || text.find("crossfade_upper(") != std::string::npos;
    return unsupported("this expression in " + std::string{what}, expression.position,
                       std::string{"What is stored in the file may only use SQLite's own functions, so that other programs can go on writing it."} +
                           (letters ? " lower(x COLLATE \"C\") and upper(x COLLATE \"C\"), which fold ASCII letters alone, are among them." : ""));
  }
  if (what != "a generated column" && what != "the CHECK of a domain") keep_written(text, table);
  return {};
}

/// The created index of that name, with its table.
std::pair<const plan::Table*, const plan::Index*> SchemaBinder::find_index(const RelationName& name) const {
  const auto in = [&](const plan::Schema::Tables& tables) -> std::pair<const plan::Table*, const plan::Index*> {
    for (const auto& [key, table] : tables) {
      for (const plan::Index& index : table.indexes) {
        if (index.name == name.name && index.origin == plan::Index::Origin::created) return {&table, &index};
      }
    }
    return {nullptr, nullptr};
  };
  const bool temporary = name.schema.empty() || name.schema == "pg_temp";
  const auto first = temporary ? in(context_.schema->temporary) : decltype(in({})){};
  if (first.second || name.schema == "pg_temp") return first;
  return name.schema.empty() || name.schema == "public" ? in(context_.schema->tables) : first;
}

Result<void> SchemaBinder::bind(Drop& drop, Statement& statement) {
  if (drop.object == Drop::Object::sequence) return drop_sequences(drop);
  constexpr std::array<std::string_view, 3> kObjects{"table", "index", "view"};
  const std::string object{kObjects[static_cast<std::size_t>(drop.object)]};
  const bool is_index = drop.object == Drop::Object::index;
  std::vector<RelationName> found;
  std::vector<const plan::Table*> going;
  for (RelationName& name : drop.relations) {
    const auto [indexed, index] = find_index(name);
    const plan::Table* table = is_index ? indexed : context_.schema->find(name.schema, name.name);
    if (!table) {
      if (!drop.if_exists) CROSSFADE_CHECK(check_schema(name));
      if (!drop.if_exists) return refuse(is_index ? "42704"_state : "42P01"_state, object + " \"" + name.name + "\" does not exist", kNowhere);
      note("00000"_state, object + " \"" + name.name + "\" does not exist, skipping");
      continue;
    }
    print_relation(name, *table, *context_.schema);
    note_place(table->temporary);
    if (is_index) {
      name.printed = name.name;
      if (!table->temporary && !context_.schema->temporary.empty()) name.printed_schema = "main";
    } else if (table->view != (drop.object == Drop::Object::view)) {
      return refuse("42809"_state, "\"" + name.name + "\" is not a " + object, kNowhere, table->view ? "Use DROP VIEW to remove a view." : "Use DROP TABLE to remove a table.");
    } else {
      result_.type_changes.push_back({TypeChange::Verb::forget_table, {.table = name.name}, {}, table->temporary});
      if (!table->view) result_.tables.push_back(table->name);
      going.push_back(table);
    }
    found.push_back(name);
  }
  std::vector<std::string> cascades;
  CROSSFADE_CHECK(check_dependents(drop, going, cascades));
  CROSSFADE_TRY(const auto views, views_over(drop, going, cascades));
  note_cascades(cascades);
  drop.relations = std::move(found);
  drop.cascade = drop.concurrently = drop.if_exists = false;
  if (drop.relations.empty()) return {};
  CROSSFADE_CHECK(finish(statement));
  for (const plan::Table* view : views) {
    result_.texts.insert(result_.texts.begin(), std::string{"DROP VIEW "} + (view->temporary ? "temp." : "main.") + quoted(view->sqlite_name));
    result_.type_changes.push_back({TypeChange::Verb::forget_table, {.table = view->name}, {}, view->temporary});
  }
  return {};
}

Result<void> SchemaBinder::bind(Truncate& truncate, Statement&) {
  std::vector<const plan::Table*> tables;
  for (RelationName& name : truncate.relations) {
    CROSSFADE_TRY(const plan::Table* table, find(name, "relation"));
    if (table->view) return refuse("42809"_state, "\"" + table->name + "\" is not a table", kNowhere);
    tables.push_back(table);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const plan::Table* table = tables[i];
    for (const auto& [key, other] : context_.schema->beside(*table)) {
      if (std::ranges::find(tables, &other) != tables.end()) continue;
      const auto found = std::ranges::find(other.foreign_keys, table->name, &plan::ForeignKey::target_table);
      if (found == other.foreign_keys.end()) continue;
      const plan::ForeignKey& reference = *found;
      if (truncate.cascade) {
        note("00000"_state, "truncate cascades to table \"" + key + "\"");
        tables.push_back(&other);
        continue;
      }
      return refuse("0A000"_state, "cannot truncate a table referenced in a foreign key constraint", kNowhere,
                    "Truncate table \"" + key + "\" at the same time, or use TRUNCATE ... CASCADE.",
                    "Table \"" + key + "\" references \"" + reference.target_table + "\".");
    }
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {  // those that refer to others first
    const auto waits = [&](const plan::Table* table) {
      return std::any_of(tables.begin() + static_cast<std::ptrdiff_t>(i), tables.end(), [&](const plan::Table* other) {
        return other != table && std::ranges::find(other->foreign_keys, table->name, &plan::ForeignKey::target_table) != other->foreign_keys.end();
      });
    };
    const auto next = std::find_if_not(tables.begin() + static_cast<std::ptrdiff_t>(i), tables.end(), waits);
    if (next != tables.end()) std::rotate(tables.begin() + static_cast<std::ptrdiff_t>(i), next, next + 1);
  }
  const auto place = [](const plan::Table* table) { return std::string{table->temporary ? "temp." : "main."}; };
  const bool hiding = !context_.schema->temporary.empty();
  for (const plan::Table* table : tables) {
    result_.texts.push_back("DELETE FROM " + (hiding ? place(table) : "") + quote_identifier(table->sqlite_name, context_.target));
  }
  for (const plan::Table* table : tables) {
    if (truncate.restart_identity) restart_sequences(table->name);
    if (!truncate.restart_identity || !table->autoincrement) continue;
    std::string name;
    for (const char character : table->sqlite_name) name += character == '\'' ? "''" : std::string{character};
    result_.texts.push_back("DELETE FROM " + (hiding ? place(table) : "") + "sqlite_sequence WHERE name = '" + name + "'");
  }
  return {};
}

namespace {

/// CREATE OR REPLACE VIEW may only add columns at the end.
Result<void> check_replaced(const plan::Table& before, const plan::Table& after) {
  if (after.columns.size() < before.columns.size()) return refuse("42P16"_state, "cannot drop columns from view", kNowhere);
  for (std::size_t i = 0; i < before.columns.size(); ++i) {
    const plan::Column &old = before.columns[i], &now = after.columns[i];
    if (old.name != now.name) {
      return refuse("42P16"_state, "cannot change name of view column \"" + old.name + "\" to \"" + now.name + "\"", kNowhere,
                    "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
    }
    if (old.type.oid != now.type.oid) {
      return refuse("42P16"_state, "cannot change data type of view column \"" + old.name + "\" from " + model::format_type(old.type) + " to " + model::format_type(now.type), kNowhere);
    }
  }
  return {};
}

}  // namespace

Result<void> SchemaBinder::bind(CreateView& create, Statement& statement) {
  if (create.relation.schema == "pg_temp") create.persistence = Persistence::temporary;
  Binder binder{context_, {}, 0};
  binder.persisted_ = create.persistence != Persistence::temporary;
  CROSSFADE_TRY(const Binder::QueryShape shape, binder.bind_query(*create.query, nullptr, Binder::Place::subquery));
  if (binder.temporary_ && create.persistence != Persistence::temporary) {
    create.persistence = Persistence::temporary;
    note("00000"_state, "view \"" + create.relation.name + "\" will be a temporary view");
  }
  CROSSFADE_TRY(create.persistence, persistence_of(create.relation, create.persistence));
  const plan::Table* before = std::exchange(create.or_replace, false) ? context_.schema->find(create.relation.schema, create.relation.name) : nullptr;
  if (before && before->temporary != (create.persistence == Persistence::temporary)) before = nullptr;
  if (before && !before->view) return refuse("42809"_state, "\"" + before->name + "\" is not a view", kNowhere);
  if (before) {
    create.relation.printed = create.relation.name;
  } else {
    CROSSFADE_TRY(const bool exists, taken(create.relation, Existing::refuse));
    if (exists) return {};
    CROSSFADE_CHECK(check_row_type(create.relation));
  }
  plan::Table view{.name = create.relation.name};
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    plan::Column column{.name = i < create.columns.size() ? create.columns[i] : shape.output[i].name};
    column.type = shape.output[i].type;
    column.form = shape.output[i].form;
    if (view.find_column(column.name)) return refuse("42701"_state, "column \"" + column.name + "\" specified more than once", kNowhere);
    view.columns.push_back(std::move(column));
  }
  if (shape.output.empty()) return unsupported("a view without columns", create.query->position);
  create.columns.clear();
  for (const plan::Column& column : view.columns) create.columns.push_back(column.name);
  if (before) CROSSFADE_CHECK(check_replaced(*before, view));
  CROSSFADE_CHECK(finish(statement));
  if (binder.persisted_ && result_.texts.front().find("crossfade_") != std::string::npos) {
    return unsupported("this query in a view", create.query->position, "What is stored in the file may only use SQLite's own functions.");
  }
  if (before) result_.texts.insert(result_.texts.begin(), std::string{"DROP VIEW "} + (before->temporary ? "temp." : "main.") + quoted(before->sqlite_name));
  declare(view);
  return {};
}

}  // namespace crossfade::sql
