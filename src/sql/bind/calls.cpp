#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "bind/overloads.hpp"
#include "bind/walk.hpp"
#include "crossfade/model/object_type.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

std::string call_name(const FunctionCall& call) {
  std::string name = call.name + "(";
  for (std::size_t i = 0; i < call.arguments.size(); ++i) name += (i ? ", " : "") + std::string{type_name(call.arguments[i].type.oid)};
  return name + ")";
}

}  // namespace

std::unexpected<model::Error> no_function(const FunctionCall& call, Position position) {
  return refuse("42883"_state, "function " + call_name(call) + " does not exist", position,
                "No function matches the given name and argument types. You might need to add explicit type casts.");
}

namespace {

/// text stands for varchar and name: the tables have one row for them.
ArgumentTypes given_types(const Expressions& arguments) {
  ArgumentTypes given;
  for (const Expression& argument : arguments) {
    const model::Oid type = argument.type.oid;
    given.push_back(type == oid::varchar || type == oid::name ? oid::text : type);
  }
  return given;
}

template <class Rule>
struct Found { OverloadChoice::Outcome outcome = OverloadChoice::Outcome::none; const Rule* rule = nullptr; bool named = false; };

/// The overload of `name` among the tables' rows.
template <class Rule>
Found<Rule> find_rule(std::initializer_list<std::span<const Rule>> tables, std::string_view name, const ArgumentTypes& given) {
  std::vector<const Rule*> rules;
  std::vector<ArgumentTypes> candidates;
  for (const auto table : tables) {
    for (const Rule& rule : table) {
      if (rule.name != name) continue;
      rules.push_back(&rule);
      candidates.emplace_back(rule.takes.begin(), rule.takes.end());
    }
  }
  const OverloadChoice choice = choose_overload(candidates, given);
  const bool found = choice.outcome == OverloadChoice::Outcome::found;
  return {choice.outcome, found ? rules[choice.index] : nullptr, !rules.empty()};
}

/// lower(x COLLATE "C"): SQLite's own function folds the same letters.
bool folds_ascii(const FunctionCall& call) {
  if ((call.name != "lower" && call.name != "upper") || call.arguments.size() != 1) return false;
  const auto* collate = std::get_if<Collate>(&call.arguments.front().node);
  return collate && (collate->name == "C" || collate->name == "POSIX");
}

/// What the tables of the session and of the catalog say other than from their arguments.
bool of_session(const FunctionRule& rule) {
  const auto in = [&](std::span<const FunctionRule> rules) { return &rule >= rules.data() && &rule < rules.data() + rules.size(); };
  return rule.volatility != FunctionVolatility::immutable && (in(session_function_rules()) || in(catalog_function_rules()));
}

Found<FunctionRule> find_function(std::string_view name, const ArgumentTypes& given) {
  return find_rule<FunctionRule>({text_function_rules(), number_function_rules(), datetime_function_rules(), session_function_rules(), catalog_function_rules()}, name, given);
}

/// date(x), text(x) …: a type's name with one argument is a cast.
std::optional<model::Type> cast_by_name(const FunctionCall& call) {
  if (call.arguments.size() != 1 || call.star) return std::nullopt;
  const model::TypeInfo* info = model::find_type(call.name);
  if (!info || info->name != call.name || model::is_enumeration(info->oid)) return std::nullopt;
  const model::Oid from = call.arguments.front().type.oid;
  const bool castable = info && (from == oid::unknown || from == info->oid || find_cast(from, info->oid, CastContext::explicit_));
  return castable ? std::optional{model::Type{info->oid}} : std::nullopt;
}

}  // namespace

namespace {

/// coalesce(x::d, y::d) and CASE … END have the domain's type too.
bool chooses_domain(const Expression& bound) {
  const auto* cast = std::get_if<Template>(&bound.node);
  if (cast && cast->text.starts_with("crossfade_domain(")) return true;
  const bool chooses = std::holds_alternative<sql::Choice>(bound.node) || std::holds_alternative<Case>(bound.node) || std::holds_alternative<RawCall>(bound.node);
  bool found = false;
  if (chooses) for_each_child(bound, [&](const Expression& child) { found = found || chooses_domain(child); }, [](const Query&) {});
  return found;
}

}  // namespace

