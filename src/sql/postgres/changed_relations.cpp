#include "crossfade/sql/changed_relations.hpp"

#include <algorithm>
#include <array>

#include "../tokens.hpp"
#include "raw_parse.hpp"

namespace crossfade::sql {
namespace postgres_front {
namespace {

constexpr std::array kRelations{OBJECT_TABLE, OBJECT_VIEW, OBJECT_INDEX, OBJECT_SEQUENCE, OBJECT_MATVIEW, OBJECT_FOREIGN_TABLE};
/// Things of a relation, which their names begin with.
constexpr std::array kParts{OBJECT_COLUMN, OBJECT_TABCONSTRAINT, OBJECT_TRIGGER, OBJECT_RULE, OBJECT_POLICY};

bool is_one_of(const auto& kinds, ::ObjectType kind) { return std::ranges::find(kinds, kind) != kinds.end(); }

RelationPlace place_of(const ::RangeVar* relation) { return {text_of(relation->schemaname), text_of(relation->relname)}; }

/// schema.table; `left_out`: words behind it.
std::optional<RelationPlace> place_of(const List* words, std::size_t left_out) {
  const Nodes<::String> parts{words};
  if (parts.size() <= left_out) return std::nullopt;
  const std::size_t count = parts.size() - left_out;
  return RelationPlace{count > 1 ? text_of(parts[count - 2]->sval) : "", text_of(parts[count - 1]->sval)};
}

void note_named(::ObjectType kind, const ::Node* name, ChangedRelations& out) {
  const bool part = is_one_of(kParts, kind);
  if (!part && !is_one_of(kRelations, kind)) return;
  if (auto place = place_of(reinterpret_cast<const List*>(name), part ? 1 : 0)) out.changed.push_back(*std::move(place));
}

void note_made(const ::RangeVar* relation, ChangedRelations& out) {
  out.made = place_of(relation);
  out.makes_temporary = relation->relpersistence == 't' || out.made->schema == "pg_temp";
}

void note_keys(const List* constraints, ChangedRelations& out) {
  for (const ::Node* each : Nodes<::Node>{constraints})
    if (tag_of(each) == T_Constraint && as<::Constraint>(each)->pktable != nullptr) out.read.push_back(place_of(as<::Constraint>(each)->pktable));
}

void note_element(const ::Node* each, ChangedRelations& out) {
  if (each == nullptr) return;
  switch (static_cast<int>(tag_of(each))) {
    case T_ColumnDef: return note_keys(as<::ColumnDef>(each)->constraints, out);
    case T_TableLikeClause: return out.read.push_back(place_of(as<::TableLikeClause>(each)->relation));
    case T_Constraint:
      if (as<::Constraint>(each)->pktable != nullptr) out.read.push_back(place_of(as<::Constraint>(each)->pktable));
      return;
    case T_RangeVar: return out.read.push_back(place_of(as<::RangeVar>(each)));  // INHERIT
    case T_PartitionCmd:
      if (as<::PartitionCmd>(each)->name != nullptr) out.read.push_back(place_of(as<::PartitionCmd>(each)->name));
      return;
    default: return;
  }
}

void note_owner(const List* options, ChangedRelations& out) {
  for (const ::DefElem* each : Nodes<::DefElem>{options})
    if (text_of(each->defname) == "owned_by")
      if (auto place = place_of(reinterpret_cast<const List*>(each->arg), 1)) out.read.push_back(*std::move(place));
}

void note_all(const List* relations, ChangedRelations& out) {
  for (const ::Node* each : Nodes<::Node>{relations})
    if (tag_of(each) == T_RangeVar) out.changed.push_back(place_of(as<::RangeVar>(each)));
}

void note(const ::DropStmt* node, ChangedRelations& out) {
  for (const ::Node* name : Nodes<::Node>{node->objects}) note_named(node->removeType, name, out);
  out.drops = is_one_of(kRelations, node->removeType);
}

void note(const ::AlterTableStmt* node, ChangedRelations& out) {
  out.changed.push_back(place_of(node->relation));
  for (const ::AlterTableCmd* each : Nodes<::AlterTableCmd>{node->cmds}) note_element(each->def, out);
}

void note(const ::RenameStmt* node, ChangedRelations& out) {
  if (node->relation == nullptr) return;
  out.changed.push_back(place_of(node->relation));
  if (is_one_of(kRelations, node->renameType)) out.renamed = text_of(node->newname);
}

void note(const ::CreateStmt* node, ChangedRelations& out) {
  note_made(node->relation, out);
  for (const ::Node* each : Nodes<::Node>{node->tableElts}) note_element(each, out);
  for (const ::Node* each : Nodes<::Node>{node->inhRelations}) note_element(each, out);
}

void note(const ::IndexStmt* node, ChangedRelations& out) {
  out.changed.push_back(place_of(node->relation));
  if (node->idxname != nullptr) out.made = RelationPlace{out.changed.front().schema, text_of(node->idxname)};
}

void note(const ::ViewStmt* node, ChangedRelations& out) {
  note_made(node->view, out);
  out.reads_query = true;
}

void note(const ::CreateSeqStmt* node, ChangedRelations& out) {
  note_made(node->sequence, out);
  note_owner(node->options, out);
}

void note(const ::AlterSeqStmt* node, ChangedRelations& out) {
  out.changed.push_back(place_of(node->sequence));
  note_owner(node->options, out);
}

bool note(const ::TransactionStmt* node, ChangedRelations& out) {
  constexpr std::array kStay{TRANS_STMT_BEGIN, TRANS_STMT_START, TRANS_STMT_SAVEPOINT, TRANS_STMT_RELEASE};
  out.unsettles = std::ranges::find(kStay, node->kind) == kStay.end();
  return true;
}

bool note_node(const ::Node* node, ChangedRelations& out) {
  switch (static_cast<int>(tag_of(node))) {
    case T_DropStmt: note(as<::DropStmt>(node), out); return true;
    case T_AlterTableStmt: note(as<::AlterTableStmt>(node), out); return true;
    case T_RenameStmt: note(as<::RenameStmt>(node), out); return true;
    case T_CreateStmt: note(as<::CreateStmt>(node), out); return true;
    case T_IndexStmt: note(as<::IndexStmt>(node), out); return true;
    case T_ViewStmt: note(as<::ViewStmt>(node), out); return true;
    case T_CreateSeqStmt: note(as<::CreateSeqStmt>(node), out); return true;
    case T_AlterSeqStmt: note(as<::AlterSeqStmt>(node), out); return true;
    case T_CommentStmt: note_named(as<::CommentStmt>(node)->objtype, as<::CommentStmt>(node)->object, out); return true;
    case T_CreateTableAsStmt: note_made(as<::CreateTableAsStmt>(node)->into->rel, out); return true;
    case T_SelectStmt: {
      const ::IntoClause* into = first_arm(as<::SelectStmt>(node))->intoClause;
      if (into != nullptr) note_made(into->rel, out);
      return true;
    }
    case T_CreateTrigStmt: out.changed.push_back(place_of(as<::CreateTrigStmt>(node)->relation)); return true;
    case T_RuleStmt: out.changed.push_back(place_of(as<::RuleStmt>(node)->relation)); return true;
    case T_CreatePolicyStmt: out.changed.push_back(place_of(as<::CreatePolicyStmt>(node)->table)); return true;
    case T_CreateStatsStmt: note_all(as<::CreateStatsStmt>(node)->relations, out); return true;
    case T_GrantStmt:
      if (as<::GrantStmt>(node)->targtype == ACL_TARGET_OBJECT && is_one_of(kRelations, as<::GrantStmt>(node)->objtype)) note_all(as<::GrantStmt>(node)->objects, out);
      return true;
    case T_AlterObjectSchemaStmt:
      if (as<::AlterObjectSchemaStmt>(node)->relation != nullptr) out.changed.push_back(place_of(as<::AlterObjectSchemaStmt>(node)->relation));
      return true;
    case T_TransactionStmt: return note(as<::TransactionStmt>(node), out);
    case T_DiscardStmt: return out.unsettles = true;
    default: return false;
  }
}

}  // namespace
}  // namespace postgres_front

ChangedRelations changed_relations(std::string_view text) {
  ChangedRelations out;
  if (!check_text(text)) return out;
  const std::string terminated{text};
  const postgres_front::RawParse raw{terminated.c_str()};
  const postgres_front::Nodes<::RawStmt> statements{raw.tree()};
  if (raw.error() != nullptr || statements.size() != 1) return out;
  out.known = postgres_front::note_node(statements[0]->stmt, out);
  return out;
}

}  // namespace crossfade::sql
