#include "crossfade/sql/row_effects.hpp"

#include <algorithm>

#include "../tokens.hpp"
#include "crossfade/sql/session_effects.hpp"
#include "raw_parse.hpp"

// Exported by libpg_query: visits the children of a node of a SELECT, INSERT, UPDATE, DELETE or MERGE.
extern "C" bool raw_expression_tree_walker(Node* node, bool (*walker)(Node* node, void* context), void* context);

namespace crossfade::sql {
namespace postgres_front {
namespace {

/// Statements that change no row. A transaction's end is among them: what it ends was asked about before.
constexpr std::array kReadOnly{T_VariableShowStmt, T_VariableSetStmt, T_DeallocateStmt, T_ListenStmt, T_UnlistenStmt, T_NotifyStmt,
                               T_LockStmt, T_ConstraintsSetStmt, T_ClosePortalStmt, T_FetchStmt, T_DiscardStmt, T_VacuumStmt,
                               T_CheckPointStmt, T_ReindexStmt, T_ClusterStmt, T_LoadStmt};
constexpr std::array kChanging{T_InsertStmt, T_UpdateStmt, T_DeleteStmt, T_MergeStmt};
/// Functions of pg_catalog that run the text of a query, and those that leave something in their session but no rows.
constexpr auto kRunText = std::to_array<std::string_view>({"query_to_xml", "query_to_xml_and_xmlschema", "query_to_xmlschema", "cursor_to_xml",
                                                           "cursor_to_xmlschema", "ts_stat", "ts_rewrite"});
constexpr auto kOfSession = std::to_array<std::string_view>(
    {"set_config", "setseed", "currval", "lastval", "nextval", "setval", "pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock",
     "pg_try_advisory_lock_shared", "pg_advisory_unlock", "pg_advisory_unlock_shared", "pg_advisory_unlock_all"});

template <class List, class Item>
bool is_one_of(const List& list, const Item& item) { return std::ranges::find(list, item) != list.end(); }

bool only_reads(std::string_view function) {
  if (is_one_of(kRunText, function)) return false;
  return is_plain_builtin(function) || is_one_of(kOfSession, function);
}

bool note_rows(::Node* node, void* context) {
  if (node == nullptr) return false;
  auto& effects = *static_cast<RowEffects*>(context);
  const NodeTag tag = tag_of(node);
  if (is_one_of(kChanging, tag)) effects.changes = true;
  if (tag == T_SelectStmt) {
    const ::IntoClause* into = reinterpret_cast<::SelectStmt*>(node)->intoClause;
    if (into != nullptr && into->rel->relpersistence != 't') effects.changes = true;
  }
  if (tag == T_FuncCall) {
    const Nodes<::String> parts{reinterpret_cast<::FuncCall*>(node)->funcname};
    const bool plain = parts.size() == 1 || (parts.size() == 2 && std::string_view{parts[0]->sval} == "pg_catalog");
    if (!plain || !only_reads(parts[parts.size() - 1]->sval)) effects.changes = true;
  }
  return effects.changes || raw_expression_tree_walker(node, &note_rows, context);
}

void note_statement(const ::Node* node, RowEffects& effects);

bool has_option(const List* options, std::string_view name) {
  for (const ::DefElem* each : Nodes<::DefElem>{options})
    if (std::string_view{each->defname} == name) return true;
  return false;
}

void note_prepare(const ::PrepareStmt* node, RowEffects& effects) {
  RowEffects held;
  note_statement(node->query, held);
  effects.prepares = node->name;
  effects.prepared_changes = held.changes || !held.executes.empty();
}

void note_copy(const ::CopyStmt* node, RowEffects& effects) {
  if (node->is_from) effects.changes = true;
  else if (node->query != nullptr) note_statement(node->query, effects);
}

/// A temporary table is its session's own.
void note_table_as(const ::CreateTableAsStmt* node, RowEffects& effects) {
  if (node->into->rel->relpersistence == 't') note_statement(node->query, effects);
  else effects.changes = true;
}

void note_statement(const ::Node* node, RowEffects& effects) {
  const NodeTag tag = tag_of(node);
  if (is_one_of(kReadOnly, tag)) return;
  switch (static_cast<int>(tag)) {
    case T_SelectStmt: note_rows(const_cast<::Node*>(node), &effects); return;
    case T_TransactionStmt: effects.changes = effects.changes || as<::TransactionStmt>(node)->kind == TRANS_STMT_COMMIT_PREPARED; return;
    case T_PrepareStmt: return note_prepare(as<::PrepareStmt>(node), effects);
    case T_ExecuteStmt:
      effects.executes = as<::ExecuteStmt>(node)->name;
      note_rows(reinterpret_cast<::Node*>(as<::ExecuteStmt>(node)->params), &effects);  // its arguments are run, too
      return;
    case T_DeclareCursorStmt: return note_statement(as<::DeclareCursorStmt>(node)->query, effects);
    case T_CopyStmt: return note_copy(as<::CopyStmt>(node), effects);
    case T_ExplainStmt:
      if (has_option(as<::ExplainStmt>(node)->options, "analyze")) note_statement(as<::ExplainStmt>(node)->query, effects);
      return;
    case T_CreateStmt: effects.changes = effects.changes || as<::CreateStmt>(node)->relation->relpersistence != 't'; return;
    case T_CreateTableAsStmt: return note_table_as(as<::CreateTableAsStmt>(node), effects);
    default: effects.changes = true;
  }
}

/// Two EXECUTE in one string are one too many to name.
void note_next(const ::Node* node, RowEffects& effects) {
  const std::string before = std::exchange(effects.executes, {});
  note_statement(node, effects);
  if (!before.empty() && !effects.executes.empty()) effects.changes = true;
  if (!before.empty()) effects.executes = before;
}

}  // namespace
}  // namespace postgres_front

/// A SELECT without a parenthesis calls nothing and holds no other statement.
static bool is_bare_select(std::string_view text) {
  const auto is = [](const Token& token, std::string_view word) {
    return token.kind == Token::Kind::word && std::ranges::equal(token.text, word, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  };
  Tokens tokens{text};
  Token token = tokens.next();
  if (!is(token, "select")) return false;
  for (; token.kind != Token::Kind::end; token = tokens.next()) {
    if (token.kind == Token::Kind::symbol && (token.text == "(" || token.text == ";")) return false;
    if (is(token, "into")) return false;
    const bool text_constant = token.kind == Token::Kind::string;  // one that is not closed takes the rest along
    if (text_constant && (token.text.size() < 2 || (token.text.back() != '\'' && token.text.back() != '$'))) return false;
  }
  return true;
}

RowEffects row_effects(std::string_view text) {
  RowEffects effects;
  effects.changes = !check_text(text).has_value();
  if (effects.changes || is_bare_select(text)) return effects;
  const std::string terminated{text};
  const postgres_front::RawParse raw{terminated.c_str()};
  effects.changes = raw.error() != nullptr;
  if (effects.changes) return effects;
  for (const ::RawStmt* statement : postgres_front::Nodes<::RawStmt>{raw.tree()}) postgres_front::note_next(statement->stmt, effects);
  return effects;
}

}  // namespace crossfade::sql
