#include <algorithm>
#include <functional>
#include <utility>

#include "bind/binder.hpp"
#include "bind/query_rewrites.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

constexpr std::size_t kMostArms = 400;  // SQLite's UNION ALL has room for 500

using Set = std::set<std::size_t>;  // places in GroupedBy::all

bool calls_window_here(const Expression& unbound) {
  const auto* call = std::get_if<FunctionCall>(&unbound.node);
  bool found = call && call->over;
  if (!found) for_each_child(unbound, [&](const Expression& child) { found = found || calls_window_here(child); }, [](const Query&) {});
  return found;
}

bool holds_query(const Expression& unbound) {
  bool found = false;
  for_each_child(unbound, [&](const Expression& child) { found = found || holds_query(child); }, [&](const Query&) { found = true; });
  return found;
}

bool untyped(const Expression& unbound) { return std::holds_alternative<Literal>(unbound.node) || std::holds_alternative<Parameter>(unbound.node); }

/// What the sets are of. `key_of` tells an unbound expression from others; empty: it cannot be told. `correlated`: a subquery reads what is grouped.
struct GroupedBy {
  std::function<std::string(const Expression&)> key_of;
  std::function<bool(const Query&)> correlated;
  Expressions all;
  std::vector<std::string> keys;

  std::optional<std::size_t> find(const Expression& unbound) const {
    if (std::ranges::none_of(all, [&](const Expression& each) { return each.node.index() == unbound.node.index(); })) return std::nullopt;
    const auto found = std::ranges::find(keys, key_of(unbound));
    return found == keys.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - keys.begin())};
  }
};

/// One arm of grouping sets: what is grouped by elsewhere is NULL here, and GROUPING(…) is known.
class GroupingArm {
 public:
  GroupingArm(const GroupedBy& by, const Set& set) : by_(by), set_(set) {}

  void apply(Expression& expression) {
    if (auto* call = std::get_if<FunctionCall>(&expression.node)) {
      if (call->name == "grouping" && call->schema == "pg_catalog") {
        std::uint32_t bits = 0;
        for (const Expression& argument : call->arguments) {
          const auto place = by_.find(argument);
          known = known && place;
          bits = bits << 1U | (place && set_.contains(*place) ? 0U : 1U);
        }
        expression.node = Literal{Literal::Kind::integer, std::to_string(bits)};
        return;
      }
      if (aggregates(*call)) return;
    }
    if (const auto place = by_.find(expression)) {
      if (set_.contains(*place)) return;
      expression = {FunctionCall{.schema = "pg_catalog", .name = std::string{kLeftOut}, .arguments = {expression}}, expression.position};
      return;
    }
    for_each_child(expression, [&](Expression& child) { apply(child); }, [&](const Query& query) { correlated = correlated || by_.correlated(query); });
  }

  bool correlated = false, known = true;

 private:
  const GroupedBy& by_;
  const Set& set_;
};

/// What stands outside of the arms: window functions, over columns that the arms compute; each further expression is a column of theirs.
class OutsideArms {
 public:
  OutsideArms(const GroupedBy& by, Select& source) : by_(by), source_(source) {}

  Expression of(Expression expression) {
    if (untyped(expression)) return expression;  // a constant takes its type outside
    auto* call = std::get_if<FunctionCall>(&expression.node);
    const bool inside = call && !call->over && aggregates(*call);
    if (inside || !calls_window_here(expression)) return column_for(std::move(expression));
    std::optional<Frame> frame = call && call->over ? std::exchange(call->over->frame, std::nullopt) : std::nullopt;
    for_each_child(expression, [&](Expression& child) { child = of(std::move(child)); }, [&](const Query& query) { correlated = correlated || by_.correlated(query); });
    if (frame) call->over->frame = std::move(frame);
    return expression;
  }

  bool correlated = false;

