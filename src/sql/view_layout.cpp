#include "crossfade/sql/view_layout.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/translate.hpp"
#include "print/print.hpp"
#include "tree.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

using Text = std::optional<std::string>;

struct Ranged { std::string alias; const plan::Table* table; };

std::string identifier(std::string_view name) {
  const bool plain = !name.empty() && (name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z')) && std::ranges::all_of(name, [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (plain) return std::string{name};
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string{c};
  return out + '"';
}

/// Source: ruleutils.c of PostgreSQL 15, of what is met in views that SQLite can hold.
class Layout {
 public:
  Layout(const plan::Schema& schema, ViewLayout layout) : schema_(schema), pretty_(layout == ViewLayout::pretty) {}

  Text query(const Query& query, const plan::Table& view) {
    const auto* select = std::get_if<Select>(&query.body);
    if (!select || query.with || query.limit || query.offset || query.with_ties || !query.locks.empty()) return std::nullopt;
    const bool plain = select->distinct == Select::Distinct::none && select->grouping_sets.empty() && !select->having && select->windows.empty();
    if (!plain || select->targets.size() != view.columns.size() || select->from.empty()) return std::nullopt;
    std::string from;
    for (const FromItem& item : select->from) {
      const Text one = from_item(item);
      if (!one) return std::nullopt;
      from += (from.empty() ? "\n   FROM " : ",\n    ") + *one;
    }
    std::string out;
    for (std::size_t i = 0; i < select->targets.size(); ++i) {
      const Expression& target = select->targets[i].expression;
      const Text one = value(target);
      if (!one) return std::nullopt;
      const auto* column = std::get_if<ColumnReference>(&target.node);
      const plan::Column* source = column ? find(*column).second : nullptr;
      out += (out.empty() ? " SELECT " : ",\n    ") + *one;
      if (!source || source->name != view.columns[i].name) out += " AS " + identifier(view.columns[i].name);
    }
    out += from;
    if (select->where) {
      const Text condition = this->condition(*select->where, true);
      if (!condition) return std::nullopt;
      out += "\n  WHERE " + *condition;
    }
    return tail(query, *select, std::move(out));
  }

 private:
  Text tail(const Query& query, const Select& select, std::string out) {
    std::string list;
    for (const Expression& each : select.group_by) {
      const Text one = std::holds_alternative<ColumnReference>(each.node) ? value(each) : std::nullopt;
      if (!one) return std::nullopt;
      list += (list.empty() ? "\n  GROUP BY " : ", ") + *one;
    }
    out += list;
    list.clear();
    for (const OrderItem& item : query.order_by) {
      const Text one = std::holds_alternative<ColumnReference>(item.expression.node) ? value(item.expression) : std::nullopt;
      const bool down = item.direction == OrderItem::Direction::descending;
      const bool first = item.nulls == OrderItem::Nulls::first || (item.nulls == OrderItem::Nulls::unspecified && !down);  // SQLite's own: NULLs are least
      if (!one) return std::nullopt;
      list += (list.empty() ? "\n  ORDER BY " : ", ") + *one + (down ? " DESC" : "") + (first == down ? "" : down ? " NULLS LAST" : " NULLS FIRST");
    }
    return out + list + ";";
  }

  Text from_item(const FromItem& item) {
    if (const auto* reference = std::get_if<TableReference>(&item.node)) {
      const plan::Table* table = nullptr;
      for (const auto& [name, each] : schema_.tables) {
        if (plan::fold(each.sqlite_name) == plan::fold(reference->relation.name)) table = &each;
      }
      if (!table || !reference->alias.columns.empty() || table->temporary) return std::nullopt;
      if (std::ranges::any_of(table->columns, [](const plan::Column& column) { return column.collation != "BINARY"; })) return std::nullopt;  // it would mean another comparison
      const std::string alias = reference->alias.name.empty() || reference->alias.name == table->name ? "" : reference->alias.name;
      relations_.push_back({alias.empty() ? table->name : alias, table});
      return identifier(table->name) + (alias.empty() ? "" : " " + identifier(alias));
    }
    const auto* join = std::get_if<Join>(&item.node);
    constexpr std::array<std::string_view, 5> kWords{"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", ""};
    if (!join || join->natural || !join->using_columns.empty() || !join->alias.name.empty() || !join->on || std::holds_alternative<Join>(join->right->node)) return std::nullopt;
    const Text left = from_item(*join->left), right = from_item(*join->right);
    const std::string_view word = kWords[static_cast<std::size_t>(join->kind)];
    if (!left || !right || word.empty()) return std::nullopt;
    const Text on = condition(*join->on, true);
    if (!on) return std::nullopt;
    const std::string text = *left + "\n     " + std::string{word} + " " + *right + " ON " + (pretty_ ? *on : "(" + *on + ")");
    return pretty_ ? text : "(" + text + ")";
  }

  std::pair<const Ranged*, const plan::Column*> find(const ColumnReference& reference) const {
    std::pair<const Ranged*, const plan::Column*> found{nullptr, nullptr};
    if (!reference.schema.empty()) return found;
    for (const Ranged& each : relations_) {
      if (!reference.table.empty() && reference.table != each.alias && reference.table != each.table->sqlite_name) continue;
      for (const plan::Column& column : each.table->columns) {
        if (column.sqlite_name != reference.name && column.name != reference.name) continue;
        if (found.second) return {nullptr, nullptr};
        found = {&each, &column};
      }
    }
    return found;
  }

  /// A subscript: a whole number, a text or a column.
  Text subscript(const Expression& expression) const {
    const auto* minus = std::get_if<Operation>(&expression.node);
    const auto* literal = std::get_if<Literal>(minus && !minus->left ? &minus->right->node : &expression.node);
    if (!literal) return minus ? std::nullopt : value(expression);
    if (literal->kind == Literal::Kind::integer) return minus || literal->text.starts_with('-') ? "'" + std::string{minus ? "-" : ""} + literal->text + "'::integer" : literal->text;
    return literal->kind == Literal::Kind::string && !minus ? Text{quote_text(literal->text) + "::text"} : std::nullopt;
  }

  /// What bind/subscripts.cpp makes of x[1], x[1:2] and x['a'].
  Text subscripted(const FunctionCall& call) const {
    const bool json = call.name == "crossfade_jsonb_item", slice = call.name == "crossfade_array_slice";
    const std::size_t base = json ? 0 : 1;
    std::size_t next = slice ? base + 2 : base + 1;
    if ((!json && !slice && call.name != "crossfade_array_item") || call.arguments.size() < next) return std::nullopt;
    Text text = value(call.arguments[base]);
    if (text && !std::holds_alternative<ColumnReference>(call.arguments[base].node)) text = "(" + *text + ")";
    const auto* marks = slice ? std::get_if<Literal>(&call.arguments[base + 1].node) : nullptr;
    const std::string shape = marks ? marks->text : std::string(call.arguments.size() - next, 'i');
    const auto one = [&]() -> std::string {
      const Text bound = next < call.arguments.size() ? subscript(call.arguments[next++]) : std::nullopt;
      if (!bound) text.reset();
      return bound.value_or("");
    };
    for (const char mark : shape) {
      if (!text) return text;
      std::string part = mark == 'b' || mark == 'l' ? one() : "";
      if (slice) part += mark == 'i' ? "1:" : ":";
      if (mark != 'l' && mark != 'n') part += one();
      if (text) *text += "[" + part + "]";
    }
    return text;
  }

  /// A column, an element of one, or count(*).
  Text value(const Expression& expression) const {
    if (const auto* reference = std::get_if<ColumnReference>(&expression.node)) {
      const auto [relation, column] = find(*reference);
      return column ? Text{identifier(relation->alias) + "." + identifier(column->name)} : std::nullopt;
    }
    const auto* call = std::get_if<FunctionCall>(&expression.node);
    if (call && call->name == "count" && call->star && !call->over && !call->filter) return "count(*)";
    return call ? subscripted(*call) : std::nullopt;
  }

  /// A constant beside a column of a type for which PostgreSQL writes it without a cast of the column.
  static Text constant(const Expression& expression, model::Oid beside) {
    const auto* literal = std::get_if<Literal>(&expression.node);
    if (!literal) return std::nullopt;
    const bool whole = beside == oid::int2 || beside == oid::int4 || beside == oid::int8;
    if (literal->kind == Literal::Kind::integer && whole && literal->text.size() < 10) return literal->text;
    if (literal->kind == Literal::Kind::string && beside == oid::text) return quote_text(literal->text) + "::text";
    return std::nullopt;
  }

  model::Oid type_of(const Expression& expression) const {
    const auto* reference = std::get_if<ColumnReference>(&expression.node);
    const plan::Column* column = reference ? find(*reference).second : nullptr;
    return column ? column->type.oid : oid::unknown;
  }

  std::string wrapped(std::string text, bool outermost) const { return pretty_ && outermost ? text : "(" + text + ")"; }

  Text condition(const Expression& expression, bool outermost) const {
    if (const auto* operation = std::get_if<Operation>(&expression.node)) {
      constexpr std::array<std::string_view, 6> kComparisons{"=", "<>", "<", ">", "<=", ">="};
      if (!operation->left || !operation->schema.empty() || std::ranges::find(kComparisons, operation->name) == kComparisons.end()) return std::nullopt;
      const model::Oid left = type_of(*operation->left), right = type_of(*operation->right);
      const Text a = left == oid::unknown ? constant(*operation->left, right) : value(*operation->left);
      const Text b = right == oid::unknown ? constant(*operation->right, left) : value(*operation->right);
      const auto whole = [](model::Oid type) { return type == oid::int2 || type == oid::int4 || type == oid::int8; };
      const bool alike = left == oid::unknown || right == oid::unknown || (left == right && (left == oid::text || left == oid::date || left == oid::uuid)) || (whole(left) && whole(right));
      return a && b && alike ? Text{wrapped(*a + " " + operation->name + " " + *b, outermost)} : std::nullopt;
    }
    if (const auto* logical = std::get_if<Logical>(&expression.node)) {
      const std::string word = logical->kind == Logical::Kind::and_ ? " AND " : " OR ";
      std::string text;
      for (const Expression& argument : logical->arguments) {
        // Pretty: comparisons bind closer than AND and OR; AND within OR, or OR within AND, keeps its parentheses.
        const Text one = condition(argument, !std::holds_alternative<Logical>(argument.node));
        if (!one) return std::nullopt;
        text += (text.empty() ? "" : word) + *one;
      }
      return wrapped(std::move(text), outermost);
    }
    return std::nullopt;
  }

  const plan::Schema& schema_;
  bool pretty_;
  std::vector<Ranged> relations_;
};

}  // namespace

std::optional<std::string> view_layout(std::string_view query, const plan::Table& view, const plan::Schema& schema, ViewLayout layout) {
  const auto parsed = parse(query, Dialect::postgres);
  if (!parsed || parsed->size() != 1 || !parsed->front().tree) return std::nullopt;
  const auto* read = std::get_if<Query>(&parsed->front().tree->statement.node);
  return read ? Layout{schema, layout}.query(*read, view) : std::nullopt;
}

}  // namespace crossfade::sql