bool holds_aggregate_or_window(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  if (call) return true;  // bound scalar calls are templates: what is still a call is one of these
  bool found = false;
  for_each_child(expression, [&](const Expression& child) { found = found || holds_aggregate_or_window(child); }, [](const Query&) {});
  return found;
}

/// count(t), count(t.*): the rows of t that are there, which a column of its that is never NULL tells. Not of the rows that an outer join lacks.
void Binder::count_rows_of(FunctionCall& call, const Scope& scope) {
  if (call.name != "count" || call.arguments.size() != 1 || call.distinct) return;
  Expression& argument = call.arguments.front();
  const auto* star = std::get_if<Star>(&argument.node);
  const auto* name = std::get_if<ColumnReference>(&argument.node);
  const std::string table = star ? star->table : name && name->table.empty() ? name->name : std::string{};
  if (table.empty() || (name && find_column(scope, *name, argument.position))) return;
  const auto found = std::ranges::find(scope.relations, table, [](const RelationPointer& relation) -> std::string_view { return relation->alias; });
  if (found == scope.relations.end() || !(*found)->table) return;
  const auto& columns = (*found)->table->columns;
  const auto never_null = std::ranges::find_if(columns, [](const plan::Column& column) { return column.not_null || column.serial; });
  const auto place = static_cast<std::size_t>(never_null - columns.begin());  // as this FROM calls it
  if (never_null != columns.end() && place < (*found)->columns.size()) {
    argument.node = ColumnReference{{}, table, (*found)->columns[place].name};
  } else if (!scope.outer_join) {  // every row is there, whatever is in it
    call.arguments.clear();
    call.star = true;
  }
}