 private:
  Expression column_for(Expression expression) {
    const std::string key = by_.key_of(expression);
    std::size_t place = 0;
    while (place < keys_.size() && (key.empty() || keys_[place] != key)) ++place;
    if (place == keys_.size()) {
      keys_.push_back(key);
      source_.targets.push_back({std::move(expression), numbered("c", place)});
    }
    return named_column("grouped", numbered("c", place));
  }

  const GroupedBy& by_;
  Select& source_;  // whose targets begin empty
  std::vector<std::string> keys_;
};

const ResultColumn* target_at(const Expression& each, const std::vector<ResultColumn>& targets) {
  const auto* literal = std::get_if<Literal>(&each.node);
  const std::size_t place = literal && literal->kind == Literal::Kind::integer && literal->text.size() < 6 ? std::stoul(literal->text) : 0;
  return place >= 1 && place <= targets.size() ? &targets[place - 1] : nullptr;
}

std::string shown_name(const ResultColumn& target) { return target.alias.empty() ? result_name(target.expression) : target.alias; }

/// What an item of a grouping set means: a place, the name of a result when no column has it, or itself; and which result that is, if one.
struct Meant { Expression expression; const ResultColumn* target = nullptr; };

/// Errors: 42P10, 42601, 42702.
Result<Meant> meant_by(const Expression& item, const std::vector<ResultColumn>& targets, const Scope& scope, const GroupedBy& by) {
  if (const auto* literal = std::get_if<Literal>(&item.node); literal && literal->kind != Literal::Kind::null) {
    if (const ResultColumn* target = target_at(item, targets)) return Meant{target->expression, target};
    if (literal->kind == Literal::Kind::integer) return refuse("42P10"_state, "GROUP BY position " + literal->text + " is not in select list", item.position);
    return refuse("42601"_state, "non-integer constant in GROUP BY", item.position);
  }
  const auto* column = std::get_if<ColumnReference>(&item.node);
  const bool bare = column && column->table.empty() && std::ranges::none_of(scope.visible, [&](const Visible& each) { return each.name == column->name; });
  const ResultColumn* found = nullptr;
  for (const ResultColumn& target : targets) {
    if (!bare || shown_name(target) != column->name) continue;
    if (found && by.key_of(found->expression) != by.key_of(target.expression)) return refuse("42702"_state, "GROUP BY \"" + column->name + "\" is ambiguous", item.position);
    found = &target;
  }
  if (found) return Meant{found->expression, found};
  const std::string own = by.key_of(item);
  const auto same = std::ranges::find_if(targets, [&](const ResultColumn& target) { return by.key_of(target.expression) == own; });
  return Meant{item, same == targets.end() ? nullptr : &*same};
}

/// * as the columns that it stands for, by names that are not bound yet.
Result<std::vector<ResultColumn>> spelled_out(const ResultColumn& target, const Scope& scope) {
  CROSSFADE_TRY(const std::vector<Visible> columns, expand_star(scope, std::get<Star>(target.expression.node), target.expression.position));
  std::vector<ResultColumn> out;
  for (const Visible& column : columns) {
    const auto* bound = std::get_if<ColumnReference>(&column.expression.node);
    const Relation* from = nullptr;
    std::string name;
    for (const RelationPointer& relation : scope.relations) {
      for (const Visible& own : relation->columns) {
        const auto* each = std::get_if<ColumnReference>(&own.expression.node);
        if (!bound || !each || each->printed_qualifier != bound->printed_qualifier || each->printed_column != bound->printed_column) continue;
        from = relation.get();
        name = own.name;
      }
    }
    if (!from) return unsupported("* beside GROUPING SETS", target.expression.position);
    out.push_back({named_column(from->alias, name), column.name});
  }
  return out;
}

}  // namespace

