#include "row_order.hpp"

#include <algorithm>
#include <array>

#include "bind/walk.hpp"

namespace crossfade::sql {

namespace {

/// What they give is made of their rows in turn.
constexpr std::array<std::string_view, 7> kInTurn{"array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "xmlagg"};
constexpr std::array<std::string_view, 7> kByPlace{"row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value"};
/// In the text of a view, which SQLite's own names may be in.
constexpr std::array<std::string_view, 5> kInViews{"limit ", "group_concat(", "_agg(", " over ", "over("};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

using OrderedBy = std::vector<const Expression*>;

struct Look {
  const plan::Schema& schema;
  bool open = false;

  /// harmless: its LIMIT decides nothing, it is the outermost one or in EXISTS.
  enum class Limit : std::uint8_t { harmless, decides };

  void query(const Query& from, Limit limit) {
    const Select* select = std::get_if<Select>(&from.body);
    if (limit == Limit::decides && (from.limit || from.offset)) require(items(from.order_by), select);
    if (select && select->distinct == Select::Distinct::on) require(items(from.order_by), select);
    if (select) for (const FromItem& item : select->from) views(item);
    for_each_in_query(
        from, [&](const Expression& child) { expression(child, select); }, [&](const Query& inner) { query(inner, Limit::decides); },
        [&](const Statement& inner) { if (const auto* item = std::get_if<Query>(&inner.node)) query(*item, Limit::decides); });
  }

 private:
  static OrderedBy items(const std::vector<OrderItem>& order) {
    OrderedBy out;
    for (const OrderItem& item : order) out.push_back(&item.expression);
    return out;
  }

  void expression(const Expression& from, const Select* select) {
    if (const auto* made = std::get_if<FunctionCall>(&from.node)) call(*made, select);
    const auto* subquery = std::get_if<Subquery>(&from.node);
    const bool exists = subquery && subquery->kind == Subquery::Kind::exists;
    for_each_child(from, [&](const Expression& child) { expression(child, select); },
                   [&](const Query& inner) { query(inner, exists ? Limit::harmless : Limit::decides); });
  }

  void call(const FunctionCall& made, const Select* select) {
    const bool in_turn = holds(kInTurn, made.name);
    if (made.over) {
      const Frame* frame = nullptr;
      OrderedBy order;
      window(*made.over, select, order, frame);
      if (in_turn || holds(kByPlace, made.name) || (frame && frame->mode == Frame::Mode::rows)) require(order, select);
      return;
    }
    if (!in_turn || made.distinct) return;
    const bool by_itself = made.order_by.size() == 1 && !made.arguments.empty() && same_column(made.order_by.front().expression, made.arguments.front());
    if (!by_itself) require(items(made.order_by), select);
  }

  static bool same_column(const Expression& left, const Expression& right) {
    const auto* a = std::get_if<ColumnReference>(&left.node);
    const auto* b = std::get_if<ColumnReference>(&right.node);
    return a && b && a->table == b->table && a->name == b->name;
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

  /// Is there one row at most for each value of `order`?
  void require(const OrderedBy& order, const Select* select) {
    const bool fixed = select && select->group_by.empty() && std::ranges::all_of(select->from, [&](const FromItem& item) { return keyed(item, order, *select); });
    open = open || !fixed;
  }

  bool keyed(const FromItem& item, const OrderedBy& order, const Select& select) const {
    if (const auto* join = std::get_if<Join>(&item.node)) return keyed(*join->left, order, select) && keyed(*join->right, order, select);
    const auto* reference = std::get_if<TableReference>(&item.node);
    const plan::Table* table = reference ? schema.find(reference->relation.schema, reference->relation.name) : nullptr;
    if (!table) return false;
    const std::string& called = reference->alias.name.empty() ? reference->relation.name : reference->alias.name;
    const auto ordered = [&](const plan::Column* part) {
      return std::ranges::any_of(order, [&](const Expression* each) { return means(*each, called, *part, select); });
    };
    const std::vector<const plan::Column*> key = table->key();
    return !key.empty() && std::ranges::all_of(key, ordered);
  }

  /// A place or an alias means what stands there.
  static bool means(const Expression& given, std::string_view table, const plan::Column& column, const Select& select) {
    const auto* place = std::get_if<Literal>(&given.node);
    if (place && place->kind == Literal::Kind::integer && place->text.size() < 5) {
      const auto at = static_cast<std::size_t>(std::stoul(place->text));
      const bool plain = at > 0 && at <= select.targets.size() && !std::holds_alternative<Literal>(select.targets[at - 1].expression.node);
      return plain && means(select.targets[at - 1].expression, table, column, select);
    }
    const auto* reference = std::get_if<ColumnReference>(&given.node);
    if (!reference) return false;
    if (reference->table.empty()) {
      const auto alias = std::ranges::find(select.targets, reference->name, &ResultColumn::alias);
      if (alias != select.targets.end()) {
        const auto* behind = std::get_if<ColumnReference>(&alias->expression.node);
        return behind && behind->name == column.name && (behind->table.empty() || behind->table == table);
      }
    }
    return reference->name == column.name && (reference->table.empty() || reference->table == table);
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
    open = open || std::ranges::any_of(kInViews, [&](std::string_view word) { return text.contains(word); });
  }
};

}  // namespace

bool leaves_order_open(const Query& query, const plan::Schema& schema) {
  Look look{.schema = schema};
  look.query(query, Look::Limit::harmless);
  return look.open;
}

}  // namespace crossfade::sql
