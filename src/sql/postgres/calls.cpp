#include <set>

#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

struct ValueFunctionRow { ::SQLValueFunctionOp raw; ValueFunction::Kind kind; };
constexpr std::array kValueFunctions{
    ValueFunctionRow{SVFOP_CURRENT_DATE, ValueFunction::Kind::current_date},
    ValueFunctionRow{SVFOP_CURRENT_TIME, ValueFunction::Kind::current_time},
    ValueFunctionRow{SVFOP_CURRENT_TIME_N, ValueFunction::Kind::current_time},
    ValueFunctionRow{SVFOP_CURRENT_TIMESTAMP, ValueFunction::Kind::current_timestamp},
    ValueFunctionRow{SVFOP_CURRENT_TIMESTAMP_N, ValueFunction::Kind::current_timestamp},
    ValueFunctionRow{SVFOP_LOCALTIME, ValueFunction::Kind::localtime},
    ValueFunctionRow{SVFOP_LOCALTIME_N, ValueFunction::Kind::localtime},
    ValueFunctionRow{SVFOP_LOCALTIMESTAMP, ValueFunction::Kind::localtimestamp},
    ValueFunctionRow{SVFOP_LOCALTIMESTAMP_N, ValueFunction::Kind::localtimestamp},
    ValueFunctionRow{SVFOP_CURRENT_ROLE, ValueFunction::Kind::current_role},
    ValueFunctionRow{SVFOP_CURRENT_USER, ValueFunction::Kind::current_user},
    ValueFunctionRow{SVFOP_USER, ValueFunction::Kind::user},
    ValueFunctionRow{SVFOP_SESSION_USER, ValueFunction::Kind::session_user},
    ValueFunctionRow{SVFOP_CURRENT_CATALOG, ValueFunction::Kind::current_catalog},
    ValueFunctionRow{SVFOP_CURRENT_SCHEMA, ValueFunction::Kind::current_schema},
};

FrameBound::Kind start_of(int options) {
  if (options & FRAMEOPTION_START_CURRENT_ROW) return FrameBound::Kind::current_row;
  if (options & FRAMEOPTION_START_OFFSET_PRECEDING) return FrameBound::Kind::preceding;
  if (options & FRAMEOPTION_START_OFFSET_FOLLOWING) return FrameBound::Kind::following;
  return FrameBound::Kind::unbounded_preceding;
}

FrameBound::Kind end_of(int options) {
  if (options & FRAMEOPTION_END_UNBOUNDED_FOLLOWING) return FrameBound::Kind::unbounded_following;
  if (options & FRAMEOPTION_END_OFFSET_PRECEDING) return FrameBound::Kind::preceding;
  if (options & FRAMEOPTION_END_OFFSET_FOLLOWING) return FrameBound::Kind::following;
  return FrameBound::Kind::current_row;
}

/// Functions whose arguments have names: `required` of them have no default. `skipped`: that of those before the last that is given.
struct NamedParameters {
  std::string_view function;
  std::size_t required;
  std::vector<std::string_view> names;
  Literal skipped = {Literal::Kind::integer, "0"};
};
const std::vector<NamedParameters>& named_parameters() {
  static const std::vector<NamedParameters> table{
      {"make_interval", 0, {"years", "months", "weeks", "days", "hours", "mins", "secs"}},
      {"make_date", 3, {"year", "month", "day"}},
      {"make_time", 3, {"hour", "min", "sec"}},
      {"make_timestamp", 6, {"year", "month", "mday", "hour", "min", "sec"}},
      {"make_timestamptz", 6, {"year", "month", "mday", "hour", "min", "sec", "timezone"}},
      {"parse_ident", 1, {"str", "strict"}},
      {"jsonb_set_lax", 3, {"jsonb_in", "path", "replacement", "create_if_missing", "null_value_treatment"}, {Literal::Kind::boolean, "true"}},
      {"jsonb_set", 3, {"jsonb_in", "path", "replacement", "create_if_missing"}},
      {"jsonb_insert", 3, {"jsonb_in", "path", "replacement", "insert_after"}},
  };
  return table;
}

}  // namespace

