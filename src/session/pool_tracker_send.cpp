#include <algorithm>
#include <utility>

#include "client.hpp"
#include "crossfade/wire/backend.hpp"
#include "pool_tracker.hpp"

namespace crossfade::session {

namespace {

constexpr std::size_t kMostStatements = 500;           // that are kept prepared on one connection
constexpr std::string_view kNone = "none";             // behind the prefix: a name that nothing has
constexpr std::string_view kOnce = "once";             // of a statement that is closed at once

/// A message's leading string, without its NUL; nullopt: it is cut. `rest` is what follows.
std::optional<std::string_view> take_text(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return text;
}

void append_close(std::string& out, std::string_view name) { wire::Message(out, 'C').byte('S').text(name); }
void append_parse_of(std::string& out, std::string_view name, std::string_view text, std::string_view types) {
  wire::Message(out, 'P').text(name).text(text).bytes(types);
}

}  // namespace

void PoolTracker::forward(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  if (skipping_ && readied_ && frame.type == 'Q') return end_in_place_of_query(server, out);
  readied_ = flushed_ = false;
  if (skipping_ && frame.type != 'S') return;
  skipping_ = false;
  switch (frame.type) {
    case 'Q': return forward_query(frame, server, out);
    case 'P': return forward_parse(frame, server, out);
    case 'B': return forward_bind(frame, server, out);
    case 'D': return forward_describe(frame, server, out);
    case 'C': return forward_close(frame, server, out);
    case 'E': return forward_execute(frame, server, out);
    case 'S':
    case 'F':
      if (frame.type == 'F') asks_ = drew_ = asks_functions_ = true;  // any function, by its OID
      if (frame.type == 'F') server.drawn_by = number_;
      push(frame.type == 'S' ? Kind::sync : Kind::function, server);
      doubtful_ = frame.type == 'F' && (doubtful_ || unsynced_);
      unsynced_ = false;
      ++server.batch;
      break;
    case 'c':
    case 'f':
      if (!pending_.empty() && pending_.back().kind == Kind::execute) pending_.back().copy_ended = true;
      break;
    default: break;
  }
  out += frame.raw;
}

sql::SessionEffects PoolTracker::effects_of(std::string_view text) const {
  const std::string* strings = text.contains('\\') ? told_.find("standard_conforming_strings") : nullptr;
  if (strings == nullptr || *strings != "off") return sql::session_effects(text);
  sql::SessionEffects doubt;  // we would find other ends of its strings than the server does
  doubt.asks = doubt.draws = doubt.calls = true;
  doubt.custom = "what cannot be read while standard_conforming_strings is off";
  return doubt;
}

void PoolTracker::forward_query(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  const std::string_view text = frame.body.substr(0, frame.body.find('\0'));
  if (text.size() + 1 != frame.body.size()) {  // 08P01, PostgreSQL's own
    push(Kind::query, server);
    doubtful_ = doubtful_ || unsynced_;
    unsynced_ = false;
    ++server.batch;
    out += frame.raw;
    return;
  }
  doubtful_ = (doubtful_ && !pending_.empty()) || unsynced_;
  sql::SessionEffects effects = effects_of(text);
  if (!effects.names.empty()) add_executed(effects);
  const Renamed renamed = effects.names.empty() ? Renamed{} : rename(text, effects, server, out);
  if (!effects.names.empty() && !doubtful_ && !pending_.empty() && pending_.back().hidden) sync_hidden(server, out);
  begin_statement(effects, server, out, Kind::query);
  server.unnamed = 0;
  Entry& entry = push(Kind::query, server);
  replace_unnamed(entry, nullptr);
  entry.shift_at = renamed.shift_at;
  entry.shift = renamed.shift;
  note_effects(effects, server);
  unsynced_ = false;
  ++server.batch;
  if (!effects.names.empty()) wire::append_query(out, renamed.text);
  else out += frame.raw;
}

/// A Query behind messages without a Sync is of their transaction, and passed over when one of them has failed: no Sync may go before it. What it
/// needs is sent when all of them are answered, and is answered before it goes; should that fail, it has failed.
bool PoolTracker::readies(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  if (skipping_ || (!unsynced_ && pending_.empty())) return false;
  if (!pending_.empty() && pending_.front().takes_copy && !pending_.front().copy_ended) return false;  // no answer comes before more of the client's
  const std::string_view text = frame.body.substr(0, frame.body.find('\0'));
  const sql::SessionEffects effects = effects_of(text);
  if (effects.names.empty() || (readied_ && pending_.empty())) return false;
  if (!unsynced_ && !doubtful_)
    return std::ranges::any_of(effects.names, [&](const auto& use) { return awaits(use.name, true, server); });
  if (pending_.empty()) {
    (void)rename(text, effects, server, out);
    if (pending_.empty()) return false;
    readied_ = true;
    flushed_ = false;
  }
  if (!std::exchange(flushed_, true)) wire::append_flush(out);
  return true;
}

bool PoolTracker::awaits(std::string_view name, bool changes, const postgres::Server& server) {
  if (pending_.empty() || pending_.front().batch > std::max(last_doubt_, changes ? last_named_ : 0)) return false;
  const std::string_view key = name_key(name);
  const bool there = statements_.contains(key);
  return std::any_of(pending_.begin(), pending_.end(), [&](const Entry& entry) {
    if (entry.batch == server.batch) return false;
    if (there) {
      if (entry.kind != Kind::parse || entry.hidden || entry.name != key) return false;
      const auto known = entry.mark != 0 ? server.statements.find(entry.statement->id) : server.statements.end();
      return changes || known == server.statements.end() || known->second.batch != entry.mark;  // what has its mark is used as it is
    }
    return std::ranges::any_of(entry.forgotten, [key](const auto& gone) { return gone.first == key && gone.second != nullptr; });
  });
}

/// What was said for it has failed: the client has heard of that as of its own.
void PoolTracker::end_in_place_of_query(postgres::Server& server, std::string& out) {
  readied_ = flushed_ = skipping_ = unsynced_ = doubtful_ = false;
  replace_unnamed(push(Kind::sync, server), nullptr);
  server.unnamed = kUnknown;
  ++server.batch;
  wire::append_sync(out);
}

/// So that what follows can be sent even when what was said for it fails.
void PoolTracker::sync_hidden(postgres::Server& server, std::string& out) {
  push_hidden(Kind::sync, server);
  ++server.batch;
  wire::append_sync(out);
}

void PoolTracker::begin_statement(const sql::SessionEffects& effects, postgres::Server& server, std::string& out, Kind kind) {
  if (!effects.reads_sequences || status_ == 'E') return;
  const bool kept = is_pinned();
  if (server.drawn_by == number_ && (drew_ || kept)) return;
  // Nothing of this client's can be there: another's must not be. PostgreSQL then says that it is not yet defined in this session.
  server.drawn_by = kept ? number_ : 0;
  const std::string name = all_.prefix() + std::string(kOnce);
  append_parse_of(out, name, "DISCARD SEQUENCES", std::string_view("\0\0", 2));
  push_hidden(Kind::parse, server);
  wire::Message(out, 'B').text(name).text(name).int16(0).int16(0).int16(0);
  push_hidden(Kind::bind, server);
  wire::Message(out, 'E').text(name).int32(0);
  push_hidden(Kind::execute, server);
  append_close(out, name);
  push_hidden(Kind::close, server);
  if (kind == Kind::query && !doubtful_) sync_hidden(server, out);
}

void PoolTracker::note_effects(const sql::SessionEffects& effects, postgres::Server& server) {
  if (effects.none()) return;
  asks_ = asks_ || effects.asks || (effects.frees && is_pinned());
  drew_ = drew_ || effects.draws;
  if (effects.draws) server.drawn_by = number_;
  restores_name_ = restores_name_ || effects.resets_settings;
  asks_functions_ = asks_functions_ || effects.calls;
  if (!effects.lasting.empty()) lasting_ = effects.lasting;
  if (!effects.custom.empty()) custom_ = "settings: " + effects.custom;
  Entry& own = pending_.back();
  own.sets = effects.sets;
  own.resets = effects.resets_settings && effects.custom.empty() && !effects.calls && !effects.transaction && !effects.names.size() && status_ == 'I';
  for (const auto& use : effects.names) {
    if (use.deallocates) forget(name_key(use.name), own);
  }
  for (const std::string& name : effects.executed) forget(name_key(name), own);
  while (effects.forgets_statements && !statements_.empty()) forget(statements_.begin()->first, own);
  if (!effects.forgets_statements && !effects.calls && effects.names.empty()) return;
  last_doubt_ = std::max(last_doubt_, last_named_);
  for (auto& [id, known] : server.statements) known = {.sure = false, .batch = 0, .used = known.used};  // any of them may be gone
}

void PoolTracker::forget(std::string_view name, Entry& entry) {
  const auto found = statements_.find(name);
  if (found == statements_.end()) {
    entry.forgotten.emplace_back(name, nullptr);
    return;
  }
  last_doubt_ = entry.batch;
  auto node = statements_.extract(found);
  entry.forgotten.emplace_back(std::move(node.key()), std::move(node.mapped()));
}

PoolTracker::Renamed PoolTracker::rename(std::string_view text, const sql::SessionEffects& effects, postgres::Server& server, std::string& out) {
  Renamed renamed{std::string(text)};
  for (auto use = effects.names.rbegin(); use != effects.names.rend(); ++use) {
    const auto found = statements_.find(name_key(use->name));
    if (found == statements_.end()) continue;
    if (use->deallocates) {
      ensure_name(*found->second, server, out);
    } else {
      rename_again(found->second, server, out);
      ensure(found->second, server, out);
    }
    const std::string& ours = found->second->server_name;
    renamed.text.replace(use->begin, use->length, ours);
    const auto before = std::ranges::count_if(text.substr(0, use->begin), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
    renamed.shift_at = static_cast<std::uint32_t>(before);
    renamed.shift = static_cast<std::uint32_t>(ours.size() - use->length);
  }
  return renamed;
}

void PoolTracker::forward_parse(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  std::string_view types = frame.body;
  const auto name = take_text(types);
  const auto text = name ? take_text(types) : std::nullopt;
  unsynced_ = true;
  if (!text) {
    push(Kind::parse, server);
    out += frame.raw;
    return;
  }
  // One that was sent and is not answered may fail, and would take this one's mark with it.
  const bool again = pending_.empty() && name->empty() && unnamed_ != nullptr && unnamed_->text == *text && unnamed_->types == types && unnamed_->effects.names.empty() &&
                     !text->contains('\\');
  if (again) {  // a client that says the same text over and over: it is read once
    server.unnamed = unnamed_->id;
    push(Kind::parse, server).statement = unnamed_;
    out += frame.raw;
    return;
  }
  const sql::SessionEffects effects = effects_of(*text);
  const Renamed renamed = effects.names.empty() ? Renamed{} : rename(*text, effects, server, out);
  const std::string_view sent = effects.names.empty() ? *text : std::string_view(renamed.text);
  const std::string said(effects.names.empty() ? std::string_view{} : *text);
  if (name->empty()) {
    Entry& entry = push(Kind::parse, server);
    replace_unnamed(entry, all_.unnamed(sent, types, effects));
    entry.statement = unnamed_;
    server.unnamed = unnamed_->id;
    return append_parse_of(out, {}, sent, types);
  }
  const std::string_view key = name_key(*name);
  last_named_ = server.batch;
  if (const auto taken = statements_.find(key); taken != statements_.end()) {  // 42P05
    ensure(taken->second, server, out);
    Entry& entry = push(Kind::parse, server, key);
    entry.statement = follow(sent, types, effects, said);
    entry.under = taken->second->id;
    return append_parse_of(out, taken->second->server_name, sent, types);
  }
  auto statement = follow(sent, types, effects, said);
  const bool alias = std::ranges::any_of(statements_, [&](const auto& each) { return each.second == statement; });
  const auto there = server.statements.find(statement->id);
  // One that was sent and is not answered may fail, and this one not.
  const bool awaited = there != server.statements.end() && !there->second.sure && there->second.batch >= kOwnParse;
  const bool own = awaited || (!alias && there == server.statements.end());
  if (awaited) {
    append_close(out, statement->server_name);
    push_hidden(Kind::close, server);
  }
  if (own) {
    Entry& entry = push(Kind::parse, server, key);
    entry.statement = statement;
    postgres::Server::Known& known = server.statements[statement->id];
    known.used = ++server.uses;
    put(entry, known, kOwnParse | known.used, !awaited);
    append_parse_of(out, statement->server_name, sent, types);
    make_room(server, out);
  } else {  // the server has it already: whether it still stands is found out by one that is closed at once
    last_doubt_ = server.batch;
    const std::string once = all_.prefix() + std::string(kOnce);
    push(Kind::parse, server, key).statement = statement;
    append_parse_of(out, once, sent, types);
    push_hidden(Kind::close, server);
    append_close(out, once);
  }
  statements_.insert_or_assign(std::string(key), std::move(statement));
}

std::shared_ptr<const Followed> PoolTracker::follow(std::string_view text, std::string_view types, const sql::SessionEffects& effects, std::string said) {
  return all_.named(text, types, effects, said.empty() ? read_as() : 0, std::move(said));
}

std::uint32_t PoolTracker::read_as() {
  const auto may_set = [](const Entry& one) { return one.sets || one.kind == Kind::function; };
  if (is_pinned() || std::any_of(pending_.begin(), pending_.end(), may_set)) return 0;
  if (reading_ != 0) return reading_;
  std::string settings;
  for (const char* name : {"client_encoding", "DateStyle", "IntervalStyle", "TimeZone", "standard_conforming_strings"})
    if (const std::string* value = told_.find(name); value != nullptr) (settings += *value) += '\0';
  return reading_ = all_.reading(settings);
}

void PoolTracker::add_executed(sql::SessionEffects& effects) const {
  for (std::size_t i = 0, count = effects.names.size(); i < count; ++i) {
    const auto found = effects.names[i].deallocates ? statements_.end() : statements_.find(name_key(effects.names[i].name));
    if (found == statements_.end() || found->second->effects.none()) continue;
    const sql::SessionEffects& inner = found->second->effects;
    for (const auto flag : {&sql::SessionEffects::asks, &sql::SessionEffects::frees, &sql::SessionEffects::forgets_statements, &sql::SessionEffects::resets_settings,
                            &sql::SessionEffects::reads_sequences, &sql::SessionEffects::draws, &sql::SessionEffects::calls, &sql::SessionEffects::transaction, &sql::SessionEffects::sets})
      effects.*flag = effects.*flag || inner.*flag;
    if (!inner.custom.empty()) effects.custom = inner.custom;
    if (!inner.lasting.empty()) effects.lasting = inner.lasting;
    for (const auto& use : inner.names)  // it is not in this text: nothing of it is replaced
      if (use.deallocates) effects.executed.push_back(use.name);
  }
}

void PoolTracker::rename_again(std::shared_ptr<const Followed>& statement, postgres::Server& server, std::string& out) {
  if (statement->said.empty() || renaming_) return;
  const std::shared_ptr<const Followed> before = statement;
  renaming_ = true;  // one that names itself
  Renamed renamed = rename(before->said, before->effects, server, out);
  renaming_ = false;
  if (renamed.text != statement->text) statement = follow(renamed.text, before->types, before->effects, before->said);
}

void PoolTracker::ensure(std::shared_ptr<const Followed>& statement, postgres::Server& server, std::string& out) {
  if (statement->read_as != 0) {  // it is prepared for others too: by one for whom the server reads it as for them
    const auto there = server.statements.find(statement->id);
    const bool there_already = there != server.statements.end() && stands(there->second, server);
    if (const std::uint32_t now = there_already ? statement->read_as : read_as(); now != statement->read_as)
      statement = all_.named(statement->text, statement->types, statement->effects, now);
  }
  const auto [place, fresh] = server.statements.try_emplace(statement->id);
  postgres::Server::Known& known = place->second;
  known.used = ++server.uses;
  if (!fresh && stands(known, server)) return;
  if (!fresh) {
    append_close(out, statement->server_name);
    push_hidden(Kind::close, server);
  }
  append_parse_of(out, statement->server_name, statement->text, statement->types);
  Entry& entry = push_hidden(Kind::parse, server);
  entry.statement = statement;
  put(entry, known, server.batch, fresh);
  make_room(server, out);
}

void PoolTracker::ensure_name(const Followed& statement, postgres::Server& server, std::string& out) {
  const auto [place, fresh] = server.statements.try_emplace(statement.id);
  postgres::Server::Known& known = place->second;
  known.used = ++server.uses;
  if (!fresh && stands(known, server)) return;
  known.batch = 0;  // nobody may use it: it is closed before it is prepared
  if (!fresh) {
    append_close(out, statement.server_name);
    push_hidden(Kind::close, server);
  }
  append_parse_of(out, statement.server_name, {}, std::string_view("\0\0", 2));
  push_hidden(Kind::parse, server);
  make_room(server, out);
}

void PoolTracker::put(Entry& entry, postgres::Server::Known& known, std::uint64_t mark, bool fresh) {
  entry.mark = mark;
  entry.fresh = fresh;
  known = {.sure = false, .batch = mark, .used = known.used};
}

/// Closes the statement that was used longest ago.
void PoolTracker::make_room(postgres::Server& server, std::string& out) {
  if (server.statements.size() <= kMostStatements) return;
  const auto oldest = std::ranges::min_element(server.statements, {}, [](const auto& each) { return each.second.used; });
  append_close(out, all_.prefix() + std::to_string(oldest->first));
  push_hidden(Kind::close, server).closes = oldest->first;
  server.statements.erase(oldest);
}

void PoolTracker::ensure_unnamed(postgres::Server& server, std::string& out) {
  const std::uint64_t wanted = unnamed_ != nullptr ? unnamed_->id : 0;
  if (server.unnamed == wanted) return;
  server.unnamed = wanted;
  if (wanted == 0) {  // another client's must not be found
    append_close(out, {});
    push_hidden(Kind::close, server).unnamed = true;
  } else {
    append_parse_of(out, {}, unnamed_->text, unnamed_->types);
    Entry& entry = push_hidden(Kind::parse, server);
    entry.statement = unnamed_;
    entry.unnamed = true;
  }
}

bool PoolTracker::unsettled(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  if (frame.type == 'Q') return readies(frame, server, out);
  if (pending_.empty() || pending_.front().batch == server.batch) return false;
  std::string_view rest = frame.body;
  const bool of_statement = (frame.type == 'D' || frame.type == 'C') && rest.starts_with('S');
  if (of_statement) rest.remove_prefix(1);
  else if (frame.type != 'P' && (frame.type != 'B' || !take_text(rest))) return false;
  if (!rest.starts_with('\0')) {
    const auto name = take_text(rest);
    return name && awaits(*name, frame.type == 'P' || frame.type == 'C', server);
  }
  if (frame.type == 'P' || frame.type == 'C') return false;
  for (const Entry* entry = pending_.end(); entry != pending_.begin();) {
    --entry;
    if (entry->kind == Kind::query && (entry == pending_.begin() || ends_batch(entry[-1]))) return false;  // that ends it, whatever comes of it
    const bool parses = entry->kind == Kind::parse && entry->statement != nullptr && entry->statement->server_name.empty();
    if (entry->unnamed || entry->replaces != 0 || parses) return entry->batch != server.batch;
  }
  return false;
}

void PoolTracker::forward_bind(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  std::string_view rest = frame.body;
  const auto portal = take_text(rest);
  const auto name = portal ? take_text(rest) : std::nullopt;
  unsynced_ = true;
  std::shared_ptr<const Followed> statement;
  if (name && name->empty()) {
    ensure_unnamed(server, out);
    statement = unnamed_;
  } else if (name) {
    if (const auto found = statements_.find(name_key(*name)); found != statements_.end()) {
      rename_again(found->second, server, out);
      ensure(found->second, server, out);
      statement = found->second;
    }
  }
  if (statement != nullptr && !statement->effects.none()) portals_.insert_or_assign(std::string(name_key(*portal)), statement);
  else if (portal && !portals_.empty()) portals_.erase(std::string(name_key(*portal)));
  push(Kind::bind, server, name.value_or(""));
  if (statement == nullptr || statement->server_name.empty()) out += frame.raw;
  else wire::Message(out, 'B').text(*portal).text(statement->server_name).bytes(rest);
}

void PoolTracker::forward_describe(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  std::string_view rest = frame.body.substr(std::min<std::size_t>(1, frame.body.size()));
  const bool of_statement = frame.body.starts_with('S');
  const auto name = take_text(rest);
  unsynced_ = true;
  std::shared_ptr<const Followed> statement;
  if (of_statement && name) {
    const auto found = statements_.find(name_key(*name));
    if (name->empty()) ensure_unnamed(server, out);
    else if (found != statements_.end()) {
      rename_again(found->second, server, out);
      ensure(found->second, server, out);
      statement = found->second;
    }
  }
  push(of_statement ? Kind::describe_statement : Kind::describe_portal, server, name.value_or(""));
  if (statement == nullptr) out += frame.raw;
  else wire::Message(out, 'D').byte('S').text(statement->server_name).bytes(rest);
}

void PoolTracker::forward_close(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  std::string_view rest = frame.body.substr(std::min<std::size_t>(1, frame.body.size()));
  const auto name = take_text(rest);
  unsynced_ = true;
  push(Kind::close, server, name.value_or(""));
  const auto found = frame.body.starts_with('S') && name ? statements_.find(name_key(*name)) : statements_.end();
  if (found == statements_.end()) {
    if (frame.body.starts_with('S') && name && name->empty()) {
      replace_unnamed(pending_.back(), nullptr);
      server.unnamed = 0;
    }
    out += frame.raw;
    return;
  }
  forget(found->first, pending_.back());
  wire::Message(out, 'C').byte('S').text(all_.prefix() + std::string(kNone)).bytes(rest);  // others may use it: it stays prepared
}

void PoolTracker::forward_execute(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  std::string_view rest = frame.body;
  const auto portal = take_text(rest);
  unsynced_ = true;
  const auto found = portal && !portals_.empty() ? portals_.find(name_key(*portal)) : portals_.end();
  const std::shared_ptr<const Followed> statement = found != portals_.end() ? found->second : nullptr;
  if (statement != nullptr) begin_statement(statement->effects, server, out, Kind::execute);
  push(Kind::execute, server);
  if (statement != nullptr) note_effects(statement->effects, server);
  out += frame.raw;
}

}  // namespace crossfade::session
