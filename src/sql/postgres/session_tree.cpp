#include "session_tree.hpp"

#include <cctype>

#include "../tokens.hpp"
#include "raw_parse.hpp"

// Exported by libpg_query: visits the children of a node of a SELECT, INSERT, UPDATE, DELETE or MERGE.
extern "C" bool raw_expression_tree_walker(Node* node, bool (*walker)(Node* node, void* context), void* context);

namespace crossfade::sql::postgres_front {
namespace {

using Flag = bool SessionEffects::*;

/// Functions that change or tell their session's state. `lasting`: what the server cannot be asked about.
struct CallRow { std::string_view name; Flag flag; std::string_view lasting = {}; };
constexpr std::array kCalls{
    CallRow{"pg_advisory_lock", &SessionEffects::asks},
    CallRow{"pg_advisory_lock_shared", &SessionEffects::asks},
    CallRow{"pg_try_advisory_lock", &SessionEffects::asks},
    CallRow{"pg_try_advisory_lock_shared", &SessionEffects::asks},
    CallRow{"pg_advisory_unlock", &SessionEffects::frees},
    CallRow{"pg_advisory_unlock_shared", &SessionEffects::frees},
    CallRow{"pg_advisory_unlock_all", &SessionEffects::frees},
    CallRow{"currval", &SessionEffects::reads_sequences},
    CallRow{"lastval", &SessionEffects::reads_sequences},
    CallRow{"nextval", &SessionEffects::draws},
    CallRow{"setval", &SessionEffects::draws},
    CallRow{"setseed", nullptr, "a random seed (setseed)"},
    CallRow{"pg_backup_start", nullptr, "a backup (pg_backup_start)"},
    CallRow{"pg_replication_origin_session_setup", nullptr, "a replication origin"},
    CallRow{"pg_create_logical_replication_slot", nullptr, "a replication slot, perhaps a temporary one"},
    CallRow{"pg_create_physical_replication_slot", nullptr, "a replication slot, perhaps a temporary one"},
    CallRow{"pg_copy_logical_replication_slot", nullptr, "a replication slot, perhaps a temporary one"},
    CallRow{"pg_copy_physical_replication_slot", nullptr, "a replication slot, perhaps a temporary one"},
};

/// Statements that leave nothing behind beyond their transaction but what their functions do. What is in neither table may.
constexpr std::array kPlain{T_NotifyStmt, T_LockStmt, T_ConstraintsSetStmt, T_VariableShowStmt, T_VacuumStmt,
                            T_ClusterStmt, T_ReindexStmt, T_CheckPointStmt, T_TruncateStmt, T_FetchStmt, T_ExecuteStmt};
struct FlagRow { NodeTag node; Flag flag; };
constexpr std::array kFlags{FlagRow{T_ClosePortalStmt, &SessionEffects::frees}, FlagRow{T_UnlistenStmt, &SessionEffects::frees},
                            FlagRow{T_DropStmt, &SessionEffects::frees}, FlagRow{T_InsertStmt, &SessionEffects::draws},
                            FlagRow{T_MergeStmt, &SessionEffects::draws}, FlagRow{T_UpdateStmt, &SessionEffects::draws},
                            FlagRow{T_DeleteStmt, &SessionEffects::draws}};

bool same_word(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, [](char c) { return std::tolower(static_cast<unsigned char>(c)); },
                            [](char c) { return std::tolower(static_cast<unsigned char>(c)); });
}

const ::A_Const* constant_of(const ::Node* node) {
  if (tag_of(node) == T_TypeCast) node = as<::TypeCast>(node)->arg;
  return tag_of(node) == T_A_Const && !as<::A_Const>(node)->isnull ? as<::A_Const>(node) : nullptr;
}

/// A setting by its name, set for the session.
void note_setting(std::string_view name, SessionEffects& effects) {
  if (name.contains('.')) effects.custom = name;
  else if (std::ranges::none_of(kReportedSettings, [&](std::string_view each) { return same_word(each, name); })) effects.asks = true;
}

/// set_config(name, value, is_local).
void note_set_config(const List* arguments, SessionEffects& effects) {
  const Nodes<::Node> all{arguments};
  const ::A_Const* local = all.size() == 3 ? constant_of(all[2]) : nullptr;
  if (local != nullptr && tag_of(&local->val) == T_Boolean && local->val.boolval.boolval) return;
  const ::A_Const* name = all.size() == 3 ? constant_of(all[0]) : nullptr;
  if (name != nullptr && tag_of(&name->val) == T_String) return note_setting(name->val.sval.sval, effects);
  effects.asks = true;
  effects.custom = "a name that was computed (set_config)";
}

bool visit(::Node* node, void* context) {
  if (node == nullptr) return false;
  auto& effects = *static_cast<SessionEffects*>(context);
  if (tag_of(node) == T_FuncCall) {
    const auto* call = reinterpret_cast<::FuncCall*>(node);
    const Nodes<::String> parts{call->funcname};
    const bool plain = parts.size() == 1 || (parts.size() == 2 && std::string_view{parts[0]->sval} == "pg_catalog");
    const std::string_view name = plain ? parts[parts.size() - 1]->sval : "";
    if (name == "set_config") note_set_config(call->args, effects);
    else note_call(name, effects);
  }
  if (tag_of(node) == T_SelectStmt && reinterpret_cast<::SelectStmt*>(node)->intoClause != nullptr) effects.asks = true;
  return raw_expression_tree_walker(node, &visit, context);
}

void look_at_statement(const ::Node* node, SessionEffects& effects);

/// "SET a.b", "set_config", "EXECUTE 'SET …'": the letters are enough.
bool speaks_of_set(const ::DoStmt* block) {
  for (const ::DefElem* option : Nodes<::DefElem>{block->args}) {
    if (std::string_view{option->defname} != "as") continue;
    std::string text = reinterpret_cast<const ::String*>(option->arg)->sval;
    std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return text.contains("set");
  }
  return true;
}

void look_at_set(const ::VariableSetStmt* node, SessionEffects& effects) {
  const std::string_view name = node->name != nullptr ? node->name : "";
  const bool fallback = node->kind == VAR_RESET || node->kind == VAR_RESET_ALL || node->kind == VAR_SET_DEFAULT;
  if (fallback && (node->kind == VAR_RESET_ALL || same_word(name, "application_name"))) effects.resets_settings = true;
  if (node->kind == VAR_SET_MULTI) effects.asks = effects.asks || name != "TRANSACTION";
  else if (fallback) effects.frees = true;
  else if (!node->is_local) note_setting(name, effects);
}

void look_at_discard(const ::DiscardStmt* node, SessionEffects& effects) {
  effects.frees = true;
  if (node->target == DISCARD_ALL) effects.forgets_statements = effects.resets_settings = true;
}

/// What a statement runs that it holds: EXPLAIN, COPY (query), DECLARE.
void look_inside(const ::Node* query, SessionEffects& effects) {
  if (query != nullptr) look_at_statement(query, effects);
}

void look_at_statement(const ::Node* node, SessionEffects& effects) {
  const NodeTag tag = tag_of(node);
  if (std::ranges::find(kPlain, tag) != kPlain.end()) {
    if (tag == T_ExecuteStmt) effects.draws = true;
    return;
  }
  if (const auto* row = std::ranges::find(kFlags, tag, &FlagRow::node); row != kFlags.end()) effects.*row->flag = true;
  switch (static_cast<int>(tag)) {
    case T_SelectStmt:
    case T_InsertStmt:
    case T_UpdateStmt:
    case T_DeleteStmt:
    case T_MergeStmt: visit(const_cast<::Node*>(node), &effects); return;
    case T_ClosePortalStmt:
    case T_UnlistenStmt:
    case T_DropStmt: return;
    case T_VariableSetStmt: return look_at_set(as<::VariableSetStmt>(node), effects);
    case T_DiscardStmt: return look_at_discard(as<::DiscardStmt>(node), effects);
    case T_DeallocateStmt:
      effects.frees = true;
      effects.forgets_statements = effects.forgets_statements || as<::DeallocateStmt>(node)->name == nullptr;
      return;
    case T_ExplainStmt: return look_inside(as<::ExplainStmt>(node)->query, effects);
    case T_CopyStmt:
      effects.draws = true;
      return look_inside(as<::CopyStmt>(node)->query, effects);
    case T_DeclareCursorStmt:
      if ((as<::DeclareCursorStmt>(node)->options & CURSOR_OPT_HOLD) != 0) effects.asks = true;
      return look_inside(as<::DeclareCursorStmt>(node)->query, effects);
    case T_LoadStmt: effects.lasting = "a loaded library (LOAD)"; return;
    case T_TransactionStmt: effects.transaction = true; return;
    case T_DoStmt:
      if (speaks_of_set(as<::DoStmt>(node))) effects.custom = "what a DO block may set";
      [[fallthrough]];
    case T_CallStmt:
    case T_CreateTableAsStmt:
    case T_RefreshMatViewStmt: effects.calls = true; [[fallthrough]];
    default: effects.asks = effects.draws = true;  // LISTEN, PREPARE, CREATE TEMP …
  }
}

/// The name in DEALLOCATE [PREPARE] name and EXECUTE name, found again in the text.
void note_name(const ::RawStmt* raw, std::string_view text, SessionEffects& effects) {
  const ::Node* node = raw->stmt;
  const bool deallocates = tag_of(node) == T_DeallocateStmt;
  if (!deallocates && tag_of(node) != T_ExecuteStmt) return;
  const char* name = deallocates ? as<::DeallocateStmt>(node)->name : as<::ExecuteStmt>(node)->name;
  if (name == nullptr) return;
  const auto begin = static_cast<std::size_t>(std::max(raw->stmt_location, 0));
  const std::size_t length = raw->stmt_len > 0 ? static_cast<std::size_t>(raw->stmt_len) : text.size() - begin;
  Tokens tokens{text.substr(begin, length)};
  tokens.next();
  Token token = tokens.next();
  if (deallocates && same_word(token.text, "prepare"))
    if (const Token after = tokens.next(); after.kind != Token::Kind::end) token = after;
  effects.names.push_back({name, static_cast<std::size_t>(token.text.data() - text.data()), token.text.size(), deallocates});
}

}  // namespace

void note_call(std::string_view name, SessionEffects& effects) {
  if (is_plain_builtin(name)) return;
  const auto* row = std::ranges::find(kCalls, name, &CallRow::name);
  if (row == kCalls.end()) {
    effects.asks = effects.draws = effects.calls = true;  // a function of the user's may do anything
    return;
  }
  if (row->flag != nullptr) effects.*row->flag = true;
  if (!row->lasting.empty()) effects.lasting = row->lasting;
}

std::optional<SessionEffects> effects_of_tree(std::string_view text) {
  const std::string terminated{text};
  const RawParse raw{terminated.c_str()};
  if (raw.error() != nullptr) return std::nullopt;
  SessionEffects effects;
  for (const ::RawStmt* statement : Nodes<::RawStmt>{raw.tree()}) {
    look_at_statement(statement->stmt, effects);
    note_name(statement, text, effects);
  }
  return effects;
}

}  // namespace crossfade::sql::postgres_front
