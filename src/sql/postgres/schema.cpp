#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

OnCommit on_commit_of(::OnCommitAction raw) {
  switch (raw) {
    case ONCOMMIT_PRESERVE_ROWS: return OnCommit::preserve_rows;
    case ONCOMMIT_DELETE_ROWS: return OnCommit::delete_rows;
    case ONCOMMIT_DROP: return OnCommit::drop;
    case ONCOMMIT_NOOP: break;
  }
  return OnCommit::none;
}

/// Forms of ALTER TABLE that the tree does not hold, as their user wrote them.
struct RefusedAlter { ::AlterTableType raw; std::string_view what; };
constexpr std::array kRefusedAlters{
    RefusedAlter{AT_ColumnDefault, "ALTER COLUMN … SET or DROP DEFAULT"}, RefusedAlter{AT_SetNotNull, "ALTER COLUMN … SET NOT NULL"},
    RefusedAlter{AT_DropNotNull, "ALTER COLUMN … DROP NOT NULL"},         RefusedAlter{AT_AlterColumnType, "ALTER COLUMN … TYPE"},
    RefusedAlter{AT_DropConstraint, "DROP CONSTRAINT"},                   RefusedAlter{AT_ValidateConstraint, "VALIDATE CONSTRAINT"},
    RefusedAlter{AT_ChangeOwner, "OWNER TO"},                             RefusedAlter{AT_AddIdentity, "ALTER COLUMN … ADD GENERATED"},
    RefusedAlter{AT_AttachPartition, "ATTACH PARTITION"},                 RefusedAlter{AT_ReplicaIdentity, "REPLICA IDENTITY"},
};

bool is_heap(const char* method) { return !method || std::string_view{method} == "heap"; }

}  // namespace

Persistence persistence(char relpersistence) {
  if (relpersistence == 't') return Persistence::temporary;
  return relpersistence == 'u' ? Persistence::unlogged : Persistence::permanent;
}

Statement Reader::create_table(const ::CreateStmt* node) {
  refuse_if(node->relation->location,
            {{node->inhRelations != nullptr && !node->partbound, "INHERITS"}, {node->partbound != nullptr, "PARTITION OF"},
             {node->partspec != nullptr, "PARTITION BY"}, {node->ofTypename != nullptr, "CREATE TABLE … OF"},
             {node->constraints != nullptr, "this constraint"}, {node->options != nullptr, "storage parameters of a table"},
             {node->tablespacename != nullptr, "TABLESPACE"}, {!is_heap(node->accessMethod), "USING"}});
  CreateTable out{.relation = plain_relation(node->relation), .persistence = persistence(node->relation->relpersistence),
                  .if_not_exists = node->if_not_exists, .on_commit = on_commit_of(node->oncommit)};
  for (const ::Node* element : Nodes<::Node>{node->tableElts}) {
    switch (static_cast<int>(tag_of(element))) {
      case T_ColumnDef: out.columns.push_back(column_definition(reinterpret_cast<const ::ColumnDef*>(element))); break;
      case T_Constraint: out.constraints.push_back(constraint(reinterpret_cast<const ::Constraint*>(element))); break;
      case T_TableLikeClause: {
        refuse(reinterpret_cast<const ::TableLikeClause*>(element)->relation->location, "LIKE in CREATE TABLE");
        break;
      }
      default: refuse(-1, "this element of CREATE TABLE");
    }
  }
  return {std::move(out)};
}

CreateTableAs Reader::table_as(const ::IntoClause* into, Query source) {
  refuse_if(into->rel->location, {{into->options != nullptr, "storage parameters of a table"},
                                  {into->tableSpaceName != nullptr, "TABLESPACE"}, {!is_heap(into->accessMethod), "USING"}});
  CreateTableAs out{.relation = plain_relation(into->rel), .persistence = persistence(into->rel->relpersistence)};
  out.with_data = !into->skipData;
  out.columns = strings(into->colNames);
  out.on_commit = on_commit_of(into->onCommit);
  out.query = std::move(source);
  return out;
}

Statement Reader::create_table_as(const ::CreateTableAsStmt* node) {
  if (tag_of(node->query) != T_SelectStmt) {
    refuse(node->into->rel->location, "CREATE TABLE … AS EXECUTE");
    return {};
  }
  CreateTableAs out = table_as(node->into, query(reinterpret_cast<const ::SelectStmt*>(node->query)));
  out.if_not_exists = node->if_not_exists;
  out.materialized_view = node->objtype == OBJECT_MATVIEW;
  return {std::move(out)};
}

