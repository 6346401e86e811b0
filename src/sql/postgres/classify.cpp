#include "classify.hpp"

namespace crossfade::sql::postgres_front {
namespace {

struct ClassRow { NodeTag node; Kind kind; std::string_view tag; };
/// Statements whose kind and tag do not depend on their fields. The rest: classify() below; what is in neither is other_ddl.
/// Source: PostgreSQL 15, CreateCommandTag.
constexpr std::array kClasses{
    ClassRow{T_InsertStmt, Kind::insert, "INSERT 0"},
    ClassRow{T_UpdateStmt, Kind::update, "UPDATE"},
    ClassRow{T_DeleteStmt, Kind::delete_, "DELETE"},
    ClassRow{T_MergeStmt, Kind::unsupported, "MERGE"},
    ClassRow{T_CreateStmt, Kind::create_table, "CREATE TABLE"},
    ClassRow{T_IndexStmt, Kind::create_index, "CREATE INDEX"},
    ClassRow{T_ViewStmt, Kind::create_view, "CREATE VIEW"},
    ClassRow{T_TruncateStmt, Kind::truncate, "TRUNCATE TABLE"},
    ClassRow{T_VariableShowStmt, Kind::show, "SHOW"},
    ClassRow{T_ListenStmt, Kind::listen, "LISTEN"},
    ClassRow{T_UnlistenStmt, Kind::listen, "UNLISTEN"},
    ClassRow{T_NotifyStmt, Kind::listen, "NOTIFY"},
    ClassRow{T_PrepareStmt, Kind::prepare, "PREPARE"},
    ClassRow{T_ExecuteStmt, Kind::execute, "EXECUTE"},
    ClassRow{T_DeclareCursorStmt, Kind::cursor, "DECLARE CURSOR"},
    ClassRow{T_CopyStmt, Kind::copy, "COPY"},
    ClassRow{T_ExplainStmt, Kind::explain, "EXPLAIN"},
    ClassRow{T_ClusterStmt, Kind::maintenance, "CLUSTER"},
    ClassRow{T_ReindexStmt, Kind::maintenance, "REINDEX"},
    ClassRow{T_CheckPointStmt, Kind::maintenance, "CHECKPOINT"},
    ClassRow{T_LockStmt, Kind::lock, "LOCK TABLE"},
    ClassRow{T_ConstraintsSetStmt, Kind::transaction, "SET CONSTRAINTS"},
    ClassRow{T_DoStmt, Kind::unsupported, "DO"},
    ClassRow{T_CallStmt, Kind::unsupported, "CALL"},
    ClassRow{T_LoadStmt, Kind::unsupported, "LOAD"},
    ClassRow{T_CreateFunctionStmt, Kind::other_ddl, "CREATE FUNCTION"},
    ClassRow{T_CreateTrigStmt, Kind::other_ddl, "CREATE TRIGGER"},
    ClassRow{T_CreateSchemaStmt, Kind::other_ddl, "CREATE SCHEMA"},
    ClassRow{T_CreateSeqStmt, Kind::other_ddl, "CREATE SEQUENCE"},
    ClassRow{T_AlterSeqStmt, Kind::other_ddl, "ALTER SEQUENCE"},
    ClassRow{T_CreateExtensionStmt, Kind::other_ddl, "CREATE EXTENSION"},
    ClassRow{T_CreateEnumStmt, Kind::other_ddl, "CREATE TYPE"},
    ClassRow{T_CompositeTypeStmt, Kind::other_ddl, "CREATE TYPE"},
    ClassRow{T_CreateDomainStmt, Kind::other_ddl, "CREATE DOMAIN"},
    ClassRow{T_CommentStmt, Kind::other_ddl, "COMMENT"},
    ClassRow{T_CreateRoleStmt, Kind::other_ddl, "CREATE ROLE"},
    ClassRow{T_CreatedbStmt, Kind::other_ddl, "CREATE DATABASE"},
    ClassRow{T_DropdbStmt, Kind::other_ddl, "DROP DATABASE"},
    ClassRow{T_AlterRoleStmt, Kind::other_ddl, "ALTER ROLE"},
    ClassRow{T_DropRoleStmt, Kind::other_ddl, "DROP ROLE"},
    ClassRow{T_GrantRoleStmt, Kind::other_ddl, "GRANT ROLE"},
    ClassRow{T_AlterDefaultPrivilegesStmt, Kind::other_ddl, "ALTER DEFAULT PRIVILEGES"},
    ClassRow{T_AlterEnumStmt, Kind::other_ddl, "ALTER TYPE"},
    ClassRow{T_RuleStmt, Kind::other_ddl, "CREATE RULE"},
    ClassRow{T_RefreshMatViewStmt, Kind::other_ddl, "REFRESH MATERIALIZED VIEW"},
};

struct ObjectRow { ::ObjectType raw; std::string_view name; };
constexpr std::array kObjectNames{
    ObjectRow{OBJECT_TABLE, "TABLE"},     ObjectRow{OBJECT_INDEX, "INDEX"},       ObjectRow{OBJECT_VIEW, "VIEW"},
    ObjectRow{OBJECT_SEQUENCE, "SEQUENCE"}, ObjectRow{OBJECT_MATVIEW, "MATERIALIZED VIEW"}, ObjectRow{OBJECT_SCHEMA, "SCHEMA"},
    ObjectRow{OBJECT_TYPE, "TYPE"},       ObjectRow{OBJECT_DOMAIN, "DOMAIN"},     ObjectRow{OBJECT_FUNCTION, "FUNCTION"},
    ObjectRow{OBJECT_TRIGGER, "TRIGGER"}, ObjectRow{OBJECT_EXTENSION, "EXTENSION"}, ObjectRow{OBJECT_COLUMN, "TABLE"},
    ObjectRow{OBJECT_TABCONSTRAINT, "TABLE"}, ObjectRow{OBJECT_FOREIGN_TABLE, "FOREIGN TABLE"}, ObjectRow{OBJECT_PROCEDURE, "PROCEDURE"},
    ObjectRow{OBJECT_ROUTINE, "ROUTINE"}, ObjectRow{OBJECT_AGGREGATE, "AGGREGATE"}, ObjectRow{OBJECT_RULE, "RULE"}, ObjectRow{OBJECT_POLICY, "POLICY"},
    ObjectRow{OBJECT_PUBLICATION, "PUBLICATION"}, ObjectRow{OBJECT_EVENT_TRIGGER, "EVENT TRIGGER"}, ObjectRow{OBJECT_STATISTIC_EXT, "STATISTICS"},
    ObjectRow{OBJECT_FOREIGN_SERVER, "SERVER"}, ObjectRow{OBJECT_FDW, "FOREIGN DATA WRAPPER"},
};
std::string object_name(::ObjectType raw) {
  const auto* row = std::ranges::find(kObjectNames, raw, &ObjectRow::raw);
  return row == kObjectNames.end() ? "OBJECT" : std::string{row->name};
}

bool is_relation(::ObjectType raw) { return raw == OBJECT_TABLE || raw == OBJECT_INDEX || raw == OBJECT_VIEW || raw == OBJECT_TABCONSTRAINT; }

struct TransactionRow { ::TransactionStmtKind raw; Kind kind; std::string_view tag; };
constexpr std::array kTransactionTags{
    TransactionRow{TRANS_STMT_BEGIN, Kind::transaction, "BEGIN"},
    TransactionRow{TRANS_STMT_START, Kind::transaction, "START TRANSACTION"},
    TransactionRow{TRANS_STMT_COMMIT, Kind::transaction, "COMMIT"},
    TransactionRow{TRANS_STMT_ROLLBACK, Kind::transaction, "ROLLBACK"},
    TransactionRow{TRANS_STMT_SAVEPOINT, Kind::transaction, "SAVEPOINT"},
    TransactionRow{TRANS_STMT_RELEASE, Kind::transaction, "RELEASE"},
    TransactionRow{TRANS_STMT_ROLLBACK_TO, Kind::transaction, "ROLLBACK"},
    TransactionRow{TRANS_STMT_PREPARE, Kind::unsupported, "PREPARE TRANSACTION"},
    TransactionRow{TRANS_STMT_COMMIT_PREPARED, Kind::unsupported, "COMMIT PREPARED"},
    TransactionRow{TRANS_STMT_ROLLBACK_PREPARED, Kind::unsupported, "ROLLBACK PREPARED"},
};

Class classify_setting(const ::VariableSetStmt* node) {
  const std::string_view name = node->name ? node->name : "";
  const bool transaction = node->kind == VAR_SET_MULTI && name != "TRANSACTION SNAPSHOT";
  if (transaction) return {Kind::transaction, "SET"};
  return {Kind::setting, node->kind == VAR_RESET || node->kind == VAR_RESET_ALL ? "RESET" : "SET"};
}

Class classify_discard(const ::DiscardStmt* node) {
  switch (node->target) {
    case DISCARD_ALL: return {Kind::discard, "DISCARD ALL"};
    case DISCARD_PLANS: return {Kind::discard, "DISCARD PLANS"};
    case DISCARD_SEQUENCES: return {Kind::discard, "DISCARD SEQUENCES"};
    case DISCARD_TEMP: break;
  }
  return {Kind::discard, "DISCARD TEMP"};
}

Class classify_table_as(const ::IntoClause* into, ::ObjectType object) {
  if (object == OBJECT_MATVIEW) return {Kind::other_ddl, into->skipData ? "CREATE MATERIALIZED VIEW" : "SELECT"};
  return {Kind::create_table, into->skipData ? "CREATE TABLE AS" : "SELECT"};
}

Class classify_schema_change(const ::Node* node) {
  switch (static_cast<int>(tag_of(node))) {
    case T_AlterOwnerStmt: return {Kind::other_ddl, "ALTER " + object_name(as<::AlterOwnerStmt>(node)->objectType)};
    case T_DropStmt: {
      const ::ObjectType object = as<::DropStmt>(node)->removeType;
      return {is_relation(object) ? Kind::drop : Kind::other_ddl, "DROP " + object_name(object)};
    }
    case T_AlterTableStmt: {
      const ::ObjectType object = as<::AlterTableStmt>(node)->objtype;
      return {object == OBJECT_TABLE ? Kind::alter_table : Kind::other_ddl, "ALTER " + object_name(object)};
    }
    case T_RenameStmt: {
      const auto* rename = as<::RenameStmt>(node);
      const ::ObjectType object = rename->renameType == OBJECT_COLUMN ? rename->relationType : rename->renameType;
      return {is_relation(object) ? Kind::alter_table : Kind::other_ddl, "ALTER " + object_name(object)};
    }
    case T_GrantStmt: return {Kind::other_ddl, as<::GrantStmt>(node)->is_grant ? "GRANT" : "REVOKE"};
    default: return {Kind::other_ddl, "this statement"};
  }
}

}  // namespace

Class classify(const ::Node* node) {
  const NodeTag tag = tag_of(node);
  if (const auto* row = std::ranges::find(kClasses, tag, &ClassRow::node); row != kClasses.end()) {
    return {row->kind, std::string{row->tag}};
  }
  switch (static_cast<int>(tag)) {
    case T_SelectStmt: {
      const auto* select = as<::SelectStmt>(node);
      if (first_arm(select)->intoClause) return {Kind::create_table, "SELECT"};
      return {select->valuesLists ? Kind::values : Kind::select, "SELECT"};
    }
    case T_CreateTableAsStmt: {
      return classify_table_as(as<::CreateTableAsStmt>(node)->into, as<::CreateTableAsStmt>(node)->objtype);
    }
    case T_TransactionStmt: {
      const auto* row = std::ranges::find(kTransactionTags, as<::TransactionStmt>(node)->kind, &TransactionRow::raw);
      return {row->kind, std::string{row->tag}};
    }
    case T_VariableSetStmt: return classify_setting(as<::VariableSetStmt>(node));
    case T_DiscardStmt: return classify_discard(as<::DiscardStmt>(node));
    case T_DeallocateStmt: return {Kind::deallocate, as<::DeallocateStmt>(node)->name ? "DEALLOCATE" : "DEALLOCATE ALL"};
    case T_ClosePortalStmt: return {Kind::cursor, as<::ClosePortalStmt>(node)->portalname ? "CLOSE CURSOR" : "CLOSE CURSOR ALL"};
    case T_FetchStmt: return {Kind::cursor, as<::FetchStmt>(node)->ismove ? "MOVE" : "FETCH"};
    case T_VacuumStmt: return {Kind::maintenance, as<::VacuumStmt>(node)->is_vacuumcmd ? "VACUUM" : "ANALYZE"};
    default: return classify_schema_change(node);
  }
}

}  // namespace crossfade::sql::postgres_front
