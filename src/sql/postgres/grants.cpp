#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using Object = Grant::Object;
struct GrantRow { ::ObjectType raw; Object object; };
constexpr std::array kObjects{GrantRow{OBJECT_TABLE, Object::table}, GrantRow{OBJECT_SEQUENCE, Object::sequence}, GrantRow{OBJECT_SCHEMA, Object::schema},
                              GrantRow{OBJECT_DATABASE, Object::database}};

}  // namespace

Statement Reader::grant(const ::GrantStmt* node) {
  const auto* row = std::ranges::find(kObjects, node->objtype, &GrantRow::raw);
  Grant out{.object = row == kObjects.end() ? Object::other : row->object, .grant = node->is_grant, .names = {}, .roles = {}};
  for (const ::AccessPriv* right : Nodes<::AccessPriv>{node->privileges}) {
    if (right->cols) refuse(-1, "a right on columns");
  }
  if (node->targtype == ACL_TARGET_ALL_IN_SCHEMA) out.object = Object::schema;
  for (const ::Node* object : Nodes<::Node>{node->objects}) {
    if (tag_of(object) == T_RangeVar) out.names.push_back(relation_name(as<::RangeVar>(object)));
    else if (tag_of(object) == T_String) out.names.push_back({.name = reinterpret_cast<const ::String*>(object)->sval});
    else out.object = Object::other;
  }
  for (const ::RoleSpec* role : Nodes<::RoleSpec>{node->grantees}) out.roles.push_back(role->roletype == ROLESPEC_PUBLIC ? "" : role_name(role));
  return {std::move(out)};
}

Statement Reader::default_privileges(const ::AlterDefaultPrivilegesStmt* node) {
  Statement read = grant(node->action);
  Grant& out = std::get<Grant>(read.node);
  out.defaults = true;
  out.names.clear();
  out.object = Object::schema;
  for (const ::DefElem* option : Nodes<::DefElem>{node->options}) {
    const auto* list = reinterpret_cast<const List*>(option->arg);
    if (text_of(option->defname) == "schemas") for (const std::string& name : strings(list)) out.names.push_back({.name = name});
    else for (const ::RoleSpec* role : Nodes<::RoleSpec>{list}) out.roles.push_back(role_name(role));
  }
  return read;
}

}  // namespace crossfade::sql::postgres_front
