#include <algorithm>
#include <array>

#include "bind/binder.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

/// f(…, VARIADIC array): paths into JSON, whose keys the array has, and concat, which joins its elements. false: another function, untouched.
Result<bool> Binder::bind_variadic(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  struct Path { std::string_view name; model::Oid of, result; const char* function; };
  static constexpr std::array kPaths{
      Path{"json_extract_path", oid::json, oid::json, "crossfade_json_path"},
      Path{"jsonb_extract_path", oid::jsonb, oid::jsonb, "crossfade_json_path"},
      Path{"json_extract_path_text", oid::json, oid::text, "crossfade_json_path_text"},
      Path{"jsonb_extract_path_text", oid::jsonb, oid::text, "crossfade_json_path_text"},
      Path{"jsonb_delete", oid::jsonb, oid::jsonb, "crossfade_jsonb_delete_all"},
  };
  const auto* path = std::ranges::find(kPaths, call.name, &Path::name);
  const bool joins = call.name == "concat" || call.name == "concat_ws";
  const bool plain = !call.over && !call.filter && !call.distinct && !call.star && call.order_by.empty();
  if (!plain || call.arguments.size() != (call.name == "concat" ? 1U : 2U) || (path == kPaths.end() && !joins)) return false;
  CROSSFADE_CHECK(bind_all(call.arguments, scope, clause));
  call.variadic = false;
  Expression& array = call.arguments.back();
  if (call.name == "jsonb_delete" && !model::element_of(array.type)) return false;  // of an untyped literal PostgreSQL makes a text
  if (path != kPaths.end()) {
    Expression& whole = call.arguments.front();
    if (!implicitly_castable(whole.type.oid, path->of) || !implicitly_castable(array.type.oid, kTexts)) return no_function(call, expression.position);
    CROSSFADE_CHECK(coerce(whole, {path->of}, CastContext::implicit));
    CROSSFADE_CHECK(coerce(array, {kTexts}, CastContext::implicit));
    to_runtime(whole);
    to_runtime(array);
    const model::Type type{path->result};
    expression = {RawCall{path->function, std::move(call.arguments)}, expression.position, type, plan::runtime_form(type)};
    return true;
  }
  if (!model::element_of(array.type)) {
    return refuse(model::SqlState{"42804"}, "VARIADIC argument must be an array", array.position);
  }
  Expression separator = call.name == "concat" ? text_argument("") : std::move(call.arguments.front());
  Expression elements = std::move(array);
  call.name = "array_to_string";
  call.arguments.clear();
  call.arguments.push_back(std::move(elements));
  call.arguments.push_back(std::move(separator));
  return bind_array_call(expression);
}

}  // namespace crossfade::sql
