#include <algorithm>

#include "bind/binder.hpp"
#include "bind/table_text.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "crossfade/sql/relations.hpp"
#include "print/print.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

bool is_part(const TargetColumn& name) { return !name.steps.empty(); }
bool is_default(const Expression& expression) { return std::holds_alternative<DefaultMarker>(expression.node); }

/// Columns that SQLite fills by itself leave the list when every row says DEFAULT for them.
void drop_default_columns(Insert& insert, Values& values, std::vector<const plan::Column*>& columns) {
  for (std::size_t i = columns.size(); i-- > 0;) {
    const bool all = std::ranges::all_of(values.rows, [&](const Expressions& row) { return i < row.size() && is_default(row[i]); });
    if (!all || columns.size() == 1) continue;
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
    insert.columns.erase(insert.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (Expressions& row : values.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// Columns without a value whose default is now() or nextval(): the file's own default would be SQLite's clock, or none.
std::vector<const plan::Column*> moments_left_out(const std::vector<const plan::Column*>& columns, const plan::Table& table) {
  std::vector<const plan::Column*> left_out;
  for (const plan::Column& column : table.columns) {
    const bool computed = !column.sequence.empty() || rules::moment_default(column) || (column.default_sql && kept_default_of(*column.default_sql));
    if (std::ranges::find(columns, &column) == columns.end() && computed) left_out.push_back(&column);
  }
  return left_out;
}

/// `given`: the places of the values. The error stands at the first one too many, of values or of columns.
std::unexpected<model::Error> wrong_width(std::span<const Position> given, std::span<const TargetColumn> wanted) {
  return given.size() > wanted.size()
             ? refuse("42601"_state, "INSERT has more expressions than target columns", given[wanted.size()])
             : refuse("42601"_state, "INSERT has more target columns than expressions", wanted[given.size()].position);
}

std::unexpected<model::Error> always_identity(const plan::Column& column, Position) {
  return refuse("428C9"_state, "cannot insert a non-DEFAULT value into column \"" + column.name + "\"", kNowhere, "Use OVERRIDING SYSTEM VALUE to override.",
                "Column \"" + column.name + "\" is an identity column defined as GENERATED ALWAYS.");
}

/// OVERRIDING USER VALUE: what is given for identity columns does not count.
void ignore_identities(Values& values, const std::vector<const plan::Column*>& columns) {
  for (Expressions& row : values.rows) {
    for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i) {
      if (columns[i]->serial || !columns[i]->sequence.empty()) row[i] = {DefaultMarker{}, row[i].position};
    }
  }
}

bool matches(const plan::Index& index, const std::set<std::string>& columns) {
  if (!index.unique || index.predicate || index.parts.size() != columns.size()) return false;
  return std::ranges::all_of(index.parts, [&](const plan::IndexPart& part) { return !part.column.empty() && columns.contains(part.column); });
}

}  // namespace

Result<std::vector<const plan::Column*>> Binder::insert_columns(Insert& insert, const plan::Table& table) {
  std::vector<const plan::Column*> columns;
  std::map<const plan::Column*, bool> written;  // true: parts of it
  auto* values = std::get_if<Values>(&insert.source->body);
  const auto* select = std::get_if<Select>(&insert.source->body);
  if (insert.columns.empty()) {  // the first columns only, as PostgreSQL takes them
    const bool counted = values || (select && !has_star(*select));
    const std::size_t width = values ? values->rows.front().size() : counted ? select->targets.size() : table.columns.size();
    for (const plan::Column& column : table.columns) {
      if (insert.columns.size() == width || (column.generated && !counted)) break;
      insert.columns.push_back({{column.name, kNowhere}});
    }
  }
  for (std::size_t i = 0; i < insert.columns.size();) {
    const TargetColumn& name = insert.columns[i];
    CROSSFADE_TRY(const plan::Column* column, target_column(table, name));
    const auto [known, added] = written.try_emplace(column, !name.steps.empty());
    if (!added && (!known->second || name.steps.empty())) {
      return refuse("42701"_state, "column \"" + name.text + "\" specified more than once", name.position);
    }
    if (!column->generated) {
      columns.push_back(column);
      ++i;
      continue;
    }
    const bool left_out = values && insert.columns.size() > 1 &&
                          std::ranges::all_of(values->rows, [&](const Expressions& row) { return i < row.size() && is_default(row[i]); });
    if (!left_out) {
      return refuse("428C9"_state, "cannot insert a non-DEFAULT value into column \"" + name.text + "\"", name.position, {},
                    "Column \"" + name.text + "\" is a generated column.");
    }
    insert.columns.erase(insert.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (Expressions& row : values->rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return columns;
}

bool Binder::has_star(const Select& select) {
  return std::ranges::any_of(select.targets, [](const ResultColumn& target) { return std::holds_alternative<Star>(target.expression.node); });
}

Result<void> Binder::bind_insert_values(Insert& insert, std::vector<const plan::Column*> columns, const plan::Table& table) {
  auto& values = std::get<Values>(insert.source->body);
  const bool parts = std::ranges::any_of(insert.columns, is_part);
  for (const Expressions& row : values.rows) {
    for (std::size_t i = 0; parts && i < std::min(row.size(), columns.size()); ++i) {
      if (is_part(insert.columns[i]) && is_default(row[i])) return default_of_part(insert.columns[i]);
    }
    if (row.size() == columns.size()) continue;
    std::vector<Position> given;
    for (const Expression& value : row) given.push_back(value.position);
    return wrong_width(given, insert.columns);
  }
  if (insert.overriding == Insert::Overriding::user) ignore_identities(values, columns);
  drop_default_columns(insert, values, columns);
  if (parts) CROSSFADE_CHECK(join_insert_parts(insert, columns));
  for (const plan::Column* column : moments_left_out(columns, table)) {
    columns.push_back(column);
    insert.columns.push_back({{column->name, kNowhere}});
    for (Expressions& row : values.rows) row.push_back({DefaultMarker{}, kNowhere});
  }
  Scope scope;
  for (Expressions& row : values.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].type.oid != oid::unknown) {  // of parts, bound already
        CROSSFADE_CHECK(assign(row[i], *columns[i], table));
        continue;
      }
      if (is_default(row[i])) {
        CROSSFADE_TRY(row[i], default_of(*columns[i], table));
        continue;
      }
      if (columns[i]->identity_always && insert.overriding != Insert::Overriding::system) return always_identity(*columns[i], row[i].position);
      CROSSFADE_CHECK(bind(row[i], scope, Clause::values));
      CROSSFADE_CHECK(assign(row[i], *columns[i], table));
    }
  }
  return {};
}

namespace {

Expression no_value(const plan::Column& column) { return constant(model::Null{}, {column.type.oid}); }

}  // namespace

/// INSERT INTO t (a[1], a[2]): the rows' values for parts of a column become one, bound.
Result<void> Binder::join_insert_parts(Insert& insert, Columns& columns) {
  std::vector<TargetColumn> names;
  Columns own;
  for (Expressions& row : std::get<Values>(insert.source->body).rows) {
    Scope none;
    names = insert.columns;
    own = columns;
    std::vector<ResultColumn> values;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (is_part(names[i])) CROSSFADE_CHECK(bind(row[i], none, Clause::values));
      values.push_back({std::move(row[i]), {}});
    }
    CROSSFADE_CHECK(join_parts(names, own, values, no_value, none, Clause::values));
    row.clear();
    for (ResultColumn& value : values) row.push_back(std::move(value.expression));
  }
  insert.columns = std::move(names);
  columns = std::move(own);
  return {};
}

Result<void> Binder::bind_insert_query(Insert& insert, std::vector<const plan::Column*> columns, const plan::Table& table) {
  Query& source = *insert.source;
  for (const plan::Column* column : columns) {
    if (column->identity_always && insert.overriding != Insert::Overriding::system) return always_identity(*column, source.position);
  }
  if (insert.overriding == Insert::Overriding::user) return unsupported("OVERRIDING USER VALUE of a query", insert.relation.position);
  CROSSFADE_TRY(QueryShape shape, bind_query(source, nullptr, Place::row_source));
  auto* select = std::get_if<Select>(&source.body);
  if (shape.output.size() != columns.size()) {
    std::vector<Position> given(shape.output.size(), source.position);
    for (std::size_t i = 0; select && i < select->targets.size(); ++i) given[i] = select->targets[i].expression.position;
    return wrong_width(given, insert.columns);
  }
  if (columns.empty()) return unsupported("INSERT of a SELECT without columns", source.position);
  const bool parts = std::ranges::any_of(insert.columns, is_part);
  if (!select || select->distinct != Select::Distinct::none || parts) {
    for (std::size_t i = 0; parts && select && select->distinct == Select::Distinct::none && i < columns.size(); ++i) {  // a literal is none of the SELECT's
      Expression& value = select->targets[i].expression;
      const plan::Column& column = *columns[i];
      if (value.type.oid != oid::unknown) continue;
      CROSSFADE_CHECK(coerce(value, is_part(insert.columns[i]) ? part_type(insert.columns[i], column) : model::Type{column.type.oid}, CastContext::assignment));
      shape.output[i].type = value.type;
      shape.output[i].form = value.form;
    }
    for (std::size_t i = 0; i < shape.output.size(); ++i) {
      if (shape.output[i].type.oid == oid::unknown) {
        CROSSFADE_CHECK(coerce_output(source, i, {oid::text}, CastContext::implicit));
        shape.output[i].type = {oid::text};
        shape.output[i].form = plan::runtime_form({oid::text});
      }
    }
    return insert_from_derived(insert, std::move(columns), table, std::move(shape));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) CROSSFADE_CHECK(assign(select->targets[i].expression, *columns[i], table));
  return select_moments(insert, columns, table, select->targets);
}

Result<void> Binder::select_moments(Insert& insert, const std::vector<const plan::Column*>& columns, const plan::Table& table,
                                    std::vector<ResultColumn>& targets) {
  for (const plan::Column* column : moments_left_out(columns, table)) {
    CROSSFADE_TRY(Expression value, default_of(*column, table));
    targets.push_back({std::move(value), {}});
    insert.columns.push_back({{column->name, kNowhere}});
  }
  return {};
}

/// What a set operation or DISTINCT gives, and what goes to parts of columns, is assigned outside of it: INSERT … SELECT assigned FROM (query).
Result<void> Binder::insert_from_derived(Insert& insert, std::vector<const plan::Column*> columns, const plan::Table& table, QueryShape shape) {
  name_output(*insert.source, shape.output);
  const std::string printed = unique_printed("source");
  Select outer;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const OutputItem& item = shape.output[i];
    Expression value{ColumnReference{{}, printed, item.name, printed, item.printed, nullptr}, kNowhere, item.type, item.form};
    outer.targets.push_back({std::move(value), {}});
  }
  Scope none;
  CROSSFADE_CHECK(join_parts(insert.columns, columns, outer.targets, no_value, none, Clause::values));
  for (std::size_t i = 0; i < columns.size(); ++i) CROSSFADE_CHECK(assign(outer.targets[i].expression, *columns[i], table));
  CROSSFADE_CHECK(select_moments(insert, columns, table, outer.targets));
  Query inner = std::move(*insert.source);
  outer.from.push_back({SubqueryReference{std::move(inner), {printed, {}}, false}, kNowhere});
  Query query;
  query.body = std::move(outer);
  insert.source = std::move(query);
  return {};
}