Result<void> Binder::bind_call(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  count_rows_of(call, scope);
  const bool catalog = call.schema.empty() || call.schema == "pg_catalog";
  if (call.variadic) {
    CROSSFADE_TRY(const bool spread, catalog ? bind_variadic(expression, scope, clause) : Result<bool>{false});
    return spread ? Result<void>{} : unsupported("VARIADIC", expression.position);
  }
  if (call.within_group) return bind_ordered_set(expression, scope, clause);
  if (call.name == "grouping" && call.schema == "pg_catalog" && clause != Clause::select && clause != Clause::order_by && clause != Clause::having)
    return refuse("42803"_state, "grouping operations are not allowed in " + std::string{clause_name(clause)}, expression.position);
  if (call.name == "grouping" && call.schema == "pg_catalog" && !scope.outer)
    return refuse("42803"_state, "arguments to GROUPING must be grouping expressions of the associated query level", expression.position);
  constexpr std::size_t kMostArguments = 100;
  if (call.arguments.size() > kMostArguments) return refuse("54023"_state, "cannot pass more than 100 arguments to a function", expression.position);
  if (call.name == kLeftOut) {
    Expression column = std::move(call.arguments.front());
    CROSSFADE_CHECK(bind(column, scope, clause));
    expression = constant(model::Null{}, column.type, column.position);
    expression.form = column.form;
    return {};
  }
  if (catalog) {
    CROSSFADE_TRY(const bool of_sequence, bind_sequence_call(expression, scope, clause));
    if (of_sequence) return {};
    CROSSFADE_TRY(const bool of_enum, bind_enum_call(expression, scope, clause));
    if (of_enum) return {};
    CROSSFADE_TRY(const bool of_json, bind_json_call(expression, scope, clause));
    if (of_json) return {};
  }
  if (persisted_ && catalog && folds_ascii(call)) return bind_persisted_case(expression, scope, clause);
  const auto named = [&](const AggregateRule& rule) { return rule.name == call.name; };
  const bool aggregate = catalog && !call.over && (call.name == "array_agg" || std::ranges::any_of(aggregate_rules(), named));
  CROSSFADE_CHECK(bind_all(call.arguments, scope, aggregate ? Clause::aggregate : clause));
  if (!catalog) return no_function(call, expression.position);
  call.schema.clear();
  if (call.name == "array_agg") return bind_array_agg(expression, scope, clause);
  if (std::ranges::any_of(aggregate_rules(), named) || std::ranges::any_of(window_rules(), named)) return bind_aggregate(expression, scope, clause);
  if (call.over || call.filter || call.distinct || call.star || !call.order_by.empty()) {
    if (is_known_function(call.name)) return unsupported("function " + call.name, expression.position);
    if (!find_function(call.name, given_types(call.arguments)).named) return no_function(call, expression.position);
    return refuse("42809"_state, call.name + " is not an aggregate function", expression.position);
  }
  if (call.name == "concat" || call.name == "concat_ws") return bind_concat(expression);
  if (call.name == "format" && !call.arguments.empty()) return bind_text_call(expression, "crossfade_format");
  const bool quotes = (call.name == "quote_literal" || call.name == "quote_nullable") && call.arguments.size() == 1;
  if (quotes && call.arguments.front().type.oid == oid::bpchar) CROSSFADE_CHECK(coerce(call.arguments.front(), {oid::text}, CastContext::implicit));
  if (quotes) return bind_text_call(expression, "crossfade_" + call.name);
  if ((call.name == "num_nulls" || call.name == "num_nonnulls") && !call.arguments.empty()) {
    RawCall count{"crossfade_nulls", {constant(std::int64_t{call.name == "num_nonnulls"}, {oid::int4})}};
    for (Expression& argument : call.arguments) {
      CROSSFADE_CHECK(any_takes(argument));
      CROSSFADE_CHECK(settle(argument));
      to_runtime(argument);
      count.arguments.push_back(std::move(argument));
    }
    expression = {std::move(count), expression.position, {oid::int4}, plan::runtime_form({oid::int4})};
    return {};
  }
  const bool path = call.arguments.size() > 1 && call.name.find("_extract_path") != std::string::npos && call.name.starts_with("json");
  const auto is_key = [](const Expression& key) { return key.type.oid == oid::unknown || (is_textual(key.type.oid) && implicitly_castable(key.type.oid, oid::text)); };
  if (path && !std::all_of(call.arguments.begin() + 1, call.arguments.end(), is_key)) return no_function(call, expression.position);
  if (path) {
    const bool text = call.name.ends_with("_text"), binary = call.name.starts_with("jsonb");
    Expression array{ArrayConstructor{}, expression.position};
    for (std::size_t i = 1; i < call.arguments.size(); ++i) std::get<ArrayConstructor>(array.node).elements.push_back(std::move(call.arguments[i]));
    CROSSFADE_CHECK(bind_array(array, scope, clause, model::Type{kTexts}));
    CROSSFADE_CHECK(coerce(call.arguments.front(), {binary ? oid::jsonb : oid::json}, CastContext::implicit));
    to_runtime(call.arguments.front());
    to_runtime(array);
    const model::Type type{text ? oid::text : binary ? oid::jsonb : oid::json};
    RawCall made{text ? "crossfade_json_path_text" : "crossfade_json_path", {std::move(call.arguments.front()), std::move(array)}};
    expression = {std::move(made), expression.position, type, plan::runtime_form(type)};
    return {};
  }
  if (call.name == "pg_typeof" && call.arguments.size() == 1) {
    CROSSFADE_CHECK(any_takes(call.arguments.front()));
    of_session_ = true;
    const auto* column = std::get_if<ColumnReference>(&call.arguments.front().node);
    const auto domain = column && column->column ? context_.schema->named_types.find(column->column->domain) : context_.schema->named_types.end();
    const bool checked = std::holds_alternative<Template>(call.arguments.front().node) && std::get<Template>(call.arguments.front().node).text.starts_with("crossfade_domain(");
    if (checked || chooses_domain(call.arguments.front())) return unsupported("pg_typeof of a cast to a domain", expression.position);
    const model::Oid type = domain == context_.schema->named_types.end() ? call.arguments.front().type.oid : domain->second.oid;
    expression = constant(static_cast<std::int64_t>(type), {oid::regtype}, expression.position);
    return {};
  }
  if (call.name == "octet_length" && call.arguments.size() == 1) pad(call.arguments.front(), oid::text);
  CROSSFADE_TRY(const bool over_arrays, bind_array_call(expression));
  if (over_arrays) return {};
  return bind_plain_call(expression, clause);
}

