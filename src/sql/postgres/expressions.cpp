#include <cctype>

#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using Read = Expression (*)(Reader&, const void*);
template <class Raw, Expression (Reader::*Member)(const Raw*)>
Expression read_as(Reader& reader, const void* node) {
  return (reader.*Member)(static_cast<const Raw*>(node));
}

struct ExpressionReader { NodeTag tag; Read read; };
constexpr std::array kExpressionReaders{
    ExpressionReader{T_A_Const, read_as<::A_Const, &Reader::constant>},
    ExpressionReader{T_ParamRef, read_as<::ParamRef, &Reader::parameter>},
    ExpressionReader{T_ColumnRef, read_as<::ColumnRef, &Reader::column>},
    ExpressionReader{T_A_Expr, read_as<::A_Expr, &Reader::operation>},
    ExpressionReader{T_BoolExpr, read_as<::BoolExpr, &Reader::logical>},
    ExpressionReader{T_TypeCast, read_as<::TypeCast, &Reader::cast>},
    ExpressionReader{T_FuncCall, read_as<::FuncCall, &Reader::call>},
    ExpressionReader{T_SubLink, read_as<::SubLink, &Reader::subquery>},
    ExpressionReader{T_CaseExpr, read_as<::CaseExpr, &Reader::case_>},
    ExpressionReader{T_CoalesceExpr, read_as<::CoalesceExpr, &Reader::coalesce>},
    ExpressionReader{T_MinMaxExpr, read_as<::MinMaxExpr, &Reader::extreme>},
    ExpressionReader{T_NullTest, read_as<::NullTest, &Reader::null_test>},
    ExpressionReader{T_BooleanTest, read_as<::BooleanTest, &Reader::boolean_test>},
    ExpressionReader{T_RowExpr, read_as<::RowExpr, &Reader::row>},
    ExpressionReader{T_A_ArrayExpr, read_as<::A_ArrayExpr, &Reader::array>},
    ExpressionReader{T_A_Indirection, read_as<::A_Indirection, &Reader::indirection>},
    ExpressionReader{T_CollateClause, read_as<::CollateClause, &Reader::collate>},
    ExpressionReader{T_SQLValueFunction, read_as<::SQLValueFunction, &Reader::value_function>},
    ExpressionReader{T_GroupingFunc, read_as<::GroupingFunc, &Reader::grouping>},
    ExpressionReader{T_CurrentOfExpr, read_as<::CurrentOfExpr, &Reader::current_of>},
    ExpressionReader{T_SetToDefault, read_as<::SetToDefault, &Reader::default_marker>},
};

/// Expressions of the grammar that the tree does not hold, by the name its user knows.
struct RefusedExpression { NodeTag tag; std::string_view what; int (*location)(const void*); };
template <class Raw>
int location_in(const void* node) { return static_cast<const Raw*>(node)->location; }
constexpr std::array kRefusedExpressions{
    RefusedExpression{T_NamedArgExpr, "a named argument", location_in<::NamedArgExpr>},
    RefusedExpression{T_XmlExpr, "an XML expression", location_in<::XmlExpr>},
    RefusedExpression{T_XmlSerialize, "XMLSERIALIZE", location_in<::XmlSerialize>},
    RefusedExpression{T_GroupingSet, "a grouping set (ROLLUP, CUBE, GROUPING SETS)", location_in<::GroupingSet>},
};

bool all_digits(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Literal literal_of(const ::A_Const* node) {
  using Kind = Literal::Kind;
  if (node->isnull) return {Kind::null, {}};
  switch (static_cast<int>(tag_of(&node->val))) {
    case T_Integer: return {Kind::integer, std::to_string(node->val.ival.ival)};
    case T_Float: return {all_digits(node->val.fval.fval) ? Kind::integer : Kind::numeric, node->val.fval.fval};
    case T_Boolean: return {Kind::boolean, node->val.boolval.boolval ? "true" : "false"};
    case T_String: return {Kind::string, node->val.sval.sval};
    default: break;  // T_BitString, the only one left: "b101" or "x1F"
  }
  const std::string_view bits = node->val.bsval.bsval;
  return {bits.starts_with('x') ? Kind::hex_bits : Kind::bits, std::string{bits.substr(1)}};
}

}  // namespace

Position Reader::at(int location) const {
  if (location < 0) return kNowhere;
  const auto offset = static_cast<std::size_t>(location);
  return offset < begin_ ? kNowhere : characters_.before(offset) - characters_.before(begin_);
}

void Reader::fail(int location, model::SqlState state, std::string message) {
  if (refusal_) return;
  refusal_ = model::Error{.state = state, .message = std::move(message), .position = error_position(at(location))};
}

void Reader::refuse(int location, std::string_view what) {
  if (refusal_) return;
  fail(location, model::SqlState{"0A000"}, std::string{what} + " is not supported while SQLite answers");
  refusal_->hint = "It works in stage \"postgres\", where statements reach PostgreSQL as they are.";
}

void Reader::refuse_if(int location, std::initializer_list<Unheld> unheld) {
  for (const Unheld& part : unheld) {
    if (part.written) refuse(location, part.what);
  }
}

