#include <charconv>

#include "bind/binder.hpp"
#include "crossfade/model/numeric.hpp"
#include "crossfade/model/object_type.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr model::Type kBoolean{oid::boolean};

void yields(Expression& expression, model::Type type) {
  expression.type = type;
  expression.form = plan::runtime_form(type);
}

}  // namespace

Result<void> Binder::bind_all(Expressions& list, Scope& scope, Clause clause) {
  for (Expression& expression : list) CROSSFADE_CHECK(bind(expression, scope, clause));
  return {};
}

Result<void> Binder::bind(Expression& expression, Scope& scope, Clause clause) {
  struct Dispatch {
    Binder& binder;
    Expression& expression;
    Scope& scope;
    Clause clause;
    Result<void> operator()(Literal&) { return binder.bind_literal(expression); }
    Result<void> operator()(Parameter&) { return binder.bind_parameter(expression); }
    Result<void> operator()(ColumnReference&) { return binder.bind_column(expression, scope); }
    Result<void> operator()(Operation&) { return binder.bind_operation(expression, scope, clause); }
    Result<void> operator()(Cast&) { return binder.bind_cast(expression, scope, clause); }
    Result<void> operator()(FunctionCall&) { return binder.bind_call(expression, scope, clause); }
    Result<void> operator()(Case&) { return binder.bind_case(expression, scope, clause); }
    Result<void> operator()(sql::Choice&) { return binder.bind_choice(expression, scope, clause); }
    Result<void> operator()(InList&) { return binder.bind_in_list(expression, scope, clause); }
    Result<void> operator()(Subquery&) { return binder.bind_subquery(expression, scope, clause); }
    Result<void> operator()(Quantified&) { return binder.bind_quantified(expression, scope, clause); }
    Result<void> operator()(Between&) { return binder.bind_between(expression, scope, clause); }
    Result<void> operator()(Like&) { return binder.bind_like(expression, scope, clause); }
    Result<void> operator()(IsTest&) { return binder.bind_is_test(expression, scope, clause); }
    Result<void> operator()(IsDistinct&) { return binder.bind_is_distinct(expression, scope, clause); }
    Result<void> operator()(ValueFunction&) { return binder.bind_value_function(expression); }
    Result<void> operator()(Logical& node) {
      const std::string_view word = node.kind == Logical::Kind::and_ ? "AND" : "OR";
      for (Expression& argument : node.arguments) {
        CROSSFADE_CHECK(binder.bind(argument, scope, clause));
        CROSSFADE_CHECK(binder.require_boolean(argument, word));
      }
      yields(expression, kBoolean);
      return {};
    }
    Result<void> operator()(Not& node) {
      CROSSFADE_CHECK(binder.bind(*node.argument, scope, clause));
      CROSSFADE_CHECK(binder.require_boolean(*node.argument, "NOT"));
      yields(expression, kBoolean);
      return {};
    }
    Result<void> operator()(RowConstructor& node) {
      Binder::spread_fields(node, scope);
      CROSSFADE_CHECK(binder.bind_all(node.fields, scope, clause));
      expression.type = {oid::record};
      return {};
    }
    Result<void> operator()(Collate& node) {
      CROSSFADE_CHECK(binder.bind(*node.argument, scope, clause));
      const bool bytewise = (node.schema.empty() || node.schema == "pg_catalog") && (node.name == "C" || node.name == "POSIX" || node.name == "default" || node.name == "ucs_basic");
      if (!bytewise) {
        return refuse("42704"_state, "collation \"" + node.name + "\" for encoding \"UTF8\" does not exist", expression.position);
      }
      CROSSFADE_CHECK(binder.settle(*node.argument));
      Expression argument = std::move(*node.argument);  // text is compared by its bytes anyway
      expression = std::move(argument);
      return {};
    }
    Result<void> operator()(DefaultMarker&) { return refuse("42601"_state, "DEFAULT is not allowed in this context", expression.position); }
    Result<void> operator()(CurrentOf&) { return unsupported("WHERE CURRENT OF in this place", expression.position); }
    Result<void> operator()(Star&) { return unsupported("a * as a value", expression.position); }
    Result<void> operator()(ArrayConstructor&) { return binder.bind_array(expression, scope, clause, std::nullopt); }
    Result<void> operator()(Subscript&) { return binder.bind_subscript(expression, scope, clause); }
    Result<void> operator()(FieldSelection&) { return bind_field(expression, scope); }
    // Already bound: made by the binder.
    Result<void> operator()(Constant&) { return {}; }
    Result<void> operator()(RawCall&) { return {}; }
    Result<void> operator()(NativeCast&) { return {}; }
    Result<void> operator()(RawText&) { return {}; }
    Result<void> operator()(Template&) { return {}; }
  };
  CROSSFADE_CHECK(std::visit(Dispatch{*this, expression, scope, clause}, expression.node));
  const std::optional<model::Type> element = model::element_of(expression.type);
  if (model::is_object_type(element ? element->oid : expression.type.oid)) of_session_ = true;
  return {};
}

