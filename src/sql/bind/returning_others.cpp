#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

constexpr std::size_t kMostCells = 64;  // of a packed row that is read as a table

std::string cell(std::size_t place) { return "c" + std::to_string(place); }

Expression int8_constant(std::size_t value) { return constant(static_cast<std::int64_t>(value), {oid::int8}); }

/// The rows of the join, packed, and where the columns of theirs that RETURNING reads stand in them.
class JoinedRows {
 public:
  /// `changed`: the table's own name, by which RETURNING knows the changed row; its alias it does not know.
  JoinedRows(const Scope& scope, Select& join, std::string changed, std::size_t step, Position position)
      : scope_(scope), join_(join), changed_(std::move(changed)), step_(step), position_(position) {}

  Expression packed() const {
    const model::Type bytes{oid::bytea};
    return {Parameter{.step = static_cast<std::uint16_t>(step_)}, position_, bytes, plan::runtime_form(bytes)};
  }
  FromItem table(const std::string& printed) const {
    return {FunctionReference{.call = {RawCall{"crossfade_rows", {packed()}}, position_}, .alias = {printed, {}}}, position_};
  }
  /// The 1-based place of a further cell.
  std::size_t add(Expression value) {
    join_.targets.push_back({std::move(value), cell(join_.targets.size() + 1)});
    return join_.targets.size();
  }
  /// Each column of another table becomes what the row's cell says; `key`: the cell that the changed row's number is looked for in.
  void look_up(Expression& expression, std::size_t key) {
    const auto* column = std::get_if<ColumnReference>(&expression.node);
    if (column && is_other(column->printed_qualifier)) {
      const model::Type type = expression.type;
      const plan::StoredForm form = expression.form;
      const Position position = expression.position;
      RawCall found{"crossfade_packed_field", {packed(), int8_constant(key), rules::row_number(changed_), int8_constant(place_of(std::move(expression)))}};
      expression = {std::move(found), position, type, form};
      return;
    }
    for_each_child(expression, [&](Expression& child) { look_up(child, key); }, [](Query&) {});
  }

 private:
  bool is_other(const std::string& printed) const {
    return std::ranges::any_of(scope_.relations.begin() + 1, scope_.relations.end(), [&](const RelationPointer& each) { return each->printed == printed; });
  }
  std::size_t place_of(Expression column) {
    const std::string own = typed_signature(column);
    const auto known = std::ranges::find(columns_, own, &std::pair<std::string, std::size_t>::first);
    if (known != columns_.end()) return known->second;
    columns_.emplace_back(own, add(std::move(column)));
    return columns_.back().second;
  }

  const Scope& scope_;
  Select& join_;
  std::string changed_;
  std::size_t step_;
  Position position_;
  std::vector<std::pair<std::string, std::size_t>> columns_;
};

bool holds_query(const Expression& bound) {
  bool found = false;
  for_each_child(bound, [&](const Expression& child) { found = found || holds_query(child); }, [&](const Query&) { found = true; });
  return found;
}

}  // namespace

bool Binder::returns_others(const std::vector<ResultColumn>& returning, const Scope& scope) {
  return std::ranges::any_of(returning, [&](const ResultColumn& target) {
    const auto read = read_by(target.expression);
    return std::ranges::any_of(scope.relations.begin() + 1, scope.relations.end(), [&](const RelationPointer& other) { return read.contains(other->printed); });
  });
}

/// RETURNING that reads the other tables of UPDATE … FROM and DELETE … USING, which SQLite's does not see: the join is a step of its own, one
/// row for each row to be changed (PostgreSQL's choice among several is open, too); the change reads its packed rows, and RETURNING looks
/// its own row up in them. `assigned`: of an UPDATE, whose values become cells.
Result<Expression> Binder::join_first(JoinedChange change, const plan::Table& table, const Scope& scope) {
  const std::string& printed = scope.relations.front()->printed;
  const Position position = change.relation.relation.position;
  if (!rules::has_row_number(table)) return unsupported("RETURNING a column of another table, of a table without row numbers", position);
  const auto in_query = [&](const ResultColumn& target) { return holds_query(target.expression); };
  if (std::ranges::any_of(change.returning, [&](const ResultColumn& target) { return in_query(target) && returns_others({target}, scope); })) {
    return unsupported("RETURNING a column of another table beside a subquery", position);
  }
  Select join;
  JoinedRows rows{scope, join, change.relation.relation.printed, steps_.size() + 1, position};
  std::size_t key = rows.add(rules::row_number(printed));
  const std::string source = unique_printed("joined");
  const plan::Column* alias = table.rowid_alias();
  for (Assignment& assignment : change.assigned) {
    if (assignment.columns.size() != 1) return unsupported("RETURNING a column of another table beside SET (…) = (SELECT …)", position);
    const model::Type type = assignment.value.type;
    const plan::StoredForm form = assignment.value.form;
    const std::size_t place = rows.add(std::move(assignment.value));
    if (alias && assignment.columns.front().text == alias->sqlite_name) key = place;
    assignment.value = {ColumnReference{{}, source, cell(place), source, cell(place), nullptr}, kNowhere, type, form};
  }
  if (join.targets.size() > kMostCells) return unsupported("RETURNING a column of another table beside so many assignments", position);
  for (ResultColumn& target : change.returning) rows.look_up(target.expression, key);
  join.group_by.push_back(rules::row_number(printed));
  join.from.push_back({change.relation, position});
  std::ranges::move(change.from, std::back_inserter(join.from));
  join.where = std::exchange(change.where, {});
  Query query;
  query.with = change.with;
  if (std::ranges::none_of(change.returning, in_query)) change.with = {};
  query.body = std::move(join);
  change.from.clear();
  change.from.push_back(rows.table(source));
  steps_.push_back({Statement{std::move(query)}, {}, {}});
  reads_.emplace_back();
  const model::Type int8{oid::int8};
  return Expression{ColumnReference{{}, source, cell(1), source, cell(1), nullptr}, kNowhere, int8, plan::runtime_form(int8)};
}

}  // namespace crossfade::sql