/// make_interval(days => 10) as make_interval(0, 0, 0, 10).
Expressions Reader::arguments(const ::FuncCall* node, std::string_view name) {
  const Nodes<::Node> given{node->args};
  std::size_t positional = 0;
  while (positional < given.size() && tag_of(given[positional]) != T_NamedArgExpr) ++positional;
  if (positional == given.size()) return expressions(node->args);
  const auto rule = std::ranges::find(named_parameters(), name, &NamedParameters::function);
  if (rule == named_parameters().end()) {
    refuse(reinterpret_cast<const ::NamedArgExpr*>(given[positional])->location, "a named argument");
    return {};
  }
  std::vector<std::optional<Expression>> places(rule->names.size());
  for (std::size_t i = 0; i < std::min(positional, places.size()); ++i) places[i] = expression(given[i]);
  bool fits = positional <= places.size();
  std::set<std::string> seen;
  for (std::size_t i = positional; i < given.size(); ++i) {
    if (tag_of(given[i]) != T_NamedArgExpr) {
      fail(node->location, model::SqlState{"42601"}, "positional argument cannot follow named argument");
      return {};
    }
    const auto* named = reinterpret_cast<const ::NamedArgExpr*>(given[i]);
    const std::string parameter = text_of(named->name);
    if (!seen.insert(parameter).second) {
      fail(named->location, model::SqlState{"42601"}, "argument name \"" + parameter + "\" used more than once");
      return {};
    }
    const auto at_name = std::ranges::find(rule->names, parameter);
    const auto place = static_cast<std::size_t>(at_name - rule->names.begin());
    if (at_name == rule->names.end() || places[place]) fits = false;
    else places[place] = expression(reinterpret_cast<const ::Node*>(named->arg));
  }
  for (std::size_t i = 0; i < rule->required; ++i) fits = fits && places[i].has_value();
  if (!fits) {
    fail(node->location, model::SqlState{"42883"}, "function " + std::string{name} + " does not exist with these argument names");
    return {};
  }
  while (!places.empty() && !places.back()) places.pop_back();
  Expressions out;
  for (auto& place : places) out.push_back(place ? *std::move(place) : Expression{rule->skipped, at(node->location)});
  return out;
}

Expression Reader::value_function(const ::SQLValueFunction* node) {
  const auto* row = std::ranges::find(kValueFunctions, node->op, &ValueFunctionRow::raw);
  ValueFunction out{.kind = row->kind};
  if (node->typmod >= 0) out.precision = node->typmod;
  return {out, at(node->location)};
}

Expression Reader::call(const ::FuncCall* node) {
  std::vector<std::string> name = strings(node->funcname);
  refuse_if(node->location, {{name.size() > 2, "a function name qualified by its database"}});
  FunctionCall out;
  out.name = name.back();
  if (name.size() > 1) out.schema = name[name.size() - 2];
  out.arguments = arguments(node, out.name);
  out.star = node->agg_star;
  out.distinct = node->agg_distinct;
  out.variadic = node->func_variadic;
  out.within_group = node->agg_within_group;
  out.sql_syntax = node->funcformat == COERCE_SQL_SYNTAX;
  out.order_by = order_items(node->agg_order);
  out.filter = boxed(node->agg_filter);
  if (node->over) {
    out.over = window(node->over);
    out.over->only_name = node->over->name != nullptr;
  }
  return {std::move(out), at(node->location)};
}

std::vector<OrderItem> Reader::order_items(const List* list) {
  std::vector<OrderItem> out;
  for (const ::SortBy* item : Nodes<::SortBy>{list}) {
    refuse_if(item->location, {{item->sortby_dir == SORTBY_USING, "ORDER BY … USING"}});
    OrderItem order{.expression = expression(item->node)};
    if (item->sortby_dir == SORTBY_ASC) order.direction = OrderItem::Direction::ascending;
    if (item->sortby_dir == SORTBY_DESC) order.direction = OrderItem::Direction::descending;
    if (item->sortby_nulls == SORTBY_NULLS_FIRST) order.nulls = OrderItem::Nulls::first;
    if (item->sortby_nulls == SORTBY_NULLS_LAST) order.nulls = OrderItem::Nulls::last;
    out.push_back(std::move(order));
  }
  return out;
}

Window Reader::window(const ::WindowDef* node) {
  Window out{.name = text_of(node->name), .refers_to = text_of(node->refname)};
  out.partition_by = expressions(node->partitionClause);
  out.order_by = order_items(node->orderClause);
  out.frame = frame(node);
  out.position = at(node->location);
  return out;
}

std::optional<Frame> Reader::frame(const ::WindowDef* node) {
  const int options = node->frameOptions;
  if (!(options & FRAMEOPTION_NONDEFAULT)) return std::nullopt;
  Frame out;
  if (options & FRAMEOPTION_ROWS) out.mode = Frame::Mode::rows;
  if (options & FRAMEOPTION_GROUPS) out.mode = Frame::Mode::groups;
  out.start = {start_of(options), boxed(node->startOffset)};
  out.end = {end_of(options), boxed(node->endOffset)};
  out.has_end = (options & FRAMEOPTION_BETWEEN) != 0;
  if (options & FRAMEOPTION_EXCLUDE_CURRENT_ROW) out.exclude = Frame::Exclude::current_row;
  if (options & FRAMEOPTION_EXCLUDE_GROUP) out.exclude = Frame::Exclude::group;
  if (options & FRAMEOPTION_EXCLUDE_TIES) out.exclude = Frame::Exclude::ties;
  return out;
}

}  // namespace crossfade::sql::postgres_front
