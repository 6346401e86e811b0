#include "crossfade/sql/schema_order.hpp"

#include <algorithm>

#include "../tokens.hpp"
#include "raw_parse.hpp"

namespace crossfade::sql {
namespace postgres_front {
namespace {

constexpr std::array kWaiting{AT_SetNotNull, AT_DropNotNull, AT_ColumnDefault, AT_AddConstraint, AT_DropConstraint, AT_ValidateConstraint, AT_AddIdentity, AT_SetIdentity, AT_DropIdentity};
constexpr std::array kNamingColumns{AT_AddColumn, AT_DropColumn, AT_AlterColumnType};

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

bool drops_dependents(::DropBehavior behavior) { return behavior == ::DROP_CASCADE; }

void order_of(const ::AlterTableStmt* node, SchemaOrder& out) {
  if (node->objtype != OBJECT_TABLE) return;
  const Nodes<::AlterTableCmd> commands{node->cmds};
  const auto all = [&](const auto& kinds) {
    for (const ::AlterTableCmd* each : commands)
      if (std::ranges::find(kinds, each->subtype) == kinds.end()) return false;
    return true;
  };
  out.may_wait = all(kWaiting);
  if (out.may_wait || !all(kNamingColumns)) return;
  for (const ::AlterTableCmd* each : commands) {
    if (each->subtype == AT_DropColumn && drops_dependents(each->behavior)) return out.renames.clear();
    out.renames.push_back(lower(each->subtype == AT_AddColumn ? text_of(as<::ColumnDef>(each->def)->colname) : text_of(each->name)));
  }
}

void order_of(const ::RenameStmt* node, SchemaOrder& out) {
  constexpr std::array kOthers{OBJECT_TABCONSTRAINT, OBJECT_INDEX, OBJECT_SEQUENCE, OBJECT_VIEW};
  out.may_wait = std::ranges::find(kOthers, node->renameType) != kOthers.end();
  if (node->renameType == OBJECT_COLUMN && node->relationType == OBJECT_TABLE) out.renames = {lower(text_of(node->subname)), lower(text_of(node->newname))};
  if (node->renameType == OBJECT_TABLE && node->relation != nullptr) out.renames = {lower(text_of(node->relation->relname)), lower(text_of(node->newname))};
}

void order_of(const ::DropStmt* node, SchemaOrder& out) {
  out.may_wait = node->removeType == OBJECT_INDEX || node->removeType == OBJECT_VIEW || node->removeType == OBJECT_SEQUENCE;
  if (node->removeType != OBJECT_TABLE || drops_dependents(node->behavior)) return;
  for (const List* name : Nodes<List>{node->objects}) {
    const Nodes<::String> parts{name};
    out.renames.push_back(lower(parts[parts.size() - 1]->sval));
  }
}

void order_of(const ::CreateStmt* node, SchemaOrder& out) {
  for (const ::Node* each : Nodes<::Node>{node->tableElts})
    if (tag_of(each) == T_TableLikeClause) return;  // as the other one is now
  if (node->inhRelations == nullptr) out.renames = {lower(text_of(node->relation->relname))};
}

void order_of(const ::Node* node, SchemaOrder& out) {
  switch (static_cast<int>(tag_of(node))) {
    case T_AlterTableStmt: return order_of(as<::AlterTableStmt>(node), out);
    case T_RenameStmt: return order_of(as<::RenameStmt>(node), out);
    case T_DropStmt: return order_of(as<::DropStmt>(node), out);
    case T_CreateStmt: return order_of(as<::CreateStmt>(node), out);
    case T_CreateTableAsStmt:
      if (as<::CreateTableAsStmt>(node)->objtype == OBJECT_TABLE) out.renames = {lower(text_of(as<::CreateTableAsStmt>(node)->into->rel->relname))};
      return;
    case T_ViewStmt: out.names_all = true; [[fallthrough]];
    case T_IndexStmt:
    case T_CommentStmt:
    case T_CreateSeqStmt:
    case T_AlterSeqStmt: out.may_wait = true; return;
    default: return;
  }
}

}  // namespace
}  // namespace postgres_front

SchemaOrder schema_order(std::string_view text) {
  SchemaOrder out;
  if (!check_text(text)) return out;
  const std::string terminated{text};
  const postgres_front::RawParse raw{terminated.c_str()};
  const postgres_front::Nodes<::RawStmt> statements{raw.tree()};
  if (raw.error() != nullptr || statements.size() != 1) return out;
  postgres_front::order_of(statements[0]->stmt, out);
  out.names_all = out.names_all || text.contains("U&") || text.contains("u&");
  Tokens tokens{text};
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    std::string word = postgres_front::lower(token.text);
    const bool in_quotes = token.kind == Token::Kind::quoted_name || token.kind == Token::Kind::string;
    if (in_quotes && word.size() >= 2 && (word.starts_with('"') || word.starts_with('\''))) word = word.substr(1, word.size() - 2);
    for (std::size_t at = word.find("\"\""); at != std::string::npos; at = word.find("\"\"", at + 1)) word.erase(at, 1);
    if (word.size() > 63) word.clear(), out.names_all = true;  // as PostgreSQL cuts it
    out.words.insert(std::move(word));
  }
  return out;
}

}  // namespace crossfade::sql
