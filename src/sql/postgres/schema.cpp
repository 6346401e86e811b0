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
    RefusedAlter{AT_AttachPartition, "ATTACH PARTITION"}, RefusedAlter{AT_ReplicaIdentity, "REPLICA IDENTITY"},
    RefusedAlter{AT_DropExpression, "ALTER COLUMN … DROP EXPRESSION"}, RefusedAlter{AT_SetIdentity, "ALTER COLUMN … SET GENERATED"},
};

struct ColumnAlter { ::AlterTableType raw; AlterColumn::What what; };
constexpr std::array kColumnAlters{
    ColumnAlter{AT_SetNotNull, AlterColumn::What::set_not_null},   ColumnAlter{AT_DropNotNull, AlterColumn::What::drop_not_null},
    ColumnAlter{AT_ColumnDefault, AlterColumn::What::set_default}, ColumnAlter{AT_AlterColumnType, AlterColumn::What::type},
    ColumnAlter{AT_AddIdentity, AlterColumn::What::add_identity},  ColumnAlter{AT_DropIdentity, AlterColumn::What::drop_identity},
};

/// WITH (fillfactor = 70): how PostgreSQL lays its pages out and cleans them, which no answer shows.
bool only_storage(const List* options) {
  for (const ::DefElem* option : Nodes<::DefElem>{options}) {
    const std::string name = text_of(option->defname);
    if (option->defnamespace || !(name == "fillfactor" || name == "parallel_workers" || name.starts_with("autovacuum_") || name == "toast_tuple_target")) return false;
  }
  return true;
}

/// A page is filled to at least a tenth.
const ::DefElem* bad_fillfactor(const List* options) {
  for (const ::DefElem* option : Nodes<::DefElem>{options}) {
    if (text_of(option->defname) != "fillfactor" || !option->arg || tag_of(option->arg) != T_Integer) continue;
    const int value = reinterpret_cast<const ::Integer*>(option->arg)->ival;
    if (value < 10 || value > 100) return option;
  }
  return nullptr;
}

std::string out_of_bounds(const ::DefElem* option) {
  return "value " + std::to_string(reinterpret_cast<const ::Integer*>(option->arg)->ival) + " out of bounds for option \"fillfactor\"";
}

bool is_heap(const char* method) { return !method || std::string_view{method} == "heap"; }

}  // namespace

Persistence persistence(char relpersistence) {
  if (relpersistence == 't') return Persistence::temporary;
  return relpersistence == 'u' ? Persistence::unlogged : Persistence::permanent;
}

LikeClause Reader::like_clause(const ::TableLikeClause* node) {
  const auto has = [&](::TableLikeOption option) { return (node->options & static_cast<::bits32>(option)) != 0; };  // storage and statistics change no answer
  return {.source = relation_name(node->relation), .comments = has(CREATE_TABLE_LIKE_COMMENTS), .constraints = has(CREATE_TABLE_LIKE_CONSTRAINTS),
          .defaults = has(CREATE_TABLE_LIKE_DEFAULTS), .generated = has(CREATE_TABLE_LIKE_GENERATED), .identity = has(CREATE_TABLE_LIKE_IDENTITY),
          .indexes = has(CREATE_TABLE_LIKE_INDEXES)};
}

Statement Reader::create_table(const ::CreateStmt* node) {
  if (const ::DefElem* bad = bad_fillfactor(node->options)) fail(-1, model::SqlState{"22023"}, out_of_bounds(bad));
  refuse_if(node->relation->location,
            {{node->inhRelations != nullptr && !node->partbound, "INHERITS"}, {node->partbound != nullptr, "PARTITION OF"},
             {node->partspec != nullptr, "PARTITION BY"}, {node->ofTypename != nullptr, "CREATE TABLE … OF"},
             {node->constraints != nullptr, "this constraint"}, {!only_storage(node->options), "storage parameters of a table"},
             {node->tablespacename != nullptr, "TABLESPACE"}, {!is_heap(node->accessMethod), "USING"}});
  CreateTable out{.relation = plain_relation(node->relation), .persistence = persistence(node->relation->relpersistence),
                  .if_not_exists = node->if_not_exists, .on_commit = on_commit_of(node->oncommit)};
  for (const ::Node* element : Nodes<::Node>{node->tableElts}) {
    switch (static_cast<int>(tag_of(element))) {
      case T_ColumnDef: out.columns.push_back(column_definition(reinterpret_cast<const ::ColumnDef*>(element))); break;
      case T_Constraint: out.constraints.push_back(constraint(reinterpret_cast<const ::Constraint*>(element))); break;
      case T_TableLikeClause: {
        out.likes.push_back(like_clause(reinterpret_cast<const ::TableLikeClause*>(element)));
        out.likes.back().before = out.columns.size();
        break;
      }
      default: refuse(-1, "this element of CREATE TABLE");
    }
  }
  return {std::move(out)};
}