namespace {

/// A text of the file and one of ours say the same but for blanks and outer parentheses.
std::string bare_text(std::string_view text) {
  std::string out;
  for (const char c : text) if (c != ' ' && c != '\n') out += c;
  const auto wrapped = [&] {
    if (!out.starts_with('(')) return false;
    int depth = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      depth += out[i] == '(' ? 1 : out[i] == ')' ? -1 : 0;
      if (depth == 0) return i + 1 == out.size();
    }
    return false;
  };
  while (wrapped()) out = out.substr(1, out.size() - 2);
  return out;
}

}  // namespace

Result<void> Binder::bind_conflict_target(OnConflict& conflict, const plan::Table& table) {
  const auto none = [&] { return refuse("42P10"_state, "there is no unique or exclusion constraint matching the ON CONFLICT specification", conflict.position); };
  std::set<std::string> columns;
  if (!conflict.constraint.empty()) {
    CROSSFADE_TRY(columns, constraint_columns(conflict, table));
    conflict.constraint.clear();
    for (const std::string& column : columns) conflict.target.push_back({.column = {column, conflict.position}});
  }
  if (conflict.target.empty()) {
    if (conflict.update) return refuse("42601"_state, "ON CONFLICT DO UPDATE requires inference specification or constraint name", conflict.position, "For example, ON CONFLICT (column_name).");
    return {};
  }
  // ON CONFLICT (a, lower(b)) WHERE c: a unique index of these parts, whose predicate is the WHERE. The index's own words are printed.
  const auto index_target = [&]() -> Result<bool> {
    Binder persisted{context_, {}, 0};
    persisted.persisted_ = true;
    Scope scope;
    scope.relations.push_back(persisted.relation_of(table, table.name, {}));
    scope.visible = scope.relations.front()->columns;
    const auto text_of_bound = [&](Expression& expression) -> Result<std::string> {
      CROSSFADE_CHECK(persisted.bind(expression, scope, Clause::persisted));
      return print(expression, context_.target);
    };
    std::string where;
    if (conflict.target_where) {
      CROSSFADE_TRY(where, text_of_bound(*conflict.target_where));
    }
    std::set<std::string> wanted;
    for (IndexPart& part : conflict.target) {
      if (part.expression) {
        CROSSFADE_TRY(const std::string text, text_of_bound(*part.expression));
        wanted.insert(bare_text(text));
        continue;
      }
      const plan::Column* column = table.find_column(part.column.text);
      if (!column) return refuse("42703"_state, "column \"" + part.column.text + "\" does not exist", part.column.position);
      wanted.insert(column->name);
    }
    for (const plan::Index& index : table.indexes) {
      std::set<std::string> own;
      for (const plan::IndexPart& part : index.parts) own.insert(part.column.empty() ? bare_text(part.expression) : part.column);
      if (!index.unique || own != wanted || (index.predicate && bare_text(*index.predicate) != bare_text(where))) continue;
      conflict.target.clear();
      for (const plan::IndexPart& part : index.parts) {
        IndexPart made;
        if (part.column.empty()) made.expression = Expression{RawText{part.expression}, conflict.position};
        else made.column = {table.find_column(part.column)->sqlite_name, conflict.position};
        conflict.target.push_back(std::move(made));
      }
      conflict.target_where = index.predicate ? Box<Expression>{Expression{RawText{*index.predicate}, conflict.position}} : Box<Expression>{};
      return true;
    }
    return false;
  };
  columns.clear();
  if (conflict.target_where || std::ranges::any_of(conflict.target, [](const IndexPart& part) { return part.expression.get() != nullptr; })) {
    CROSSFADE_TRY(const bool found, index_target());
    return found ? Result<void>{} : none();
  }
  std::vector<IndexPart> once;  // (a, a) is (a)
  for (IndexPart& part : conflict.target) {
    const plan::Column* column = table.find_column(part.column.text);
    if (!column) return refuse("42703"_state, "column \"" + part.column.text + "\" does not exist", part.column.position);
    part.column.text = column->sqlite_name;
    if (columns.insert(column->name).second) once.push_back(std::move(part));
  }
  conflict.target = std::move(once);
  const auto key = table.key();
  const bool primary = key.size() == columns.size() && std::ranges::all_of(key, [&](const plan::Column* part) { return columns.contains(part->name); });
  const bool unique = std::ranges::any_of(table.indexes, [&](const plan::Index& index) { return matches(index, columns); });
  return primary || unique ? Result<void>{} : none();
}

