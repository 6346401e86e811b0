#include <algorithm>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

/// The one extension that every database of PostgreSQL has (pg_extension's row here, too), with its comment.
constexpr std::string_view kLanguage = "plpgsql", kLanguageComment = "PL/pgSQL procedural language";

}  // namespace

Result<void> SchemaBinder::bind(CreateExtension& create, Statement&) {
  if (create.comment) {
    if (create.name != kLanguage) return refuse("42704"_state, "extension \"" + create.name + "\" does not exist", kNowhere);
    return *create.comment == kLanguageComment ? Result<void>{} : unsupported("COMMENT on an extension", kNowhere);
  }
  if (create.name != kLanguage) return unsupported("CREATE EXTENSION of \"" + create.name + "\"", kNowhere);
  if (!create.if_not_exists) return refuse("42710"_state, "extension \"plpgsql\" already exists", kNowhere);
  note("42710"_state, "extension \"plpgsql\" already exists, skipping");
  return {};
}

/// Whoever connects may do everything, and owns everything: what is granted to them they have. Rights of others, and none at all, SQLite
/// cannot keep.
Result<void> SchemaBinder::bind(Grant& grant, Statement&) {
  using Object = Grant::Object;
  const std::string what = grant.defaults ? "ALTER DEFAULT PRIVILEGES" : grant.grant ? "GRANT" : "REVOKE";
  for (RelationName& name : grant.names) {
    if (grant.object == Object::table && !is_sequence(name)) CROSSFADE_CHECK(find(name, "relation"));
    if (grant.object == Object::sequence && !is_sequence(name)) {
      CROSSFADE_CHECK(find(name, "relation"));
      return refuse("42809"_state, "\"" + name.name + "\" is not a sequence", kNowhere);
    }
    if (grant.object == Object::database && name.name != context_.database) return refuse("3D000"_state, "database \"" + name.name + "\" does not exist", kNowhere);
    if (grant.object == Object::schema) CROSSFADE_CHECK(check_schema({.schema = name.name}));
  }
  for (const std::string& role : grant.roles) {
    if (!role.empty()) CROSSFADE_CHECK(check_role(role));
  }
  const bool own = grant.grant && std::ranges::none_of(grant.roles, &std::string::empty);
  return own && grant.object != Object::other ? Result<void>{} : unsupported(what + " of this form", kNowhere, "On SQLite whoever connects may do everything.");
}

Result<void> SchemaBinder::bind(DropAbsent& drop, Statement&) {
  using Kind = DropAbsent::Kind;
  for (const DropAbsent::Item& item : drop.items) {
    const RelationName& name = item.relation;
    if (drop.word == "extension" && name.name == kLanguage) return unsupported("dropping extension \"plpgsql\"", kNowhere);
    const bool unknown = !name.schema.empty() && !check_schema(name);
    if (unknown && !drop.if_exists) return check_schema(name);
    if (unknown) {
      note("00000"_state, "schema \"" + name.schema + "\" does not exist, skipping");
      continue;
    }
    const plan::Table* table = drop.kind == Kind::other ? nullptr : context_.schema->find(name.schema, name.name);
    if (drop.kind == Kind::relation && table) {
      return refuse("42809"_state, "\"" + name.name + "\" is not a " + drop.word, kNowhere, table->view ? "Use DROP VIEW to remove a view." : "Use DROP TABLE to remove a table.");
    }
    if (drop.kind == Kind::part && !table) {
      if (!drop.if_exists) return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", kNowhere);
      note("00000"_state, "relation \"" + name.name + "\" does not exist, skipping");
      continue;
    }
    if (drop.word == "trigger") {
      TableRebuild& check = result_.rebuilds_before.emplace_back();
      check.table = table->sqlite_name;
      check.checks.push_back({std::string{"SELECT 1 FROM "} + (table->temporary ? "temp" : "main") + ".sqlite_schema WHERE type = 'trigger' AND name = " + quote_text(item.part) +
                                  " COLLATE NOCASE",
                              unsupported("dropping a trigger that another program has made", kNowhere).error()});
      note_place(table->temporary);
    }
    const auto unknown_type = std::ranges::find_if(item.types, [&](TypeName type) { return resolve_type(type, *context_.schema) && !type.resolved; });
    if (unknown_type != item.types.end()) {
      if (!drop.if_exists) return refuse("42704"_state, "type \"" + unknown_type->name + "\" does not exist", kNowhere);
      note("00000"_state, "type \"" + unknown_type->name + "\" does not exist, skipping");
      continue;
    }
    if (!drop.if_exists) return refuse(drop.state, item.missing.starts_with("could not") ? item.missing : item.missing + " does not exist", kNowhere);
    note("00000"_state, item.skipped + " does not exist, skipping");
  }
  return {};
}

}  // namespace crossfade::sql