Statement Reader::create_index(const ::IndexStmt* node) {
  refuse_if(node->relation->location,
            {{node->tableSpace != nullptr, "TABLESPACE"}, {node->indexIncludingParams != nullptr, "INCLUDE"},
             {node->options != nullptr, "storage parameters of an index"}, {node->excludeOpNames != nullptr, "EXCLUDE"},
             {node->primary || node->isconstraint || node->deferrable || node->initdeferred, "an index that is a constraint"}});
  CreateIndex out{.name = text_of(node->idxname), .relation = plain_relation(node->relation), .unique = node->unique,
                  .if_not_exists = node->if_not_exists, .concurrently = node->concurrent,
                  .nulls_not_distinct = node->nulls_not_distinct, .method = text_of(node->accessMethod)};
  for (const ::IndexElem* part : Nodes<::IndexElem>{node->indexParams}) out.parts.push_back(index_part(part));
  out.where = boxed(node->whereClause);
  return {std::move(out)};
}

Statement Reader::create_view(const ::ViewStmt* node) {
  refuse_if(node->view->location, {{node->options != nullptr, "options of a view"},
                                   {node->withCheckOption != NO_CHECK_OPTION, "WITH CHECK OPTION"}});
  CreateView out{.relation = plain_relation(node->view), .columns = strings(node->aliases), .or_replace = node->replace};
  out.persistence = persistence(node->view->relpersistence);
  out.query = boxed_query(node->query);
  return {std::move(out)};
}

void Reader::alter_action(const ::AlterTableCmd* node, AlterTable& out) {
  const bool cascade = node->behavior == DROP_CASCADE;
  switch (static_cast<int>(node->subtype)) {
    case AT_AddColumn:
      out.actions.emplace_back(AddColumn{column_definition(reinterpret_cast<const ::ColumnDef*>(node->def)), node->missing_ok});
      break;
    case AT_DropColumn: out.actions.emplace_back(DropColumn{text_of(node->name), node->missing_ok, cascade}); break;
    case AT_AddConstraint:
      out.actions.emplace_back(AddConstraint{constraint(reinterpret_cast<const ::Constraint*>(node->def))});
      break;
    default: {
      const auto* form = std::ranges::find(kRefusedAlters, node->subtype, &RefusedAlter::raw);
      refuse(-1, "ALTER TABLE … " + std::string{form == kRefusedAlters.end() ? "of this form" : form->what});
    }
  }
}

Statement Reader::alter_table(const ::AlterTableStmt* node) {
  // ONLY, which pg_dump writes, says nothing where no table inherits; the grammar takes no alias.
  AlterTable out{.relation = relation_name(node->relation), .if_exists = node->missing_ok};
  refuse_if(node->relation->location, {{node->objtype != OBJECT_TABLE, "this form of ALTER"}});
  for (const ::AlterTableCmd* command : Nodes<::AlterTableCmd>{node->cmds}) alter_action(command, out);
  return {std::move(out)};
}

Statement Reader::rename(const ::RenameStmt* node) {
  struct Row { ::ObjectType raw; AlterTable::Object object; };
  static constexpr std::array kObjects{Row{OBJECT_TABLE, AlterTable::Object::table}, Row{OBJECT_INDEX, AlterTable::Object::index},
                                       Row{OBJECT_VIEW, AlterTable::Object::view}};
  const bool column = node->renameType == OBJECT_COLUMN;
  const auto* object = std::ranges::find(kObjects, column ? node->relationType : node->renameType, &Row::raw);
  if (object == kObjects.end() || !node->relation) {
    refuse(-1, "renaming this kind of object");
    return {};
  }
  AlterTable out{.object = object->object, .relation = relation_name(node->relation), .if_exists = node->missing_ok};
  if (column) out.actions.emplace_back(RenameColumn{text_of(node->subname), text_of(node->newname)});
  else out.actions.emplace_back(RenameTable{text_of(node->newname)});
  return {std::move(out)};
}

Statement Reader::drop(const ::DropStmt* node) {
  struct Row { ::ObjectType raw; Drop::Object object; };
  static constexpr std::array kObjects{Row{OBJECT_TABLE, Drop::Object::table}, Row{OBJECT_INDEX, Drop::Object::index},
                                       Row{OBJECT_VIEW, Drop::Object::view}};
  const auto* object = std::ranges::find(kObjects, node->removeType, &Row::raw);
  if (object == kObjects.end()) {
    refuse(-1, "dropping this kind of object");
    return {};
  }
  Drop out{.object = object->object, .if_exists = node->missing_ok, .cascade = node->behavior == DROP_CASCADE,
           .concurrently = node->concurrent};
  for (const List* written : Nodes<List>{node->objects}) {
    std::vector<std::string> names = strings(written);
    names.insert(names.begin(), names.size() < 3 ? 3 - names.size() : 0, std::string{});
    out.relations.push_back({.catalog = std::move(names[0]), .schema = std::move(names[1]), .name = std::move(names[2])});
  }
  return {std::move(out)};
}

Statement Reader::truncate(const ::TruncateStmt* node) {
  Truncate out{.restart_identity = node->restart_seqs, .cascade = node->behavior == DROP_CASCADE};
  for (const ::RangeVar* relation : Nodes<::RangeVar>{node->relations}) out.relations.push_back(plain_relation(relation));
  return {std::move(out)};
}

}  // namespace crossfade::sql::postgres_front