Expression Reader::expression(const void* node) {
  const Level level{*this};
  if (level.too_deep()) return {};
  const NodeTag tag = tag_of(node);
  if (const auto found = std::ranges::find(kExpressionReaders, tag, &ExpressionReader::tag); found != kExpressionReaders.end()) {
    return found->read(*this, node);
  }
  const auto refused = std::ranges::find(kRefusedExpressions, tag, &RefusedExpression::tag);
  if (refused != kRefusedExpressions.end()) {
    refuse(refused->location(node), refused->what);
  } else {
    refuse(-1, "this expression (raw node " + std::to_string(tag) + ")");
  }
  return {};
}

Box<Expression> Reader::boxed(const void* node) {
  return node ? Box<Expression>{expression(node)} : Box<Expression>{};
}

Expressions Reader::expressions(const List* list) {
  Expressions out;
  out.reserve(Nodes<::Node>{list}.size());
  for (const ::Node* node : Nodes<::Node>{list}) out.push_back(expression(node));
  return out;
}

Expression Reader::constant(const ::A_Const* node) { return {literal_of(node), at(node->location)}; }

Expression Reader::parameter(const ::ParamRef* node) {
  constexpr int kHighest = 0x3fffffff / sizeof(Oid);  // PostgreSQL's, which finds out only later that nobody can give so many
  if (node->number < 1 || node->number > kHighest) {
    fail(node->location, model::SqlState{"42P02"}, "there is no parameter $" + std::to_string(node->number));
    return {};
  }
  const auto number = std::min(static_cast<std::uint32_t>(node->number), UINT16_MAX + 1U);
  highest_parameter_ = std::max(highest_parameter_, number);
  return {Parameter{static_cast<std::uint16_t>(std::min<std::uint32_t>(number, UINT16_MAX))}, at(node->location)};
}

Expression Reader::column(const ::ColumnRef* node) {
  std::vector<std::string> names;
  bool star = false;
  for (const ::Node* field : Nodes<::Node>{node->fields}) {
    if (tag_of(field) == T_A_Star) star = true;
    else names.emplace_back(reinterpret_cast<const ::String*>(field)->sval);
  }
  if (star) names.emplace_back();
  if (names.size() > 3) {
    refuse(node->location, "a column name qualified by its database");
    return {};
  }
  names.insert(names.begin(), 3 - names.size(), std::string{});
  if (star) return {Star{std::move(names[0]), std::move(names[1])}, at(node->location)};
  return {ColumnReference{.schema = std::move(names[0]), .table = std::move(names[1]), .name = std::move(names[2])},
          at(node->location)};
}

Expression Reader::cast(const ::TypeCast* node) {
  if (tag_of(node->arg) == T_A_Const) {
    const auto* value = reinterpret_cast<const ::A_Const*>(node->arg);
    // The grammar writes TRUE as a cast of a Boolean node to bool, a type that stands nowhere.
    const bool written = node->typeName->location >= 0;
    if (!written && !value->isnull && tag_of(&value->val) == T_Boolean) return {literal_of(value), at(node->location)};
  }
  return {Cast{boxed(node->arg), type_name(node->typeName)}, at(node->location)};
}

Expression Reader::row(const ::RowExpr* node) {
  return {RowConstructor{expressions(node->args), node->row_format == COERCE_EXPLICIT_CALL}, at(node->location)};
}

Expression Reader::array(const ::A_ArrayExpr* node) {
  return {ArrayConstructor{expressions(node->elements)}, at(node->location)};
}

Subscript Reader::subscript(const ::A_Indices* node) {
  Subscript out{.slice = node->is_slice};
  out.lower = boxed(node->lidx);
  out.upper = boxed(node->uidx);
  return out;
}

bool Reader::too_many_steps(const List* steps, int location) {
  const bool many = Nodes<::Node>{steps}.size() > static_cast<std::size_t>(Level::kMaxDepth);
  if (many) fail(location, model::SqlState{"54001"}, "stack depth limit exceeded");
  return many;
}

Expression Reader::indirection(const ::A_Indirection* node) {
  Expression out = expression(node->arg);
  if (too_many_steps(node->indirection, -1)) return {};
  const Position position = out.position;
  if (auto* inner = std::get_if<Subscript>(&out.node)) inner->closed = true;
  for (const ::Node* step : Nodes<::Node>{node->indirection}) {
    if (tag_of(step) == T_A_Indices) {
      Subscript part = subscript(reinterpret_cast<const ::A_Indices*>(step));
      part.base = std::move(out);
      out = {std::move(part), position};
    } else {
      const bool star = tag_of(step) == T_A_Star;
      out = {FieldSelection{std::move(out), star ? "" : reinterpret_cast<const ::String*>(step)->sval}, position};
    }
  }
  return out;
}

Expression Reader::collate(const ::CollateClause* node) {
  std::vector<std::string> names = strings(node->collname);
  Collate out{.argument = boxed(node->arg), .name = names.back()};
  if (names.size() > 1) out.schema = names[names.size() - 2];
  return {std::move(out), at(node->location)};
}

Expression Reader::current_of(const ::CurrentOfExpr* node) { return {CurrentOf{text_of(node->cursor_name)}, kNowhere}; }

Expression Reader::default_marker(const ::SetToDefault* node) { return {DefaultMarker{}, at(node->location)}; }

std::vector<std::string> strings(const List* list) {
  std::vector<std::string> out;
  for (const ::String* name : Nodes<::String>{list}) out.emplace_back(name->sval);
  return out;
}

}  // namespace crossfade::sql::postgres_front
