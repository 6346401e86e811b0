#include "row_order.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "bind/walk.hpp"
#include "known_columns.hpp"

namespace crossfade::sql {

namespace {

/// What they give is made of their rows in turn.
constexpr std::array<std::string_view, 7> kInTurn{"array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "xmlagg"};
constexpr std::array<std::string_view, 7> kByPlace{"row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value"};
/// In the text of a view, which SQLite's own names may be in.
constexpr std::array<std::string_view, 5> kInViews{"limit ", "group_concat(", "_agg(", " over ", "over("};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool same_column(const Expression& left, const Expression& right) {
  const auto* a = std::get_if<ColumnReference>(&left.node);
  const auto* b = std::get_if<ColumnReference>(&right.node);
  return a && b && a->name == b->name && (a->table == b->table || a->table.empty() || b->table.empty());
}

std::optional<std::size_t> place_of(const Expression& given) {
  const auto* literal = std::get_if<Literal>(&given.node);
  if (!literal || literal->kind != Literal::Kind::integer) return std::nullopt;
  std::size_t place = 0;
  const auto read = std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), place);
  return read.ec == std::errc{} && place > 0 ? std::optional{place - 1} : std::nullopt;
}

/// ORDER BY, GROUP BY and DISTINCT ON of a query may name a result by its place or its alias.
const Expression& meant(const Expression& given, const Select& select) {
  if (const auto place = place_of(given)) return *place < select.targets.size() ? select.targets[*place].expression : given;
  const auto* name = std::get_if<ColumnReference>(&given.node);
  if (!name || !name->table.empty()) return given;
  const auto alias = std::ranges::find(select.targets, name->name, &ResultColumn::alias);
  return alias == select.targets.end() ? given : alias->expression;
}

struct Look {
  const plan::Schema& schema;
  bool open = false;      // of rows
  mutable const Select* known_of = nullptr;  // of which `known` tells: many calls stand in one
  mutable std::optional<KnownColumns> known = {};
  bool* column = nullptr;  // of the result's column that is being looked at; nullptr: what is open there opens the rows

  void note(bool fixed) {
    if (fixed) return;
    (column ? *column : open) = true;
  }

  enum class Limit : std::uint8_t { outermost, harmless, decides };

  void query(Query& from, Limit limit) {
    auto* select = std::get_if<Select>(&from.body);
    const bool limited = from.limit || from.offset;
    if (limit == Limit::decides && limited) note(fixed_result(from, select));
    if (select && select->distinct == Select::Distinct::on) note(fixed_result(from, select, &select->distinct_on));
    if (select) for (const FromItem& item : select->from) views(item);
    const bool result = limit == Limit::outermost;
    bool* const outer = column;
    const auto on_expression = [&](Expression& child) {
      if (result && select) {
        const auto target = std::ranges::find_if(select->targets, [&](const ResultColumn& each) { return &each.expression == &child; });
        column = target == select->targets.end() ? nullptr : &target->open;
      }
      expression(child, select);
      column = outer;
    };
    const bool arms = std::holds_alternative<SetOperation>(from.body);
    const auto on_query = [&](Query& inner) { query(inner, result && arms && !inner.limit && !inner.offset ? Limit::outermost : Limit::decides); };
    for_each_in_query(from, on_expression, on_query, [&](Statement& inner) { if (auto* item = std::get_if<Query>(&inner.node)) query(*item, Limit::decides); });
  }

  /// Is its order one of single rows? `chosen`: DISTINCT ON, which takes one of each.
  bool fixed_result(const Query& from, const Select* select, const Expressions* chosen = nullptr) const {
    if (!select) return false;
    OrderedBy order;
    if (chosen) for (const Expression& each : *chosen) order.push_back(&meant(each, *select));
    for (const OrderItem& item : from.order_by) order.push_back(&meant(item.expression, *select));
    if (!select->group_by.empty() || !select->grouping_sets.empty()) {
      return select->grouping_sets.empty() && std::ranges::all_of(select->group_by, [&](const Expression& group) {
        return std::ranges::any_of(order, [&](const Expression* each) { return same_column(meant(group, *select), *each); });
      });
    }
    if (select->having || aggregates(*select)) return true;  // one row
    return fixed(order, select);
  }

