#include "bind/binder.hpp"
#include "crossfade/model/array.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

/// enum_range(x), enum_first(x), enum_last(x): of the type of x, whose value does not matter. false: another function.
Result<bool> Binder::bind_enum_call(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const bool range = call.name == "enum_range", first = call.name == "enum_first";
  if (!(range || first || call.name == "enum_last") || call.arguments.empty() || call.arguments.size() > (range ? 2U : 1U)) return false;
  const Position position = expression.position;
  if (call.arguments.size() == 2) return unsupported("enum_range between two values", position);
  Expression& argument = call.arguments.front();
  CROSSFADE_CHECK(bind(argument, scope, clause));
  const model::Type type{argument.type.oid};
  if (type.oid == oid::unknown) return refuse("42804"_state, "could not determine polymorphic type because input has type unknown", kNowhere);
  const plan::NamedType* named = model::is_enumeration(type.oid) ? context_.schema->find_named_type(type.oid) : nullptr;
  if (!named) {
    return refuse("42883"_state, "function " + call.name + "(" + model::format_type(type) + ") does not exist", position,
                  "No function matches the given name and argument types. You might need to add explicit type casts.");
  }
  if (!range && named->labels.empty()) return refuse("55000"_state, "enum " + named->name + " contains no values", kNowhere);
  if (!range) {
    expression = constant((first ? named->labels.front() : named->labels.back()).text, type, position);
    return true;
  }
  std::vector<model::Value> labels;
  for (const plan::NamedType::Label& label : named->labels) labels.emplace_back(label.text);
  const model::Type array = *model::array_of(type);
  CROSSFADE_TRY(model::StorageValue stored, plan::encode(model::array_of_values(std::move(labels)), plan::runtime_form(array), array));
  expression = constant(std::move(stored), array, position);
  return true;
}

}  // namespace crossfade::sql