Result<void> Binder::bind_plain_call(Expression& expression, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const ArgumentTypes given = given_types(call.arguments);
  const Found<FunctionRule> found = find_function(call.name, given);
  if (found.outcome == OverloadChoice::Outcome::ambiguous) {
    return refuse("42725"_state, "function " + call_name(call) + " is not unique", expression.position,
                  "Could not choose a best candidate function. You might need to add explicit type casts.");
  }
  if (!found.rule) {
    if (const auto type = cast_by_name(call)) {
      Expression argument = std::move(call.arguments.front());
      CROSSFADE_CHECK(coerce(argument, *type, CastContext::explicit_));
      expression = std::move(argument);
      return {};
    }
    CROSSFADE_TRY(const bool said, bind_builtin(expression, clause));
    return said ? Result<void>{} : no_function(call, expression.position);
  }
  CROSSFADE_CHECK(check_untyped(call, expression.position));
  const FunctionRule& rule = *found.rule;
  if (rule.text.empty()) return unsupported("function " + call_name(call), expression.position);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    CROSSFADE_CHECK(coerce(call.arguments[i], {*(rule.takes.begin() + static_cast<std::ptrdiff_t>(i))}, CastContext::assignment));
    to_runtime(call.arguments[i]);
  }
  volatile_ = volatile_ || rule.volatility == FunctionVolatility::volatile_;
  of_session_ = of_session_ || of_session(rule) || model::is_object_type(rule.result);
  Template text{std::string{rule.text}, std::move(call.arguments), rule.volatility != FunctionVolatility::immutable};
  expression.node = std::move(text);
  expression.type = {rule.result};
  expression.form = plan::runtime_form(expression.type);
  return {};
}

Result<void> Binder::any_takes(const Expression& argument) {
  const auto* parameter = std::get_if<Parameter>(&argument.node);
  if (!parameter || argument.type.oid != oid::unknown) return {};
  return refuse("42P18"_state, "could not determine data type of parameter $" + std::to_string(parameter->number), argument.position);
}

/// concat and concat_ws take anything, by its output text: a boolean is "t" there.
Result<void> Binder::bind_concat(Expression& expression) {
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  const bool separated = call.name == "concat_ws";
  if (call.arguments.size() < (separated ? 2U : 1U)) return no_function(call, expression.position);
  for (Expression& argument : call.arguments) {
    if (!separated || &argument != &call.arguments.front()) CROSSFADE_CHECK(any_takes(argument));
    if (argument.type.oid == oid::boolean) {
      to_runtime(argument);
      Template text{"CASE $1 WHEN 1 THEN 't' WHEN 0 THEN 'f' END", {}};
      text.arguments.push_back(argument);
      argument = {std::move(text), argument.position, {oid::text}, plan::runtime_form({oid::text})};
    }
    pad(argument, oid::text);
    CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::explicit_));
    to_runtime(argument);
  }
  expression.node = RawCall{separated ? "crossfade_concat_ws" : "crossfade_concat", std::move(call.arguments)};
  expression.type = {oid::text};
  expression.form = plan::runtime_form(expression.type);
  return {};
}

namespace {

/// string_agg(x, s ORDER BY k): crossfade_string_agg(x, s, 'al-', k). `unique`: "u" before the order.
void order_string_agg(FunctionCall& call, bool unique) {
  call.name = call.arguments.front().type.oid == oid::bytea ? "crossfade_bytes_agg" : "crossfade_string_agg";
  call.arguments.push_back(text_argument((unique ? "u" : "") + order_text(call.order_by)));
  for (OrderItem& item : call.order_by) call.arguments.push_back(std::move(item.expression));
}

/// What PostgreSQL adds up from the beginning for each frame, since nothing can be taken out of it again (variances.cpp).
bool added_up_anew(const AggregateRule& rule) {
  const std::string_view name = rule.name;
  const bool spread = name.starts_with("var") || name.starts_with("stddev");
  const bool pairs = (name.starts_with("regr_") && name != "regr_count") || name.starts_with("covar_") || name == "corr";
  return pairs || name.starts_with("bit_") || (spread && is_float(rule.result));
}

/// min(x) FILTER (WHERE c): min(CASE WHEN c THEN x END). SQLite leaves the filter out where the frame begins at a row that moves.
void filter_argument(FunctionCall& call) {
  Expression& argument = call.arguments.front();
  if (!std::holds_alternative<Collate>(argument.node) && collates_inside(*call.filter)) {
    Expression inner = std::move(argument);
    argument = {Collate{inner, {}, {}, "BINARY"}, inner.position, inner.type, inner.form};
  }
  auto* collated = std::get_if<Collate>(&argument.node);
  Expression& value = collated ? *collated->argument : argument;
  Expression chosen{Case{}, value.position, value.type, value.form};
  auto& choose = std::get<Case>(chosen.node);
  choose.whens.push_back({std::move(*call.filter), std::move(value)});
  call.filter.reset();
  value = std::move(chosen);
}

}  // namespace