 private:
  static bool aggregates(const Select& select) {
    bool found = false;
    const auto look = [&](const auto& self, const Expression& at) -> void {
      const auto* call = std::get_if<FunctionCall>(&at.node);
      constexpr std::array<std::string_view, 12> kOthers{"count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every", "stddev", "variance", "percentile_cont", "percentile_disc"};
      found = found || (call && !call->over && (holds(kOthers, call->name) || holds(kInTurn, call->name) || call->star));
      for_each_child(at, [&](const Expression& child) { self(self, child); }, [](const Query&) {});
    };
    for (const ResultColumn& target : select.targets) look(look, target.expression);
    return found;
  }

  /// Is there one row at most for each value of `order`?
  bool fixed(const OrderedBy& order, const Select* select) const {
    if (!select) return false;
    if (known_of != select) known.emplace(*select, schema);
    known_of = select;
    return known->fixes(order);
  }

  static OrderedBy items(const std::vector<OrderItem>& order) {
    OrderedBy out;
    for (const OrderItem& item : order) out.push_back(&item.expression);
    return out;
  }

  void expression(Expression& from, Select* select) {
    if (const auto* made = std::get_if<FunctionCall>(&from.node)) call(*made, select);
    auto* subquery = std::get_if<Subquery>(&from.node);
    if (subquery && subquery->kind == Subquery::Kind::array && subquery->query) note(fixed_result(*subquery->query, std::get_if<Select>(&subquery->query->body)));
    const bool exists = subquery && subquery->kind == Subquery::Kind::exists;
    for_each_child(from, [&](Expression& child) { expression(child, select); },
                   [&](Query& inner) { query(inner, exists ? Limit::harmless : Limit::decides); });
  }

  void call(const FunctionCall& made, const Select* select) {
    const bool in_turn = holds(kInTurn, made.name);
    if (made.over) {
      const Frame* frame = nullptr;
      OrderedBy order;
      window(*made.over, select, order, frame);
      const bool by_place = in_turn || holds(kByPlace, made.name) || (frame && frame->mode == Frame::Mode::rows);
      if (by_place) note(select && select->group_by.empty() && fixed(order, select));
      return;
    }
    if (!in_turn || made.distinct) return;
    const bool by_itself = made.order_by.size() == 1 && made.arguments.size() < 3 && !made.arguments.empty() && made.name != "json_object_agg" && made.name != "jsonb_object_agg" &&
                           same_column(made.order_by.front().expression, made.arguments.front());
    if (by_itself) return;
    OrderedBy order = items(made.order_by);
    if (select) for (const Expression& group : select->group_by) order.push_back(&meant(group, *select));
    note(fixed(order, select));
  }

  /// Partition and order, also of the window that it builds on.
  static void window(const Window& over, const Select* select, OrderedBy& order, const Frame*& frame) {
    for (const Expression& part : over.partition_by) order.push_back(&part);
    for (const OrderItem& item : over.order_by) order.push_back(&item.expression);
    if (over.frame) frame = &*over.frame;
    const std::string& base = over.only_name ? over.name : over.refers_to;
    if (base.empty() || !select) return;
    const auto found = std::ranges::find(select->windows, base, &Window::name);
    if (found != select->windows.end() && &*found != &over) window(*found, select, order, frame);
  }

  void views(const FromItem& item) {
    if (const auto* join = std::get_if<Join>(&item.node)) {
      views(*join->left);
      views(*join->right);
    }
    const auto* reference = std::get_if<TableReference>(&item.node);
    const plan::Table* view = reference ? schema.find(reference->relation.schema, reference->relation.name) : nullptr;
    if (!view || !view->view) return;
    std::string text = view->sql;
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    note(std::ranges::none_of(kInViews, [&](std::string_view word) { return text.contains(word); }));
  }
};

}  // namespace

RowOrder row_order(Query& query, const plan::Schema& schema) {
  Look look{.schema = schema};
  look.query(query, Look::Limit::outermost);
  RowOrder order{.open = look.open};
  order.cut = (query.limit || query.offset) && !look.fixed_result(query, std::get_if<Select>(&query.body));
  if (!order.cut || query.offset || !query.limit) return order;
  if (const auto place = place_of(*query.limit)) order.limit = static_cast<std::int64_t>(*place + 1);
  if (const auto* parameter = std::get_if<Parameter>(&query.limit->node)) order.limit_parameter = parameter->number;
  return order;
}

}  // namespace crossfade::sql
