#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;

Result<Translated> Binder::arguments(Statement& statement, std::span<const model::Type> wanted) {
  auto& row = std::get<Values>(std::get<Query>(statement.node).body).rows.front();
  Scope scope;
  Output output;
  for (std::size_t i = 0; i < row.size(); ++i) {
    Expression& argument = row[i];
    CROSSFADE_CHECK(bind(argument, scope, Clause::execute));
    const model::Oid from = argument.type.oid, to = wanted[i].oid;
    if (from != model::oid::unknown && from != to && !find_cast(from, to, CastContext::assignment)) {
      return refuse("42804"_state, "parameter $" + std::to_string(i + 1) + " of type " + std::string{type_name(from)} +
                                       " cannot be coerced to the expected type " + std::string{type_name(to)},
                    argument.position, "You will need to rewrite or cast the expression.");
    }
    CROSSFADE_CHECK(coerce(argument, wanted[i], CastContext::assignment));
    to_runtime(argument);
    output.push_back({.name = "column" + std::to_string(i + 1), .type = argument.type, .form = argument.form});
  }
  Translated result{.kind = Kind::values};
  CROSSFADE_CHECK(check_parameters(result));
  result.columns = output_columns(output);
  result.volatile_functions = volatile_;
  return result;
}

}  // namespace crossfade::sql
