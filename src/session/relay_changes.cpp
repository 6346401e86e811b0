#include <algorithm>
#include <array>

#include "crossfade/sql/row_effects.hpp"
#include "crossfade/sql/session_effects.hpp"
#include "relay_tracker.hpp"

namespace crossfade::session {

namespace {

constexpr std::array<std::string_view, 6> kChangingTags{"INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE"};

}  // namespace

/// By SQL's EXECUTE or by a Bind. One that executes another is not looked into: they may go in circles.
bool RelayTracker::named_may_change(std::string_view name) const {
  const auto changes = [this](std::string_view text) {
    const sql::RowEffects effects = sql::row_effects(text);
    return effects.changes || !effects.executes.empty() || (backslashes_ && text.contains('\\'));
  };
  for (auto each = pending_.rbegin(); each != pending_.rend(); ++each) {
    if (each->kind == Pending::Kind::parse && each->name == name) return changes(each->prepared->text);
  }
  if (const auto found = by_prepare_.find(name); found != by_prepare_.end()) return found->second;
  const auto found = client_.prepared.find(name);
  return found == client_.prepared.end() || changes(found->second->text);
}

bool RelayTracker::text_may_change(std::string_view text) const {
  if (backslashes_ && text.contains('\\')) return true;
  const sql::RowEffects effects = sql::row_effects(text);
  if (effects.executes.empty()) return effects.changes;
  return effects.changes || effects.prepared_changes || named_may_change(effects.executes);  // it may be prepared by this very text
}

bool RelayTracker::may_change(const wire::FrontendMessage& message, const ParsedQuery* query) const {
  if (std::holds_alternative<wire::FunctionCall>(message)) return true;
  if (const auto* bound = std::get_if<wire::Bind>(&message)) return named_may_change(name_key(bound->statement));
  std::string_view text;
  if (const auto* whole = std::get_if<wire::Query>(&message)) text = whole->text;
  if (const auto* parsed = std::get_if<wire::Parse>(&message)) text = parsed->text;
  return !text.empty() && (query == nullptr || text_may_change(text));
}

/// What it may leave behind in its session, or take away.
void RelayTracker::note_effects(const wire::FrontendMessage& message) {
  const auto leaves = [](std::string_view text, bool holds) {  // `holds`: there is something to be freed
    const sql::SessionEffects effects = sql::session_effects(text);
    return effects.asks || (effects.frees && holds) || !effects.names.empty();
  };
  if (const auto* query = std::get_if<wire::Query>(&message)) {
    asks_ = asks_ || leaves(query->text, holds_);
  } else if (const auto* parsed = std::get_if<wire::Parse>(&message)) {
    holding_.insert_or_assign(std::string(name_key(parsed->statement)), leaves(parsed->text, true));
  } else if (const auto* bound = std::get_if<wire::Bind>(&message)) {
    const std::string_view name = name_key(bound->statement);
    auto found = holding_.find(name);
    if (found == holding_.end()) {
      const auto prepared = client_.prepared.find(name);  // since before the session came here; else by SQL's PREPARE
      found = holding_.emplace(std::string(name), prepared == client_.prepared.end() || leaves(prepared->second->text, true)).first;
    }
    asks_ = asks_ || found->second;
  } else if (std::holds_alternative<wire::FunctionCall>(message)) {
    asks_ = true;
  }
}

/// A statement has ended well. A block's own end says by its tag whether it was committed. `statement`: null when it is not known.
void RelayTracker::note_change(const sql::Parsed* statement, std::string_view tag) {
  const auto* control = statement != nullptr ? std::get_if<sql::TransactionControl>(&statement->control) : nullptr;
  using Verb = sql::TransactionControl::Verb;
  if (control != nullptr && (control->verb == Verb::commit || control->verb == Verb::rollback)) {
    if (std::exchange(wrote_, false) && tag == "COMMIT") committed_ = true;
    return;
  }
  if (statement != nullptr && statement->kind == sql::Kind::prepare) {
    const sql::RowEffects made = sql::row_effects(statement->text);
    by_prepare_.insert_or_assign(made.prepares, made.changes || made.prepared_changes);
    return;
  }
  using Kind = sql::Kind;
  if (statement != nullptr && (statement->kind == Kind::deallocate || statement->kind == Kind::discard)) by_prepare_.clear();  // one not known may change
  if (wrote_) return;
  const migrate::Controller* controller = client_.hub.backends.controller;
  const bool all = controller != nullptr && controller->syncs();  // else it only wakes the mirror
  wrote_ = std::ranges::any_of(kChangingTags, [tag](std::string_view word) { return tag.starts_with(word); }) ||
           (all && (statement == nullptr || text_may_change(statement->text)));
}

}  // namespace crossfade::session