/// ON CONSTRAINT name: a key by its written name, or by PostgreSQL's own for a key (t_pkey, t_a_b_key).
Result<std::set<std::string>> Binder::constraint_columns(const OnConflict& conflict, const plan::Table& table) {
  auto text = read_table_text(table.sql);
  if (!text) text.emplace();
  std::vector<TablePiece> pieces = text->constraints;
  for (const TableColumn& column : text->columns) std::ranges::copy(column.pieces, std::back_inserter(pieces));
  for (const TablePiece& piece : pieces) {
    if (piece_name(piece, table.name) != conflict.constraint) continue;
    if (piece.kind != TablePiece::Kind::primary_key && piece.kind != TablePiece::Kind::unique) {
      return refuse("42809"_state, "constraint in ON CONFLICT clause has no associated index", conflict.position);
    }
    std::set<std::string> columns;
    for (const plan::Column& column : table.columns) {
      const auto same = [&](const std::string& name) { return plan::fold(name) == plan::fold(column.sqlite_name); };
      if (std::ranges::any_of(piece.columns, same)) columns.insert(column.name);
    }
    return columns;
  }
  std::set<std::string> derived;  // of a table whose text is not known
  if (table.sql.empty() && conflict.constraint == plan::object_name(table.name, {}, "pkey")) {
    for (const plan::Column* part : table.key()) derived.insert(part->name);
  }
  if (!derived.empty()) return derived;
  return refuse("42704"_state, "constraint \"" + conflict.constraint + "\" for table \"" + table.name + "\" does not exist", conflict.position);
}

