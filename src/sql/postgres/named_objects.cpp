#include <utility>

#include "classify.hpp"
#include "reader.hpp"

namespace crossfade::sql::postgres_front {

std::string role_name(const ::RoleSpec* role) {
  switch (role->roletype) {
    case ROLESPEC_CSTRING: return text_of(role->rolename);
    case ROLESPEC_CURRENT_ROLE: return "current_role";
    case ROLESPEC_CURRENT_USER: return "current_user";
    case ROLESPEC_SESSION_USER: return "session_user";
    case ROLESPEC_PUBLIC: return "public";
  }
  return {};
}

RelationName qualified(std::vector<std::string> names) {
  names.insert(names.begin(), names.size() < 3 ? 3 - names.size() : 0, std::string{});
  return {.catalog = std::move(names[0]), .schema = std::move(names[1]), .name = std::move(names[2])};
}

Statement Reader::create_enum(const ::CreateEnumStmt* node) {
  return {CreateEnum{qualified(strings(node->typeName)), strings(node->vals)}};
}

Statement Reader::alter_enum(const ::AlterEnumStmt* node) {
  AlterEnum out{.name = qualified(strings(node->typeName)), .label = text_of(node->newVal), .neighbour = text_of(node->newValNeighbor),
                .renamed = text_of(node->oldVal)};
  out.renames = node->oldVal != nullptr;
  out.before = node->newValNeighbor != nullptr && !node->newValIsAfter;
  out.if_not_exists = node->skipIfNewValExists;
  return {std::move(out)};
}

Statement Reader::create_domain(const ::CreateDomainStmt* node) {
  CreateDomain out{.name = qualified(strings(node->domainname)), .type = type_name(node->typeName), .constraints = {}};
  if (node->collClause) refuse(node->collClause->location, "COLLATE of a domain");
  for (const ::Constraint* written : Nodes<::Constraint>{node->constraints}) out.constraints.push_back(constraint(written));
  return {std::move(out)};
}

Statement Reader::create_schema(const ::CreateSchemaStmt* node) {
  CreateSchema out{.name = text_of(node->schemaname), .role = node->authrole ? role_name(node->authrole) : "", .if_not_exists = node->if_not_exists};
  if (node->schemaElts != nullptr) refuse(-1, "CREATE SCHEMA with elements");
  if (out.name.empty()) out.name = out.role;
  return {std::move(out)};
}

Statement Reader::alter_owner(const ::AlterOwnerStmt* node) {
  struct Row { ::ObjectType raw; NamedObject object; };
  static constexpr std::array kObjects{Row{OBJECT_TYPE, NamedObject::type}, Row{OBJECT_DOMAIN, NamedObject::domain}, Row{OBJECT_SCHEMA, NamedObject::schema}};
  const auto* row = std::ranges::find(kObjects, node->objectType, &Row::raw);
  if (row == kObjects.end()) {
    refuse_absent(node->objectType, node->object);
    refuse(-1, classify(reinterpret_cast<const ::Node*>(node)).tag);
    return {};
  }
  AlterNamed out{.object = row->object, .name = {}, .new_name = {}, .role = role_name(node->newowner)};
  if (tag_of(node->object) == T_String) out.name.name = reinterpret_cast<const ::String*>(node->object)->sval;
  else out.name = qualified(strings(reinterpret_cast<const List*>(node->object)));
  return {std::move(out)};
}

Statement Reader::drop_named(const ::DropStmt* node, NamedObject object) {
  DropNamed out{.object = object, .names = {}, .if_exists = node->missing_ok, .cascade = node->behavior == DROP_CASCADE};
  for (const ::Node* each : Nodes<::Node>{node->objects}) {
    if (tag_of(each) == T_TypeName) out.names.push_back(qualified(strings(as<::TypeName>(each)->names)));
    else if (tag_of(each) == T_String) out.names.push_back({.name = reinterpret_cast<const ::String*>(each)->sval});
    else out.names.push_back(qualified(strings(reinterpret_cast<const List*>(each))));
  }
  return {std::move(out)};
}

Statement Reader::drop_role(const ::DropRoleStmt* node) {
  DropRole out{.names = {}, .if_exists = node->missing_ok};
  for (const ::RoleSpec* role : Nodes<::RoleSpec>{node->roles}) out.names.push_back(role_name(role));
  return {std::move(out)};
}

Statement Reader::reindex(const ::ReindexStmt* node) {
  struct Row { ::ReindexObjectType raw; Reorder::What what; };
  static constexpr std::array kRows{Row{REINDEX_OBJECT_INDEX, Reorder::What::index},   Row{REINDEX_OBJECT_TABLE, Reorder::What::table},
                                    Row{REINDEX_OBJECT_SCHEMA, Reorder::What::schema}, Row{REINDEX_OBJECT_SYSTEM, Reorder::What::system},
                                    Row{REINDEX_OBJECT_DATABASE, Reorder::What::database}};
  Reorder out{.what = std::ranges::find(kRows, node->kind, &Row::raw)->what};
  if (node->relation) out.relation = plain_relation(node->relation);
  else out.relation.name = text_of(node->name);
  for (const ::DefElem* option : Nodes<::DefElem>{node->params}) {
    const std::string name = text_of(option->defname);
    if (name == "concurrently") out.concurrently = true;
    else if (name == "tablespace") refuse(option->location, "REINDEX … TABLESPACE");
    else if (name != "verbose") fail(option->location, model::SqlState{"42601"}, "unrecognized REINDEX option \"" + name + "\"");
  }
  return {std::move(out)};
}

Statement Reader::cluster(const ::ClusterStmt* node) {
  Reorder out{.what = Reorder::What::cluster};
  if (node->relation) out.relation = plain_relation(node->relation);
  out.index = text_of(node->indexname);
  for (const ::DefElem* option : Nodes<::DefElem>{node->params}) {
    if (text_of(option->defname) != "verbose") fail(option->location, model::SqlState{"42601"}, "unrecognized CLUSTER option \"" + text_of(option->defname) + "\"");
  }
  return {std::move(out)};
}

}  // namespace crossfade::sql::postgres_front