bool asks_grouping(const Query& query, const Select& select) {
  const auto asks = [](auto&& self, const Expression& each) -> bool {
    const auto* call = std::get_if<FunctionCall>(&each.node);
    bool found = call && call->name == "grouping" && call->schema == "pg_catalog";
    for_each_child(each, [&](const Expression& child) { found = found || self(self, child); }, [](const Query&) {});
    return found;
  };
  const auto in = [&](const auto& item) { return asks(asks, item.expression); };
  return std::ranges::any_of(select.targets, in) || std::ranges::any_of(query.order_by, in) || (select.having && asks(asks, *select.having));
}

/// GROUP BY ROLLUP …: UNION ALL of a query for each set, with what window functions, ORDER BY and DISTINCT ON need as columns of its own.
Result<void> Binder::expand_grouping_sets(Query& query, const Scope* around) {
  Select source = std::move(std::get<Select>(query.body));
  Binder probe = *this;  // tells what the names mean; the arms are bound by themselves
  probe.volatile_ = false;
  bool aggregated = false;
  Scope scope{.outer = around, .windows = &source.windows, .aggregated = &aggregated};
  std::vector<FromItem> from = source.from;
  CROSSFADE_CHECK(probe.bind_from(from, scope));
  bool unstable = probe.volatile_;  // what each arm would read differently
  const auto reads_rows = [&](const Expression& bound) {
    const auto read = read_by(bound);
    return std::ranges::any_of(scope.relations, [&](const RelationPointer& relation) { return read.contains(relation->printed); });
  };
  const auto bound_copy = [&](const Expression& unbound) -> std::optional<Expression> {
    Expression copy = unbound;
    return probe.bind(copy, scope, Clause::select) ? std::optional{std::move(copy)} : std::nullopt;
  };
  GroupedBy by;
  std::vector<std::string> groupings;  // what they are asked of
  const auto stand_in = [&](auto&& self, Expression& each) -> void {  // for GROUPING, which cannot be bound
    const auto* call = std::get_if<FunctionCall>(&each.node);
    if (!call || call->name != "grouping" || call->schema != "pg_catalog") return for_each_child(each, [&](Expression& child) { self(self, child); }, [](const Query&) {});
    std::string asked;
    for (const Expression& argument : call->arguments) asked += by.key_of(argument) + ";";
    const auto known = std::ranges::find(groupings, asked);
    const std::string place = std::to_string(known - groupings.begin());
    if (known == groupings.end()) groupings.push_back(std::move(asked));
    each.node = plain_call("length", {Expression{Literal{Literal::Kind::string, "\1grouping " + place}, each.position}}).node;
  };
  by.key_of = [&](const Expression& unbound) {
    Expression said = unbound;
    stand_in(stand_in, said);
    const auto bound = bound_copy(said);
    return bound ? typed_signature(*bound) : std::string{};
  };
  by.correlated = [&](const Query& inner) {
    Expression alone{Subquery{.kind = Subquery::Kind::exists, .query = inner}, kNowhere};
    const auto bound = probe.bind(alone, scope, Clause::select);
    return bound ? reads_rows(alone) : bound.error().state == "42803"_state;  // an aggregate of this level may be in it; other errors are its own
  };
  std::vector<ResultColumn> targets;
  for (ResultColumn& target : source.targets) {
    if (!std::holds_alternative<Star>(target.expression.node)) {
      targets.push_back(std::move(target));
      continue;
    }
    CROSSFADE_TRY(std::vector<ResultColumn> columns, spelled_out(target, scope));
    std::ranges::move(columns, std::back_inserter(targets));
  }
  std::vector<Set> sets;
  std::vector<const ResultColumn*> shown_by;  // beside by.keys
  for (const Expressions& items : source.grouping_sets) {
    Set set;
    for (const Expression& item : items) {
      CROSSFADE_TRY(const Meant found, meant_by(item, targets, scope, by));
      const Expression& meant = found.expression;
      Expression bound = meant;
      const bool before = std::exchange(probe.volatile_, unstable);
      CROSSFADE_CHECK(probe.bind(bound, scope, Clause::group_by));
      unstable = std::exchange(probe.volatile_, before);
      if (holds_query(meant) || std::holds_alternative<RowConstructor>(meant.node)) return unsupported("GROUPING SETS over a subquery or a row", item.position, "A column of a subquery works.");
      if (!reads_rows(bound)) return unsupported("GROUPING SETS over a constant", item.position);
      CROSSFADE_CHECK(refuse_aggregates(bound, "GROUP BY"));
      const std::string key = typed_signature(bound);
      const auto known = std::ranges::find(by.keys, key);
      set.insert(static_cast<std::size_t>(known - by.keys.begin()));
      if (known != by.keys.end()) {
        // To PostgreSQL two results of one expression are two things to group by.
        if (shown_by[static_cast<std::size_t>(known - by.keys.begin())] != found.target) return unsupported("GROUPING SETS over two results that are the same", item.position);
        continue;
      }
      shown_by.push_back(found.target);
      by.keys.push_back(key);
      by.all.push_back(meant);
    }
    if (!source.group_distinct || std::ranges::find(sets, set) == sets.end()) sets.push_back(std::move(set));
  }
  probe.volatile_ = unstable;
  if (sets.size() > kMostArms) return unsupported("more than " + std::to_string(kMostArms) + " GROUPING SETS", query.position);
  if (source.where) (void)bound_copy(*source.where);
  if (probe.volatile_) return unsupported("GROUPING SETS over rows that a volatile function makes", query.position, "A WITH query AS MATERIALIZED works.");

  Select outer;
  outer.distinct = source.distinct;
  source.targets.clear();
  OutsideArms outside{by, source};
  for (const ResultColumn& target : targets) outer.targets.push_back({outside.of(target.expression), shown_name(target)});
  const auto of_key = [&](Expression& key) {
    const auto* name = std::get_if<ColumnReference>(&key.node);
    const bool output = name && name->table.empty() && std::ranges::find(outer.targets, name->name, &ResultColumn::alias) != outer.targets.end();
    if (!output) key = outside.of(std::move(key));  // a place stays one
  };
  for (OrderItem& item : query.order_by) of_key(item.expression);
  for (Expression& key : source.distinct_on) of_key(key);
  outer.distinct_on = std::move(source.distinct_on);
  for (Window& window : source.windows) {
    for (Expression& part : window.partition_by) part = outside.of(std::move(part));
    for (OrderItem& item : window.order_by) item.expression = outside.of(std::move(item.expression));
  }
  outer.windows = std::exchange(source.windows, {});
  source.targets.push_back({{FunctionCall{.schema = "pg_catalog", .name = "count", .star = true}, kNowhere}, "rows"});  // an aggregate for the empty set

  source.grouping_sets.clear();
  source.group_distinct = false;
  source.distinct = Select::Distinct::none;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < source.targets.size(); ++i) names.push_back(numbered("c", i));
  Box<Query> arms;
  for (const Set& set : sets) {
    Select arm = source;
    for (const std::size_t place : set) arm.group_by.push_back(by.all[place]);
    GroupingArm grouping{by, set};
    for (ResultColumn& target : arm.targets) grouping.apply(target.expression);
    if (arm.having) grouping.apply(*arm.having);
    if (grouping.correlated || outside.correlated) return unsupported("a subquery over what GROUPING SETS group", query.position);
    if (asks_grouping(Query{}, arm)) return refuse("42803"_state, "aggregate function calls cannot be nested", query.position);
    if (!grouping.known) return refuse("42803"_state, "arguments to GROUPING must be grouping expressions of the associated query level", query.position);
    Box<Query> made = boxed(std::move(arm));
    if (!arms) {
      arms = std::move(made);
      continue;
    }
    Query both;
    both.body = SetOperation{.all = true, .left = std::move(arms), .right = std::move(made)};
    arms = std::move(both);
  }
  outer.from.push_back(derived(std::move(arms), "grouped", std::move(names)));
  query.body = std::move(outer);
  return {};
}

}  // namespace crossfade::sql