Result<void> Binder::bind_conflict(OnConflict& conflict, const plan::Table& table, Scope& scope, const ChangedView* through) {
  CROSSFADE_CHECK(bind_conflict_target(conflict, table));
  if (!conflict.update) return {};
  if (scope.relations.front()->alias == "excluded") return refuse("42P09"_state, "table reference \"excluded\" is ambiguous", conflict.position);
  Scope both;
  both.relations = scope.relations;
  both.visible = scope.visible;
  RelationPointer excluded = relation_of(table, "excluded", "excluded");
  if (through) {
    CROSSFADE_TRY(const ChangedView given, changed_view(*through->view, Change::insert, "excluded", "excluded"));
    excluded = given.relation;
  }
  std::ranges::copy(excluded->columns, std::back_inserter(both.visible));  // a name alone is ambiguous
  both.relations.push_back(std::move(excluded));
  CROSSFADE_CHECK(bind_assignments(conflict.assignments, table, both));
  if (conflict.where) {
    CROSSFADE_CHECK(bind(*conflict.where, both, Clause::where));
    CROSSFADE_CHECK(require_boolean(*conflict.where, "WHERE"));
  }
  if (through) check_shown(*through, conflict.where);
  return {};
}

namespace {

/// RETURNING xmax: 0 of a row that is new; one that ON CONFLICT DO UPDATE found there has the transaction's number, as it was locked first.
Expression maker_of_row(const Insert& insert) {
  const bool updates = insert.on_conflict && insert.on_conflict->update;
  Expression number = updates ? Expression{RawCall{"crossfade_xmax", {}}} : constant(std::int64_t{0}, {oid::xid});
  number.type = {oid::xid};
  number.form = plan::runtime_form(number.type);
  return number;
}

}  // namespace