Result<void> Binder::bind_literal(Expression& expression) {
  const Literal literal = std::get<Literal>(expression.node);
  const Position position = expression.position;
  switch (literal.kind) {
    case Literal::Kind::null:
    case Literal::Kind::string: return {};  // unknown until coerced
    case Literal::Kind::boolean:
      expression = constant(std::int64_t{literal.text == "true"}, kBoolean, position);
      return {};
    case Literal::Kind::integer: {
      std::int64_t value = 0;
      const char* end = literal.text.data() + literal.text.size();
      if (const auto read = std::from_chars(literal.text.data(), end, value); read.ec == std::errc{} && read.ptr == end) {
        const bool narrow = value <= std::numeric_limits<std::int32_t>::max() && value >= std::numeric_limits<std::int32_t>::min();
        expression = constant(value, {narrow ? oid::int4 : oid::int8}, position);
        return {};
      }
      [[fallthrough]];  // more digits than bigint has
    }
    case Literal::Kind::numeric: {
      CROSSFADE_TRY(model::Numeric number, model::parse_numeric(literal.text));
      expression = constant(std::move(number.text), {oid::numeric}, position);
      return {};
    }
    case Literal::Kind::bits:
    case Literal::Kind::hex_bits: return unsupported("a bit string", position);
  }
  std::unreachable();
}

Result<void> Binder::bind_parameter(Expression& expression) {
  const std::size_t index = std::get<Parameter>(expression.node).number - 1U;
  if (index >= parameters_.size()) {
    return refuse("42P02"_state, "there is no parameter $" + std::to_string(index + 1), expression.position);
  }
  if (parameter_positions_[index] == kNowhere) parameter_positions_[index] = expression.position;
  expression.type = parameters_[index];
  if (expression.type.oid != oid::unknown) expression.form = plan::runtime_form(expression.type);
  return {};
}

Result<void> Binder::bind_column(Expression& expression, const Scope& scope) {
  const auto& name = std::get<ColumnReference>(expression.node);
  auto found = find_column(scope, name, expression.position);
  if (!found && is_row_column(name, scope)) return unsupported("a row as a value", expression.position);
  CROSSFADE_TRY(expression, std::move(found));
  return {};
}

Result<void> Binder::require_boolean(Expression& expression, std::string_view what) {
  if (expression.type.oid == oid::unknown) CROSSFADE_CHECK(coerce_unknown(expression, kBoolean));
  if (expression.type.oid != oid::boolean) {
    return refuse("42804"_state, "argument of " + std::string{what} + " must be type boolean, not type " + std::string{type_name(expression.type.oid)},
                  expression.position);
  }
  to_runtime(expression);
  return {};
}

