#include <algorithm>

#include "bind/schema_binder.hpp"
#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using TypeKind = plan::NamedType::Kind;

/// The condition over another text than the domain's own value.
std::string with_value(std::string_view condition, const std::string& value) {
  const std::string own = "\"" + std::string{plan::NamedType::kValue} + "\"";
  std::string text{condition};
  for (std::size_t at = text.find(own); at != std::string::npos; at = text.find(own, at + value.size())) text.replace(at, own.size(), value);
  return text;
}

/// VALUE, which the grammar takes for a column.
void name_value(Expression& expression) {
  if (auto* column = std::get_if<ColumnReference>(&expression.node); column && column->table.empty() && column->name == "value") {
    column->name = plan::NamedType::kValue;
  }
  for_each_child(expression, [](Expression& child) { name_value(child); }, [](Query&) {});
}

}  // namespace

/// Its conditions are bound once, over a column of its type, and kept as SQLite's text: a table with a column of it repeats them.
Result<void> SchemaBinder::bind(CreateDomain& create, Statement&) {
  CROSSFADE_CHECK(check_type_free(create.name));
  CROSSFADE_TRY(const plan::NamedType* base, resolve_type(create.type, *context_.schema));
  if (base) return unsupported("a domain over type " + base->name, create.type.position);
  if (!create.type.resolved) return refuse("42704"_state, "type \"" + create.type.name + "\" does not exist", create.type.position);
  const model::Type type = *create.type.resolved;
  if (category_of(type.oid) == model::Category::pseudo) {
    return refuse("42804"_state, "\"" + model::format_type(type) + "\" is not a valid base type for a domain", create.type.position);
  }
  plan::Column column{.name = std::string{plan::NamedType::kValue}, .sqlite_name = std::string{plan::NamedType::kValue}};
  column.type = type;
  column.form = plan::created_form(type);
  plan::Table values{.name = create.name.name, .sqlite_name = create.name.name};
  values.columns.push_back(column);
  bool not_null = false;
  std::string checks;
  for (Constraint& constraint : create.constraints) {
    switch (constraint.kind) {
      case Constraint::Kind::not_null: not_null = true; break;
      case Constraint::Kind::null: break;
      case Constraint::Kind::check: {
        if (constraint.name.empty()) constraint.name = fresh_name(create.name.name, {}, "check");
        name_value(*constraint.expression);
        CROSSFADE_CHECK(bind_persisted(*constraint.expression, values, "the CHECK of a domain"));
        if (constraint.expression->type.oid != oid::boolean) {
          return refuse("42804"_state, "argument of CHECK must be type boolean, not type " + std::string{type_name(constraint.expression->type.oid)}, constraint.expression->position);
        }
        CROSSFADE_TRY(const std::string text, print(*constraint.expression, context_.target));
        checks += (checks.empty() ? "json_array(" : ", json_array(") + quote_text(constraint.name) + ", " + quote_text(text) + ")";
        break;
      }
      case Constraint::Kind::default_: return unsupported("the DEFAULT of a domain", constraint.position, "A DEFAULT of the column works.");
      default: return refuse("42601"_state, "this constraint is not possible for domains", constraint.position);
    }
  }
  keep_object("domain", create.name.name, plan::oid_of("type " + create.name.name),
              "json_object('base', " + quote_text(model::format_type(type)) + ", 'not_null', " + (not_null ? "1" : "0") + ", 'checks', json_array(" + checks + "))");
  return {};
}

Result<void> SchemaBinder::add_domain_checks(ColumnDefinition& definition, const plan::Column& column) {
  const plan::NamedType& domain = context_.schema->named_types.find(column.domain)->second;
  const auto add = [&](const std::string& name, std::string condition) {
    Constraint check{.kind = Constraint::Kind::check, .name = std::string{kDomainCheck} + domain.name + " " + name};
    check.expression = Expression{RawText{std::move(condition)}, kNowhere, {oid::boolean}, plan::runtime_form({oid::boolean})};
    definition.constraints.push_back(std::move(check));
  };
  const std::string own = quoted(column.sqlite_name);
  if (domain.not_null) add("", own + " IS NOT NULL");
  for (const plan::NamedType::Check& check : domain.checks) add(check.name, with_value(check.condition, own));
  return {};
}

std::string checked_domain(const Expression& bound) {
  constexpr std::string_view kHead = "crossfade_domain($1, '";
  const auto* cast = std::get_if<Template>(&bound.node);
  if (!cast || !cast->text.starts_with(kHead)) return {};
  std::string name;
  for (std::size_t at = kHead.size(); at < cast->text.size(); ++at) {
    const bool doubled = cast->text.compare(at, 2, "''") == 0;
    if (cast->text[at] == '\'' && !doubled) break;
    name += cast->text[at];
    if (doubled) ++at;
  }
  return name;
}

/// x::d is x as the domain's type, looked at by its conditions.
Result<void> Binder::check_domain(Expression& expression, const plan::NamedType& domain) {
  const plan::StoredForm& form = plan::created_form(domain.base);
  if (volatile_ || !to_form(expression, form)) return unsupported("a cast to domain " + domain.name + " of this expression", expression.position);
  Template text{"crossfade_domain($1, " + quote_text(domain.name) + ", " + (domain.not_null ? "1" : "0"), {}};
  for (const plan::NamedType::Check& check : domain.checks) text.text += ", " + quote_text(check.name) + ", " + with_value(check.condition, "$1");
  text.text += ")";
  text.unstable = true;
  const model::Type type = expression.type;
  const Position position = expression.position;
  text.arguments.push_back(std::move(expression));
  expression = {std::move(text), position, type, form};
  return {};
}

}  // namespace crossfade::sql
