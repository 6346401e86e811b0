#include "crossfade/sql/translate.hpp"

#include "bind/binder.hpp"
#include "bind/schema_binder.hpp"
#include "print/print.hpp"
#include "tree.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

/// What a statement needs: names resolved and text printed (query), the schema changed (schema), nothing of ours (passed: session
/// and engine act on Parsed::control), or a refusal that names it.
enum class Way : std::uint8_t { query, schema, passed, refused };

Way way_of(const Statement& statement) {
  return std::visit([](const auto& node) {
    using N = std::remove_cvref_t<decltype(node)>;
    if constexpr (std::is_same_v<N, Query> || std::is_same_v<N, Insert> || std::is_same_v<N, Update> || std::is_same_v<N, Delete>) return Way::query;
    else if constexpr (std::is_same_v<N, Control> || std::is_same_v<N, Prepare> || std::is_same_v<N, Execute> || std::is_same_v<N, Deallocate>) return Way::passed;
    else if constexpr (std::is_same_v<N, Explain> || std::is_same_v<N, Copy> || std::is_same_v<N, Refused>) return Way::refused;
    else return Way::schema;
  }, statement.node);
}

std::unexpected<model::Error> refusal(const Parsed& statement) {
  if (const auto* refused = std::get_if<Refused>(&statement.tree->statement.node)) return std::unexpected(refused->error);
  const std::string name = statement.command_tag.empty() ? "this statement" : statement.command_tag;
  return unsupported(name, 0);
}

}  // namespace

model::Result<Translated> translate(const Parsed& statement, const Context& context, std::span<const model::Oid> declared) {
  if (context.target != Target::sqlite) {
    return model::fail("0A000"_state, "translation to PostgreSQL is not supported yet", {}, "Statements of the postgres dialect go there as they are.");
  }
  Translated result{.kind = statement.kind};
  Statement bound = statement.tree->statement;
  switch (way_of(bound)) {
    case Way::refused: return refusal(statement);
    case Way::passed: break;
    case Way::query: {
      Binder binder{context, declared, context.takes_parameters ? statement.tree->highest_parameter : 0};
      CROSSFADE_TRY(result, binder.statement(bound, statement.kind));
      CROSSFADE_TRY(result.texts, print(bound, context.target));
      break;
    }
    case Way::schema: {
      SchemaBinder binder{context};
      CROSSFADE_TRY(result, binder.statement(bound, statement.kind));
      break;
    }
  }
  result.command_tag = statement.command_tag;
  result.fingerprint = statement.tree->fingerprint;
  return result;
}

}  // namespace crossfade::sql