Result<void> Binder::bind_cast(Expression& expression, Scope& scope, Clause clause) {
  Cast cast = std::move(std::get<Cast>(expression.node));
  Expression argument = std::move(*cast.argument);
  CROSSFADE_TRY(const plan::NamedType* named, resolve_type(cast.type, *context_.schema));
  const bool known = cast.type.schema.empty() || cast.type.schema == "pg_catalog" || named;
  if (!known || !cast.type.resolved) {
    return refuse("42704"_state, "type \"" + cast.type.name + (cast.type.array_dimensions > 0 ? "[]" : "") + "\" does not exist", cast.type.position);
  }
  const model::Type type = *cast.type.resolved;
  if (type.oid == oid::xid) return unsupported("a value of type xid", cast.type.position);
  if (type.oid == oid::unknown) return bind_cast_to_unknown(expression, std::move(argument), scope, clause);
  const bool elements = std::holds_alternative<ArrayConstructor>(argument.node) && model::element_of(type);
  if (is_textual(type.oid)) spell_row(argument, scope);
  CROSSFADE_CHECK(elements ? bind_array(argument, scope, clause, type) : bind(argument, scope, clause));
  if (is_textual(type.oid) && std::holds_alternative<RowConstructor>(argument.node)) {
    CROSSFADE_CHECK(as_record(argument, scope));
    argument = {RawCall{"crossfade_record_text", {std::move(argument)}}, expression.position, {oid::text}, plan::runtime_form({oid::text})};
  }
  const Position position = expression.position;
  if (argument.position == kNowhere) argument.position = position;
  auto done = coerce(argument, type, CastContext::explicit_);
  if (!done) {
    if (done.error().state == "42846"_state) done.error().position = error_position(position);
    return done;
  }
  if (named && named->kind == plan::NamedType::Kind::domain) CROSSFADE_CHECK(check_domain(argument, *named));
  // A cast of a column to its own type is that column still, but the result is an expression.
  expression = std::move(argument);
  expression.position = position;
  return {};
}

/// 'a'::unknown is 'a': a literal that has no type yet; what has one cannot lose it.
Result<void> Binder::bind_cast_to_unknown(Expression& expression, Expression argument, Scope& scope, Clause clause) {
  CROSSFADE_CHECK(bind(argument, scope, clause));
  if (argument.type.oid != oid::unknown) {
    return refuse("42846"_state, "cannot cast type " + std::string{type_name(argument.type.oid)} + " to unknown", expression.position);
  }
  if (argument.position == kNowhere) argument.position = expression.position;
  expression = Expression{std::move(argument)};
  return {};
}

Result<void> Binder::bind_case(Expression& expression, Scope& scope, Clause clause) {
  Case node = std::move(std::get<Case>(expression.node));
  if (node.operand) {
    CROSSFADE_CHECK(bind(*node.operand, scope, clause));
    CROSSFADE_CHECK(settle(*node.operand));
  }
  std::vector<Expression*> results;
  if (node.otherwise) {
    CROSSFADE_CHECK(bind(*node.otherwise, scope, clause));
    results.push_back(node.otherwise.get());
  }
  for (When& when : node.whens) {
    CROSSFADE_CHECK(bind(*when.condition, scope, clause));
    if (node.operand) {
      Expression test{Literal{}, when.condition->position};
      CROSSFADE_CHECK(compare(test, "=", *node.operand, std::move(*when.condition)));
      *when.condition = std::move(test);
    }
    CROSSFADE_CHECK(require_boolean(*when.condition, "CASE/WHEN"));
    CROSSFADE_CHECK(bind(*when.result, scope, clause));
    results.push_back(when.result.get());
  }
  node.operand.reset();
  CROSSFADE_TRY(model::Type type, common_type(results, "CASE"));
  if (!node.otherwise) type.modifier = -1;  // the NULL behind it has none
  for (Expression* result : results) {
    CROSSFADE_CHECK(coerce(*result, type, CastContext::implicit));
    to_runtime(*result);
  }
  expression.node = std::move(node);
  yields(expression, type);
  return {};
}

namespace {

/// NULLIF gives its first argument as the comparison takes it: operators between the integers, the floats, the moments, and of name,
/// take both sides as they are.
model::Type nullif_type(model::Type left, model::Type right, model::Type compared) {
  const auto moment = [](model::Oid type) { return type == oid::date || type == oid::timestamp || type == oid::timestamptz; };
  const auto within = [&](auto group) { return group(left.oid) && group(right.oid); };
  const bool real = left.oid == oid::float4 && is_number(right.oid);  // float4 = float8 is the nearest
  const bool own = left.oid == compared.oid || real || within(is_integer) || within(is_float) || within(moment) || left.oid == oid::name;
  return own ? left : model::Type{compared.oid};
}

}  // namespace

