#include "crossfade/sql/translate.hpp"

#include <algorithm>
#include <functional>

#include "bind/binder.hpp"
#include "bind/schema_binder.hpp"
#include "crossfade/sql/catalog.hpp"
#include "crossfade/sql/lock_wait.hpp"
#include "crossfade/sql/relations.hpp"
#include "explain.hpp"
#include "postgres/guarded_block.hpp"
#include "print/print.hpp"
#include "tree.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

/// What a statement needs: names resolved and text printed (query), the same for what it holds (explained), the schema changed (schema), nothing of ours (passed: session
/// and engine act on Parsed::control), or a refusal that names it.
enum class Way : std::uint8_t { query, schema, explained, passed, refused };

Way way_of(const Statement& statement) {
  return std::visit([](const auto& node) {
    using N = std::remove_cvref_t<decltype(node)>;
    if constexpr (std::is_same_v<N, Query> || std::is_same_v<N, Insert> || std::is_same_v<N, Update> || std::is_same_v<N, Delete>) return Way::query;
    else if constexpr (std::is_same_v<N, Control> || std::is_same_v<N, Prepare> || std::is_same_v<N, Execute> || std::is_same_v<N, Deallocate>) return Way::passed;
    else if constexpr (std::is_same_v<N, Explain>) return Way::explained;
    else if constexpr (std::is_same_v<N, Copy> || std::is_same_v<N, Refused>) return Way::refused;
    else return Way::schema;
  }, statement.node);
}

bool is_there(const plan::Schema& schema, const RelationName& name) {
  if (schema.find(name.schema, name.name) != nullptr || find_catalog_relation(name.schema, name.name) != nullptr) return true;
  if (!name.schema.empty() && name.schema != "public") return false;
  if (schema.sequences.contains(name.name) || keyed_by(schema, name.name) != nullptr) return true;
  const auto indexed = [&](const auto& entry) {
    return std::ranges::any_of(entry.second.indexes, [&](const plan::Index& index) { return index.name == name.name; });
  };
  return std::ranges::any_of(schema.tables, indexed) || std::ranges::any_of(schema.temporary, indexed);
}

std::unexpected<model::Error> refusal(const Parsed& statement, const plan::Schema& schema) {
  if (const auto* refused = std::get_if<Refused>(&statement.tree->statement.node)) {
    for (const RelationName& name : refused->needs) {
      if (!is_there(schema, name)) return refuse("42P01"_state, "relation \"" + (name.schema.empty() ? "" : name.schema + ".") + name.name + "\" does not exist", kNowhere);
    }
    return std::unexpected(refused->error);
  }
  const std::string name = statement.command_tag.empty() ? "this statement" : statement.command_tag;
  return unsupported(name, 0);
}

/// Whether a table is behind `name`, itself or by way of views.
bool reads_table(const plan::Schema& schema, std::string_view name, int depth = 0) {
  constexpr int kDeepest = 32;
  const plan::Table* const table = schema.find(name);
  if (table == nullptr || !table->view) return table != nullptr;
  if (plan::fold(table->sql).contains("with")) return false;  // its own WITH item may have the name of a table
  return depth < kDeepest && std::ranges::any_of(relations_read(table->sql), [&](const std::string& read) {
    return read != name && reads_table(schema, read, depth + 1);
  });
}

/// SQLite looks for a changed schema only where it reads a table: a prepared statement over views that read none would go on giving what a
/// view gave before it was replaced. Its text says which views it was made under.
void tell_views_apart(Translated& statement, const plan::Schema& schema) {
  const auto tableless = [&](const std::string& name) {
    const plan::Table* const table = schema.find(name);
    return table != nullptr && table->view && !reads_table(schema, name);
  };
  if (statement.texts.empty() || std::ranges::none_of(statement.tables, tableless)) return;
  std::size_t mark = 0;
  for (const auto* tables : {&schema.tables, &schema.temporary})
    for (const auto& [name, table] : *tables)
      if (table.view) mark = mark * 31 + std::hash<std::string>{}(name + table.sql);
  statement.texts.front() += " /* views " + std::to_string(mark) + " */";
}

}  // namespace

namespace {

model::Result<Translated> translate_itself(const Parsed& statement, const Context& context, std::span<const model::Oid> declared) {
  if (context.target != Target::sqlite) {
    return model::fail("0A000"_state, "translation to PostgreSQL is not supported yet", {}, "Statements of the postgres dialect go there as they are.");
  }
  Translated result{.kind = statement.kind};
  Statement bound = statement.tree->statement;
  switch (way_of(bound)) {
    case Way::refused: return refusal(statement, *context.schema);
    case Way::passed: break;
    case Way::query: {
      Binder binder{context, declared, context.takes_parameters ? statement.tree->highest_parameter : 0};
      CROSSFADE_TRY(result, binder.statement(bound, statement.kind));
      CROSSFADE_TRY(result.texts, print(bound, context.target));
      tell_views_apart(result, *context.schema);
      break;
    }
    case Way::explained: {
      CROSSFADE_TRY(result, translate_explain(std::get<Explain>(bound.node), statement.tree->highest_parameter, context, declared));
      break;
    }
    case Way::schema: {
      SchemaBinder binder{context};
      CROSSFADE_TRY(result, binder.statement(bound, statement.kind));
      break;
    }
  }
  result.command_tag = statement.command_tag;
  result.alone = runs_alone(statement);
  result.fingerprint = statement.tree->fingerprint;
  return result;
}

}  // namespace

model::Result<Translated> translate(const Parsed& statement, const Context& context, std::span<const model::Oid> declared) {
  auto done = translate_itself(statement, context, declared);
  if (done || statement.command_tag != "DO") return done;
  // A block around one statement: whether its objects are there is known by now.
  const auto body = postgres_front::block_body(statement.text);
  const auto block = body ? postgres_front::read_guarded_block(*body) : std::nullopt;
  if (block && std::ranges::find(block->ignored, done.error().state) != block->ignored.end()) {
    return Translated{.kind = statement.kind, .command_tag = statement.command_tag, .fingerprint = statement.tree->fingerprint, .writes = true};
  }
  done.error().position = 0;  // counted in the block's statement
  return done;
}

}  // namespace crossfade::sql