CreateTableAs Reader::table_as(const ::IntoClause* into, Query source) {
  refuse_if(into->rel->location, {{!only_storage(into->options), "storage parameters of a table"},
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
  if (const ::DefElem* bad = bad_fillfactor(node->options)) fail(-1, model::SqlState{"22023"}, out_of_bounds(bad));
  refuse_if(node->relation->location,
            {{node->tableSpace != nullptr, "TABLESPACE"}, {!only_storage(node->options), "storage parameters of an index"}, {node->excludeOpNames != nullptr, "EXCLUDE"},
             {node->primary || node->isconstraint || node->deferrable || node->initdeferred, "an index that is a constraint"}});
  CreateIndex out{.name = text_of(node->idxname), .relation = plain_relation(node->relation), .unique = node->unique,
                  .if_not_exists = node->if_not_exists, .concurrently = node->concurrent,
                  .nulls_not_distinct = node->nulls_not_distinct, .method = text_of(node->accessMethod)};
  for (const ::IndexElem* part : Nodes<::IndexElem>{node->indexParams}) out.parts.push_back(index_part(part));
  out.where = boxed(node->whereClause);
  for (const ::IndexElem* part : Nodes<::IndexElem>{node->indexIncludingParams}) out.included.push_back(text_of(part->name));
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

AlterColumn Reader::alter_column(const ::AlterTableCmd* node) {
  AlterColumn out{.what = std::ranges::find(kColumnAlters, node->subtype, &ColumnAlter::raw)->what, .column = text_of(node->name)};
  out.if_exists = node->missing_ok;
  if (out.what == AlterColumn::What::set_default) {
    if (node->def) out.expression = boxed(node->def);
    else out.what = AlterColumn::What::drop_default;
  } else if (out.what == AlterColumn::What::add_identity) {
    out.constraint = constraint(reinterpret_cast<const ::Constraint*>(node->def));
  } else if (out.what == AlterColumn::What::type) {
    const auto* column = reinterpret_cast<const ::ColumnDef*>(node->def);
    out.type = type_name(column->typeName);
    if (column->collClause) out.collation = strings(column->collClause->collname).back();
    out.expression = boxed(column->raw_default);
  }
  return out;
}

void Reader::alter_action(const ::AlterTableCmd* node, AlterTable& out) {
  const bool cascade = node->behavior == DROP_CASCADE;
  switch (static_cast<int>(node->subtype)) {
    case AT_AddColumn:
      out.actions.emplace_back(AddColumn{column_definition(reinterpret_cast<const ::ColumnDef*>(node->def)), node->missing_ok});
      break;
    case AT_DropColumn: out.actions.emplace_back(DropColumn{text_of(node->name), node->missing_ok, cascade}); break;
    case AT_SetNotNull:
    case AT_DropNotNull:
    case AT_ColumnDefault:
    case AT_AlterColumnType:
    case AT_AddIdentity:
    case AT_DropIdentity: out.actions.emplace_back(alter_column(node)); break;
    case AT_DropConstraint: out.actions.emplace_back(DropConstraint{text_of(node->name), node->missing_ok, cascade}); break;
    case AT_ValidateConstraint: out.actions.emplace_back(ValidateConstraint{text_of(node->name)}); break;
    case AT_ChangeOwner: out.actions.emplace_back(ChangeOwner{role_name(node->newowner)}); break;
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
  refuse_if(node->relation->location, {{node->objtype != OBJECT_TABLE && node->objtype != OBJECT_SEQUENCE && node->objtype != OBJECT_VIEW, "this form of ALTER"}});
  if (node->objtype == OBJECT_SEQUENCE) out.object = AlterTable::Object::sequence;
  if (node->objtype == OBJECT_VIEW) out.object = AlterTable::Object::view;
  for (const ::AlterTableCmd* command : Nodes<::AlterTableCmd>{node->cmds}) alter_action(command, out);
  return {std::move(out)};
}

Statement Reader::rename(const ::RenameStmt* node) {
  struct Row { ::ObjectType raw; AlterTable::Object object; };
  static constexpr std::array kObjects{Row{OBJECT_TABLE, AlterTable::Object::table}, Row{OBJECT_INDEX, AlterTable::Object::index},
                                       Row{OBJECT_VIEW, AlterTable::Object::view}, Row{OBJECT_SEQUENCE, AlterTable::Object::sequence}};
  if (node->renameType == OBJECT_TYPE || node->renameType == OBJECT_DOMAIN) {
    const auto object = node->renameType == OBJECT_TYPE ? NamedObject::type : NamedObject::domain;
    return {AlterNamed{object, qualified(strings(reinterpret_cast<const List*>(node->object))), text_of(node->newname), {}}};
  }
  if (node->renameType == OBJECT_SCHEMA) return {AlterNamed{NamedObject::schema, {.name = text_of(node->subname)}, text_of(node->newname), {}}};
  if (node->renameType == OBJECT_TABCONSTRAINT && node->relation) {
    AlterTable renamed{.relation = relation_name(node->relation), .if_exists = node->missing_ok};
    renamed.actions.emplace_back(RenameConstraint{text_of(node->subname), text_of(node->newname)});
    return {std::move(renamed)};
  }
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
                                       Row{OBJECT_VIEW, Drop::Object::view}, Row{OBJECT_SEQUENCE, Drop::Object::sequence}};
  if (node->removeType == OBJECT_TYPE) return drop_named(node, NamedObject::type);
  if (node->removeType == OBJECT_DOMAIN) return drop_named(node, NamedObject::domain);
  if (node->removeType == OBJECT_SCHEMA) return drop_named(node, NamedObject::schema);
  const auto* object = std::ranges::find(kObjects, node->removeType, &Row::raw);
  if (object == kObjects.end()) return drop_absent(node);
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
