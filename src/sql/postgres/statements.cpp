#include <utility>

#include "classify.hpp"
#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using Read = Statement (*)(Reader&, const ::Node*);
template <class Raw, Statement (Reader::*Member)(const Raw*)>
Statement read_as(Reader& reader, const ::Node* node) {
  return (reader.*Member)(reinterpret_cast<const Raw*>(node));
}

struct StatementReader { NodeTag tag; Read read; };
constexpr std::array kStatementReaders{
    StatementReader{T_SelectStmt, read_as<::SelectStmt, &Reader::select_statement>},
    StatementReader{T_InsertStmt, read_as<::InsertStmt, &Reader::insert>},
    StatementReader{T_UpdateStmt, read_as<::UpdateStmt, &Reader::update>},
    StatementReader{T_DeleteStmt, read_as<::DeleteStmt, &Reader::delete_>},
    StatementReader{T_CreateStmt, read_as<::CreateStmt, &Reader::create_table>},
    StatementReader{T_CreateTableAsStmt, read_as<::CreateTableAsStmt, &Reader::create_table_as>},
    StatementReader{T_IndexStmt, read_as<::IndexStmt, &Reader::create_index>},
    StatementReader{T_ViewStmt, read_as<::ViewStmt, &Reader::create_view>},
    StatementReader{T_AlterTableStmt, read_as<::AlterTableStmt, &Reader::alter_table>},
    StatementReader{T_RenameStmt, read_as<::RenameStmt, &Reader::rename>},
    StatementReader{T_DropStmt, read_as<::DropStmt, &Reader::drop>},
    StatementReader{T_TruncateStmt, read_as<::TruncateStmt, &Reader::truncate>},
    StatementReader{T_CreateSeqStmt, read_as<::CreateSeqStmt, &Reader::create_sequence>},
    StatementReader{T_AlterSeqStmt, read_as<::AlterSeqStmt, &Reader::alter_sequence>},
    StatementReader{T_CreateEnumStmt, read_as<::CreateEnumStmt, &Reader::create_enum>},
    StatementReader{T_AlterEnumStmt, read_as<::AlterEnumStmt, &Reader::alter_enum>},
    StatementReader{T_CreateDomainStmt, read_as<::CreateDomainStmt, &Reader::create_domain>},
    StatementReader{T_CreateSchemaStmt, read_as<::CreateSchemaStmt, &Reader::create_schema>},
    StatementReader{T_AlterOwnerStmt, read_as<::AlterOwnerStmt, &Reader::alter_owner>},
    StatementReader{T_CreateExtensionStmt, read_as<::CreateExtensionStmt, &Reader::create_extension>},
    StatementReader{T_GrantStmt, read_as<::GrantStmt, &Reader::grant>},
    StatementReader{T_AlterDefaultPrivilegesStmt, read_as<::AlterDefaultPrivilegesStmt, &Reader::default_privileges>},
    StatementReader{T_DropRoleStmt, read_as<::DropRoleStmt, &Reader::drop_role>},
    StatementReader{T_ReindexStmt, read_as<::ReindexStmt, &Reader::reindex>},
    StatementReader{T_ClusterStmt, read_as<::ClusterStmt, &Reader::cluster>},
    StatementReader{T_CommentStmt, read_as<::CommentStmt, &Reader::comment>},
    StatementReader{T_VacuumStmt, read_as<::VacuumStmt, &Reader::maintenance>},
    StatementReader{T_LockStmt, read_as<::LockStmt, &Reader::lock_table>},
    StatementReader{T_ExplainStmt, read_as<::ExplainStmt, &Reader::explain>},
    StatementReader{T_CopyStmt, read_as<::CopyStmt, &Reader::copy>},
    StatementReader{T_PrepareStmt, read_as<::PrepareStmt, &Reader::prepare>},
    StatementReader{T_ExecuteStmt, read_as<::ExecuteStmt, &Reader::execute>},
    StatementReader{T_DeallocateStmt, read_as<::DeallocateStmt, &Reader::deallocate>},
    StatementReader{T_TransactionStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_ConstraintsSetStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_VariableSetStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_VariableShowStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_DiscardStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_ListenStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_UnlistenStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_NotifyStmt, read_as<::Node, &Reader::control>},
    StatementReader{T_ClosePortalStmt, read_as<::Node, &Reader::control>},
};

