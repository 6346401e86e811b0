#include <algorithm>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

constexpr std::string_view kComments =
    "CREATE TABLE IF NOT EXISTS main.crossfade_comments (object TEXT NOT NULL, table_name TEXT NOT NULL, name TEXT NOT NULL, comment TEXT NOT NULL, "
    "PRIMARY KEY (object, table_name, name)) WITHOUT ROWID";

}  // namespace

void SchemaBinder::copy_comments(std::string_view kind, std::string_view from, std::string_view to, std::string_view name) {
  result_.own_texts.emplace_back(kComments);
  result_.own_texts.push_back("INSERT OR REPLACE INTO main.crossfade_comments SELECT object, " + quote_text(to) + ", name, comment FROM main.crossfade_comments "
                              "WHERE object = " + quote_text(kind) + " AND table_name = " + quote_text(from) + (name.empty() ? "" : " AND name = " + quote_text(name)));
  bump();
}

/// Kept in crossfade_comments: `object` is the kind, `table_name` the relation, `name` its column or constraint.
Result<void> SchemaBinder::bind(Comment& comment, Statement&) {
  using Object = Comment::Object;
  constexpr std::array<std::string_view, 10> kKinds{"table", "view", "index", "sequence", "column", "constraint", "database", "schema", "type", "type"};
  RelationName& name = comment.relation;
  std::string kind{kKinds[static_cast<std::size_t>(comment.object)]};
  std::string relation = name.name;
  note_place(false);
  switch (comment.object) {
    case Object::table:
    case Object::view:
    case Object::column:
    case Object::constraint: {
      CROSSFADE_TRY(const plan::Table* table, find(name, "relation"));
      relation = table->name;
      if (table->temporary) return unsupported("COMMENT on a temporary table", name.position);
      const bool wrong = (comment.object == Object::table && table->view) || (comment.object == Object::view && !table->view);
      if (wrong) return refuse("42809"_state, "\"" + table->name + "\" is not a " + kind, name.position);
      if (comment.object == Object::column && !table->find_column(comment.column)) {
        return refuse("42703"_state, "column \"" + comment.column + "\" of relation \"" + table->name + "\" does not exist", kNowhere);
      }
      if (comment.object == Object::view) kind = "table";
      break;
    }
    case Object::index:
      if (!find_index(name).second) return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", name.position);
      break;
    case Object::sequence:
      if (!context_.schema->sequences.contains(name.name)) return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", name.position);
      break;
    case Object::database:
      if (name.name != context_.database) return refuse("3D000"_state, "database \"" + name.name + "\" does not exist", kNowhere);
      break;
    case Object::schema:
      if (name.name != "public" && !context_.schema->namespaces.contains(name.name)) return refuse("3F000"_state, "schema \"" + name.name + "\" does not exist", kNowhere);
      break;
    case Object::type:
    case Object::domain: {
      CROSSFADE_TRY(const plan::NamedType* type, find_type(name));
      if (comment.object == Object::domain && type->kind != plan::NamedType::Kind::domain) return refuse("42809"_state, "\"" + type->name + "\" is not a domain", kNowhere);
      break;
    }
  }
  result_.own_texts.emplace_back(kComments);
  const bool none = !comment.text || comment.text->empty();
  result_.own_texts.push_back(none ? "DELETE FROM main.crossfade_comments WHERE object = " + quote_text(kind) + " AND table_name = " +
                                         quote_text(relation) + " AND name = " + quote_text(comment.column)
                                   : "INSERT OR REPLACE INTO main.crossfade_comments VALUES (" + quote_text(kind) + ", " + quote_text(relation) + ", " + quote_text(comment.column) + ", " +
                                         quote_text(*comment.text) + ")");
  bump();
  return {};
}

}  // namespace crossfade::sql