Result<void> Binder::bind_choice(Expression& expression, Scope& scope, Clause clause) {
  using Kind = sql::Choice::Kind;
  sql::Choice node = std::move(std::get<sql::Choice>(expression.node));
  CROSSFADE_CHECK(bind_all(node.arguments, scope, clause));
  if (node.kind == Kind::nullif) {  // NULLIF(a, b): a, or NULL when a = b
    Expression test{Literal{}, expression.position};
    CROSSFADE_CHECK(compare(test, "=", node.arguments[0], node.arguments[1]));
    CROSSFADE_TRY(const model::Type compared, comparison_type(node.arguments[0], node.arguments[1], "=", expression.position));
    Expression value = node.arguments[0];
    CROSSFADE_CHECK(coerce(value, nullif_type(value.type, node.arguments[1].type, compared), CastContext::implicit));
    to_runtime(value);
    Case choose;
    choose.whens.push_back({std::move(test), constant(model::Null{}, value.type)});
    const model::Type type = value.type;
    choose.otherwise = std::move(value);
    expression.node = std::move(choose);
    yields(expression, type);
    return {};
  }
  std::vector<Expression*> all;
  for (Expression& argument : node.arguments) all.push_back(&argument);
  const std::string_view name = node.kind == Kind::coalesce ? "COALESCE" : node.kind == Kind::greatest ? "GREATEST" : "LEAST";
  CROSSFADE_TRY(const model::Type type, common_type(all, name));
  for (Expression* argument : all) {
    CROSSFADE_CHECK(coerce(*argument, type, CastContext::implicit));
    to_runtime(*argument);
  }
  if (node.kind != Kind::coalesce) return bind_extreme(expression, std::move(node), type);
  if (node.arguments.size() == 1) {
    Expression only = std::move(node.arguments.front());
    expression = std::move(only);
    return {};
  }
  expression.node = RawCall{"coalesce", std::move(node.arguments)};
  yields(expression, type);
  return {};
}

/// GREATEST and LEAST leave NULLs out, SQLite's max(a, b) does not.
Result<void> Binder::bind_extreme(Expression& expression, sql::Choice node, model::Type type) {
  Expression tried = node.arguments.front();
  CROSSFADE_CHECK(comparable(tried, Need::order));
  CROSSFADE_CHECK(sortable(tried, node.kind == sql::Choice::Kind::greatest ? "GREATEST" : "LEAST"));
  node.arguments.insert(node.arguments.begin(), text_argument({order_kind(type.oid)}));
  const bool greatest = node.kind == sql::Choice::Kind::greatest;
  expression.node = RawCall{greatest ? "crossfade_greatest" : "crossfade_least", std::move(node.arguments)};
  yields(expression, type);
  return {};
}

Result<void> Binder::bind_value_function(Expression& expression) {
  using Kind = ValueFunction::Kind;
  struct Row { Kind kind; model::Oid type; std::string_view text; };
  static constexpr std::array kRows{
      Row{Kind::current_date, oid::date, "crossfade_cast('timestamptz', 'date', crossfade_now())"},
      Row{Kind::current_time, 0, ""},
      Row{Kind::current_timestamp, oid::timestamptz, "crossfade_now()"},
      Row{Kind::localtime, oid::time, "crossfade_cast('timestamptz', 'time', crossfade_now())"},
      Row{Kind::localtimestamp, oid::timestamp, "crossfade_cast('timestamptz', 'timestamp', crossfade_now())"},
      Row{Kind::current_user, oid::name, "crossfade_user()"},
      Row{Kind::session_user, oid::name, "crossfade_user()"},
      Row{Kind::user, oid::name, "crossfade_user()"},
      Row{Kind::current_role, oid::name, "crossfade_user()"},
      Row{Kind::current_catalog, oid::name, "crossfade_database()"},
      Row{Kind::current_schema, oid::name, "crossfade_schema()"},
  };
  const ValueFunction node = std::get<ValueFunction>(expression.node);
  const Row& row = kRows[static_cast<std::size_t>(node.kind)];
  if (row.type == oid::name) of_session_ = true;
  if (row.type == 0) return unsupported("CURRENT_TIME", expression.position, "LOCALTIME has no time zone and works.");
  expression.node = RawText{std::string{row.text}};
  yields(expression, {row.type});
  if (node.precision) return cast_known(expression, {row.type, *node.precision}, CastContext::explicit_);
  return {};
}

}  // namespace crossfade::sql