/// An option's value as text: DefElem.arg may be a string, a number or a name.
std::string option_value(const ::Node* node) {
  if (!node) return {};
  switch (static_cast<int>(tag_of(node))) {
    case T_String: return reinterpret_cast<const ::String*>(node)->sval;
    case T_Integer: return std::to_string(reinterpret_cast<const ::Integer*>(node)->ival);
    case T_Float: return reinterpret_cast<const ::Float*>(node)->fval;
    case T_Boolean: return reinterpret_cast<const ::Boolean*>(node)->boolval ? "true" : "false";
    case T_A_Star: return "*";
    case T_List: {
      std::string all;
      for (const std::string& name : strings(reinterpret_cast<const List*>(node))) all += (all.empty() ? "" : ",") + name;
      return all;
    }
    default: return "?";
  }
}

Copy::Option copy_option(const ::DefElem* raw, Position position) {
  using Kind = Copy::Option::Kind;
  Copy::Option out{.kind = raw->arg ? Kind::word : Kind::none, .name = text_of(raw->defname), .value = option_value(raw->arg),
                   .names = {}, .position = position};
  if (!raw->arg) return out;
  if (tag_of(raw->arg) == T_Integer) out.kind = Kind::integer;
  if (tag_of(raw->arg) == T_A_Star) out.kind = Kind::all;
  if (tag_of(raw->arg) == T_List) {
    out.kind = Kind::list;
    out.names = strings(reinterpret_cast<const List*>(raw->arg));
  }
  return out;
}

}  // namespace

void Reader::refuse_absent(::ObjectType kind, const ::Node* object) {
  const auto dotted = [](const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ".") + name;
    return all;
  };
  if (kind == OBJECT_FUNCTION && tag_of(object) == T_ObjectWithArgs) {
    const auto* function = as<::ObjectWithArgs>(object);
    const auto names = strings(function->objname);
    if (names.size() < 2 || names.front() == "pg_catalog") return;
    std::string types;
    for (const ::TypeName* type : Nodes<::TypeName>{function->objargs}) {
      const TypeName read = type_name(type);
      types += (types.empty() ? "" : ", ") + (read.resolved ? model::format_type(*read.resolved) : read.name);
    }
    fail(-1, model::SqlState{"42883"}, "function " + dotted(names) + "(" + types + ") does not exist");
  }
}

std::vector<RelationName> Reader::needs(const ::Node* node) {
  std::vector<RelationName> found;
  const auto add = [&](const ::RangeVar* relation) {
    if (relation) found.push_back({.catalog = text_of(relation->catalogname), .schema = text_of(relation->schemaname), .name = text_of(relation->relname)});
  };
  switch (static_cast<int>(tag_of(node))) {
    case T_CreateStmt:
      for (const ::RangeVar* parent : Nodes<::RangeVar>{as<::CreateStmt>(node)->inhRelations}) add(parent);
      break;
    case T_AlterTableStmt:
      if (!as<::AlterTableStmt>(node)->missing_ok) add(as<::AlterTableStmt>(node)->relation);
      break;
    case T_RefreshMatViewStmt: add(as<::RefreshMatViewStmt>(node)->relation); break;
    case T_CreateTrigStmt: add(as<::CreateTrigStmt>(node)->relation); break;
    case T_RuleStmt: add(as<::RuleStmt>(node)->relation); break;
    case T_IndexStmt: add(as<::IndexStmt>(node)->relation); break;
    default: break;
  }
  return found;
}

Statement Reader::statement(const ::Node* node) {
  const Level level{*this};
  if (level.too_deep()) return {};
  const auto* found = std::ranges::find(kStatementReaders, tag_of(node), &StatementReader::tag);
  if (found != kStatementReaders.end()) return found->read(*this, node);
  if (tag_of(node) == T_CreateTrigStmt) {
    const auto function = strings(as<::CreateTrigStmt>(node)->funcname);
    if (function.size() > 1 && function.front() != "pg_catalog") fail(-1, model::SqlState{"42883"}, "function " + function[0] + "." + function[1] + "() does not exist");
  }
  refuse(-1, classify(node).tag);
  return {};
}