Result<void> Binder::check_aggregate_place(const FunctionCall& call, Position position, Clause clause) {
  const bool window = call.over.get() != nullptr;
  const bool allowed = clause == Clause::select || clause == Clause::order_by || ((clause == Clause::having || clause == Clause::window) && !window);
  if (!allowed) {
    const std::string kind = window ? "window" : "aggregate";
    if (clause == Clause::aggregate) return refuse("42803"_state, kind + " function calls cannot be nested", position);
    return refuse(window ? "42P20"_state : "42803"_state, kind + " functions are not allowed in " + std::string{clause_name(clause)}, position);
  }
  return {};
}

/// Of an aggregate whose arguments are bound.
Result<void> Binder::check_not_nested(const FunctionCall& call, Position position) {
  if (call.over.get() != nullptr || std::ranges::none_of(call.arguments, holds_aggregate_or_window)) return {};
  return refuse("42803"_state, "aggregate function calls cannot be nested", position);
}

Result<void> Binder::bind_aggregate(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const Position position = expression.position;
  const std::string name = call.name;
  const bool window = call.over.get() != nullptr;
  CROSSFADE_CHECK(check_aggregate_place(call, position, clause));
  CROSSFADE_CHECK(check_not_nested(call, position));
  if (name == "count" && !call.star && call.arguments.empty()) {
    return refuse("42809"_state, "count(*) must be used to call a parameterless aggregate function", position);
  }
  if (call.star && name != "count") return refuse("42883"_state, "function " + name + "() does not exist", position);
  static constexpr AggregateRule kOfArrays[] = {{"min", {pseudo::any_element}, 0, "min", ArgumentForm::passes}, {"max", {pseudo::any_element}, 0, "max", ArgumentForm::passes}};
  Found<AggregateRule> found = window ? find_rule<AggregateRule>({aggregate_rules(), window_rules()}, name, given_types(call.arguments))
                                            : find_rule<AggregateRule>({aggregate_rules()}, name, given_types(call.arguments));
  if (!found.rule && (name == "min" || name == "max") && call.arguments.size() == 1 && model::element_of(call.arguments.front().type)) {
    found.rule = &kOfArrays[name == "max" ? 1 : 0];
  }
  if (!found.rule) {
    constexpr std::array<std::string_view, 4> kHypothetical{"rank", "dense_rank", "percent_rank", "cume_dist"};
    if (!window && !call.arguments.empty() && std::ranges::find(kHypothetical, name) != kHypothetical.end())
      return refuse("42809"_state, "WITHIN GROUP is required for ordered-set aggregate " + name, position);
    if (!window && std::ranges::any_of(window_rules(), [&](const AggregateRule& rule) { return rule.name == name; })) {
      return refuse("42809"_state, "window function " + name + " requires an OVER clause", position);
    }
    return found.outcome == OverloadChoice::Outcome::ambiguous ? refuse("42725"_state, "function " + call_name(call) + " is not unique", position) : no_function(call, position);
  }
  const AggregateRule& rule = *found.rule;
  if (rule.sqlite.empty()) return unsupported("function " + call_name(call), position);
  const auto is_row = [](const Expression& each) { return std::holds_alternative<RowConstructor>(each.node); };
  if (const auto row = std::ranges::find_if(call.arguments, is_row); row != call.arguments.end()) return unsupported("a row as an argument of " + name, row->position);
  const bool unique_text = name == "string_agg" && !window && std::exchange(call.distinct, false);
  DistinctOrder distinct{call, unique_text || call.distinct};
  CROSSFADE_CHECK(coerce_aggregate_arguments(call, rule));
  const bool adds = rule.result != 0 && is_float(rule.result) && rule.sqlite != "min" && rule.sqlite != "max";
  adds_reals_ = adds_reals_ || (adds && !call.arguments.empty() && is_float(call.arguments.front().type.oid));
  CROSSFADE_CHECK(bind_aggregate_order(call, scope, distinct));
  if (unique_text) distinct.go_on_with_arguments(call);
  if (call.filter) {
    CROSSFADE_CHECK(bind(*call.filter, scope, Clause::filter));
    CROSSFADE_CHECK(require_boolean(*call.filter, "FILTER"));
  }
  if (window && call.filter && (rule.sqlite == "min" || rule.sqlite == "max")) filter_argument(call);
  if (window && rule.sqlite == "group_concat") call.name = "crossfade_string_agg_frame";
  if (call.distinct && call.arguments.size() > 1) return unsupported("DISTINCT in " + name, position);
  expression.type = {rule.result ? rule.result : call.arguments.front().type.oid};  // a function's result has no length or scale
  const bool passes = rule.form == ArgumentForm::passes && rule.name != "count";
  expression.form = passes ? call.arguments.front().form : plan::runtime_form(expression.type);
  if (call.name == name) call.name = rule.sqlite;
  const bool moves = window && (!call.over->frame || call.over->frame->start.kind != FrameBound::Kind::unbounded_preceding) &&
                     (call.over->frame || !call.over->name.empty() || !call.over->refers_to.empty());
  if (moves && is_float(rule.result) && (name == "sum" || name == "avg")) call.name += "_frame";
  if (moves && added_up_anew(rule)) call.name += "_frame";
  if (!call.order_by.empty()) {
    if (name == "string_agg") order_string_agg(call, unique_text);
    call.order_by.clear();  // what the others compute does not depend on the order
  }
  if (window) return bind_window(call, scope, clause);
  return note_aggregate(call, scope, position);
}

