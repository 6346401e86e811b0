#include <array>
#include <utility>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

/// Where a query may name itself: once in its second arm, and there in none of these places.
/// Source: PostgreSQL 15, checkWellFormedRecursion.
enum class Within : std::uint8_t { allowed, first_arm, subquery, outer_join, intersect, except };
constexpr std::array<std::string_view, 6> kPlaces{"", "its non-recursive term", "a subquery", "an outer join", "INTERSECT", "EXCEPT"};

class RecursionCheck {
 public:
  explicit RecursionCheck(const std::string& name) : name_(name) {}

  void query(const Query& query, Within within) {
    if (query.with) {
      for (const CommonTable& table : query.with->tables) {
        if (const auto* inner = std::get_if<Query>(&table.statement->node); inner && !(query.with->recursive && table.name == name_)) this->query(*inner, within);
        if (table.name == name_) return;  // another of this name from here on
      }
    }
    if (const auto* both = std::get_if<SetOperation>(&query.body)) {
      using Kind = SetOperation::Kind;
      const Within place = both->kind == Kind::intersect ? Within::intersect : Within::except;
      const bool strict = both->kind != Kind::union_ && both->all;
      this->query(*both->left, strict ? place : within);
      this->query(*both->right, strict || both->kind == Kind::except ? place : within);
    } else if (const auto* select = std::get_if<Select>(&query.body)) {
      for (const FromItem& each : select->from) item(each, within);
    }
    const auto nothing = [](const Query&) {};
    const auto expressions = [&](const Expression& each) { expression(each); };
    Query without = {};  // FROM and the arms are done
    if (const auto* select = std::get_if<Select>(&query.body)) {
      Select rest = *select;
      rest.from.clear();
      without.body = std::move(rest);
    } else if (const auto* values = std::get_if<Values>(&query.body)) {
      without.body = *values;
    } else {
      return;
    }
    for_each_in_query(std::as_const(without), expressions, nothing, [](const Statement&) {});
  }

  bool named() const { return named_; }
  std::optional<model::Error> error;

 private:
  void item(const FromItem& item, Within within) {
    if (const auto* table = std::get_if<TableReference>(&item.node)) {
      if (!table->relation.schema.empty() || table->relation.name != name_) return;
      const bool again = std::exchange(named_, true) && within == Within::allowed;
      if (error || (within == Within::allowed && !again)) return;
      const std::string where = again ? "more than once" : "within " + std::string{kPlaces[static_cast<std::size_t>(within)]};
      error = model::Error{"42P19"_state, "recursive reference to query \"" + name_ + "\" must not appear " + where, {}, {}, error_position(table->relation.position)};
      return;
    }
    if (const auto* derived = std::get_if<SubqueryReference>(&item.node)) return query(*derived->query, within);
    if (const auto* function = std::get_if<FunctionReference>(&item.node)) return expression(function->call);
    const auto& join = std::get<Join>(item.node);
    const Within outer = within == Within::allowed ? Within::outer_join : within;
    const bool right_optional = join.kind == Join::Kind::left || join.kind == Join::Kind::full;
    const bool left_optional = join.kind == Join::Kind::right || join.kind == Join::Kind::full;
    this->item(*join.left, left_optional ? outer : within);
    this->item(*join.right, right_optional ? outer : within);
    if (join.on) expression(*join.on);
  }
  void expression(const Expression& expression) {
    for_each_child(expression, [&](const Expression& child) { this->expression(child); }, [&](const Query& inner) { query(inner, Within::subquery); });
  }

  const std::string& name_;
  bool named_ = false;
};

}  // namespace

/// Of an unbound item of WITH RECURSIVE: whether it names itself. Errors: 42P19, and 0A000 for what PostgreSQL does not do either.
Result<bool> Binder::is_recursive(const CommonTable& table, const Query& query) {
  RecursionCheck check{table.name};
  const auto* both = std::get_if<SetOperation>(&query.body);
  if (!both || both->kind != SetOperation::Kind::union_) {
    check.query(query, Within::allowed);
    if (!check.named()) return false;
    return refuse("42P19"_state, "recursive query \"" + table.name + "\" does not have the form non-recursive-term UNION [ALL] recursive-term", table.position);
  }
  check.query(*both->left, Within::first_arm);
  check.query(*both->right, Within::allowed);
  if (!check.named()) return false;
  if (check.error) return std::unexpected(*std::move(check.error));
  const auto not_done = [&](std::string_view clause) { return refuse("0A000"_state, std::string{clause} + " in a recursive query is not implemented", kNowhere); };
  if (!query.order_by.empty()) return not_done("ORDER BY");
  if (query.offset) return not_done("OFFSET");
  if (query.limit) return not_done("LIMIT");
  if (!query.locks.empty()) return not_done("FOR UPDATE/SHARE");
  return true;
}

}  // namespace crossfade::sql