Statement Reader::maintenance(const ::VacuumStmt* node) {
  struct Row { std::string_view name; bool of_analyze; bool Maintenance::* field; };
  static constexpr std::array kOptions{
      Row{"verbose", true, &Maintenance::verbose},     Row{"skip_locked", true, nullptr},
      Row{"analyze", false, &Maintenance::analyze},    Row{"full", false, &Maintenance::full},
      Row{"freeze", false, nullptr},                   Row{"disable_page_skipping", false, nullptr},
      Row{"index_cleanup", false, nullptr},            Row{"process_toast", false, nullptr},
      Row{"truncate", false, nullptr},                 Row{"parallel", false, nullptr},
  };
  Maintenance out{.vacuum = node->is_vacuumcmd, .analyze = !node->is_vacuumcmd};
  for (const ::DefElem* option : Nodes<::DefElem>{node->options}) {
    const auto* row = std::ranges::find(kOptions, std::string_view{option->defname}, &Row::name);
    if (row == kOptions.end() || (!out.vacuum && !row->of_analyze)) {
      fail(option->location, model::SqlState{"42601"},
           std::string{"unrecognized "} + (out.vacuum ? "VACUUM" : "ANALYZE") + " option \"" + option->defname + "\"");
      continue;
    }
    const std::string value = option_value(option->arg);
    if (row->field) out.*row->field = value.empty() || value == "true" || value == "on" || value == "1";
  }
  for (const ::VacuumRelation* target : Nodes<::VacuumRelation>{node->rels})
    out.targets.push_back({plain_relation(target->relation), strings(target->va_cols)});
  return {std::move(out)};
}

Statement Reader::lock_table(const ::LockStmt* node) {
  LockTable out{.mode = static_cast<LockTable::Mode>(node->mode - 1), .relations = {}, .nowait = node->nowait};  // AccessShareLock is 1
  for (const ::RangeVar* relation : Nodes<::RangeVar>{node->relations}) out.relations.push_back(relation_name(relation));
  return {std::move(out)};
}

Statement Reader::explain(const ::ExplainStmt* node) {
  Explain out;
  for (const ::DefElem* option : Nodes<::DefElem>{node->options}) {
    const std::string name = text_of(option->defname), value = option_value(option->arg);
    const bool on = value.empty() || value == "true" || value == "on" || value == "1";
    if (name == "analyze") out.analyze = on;
    out.options.push_back({name, value, at(option->location)});
  }
  out.statement = statement(node->query);
  return {std::move(out)};
}

Statement Reader::copy(const ::CopyStmt* node) {
  Copy out{.columns = strings(node->attlist), .from = node->is_from, .program = node->is_program, .file = text_of(node->filename)};
  if (node->relation) out.relation = plain_relation(node->relation);
  const std::uint32_t outer = std::exchange(highest_parameter_, 0U);
  if (node->query && tag_of(node->query) == T_MergeStmt) fail(-1, model::SqlState{"0A000"}, "MERGE not supported in COPY");
  if (node->query) out.query = statement(node->query);
  for (const ::DefElem* option : Nodes<::DefElem>{node->options}) out.options.push_back(copy_option(option, at(option->location)));
  out.where = boxed(node->whereClause);
  if (highest_parameter_ != 0) fail(-1, model::SqlState{"42P02"}, "there is no parameter $" + std::to_string(highest_parameter_));
  highest_parameter_ = outer;
  return {std::move(out)};
}

Statement Reader::prepare(const ::PrepareStmt* node) {
  Prepare out{.name = text_of(node->name)};
  for (const ::TypeName* type : Nodes<::TypeName>{node->argtypes}) out.types.push_back(type_name(type));
  const std::uint32_t outer = highest_parameter_;  // $1 here is EXECUTE's, not the client's
  out.statement = statement(node->query);
  highest_parameter_ = outer;
  return {std::move(out)};
}

Statement Reader::execute(const ::ExecuteStmt* node) {
  return {Execute{text_of(node->name), expressions(node->params)}};
}

Statement Reader::deallocate(const ::DeallocateStmt* node) { return {Deallocate{text_of(node->name)}}; }

Statement Reader::control(const ::Node* node) {
  static_cast<void>(node);  // what it says is read into Parsed::control (controls.cpp)
  return {Control{}};
}

}  // namespace crossfade::sql::postgres_front