Result<void> Binder::coerce_aggregate_arguments(FunctionCall& call, const AggregateRule& rule) {
  std::vector<Expression*> compatible;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const model::Oid wanted = *(rule.takes.begin() + static_cast<std::ptrdiff_t>(i));
    Expression& argument = call.arguments[i];
    const bool anything = wanted == pseudo::any || wanted == pseudo::any_element || wanted == pseudo::any_enum;
    if (wanted == pseudo::any) CROSSFADE_CHECK(any_takes(argument));
    if (wanted == pseudo::any_compatible) {
      compatible.push_back(&argument);
    } else {
      CROSSFADE_CHECK(anything ? settle(argument) : coerce(argument, {wanted}, CastContext::assignment));
      if (wanted != pseudo::any) pad(argument, oid::bpchar);
    }
  }
  CROSSFADE_TRY(const model::Type type, common_type(compatible, call.name));
  for (Expression* argument : compatible) CROSSFADE_CHECK(coerce(*argument, type, CastContext::implicit));
  const bool shifts = rule.name == "lag" || rule.name == "lead";
  if (shifts && call.arguments.size() == 3) {  // of no offset there is no row, nor what stands for one
    Expression& otherwise = call.arguments[2];
    to_runtime(otherwise);
    Template guarded{"CASE WHEN $1 IS NOT NULL THEN $2 END", {call.arguments[1], otherwise}};
    otherwise.node = std::move(guarded);
  }
  if (shifts && call.arguments.size() > 1) {
    Expression& offset = call.arguments[1];
    const auto* known = std::get_if<Constant>(&offset.node);
    const auto* value = known ? std::get_if<std::int64_t>(&known->value) : nullptr;
    if (value && *value < 0) {  // back is forward
      call.name = rule.name == "lag" ? "lead" : "lag";
      offset = constant(-*value, {oid::int8}, offset.position);
    } else if (!value && !is_null_constant(offset)) {
      to_runtime(offset);
      Template checked{"CASE WHEN $1 < 0 THEN crossfade_fail('0A000', '" + call.name + " by a negative number that is no constant is not supported on SQLite') ELSE $1 END", {offset}};
      offset.node = std::move(checked);
    }
  }
  if (rule.name == "nth_value" && is_null_constant(call.arguments[1])) {
    call.name = "lead";
    call.arguments.pop_back();
    call.arguments.front() = constant(model::Null{}, {call.arguments.front().type.oid});
  }
  if (rule.name == "ntile" && is_null_constant(call.arguments.front())) {  // lead(NULL) is NULL in every row
    call.name = "lead";
    call.arguments.front() = constant(model::Null{}, {oid::int4});
  }
  const bool compared = rule.sqlite == "min" || rule.sqlite == "max" || call.distinct;
  for (Expression& argument : call.arguments) {
    if (rule.form == ArgumentForm::runtime) to_runtime(argument);
    if (compared) CROSSFADE_CHECK(comparable(argument, call.distinct ? Need::equality : Need::order));
  }
  return {};
}

}  // namespace crossfade::sql
