#include <array>
#include <bit>
#include <cstdint>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

namespace {

/// How much a name is worth: a cast's type name yields to a name from inside it.
struct Named { std::string name; int strength = 0; };

Named name_of(const Expression& expression) {
  return std::visit([](const auto& node) -> Named {
    using N = std::remove_cvref_t<decltype(node)>;
    if constexpr (std::is_same_v<N, ColumnReference>) return {node.name, 2};
    else if constexpr (std::is_same_v<N, FunctionCall>) return {node.name, 2};
    else if constexpr (std::is_same_v<N, Cast>) {
      Named inner = name_of(*node.argument);
      return inner.strength > 1 || node.type.name.empty() ? inner : Named{node.type.name, 1};
    } else if constexpr (std::is_same_v<N, Collate>) return name_of(*node.argument);
    else if constexpr (std::is_same_v<N, Case>) {
      const Named inner = node.otherwise ? name_of(*node.otherwise) : Named{};
      return inner.strength > 1 ? inner : Named{"case", 1};
    } else if constexpr (std::is_same_v<N, sql::Choice>) {
      constexpr std::array<const char*, 4> kNames{"coalesce", "nullif", "greatest", "least"};
      return {kNames[static_cast<std::size_t>(node.kind)], 2};
    } else if constexpr (std::is_same_v<N, Subquery>) {
      if (node.kind == Subquery::Kind::exists) return {"exists", 2};
      if (node.kind == Subquery::Kind::array) return {"array", 2};
      if (node.kind != Subquery::Kind::scalar) return {};
      const Query* first = node.query.get();
      while (const auto* operation = std::get_if<SetOperation>(&first->body)) first = operation->left.get();
      if (std::holds_alternative<Values>(first->body)) return {"column1", 2};
      const auto& select = std::get<Select>(first->body);
      if (select.targets.empty()) return {};
      const ResultColumn& target = select.targets.front();
      return {target.alias.empty() ? result_name(target.expression) : target.alias, 2};
    } else if constexpr (std::is_same_v<N, Subscript>) return name_of(*node.base);
    else if constexpr (std::is_same_v<N, ArrayConstructor>) return {"array", 2};
    else if constexpr (std::is_same_v<N, RowConstructor>) return {"row", 2};
    else if constexpr (std::is_same_v<N, FieldSelection>) return {node.field, 2};
    else if constexpr (std::is_same_v<N, ValueFunction>) {
      constexpr std::array<const char*, 11> kNames{"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user",
                                                   "session_user", "user", "current_role", "current_catalog", "current_schema"};
      return {kNames[static_cast<std::size_t>(node.kind)], 2};
    } else return {};
  }, expression.node);
}

std::string stored_text(const model::StorageValue& value) {
  struct Text {
    std::string operator()(const model::Null&) const { return "null"; }
    std::string operator()(std::int64_t number) const { return "i" + std::to_string(number); }
    std::string operator()(double number) const { return "r" + std::to_string(std::bit_cast<std::uint64_t>(number)); }
    std::string operator()(const std::string& text) const { return "t" + std::to_string(text.size()) + ":" + text; }
    std::string operator()(const model::Bytes& bytes) const { return "b" + std::to_string(bytes.data.size()) + ":" + bytes.data; }
  };
  return std::visit(Text{}, value);
}

/// What tells a node from others of its kind, its children aside.
std::string own_text(const Node& node) {
  return std::visit([](const auto& n) -> std::string {
    using N = std::remove_cvref_t<decltype(n)>;
    if constexpr (std::is_same_v<N, ColumnReference>) return n.printed_qualifier + "." + n.printed_column;
    else if constexpr (std::is_same_v<N, Constant>) return stored_text(n.value);
    else if constexpr (std::is_same_v<N, Parameter>) return std::to_string(n.number);
    else if constexpr (std::is_same_v<N, Operation> || std::is_same_v<N, RawCall>) return n.name;
    else if constexpr (std::is_same_v<N, FunctionCall>) return n.name + (n.distinct ? "d" : "") + (n.star ? "*" : "") + (n.over ? "w" + n.over->name : "");
    else if constexpr (std::is_same_v<N, Template> || std::is_same_v<N, RawText>) return n.text;
    else if constexpr (std::is_same_v<N, NativeCast>) return n.type;
    else if constexpr (std::is_same_v<N, Logical>) return n.kind == Logical::Kind::and_ ? "and" : "or";
    else if constexpr (std::is_same_v<N, sql::Choice>) return std::to_string(static_cast<int>(n.kind));
    else if constexpr (std::is_same_v<N, Case>) return (n.operand ? "o" : "") + std::to_string(n.whens.size());
    else if constexpr (std::is_same_v<N, Like>) return std::to_string(static_cast<int>(n.kind)) + (n.negated ? "n" : "");
    else if constexpr (std::is_same_v<N, Subquery>) return std::to_string(static_cast<int>(n.kind)) + n.operation;
    else if constexpr (std::is_same_v<N, Quantified>) return (n.all ? "all" : "any") + n.operation;
    else if constexpr (std::is_same_v<N, Subscript>) return std::string{n.slice ? "s" : ""} + (n.lower ? "l" : "") + (n.upper ? "u" : "");
    else if constexpr (std::is_same_v<N, IsTest>) return std::to_string(static_cast<int>(n.kind)) + (n.negated ? "n" : "");
    else if constexpr (std::is_same_v<N, InList> || std::is_same_v<N, Between> || std::is_same_v<N, IsDistinct>) return n.negated ? "n" : "";
    else return {};
  }, node);
}

/// Its text; of one with parameters, which have no place yet, what no other query has.
std::string query_text(const Query& query) {
  Statement alone;
  alone.node = query;
  const auto texts = print(alone, Target::sqlite);
  return texts ? texts->front() : std::to_string(reinterpret_cast<std::uintptr_t>(&query));
}

}  // namespace

std::string result_name(const Expression& unbound) {
  const Named named = name_of(unbound);
  return named.strength > 0 ? named.name : "?column?";
}

std::string signature(const Expression& bound) {
  if (const auto* collate = std::get_if<Collate>(&bound.node)) return signature(*collate->argument);
  std::string text = std::to_string(bound.node.index()) + "{" + own_text(bound.node);
  for_each_child(bound, [&](const Expression& child) { text += "," + signature(child); },
                 [&](const Query& query) { text += ",q" + query_text(query); });
  return text + "}";
}

std::string typed_signature(const Expression& bound) { return std::to_string(bound.type.oid) + ":" + signature(bound); }

}  // namespace crossfade::sql