/// DEFAULT VALUES of a table with such columns: they get a row that names them.
void Binder::insert_default_moments(Insert& insert, const plan::Table& table) {
  const auto moments = moments_left_out({}, table);
  if (moments.empty()) return;
  Values values;
  values.rows.emplace_back();
  for (const plan::Column* column : moments) {
    insert.columns.push_back({{column->name, kNowhere}});
    values.rows.front().push_back({DefaultMarker{}, kNowhere});
  }
  Query query;
  query.body = std::move(values);
  insert.source = std::move(query);
}

Result<Output> Binder::bind_insert(Insert& insert) {
  if (insert.with) CROSSFADE_CHECK(bind_with(*insert.with, nullptr));
  CROSSFADE_TRY(const plan::Table* table, find_table(insert.relation));
  const std::string alias = insert.alias.empty() ? table->name : insert.alias;
  const std::string printed = unique_printed(table->view ? kBelow : alias);
  insert.alias = printed == table->sqlite_name ? "" : printed;
  Scope scope;
  std::optional<ChangedView> through;
  if (table->view) {
    CROSSFADE_TRY(through, changed_view(*table, Change::insert, alias, printed));
    CROSSFADE_CHECK(name_below(*through, insert));
    if (insert.on_conflict) CROSSFADE_CHECK(name_below(*through, *insert.on_conflict));
    table = through->table;
    print_relation(insert.relation, *table, *context_.schema);
  }
  scope.relations.push_back(through ? through->relation : relation_of(*table, alias, printed));
  scope.visible = scope.relations.front()->columns;
  if (!insert.source) insert_default_moments(insert, *table);
  const auto* values = insert.source ? std::get_if<Values>(&insert.source->body) : nullptr;
  const bool one_row = !insert.source || (values && values->rows.size() == 1);
  if (insert.source) {
    CROSSFADE_TRY(const std::vector<const plan::Column*> columns, insert_columns(insert, *table));
    const bool rows = std::holds_alternative<Values>(insert.source->body) && !insert.source->with && insert.source->order_by.empty() &&
                      !insert.source->limit && !insert.source->offset;
    CROSSFADE_CHECK(rows ? bind_insert_values(insert, columns, *table) : bind_insert_query(insert, columns, *table));
    for (Name& name : insert.columns) name.text = table->find_column(name.text)->sqlite_name;
  }
  insert.overriding = Insert::Overriding::none;
  const plan::Column* alias_column = table->rowid_alias();
  const bool counted = alias_column && (table->autoincrement || alias_column->serial) && !table->temporary &&
                       std::ranges::none_of(insert.columns, [&](const Name& name) { return name.text == alias_column->sqlite_name; });
  if (counted && table->autoincrement) serial_table_ = table->sqlite_name;
  if (counted) serial_sequence_ = plan::counter_name(*table, *alias_column);
  if (insert.on_conflict) {
    const OwnReads reads(*this);
    CROSSFADE_CHECK(bind_conflict(*insert.on_conflict, *table, scope, through ? &*through : nullptr));
    const bool shown_by_itself = through && std::ranges::any_of(through->conditions, [&](const Expression& condition) {
      const auto read = relations_read(std::get<Template>(condition.node).text);
      return read.contains(plan::fold(table->sqlite_name)) || reads_now(read, changing(insert, *table));
    });
    if (!one_row && (shown_by_itself || reads.of(changing(insert, *table))))
      return unsupported("ON CONFLICT DO UPDATE of several rows with a subquery that reads the changed table \"" + table->name + "\"", insert.on_conflict->position,
                         "Send a statement for each row, or read it before the change.");
  }
  if (!through && !insert.returning.empty()) {
    Relation relation = *scope.relations.front();
    relation.hidden.push_back({"xmax", maker_of_row(insert)});
    scope.relations.front() = std::make_shared<const Relation>(std::move(relation));
  }
  return bind_returning(insert.returning, changing(insert, *table), scope);
}

}  // namespace crossfade::sql
