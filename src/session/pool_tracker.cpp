#include "pool_tracker.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>
#include <vector>

#include "crossfade/wire/backend.hpp"
#include "held_state.hpp"

namespace crossfade::session {

namespace {

/// A second text: functions that, by their words, may set a setting of no module. No server lists those settings.
constexpr std::string_view kFunctions = R"(,
(SELECT pg_catalog.concat('settings: those that a function may have set (', pg_catalog.min(p.proname::pg_catalog.text), ')') FROM pg_catalog.pg_proc p
 WHERE p.oid OPERATOR(pg_catalog.>=) 16384 AND p.prolang OPERATOR(pg_catalog.<>) 13
 AND (p.prosrc OPERATOR(pg_catalog.~*)
 'set_config|execute.*[[:<:]]set[[:>:]]|[[:<:]]set[[:space:]]+(session[[:space:]]+)?"?[[:alnum:]_]+"?[.]'
 OR p.prosqlbody::pg_catalog.text OPERATOR(pg_catalog.~~) '%:funcid 2078 %') HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0))";

constexpr std::size_t kFewEntries = 8, kKeptEntries = 64, kSpareRooms = 64;

enum class Asked : std::uint8_t { session, functions_too };

std::string probe_text(Asked asked) { return "SELECT " + held_text(Held::settings_too) + std::string(asked == Asked::functions_too ? kFunctions : ""); }

bool is_settable(std::string_view name) { return std::ranges::find(sql::kReportedSettings, name) != sql::kReportedSettings.end(); }

}  // namespace

PoolTracker::PoolTracker(FollowedStatements& all, Values told) : all_(all), number_(all.next_client()), told_(std::move(told)) {
  if (const std::string* name = told_.find("application_name"); name != nullptr) startup_name_ = *name;
}

std::vector<std::vector<PoolTracker::Entry>>& PoolTracker::Entries::spare() {
  static thread_local std::vector<std::vector<Entry>> rooms;
  return rooms;
}

void PoolTracker::Entry::clear() {
  hidden = probe = resets = sets = takes_copy = copy_ended = unnamed = fresh = false;
  if (!name.empty()) name = {};
  if (statement != nullptr) statement = nullptr;
  if (before != nullptr) before = nullptr;
  batch = mark = under = closes = replaces = after = 0;
  shift_at = shift = 0;
  if (!forgotten.empty()) forgotten = {};
}

PoolTracker::Entry& PoolTracker::Entries::push(Kind kind, std::uint64_t batch) {
  if (all_.capacity() == 0 && !spare().empty()) {
    all_.swap(spare().back());
    spare().pop_back();
  } else if (all_.capacity() == 0) {
    all_.reserve(kFewEntries);
  }
  if (end_ == all_.size()) all_.emplace_back();
  Entry& entry = all_[end_++];
  entry.kind = kind;
  entry.batch = batch;
  return entry;
}

void PoolTracker::Entries::erase_to(const Entry* end) {
  begin_ = static_cast<std::size_t>(end - all_.data());
  if (empty()) {
    for (std::size_t i = 0; i < end_; ++i) all_[i].clear();
    begin_ = end_ = 0;
    if (all_.size() <= kKeptEntries && spare().size() < kSpareRooms) spare().push_back(std::move(all_));
    std::vector<Entry>().swap(all_);
  } else if (begin_ >= kKeptEntries && begin_ * 2 >= end_) {  // a client that never waits for all of its answers
    all_.erase(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(begin_));
    end_ -= begin_;
    begin_ = 0;
  }
}

void PoolTracker::Entries::erase_ends_of_batches() {
  Entry* const left = std::remove_if(begin(), end(), ends_batch);
  for (Entry* gone = left; gone != end(); ++gone) gone->clear();
  end_ = static_cast<std::size_t>(left - all_.data());
  erase_to(begin());
}

bool PoolTracker::attach_as_it_is(postgres::Server& server) {
  if (restores_name_ || !told_.unify(server.parameters)) return false;
  asks_ = drew_ = said_fatal_ = false;
  status_ = 'I';
  return true;
}

void PoolTracker::attach(postgres::Server& server, std::string& to_server, std::string& to_client) {
  if (attach_as_it_is(server)) return;
  asks_ = drew_ = said_fatal_ = false;
  status_ = 'I';
  std::string settings;
  for (const auto& [name, has] : server.parameters) {
    const std::string* wanted = told_.find(name);
    if (restores_name_ && name == "application_name") wanted = &startup_name_;
    if (wanted != nullptr && *wanted == has) continue;
    if (wanted != nullptr && is_settable(name)) {
      settings += "SET " + name + " = " + postgres::quote_literal(*wanted) + ";";
    } else {  // a server of another version, a standby that was promoted
      told_.set(name, has);
      wire::append_parameter_status(to_client, name, has);
    }
  }
  restores_name_ = false;
  if (settings.empty()) return;
  wire::append_query(to_server, settings);
  push_hidden(Kind::query, server);
  server.unnamed = 0;
  ++server.batch;
}

void PoolTracker::detach(postgres::Server& server) {
  portals_.clear();
  probed_.clear();
  last_doubt_ = last_named_ = 0;
  // All was answered: what is not sure by now may be there or not.
  for (auto& [id, known] : server.statements)
    if (!known.sure) known.batch = 0;
}

void PoolTracker::probe(postgres::Server& server, std::string& out) {
  static const std::string plain = probe_text(Asked::session), with_functions = probe_text(Asked::functions_too);
  const std::string& text = asks_functions_ ? with_functions : plain;
  asks_ = asks_functions_ = false;
  probed_ = "something that the server did not tell";
  wire::append_query(out, text);
  push_hidden(Kind::query, server).probe = true;
  server.unnamed = 0;  // a Query ends it; it is prepared again when it is needed
  ++server.batch;
}

std::string PoolTracker::pinned() const {
  std::string reasons;
  for (const std::string* each : {&lasting_, &custom_, &probed_})
    if (!each->empty()) reasons.append(reasons.empty() ? "" : "; ").append(*each);
  return reasons;
}

void PoolTracker::finished(const Entry& entry) {
  if (entry.resets && status_ == 'I') custom_.clear();
}

void PoolTracker::answer(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  switch (frame.type) {
    case 'S': return received_parameter(frame, server, out);
    case 'E': return received_error(frame, server, out);
    case 'Z': return received_ready(frame, out);
    default: break;
  }
  if (pending_.empty()) {
    out += frame.raw;  // a notice, a notification
    return;
  }
  Entry& front = pending_.front();
  if (!front.hidden || frame.type == 'A') out += frame.raw;
  if (front.probe && frame.type == 'D') {
    const auto values = texts_of_row(frame.body);
    probed_ = values.empty() ? "" : values[0];
    if (values.size() > 1 && !values[1].empty() && custom_.empty()) custom_ = values[1];
    if (const std::string* now = server.parameters.find("session_authorization"); now != nullptr && *now != server.login)
      probed_.append(probed_.empty() ? "" : "; ").append("session authorization ").append(*now);
  }
  bool ends = false;
  switch (frame.type) {
    case '1':
      ends = front.kind == Kind::parse;
      if (ends && front.statement != nullptr) parsed(front, server);
      break;
    case '2': ends = front.kind == Kind::bind; break;
    case '3': ends = front.kind == Kind::close; break;
    case 'T':
    case 'n': ends = front.kind == Kind::describe_statement || front.kind == Kind::describe_portal; break;
    case 'C':
    case 'I':
    case 's':
      ends = front.kind == Kind::execute;
      if (ends && frame.type == 'C') resetting_ = resetting_ || front.resets;
      if (frame.type == 'C' && !front.forgotten.empty()) deallocated(frame.body, front);
      break;
    case 'G':
      // While it takes COPY data PostgreSQL passes over a Sync: only one that goes after the data's end is answered.
      front.takes_copy = true;
      if (front.kind != Kind::execute || front.copy_ended) break;
      pending_.erase_ends_of_batches();
      unsynced_ = true;
      break;
    default: break;
  }
  if (ends) pending_.pop_front();
}

/// What was sent after it may have taken the statement away again (DEALLOCATE): then it no longer has this mark.
void PoolTracker::parsed(const Entry& entry, postgres::Server& server) {
  if (entry.under != 0) {  // the one that had the name was sent before it, and skipped: it stands there with this one's text
    server.statements[entry.under] = {.sure = false, .batch = 0, .used = ++server.uses};
    statements_.insert_or_assign(entry.name, entry.statement);
  }
  if (entry.mark == 0) return;
  const auto known = server.statements.find(entry.statement->id);
  if (known != server.statements.end() && known->second.batch == entry.mark) known->second.sure = true;
}

/// No transaction takes a DEALLOCATE back, that of its own query string neither.
void PoolTracker::deallocated(std::string_view tag, Entry& entry) {
  if (tag.starts_with("DEALLOCATE ALL") || tag.starts_with("DISCARD ALL")) entry.forgotten.clear();
  else if (tag.starts_with("DEALLOCATE")) entry.forgotten.erase(entry.forgotten.begin());
}

void PoolTracker::received_ready(const wire::Frame& frame, std::string& out) {
  status_ = frame.body[0];
  while (!pending_.empty() && !ends_batch(pending_.front())) pending_.pop_front();
  const bool hidden = !pending_.empty() && pending_.front().hidden;
  if (!pending_.empty()) {
    if (std::exchange(resetting_, false)) pending_.front().resets = true;
    finished(pending_.front());
    pending_.pop_front();
  }
  if (status_ == 'I') portals_.clear();
  if (!hidden) out += frame.raw;
}

void PoolTracker::received_parameter(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  const std::size_t end = frame.body.find('\0');
  if (end == std::string_view::npos || frame.body.size() < end + 2) return;
  const std::string name(frame.body.substr(0, end));
  std::string value(frame.body.substr(end + 1, frame.body.size() - end - 2));
  server.parameters.set(name, value);
  if (const std::string* told = told_.find(name); told != nullptr && *told == value) return;  // set by the proxy, or of a transaction that was rolled back at once
  told_.set(name, std::move(value));
  reading_ = 0;
  out += frame.raw;
}

/// The one before is back, or is what the next to replace it had replaced. A Parse that fails has taken it with it.
void PoolTracker::undo_unnamed(Entry& entry, Why why) {
  if (why == Why::failed) entry.before = nullptr;
  const auto next = std::ranges::find_if(pending_, [&](const Entry& one) { return one.replaces != 0 && one.after == entry.replaces; });
  if (next != pending_.end()) {
    next->before = std::move(entry.before);
    next->after = entry.after;
  } else if (change_ == entry.replaces) {
    unnamed_ = std::move(entry.before);
    change_ = entry.after;
  }
  entry.replaces = 0;
}

/// What it took or added itself, nothing else: a statement that was only in doubt before may well stand, and would be 42P05 for everybody.
void PoolTracker::undo(Entry& entry, Why why, postgres::Server& server) {
  if (entry.closes != 0) server.statements.try_emplace(entry.closes);
  for (; !entry.forgotten.empty(); entry.forgotten.pop_back())
    if (auto& [name, statement] = entry.forgotten.back(); statement != nullptr) statements_.try_emplace(std::move(name), std::move(statement));
  entry.resets = false;
  if (entry.replaces != 0) undo_unnamed(entry, why);
  if (entry.kind != Kind::parse || entry.statement == nullptr || std::exchange(entry.under, 0) != 0) return;
  const std::shared_ptr<const Followed>& statement = entry.statement;
  if (statement->server_name.empty()) {
    if (server.unnamed == statement->id) server.unnamed = 0;
    if (!entry.hidden && unnamed_ == statement) unnamed_ = nullptr;
    return;
  }
  const auto known = entry.mark != 0 ? server.statements.find(statement->id) : server.statements.end();
  if (known != server.statements.end() && !known->second.sure && known->second.batch == entry.mark) {
    if (entry.fresh) server.statements.erase(known);
    else known->second.batch = 0;
  }
  if (entry.hidden) return;
  const auto own = statements_.find(entry.name);
  if (own == statements_.end() || own->second != statement) return;
  const auto later = std::ranges::find_if(pending_, [&](const Entry& one) { return one.under == statement->id && one.name == entry.name; });
  if (later != pending_.end()) own->second = later->statement;
  else statements_.erase(own);
}

/// What follows an error in its batch is passed over by the server, up to the Sync; a Query or FunctionCall has its own end.
void PoolTracker::received_error(const wire::Frame& frame, postgres::Server& server, std::string& out) {
  said_fatal_ = frame.body.contains(std::string_view("VFATAL\0", 7)) || frame.body.contains(std::string_view("VPANIC\0", 7));
  const bool of_query = pending_.empty() || ends_batch(pending_.front());
  const auto ends = [&](const Entry& one) { return ends_batch(one) && (of_query || one.kind == Kind::sync); };
  const auto end = std::ranges::find_if(pending_, ends);
  skipping_ = end == pending_.end() && !of_query;
  const bool hidden = end != pending_.end() && end->hidden && !said_fatal_;
  if (!hidden) out += with_clients_names(frame, pending_.empty() ? nullptr : &pending_.front());
  if (frame.body.contains(std::string_view("C26000\0", 7))) {
    last_doubt_ = std::max(last_doubt_, last_named_);
    for (auto& [id, known] : server.statements) known = {.sure = false, .batch = 0, .used = known.used};
  }
  const bool taken = frame.body.contains(std::string_view("C42P05\0", 7)) && !pending_.empty() && pending_.front().mark != 0;
  const std::uint64_t stands = taken ? pending_.front().statement->id : 0;
  resetting_ = false;  // it is rolled back with its batch
  if (of_query && end != pending_.end()) undo(*end, Why::failed, server);
  for (Entry* entry = end; entry != pending_.begin();) {  // the last first: a Close whose name was given anew has it back
    --entry;
    undo(*entry, entry == pending_.begin() ? Why::failed : Why::skipped, server);
  }
  pending_.erase_to(end);
  if (server.unnamed == 0) server.unnamed = kUnknown;  // what would have ended it may have been passed over
  if (stands != 0) server.statements.insert_or_assign(stands, postgres::Server::Known{.used = ++server.uses});  // closed before it is prepared again
}

/// An error that speaks of a statement by our name for it says the client's, and its place in the client's text.
std::string PoolTracker::with_clients_names(const wire::Frame& frame, const Entry* entry) const {
  const bool shifted = entry != nullptr && entry->shift != 0;
  if (!shifted && !frame.raw.contains(all_.prefix())) return std::string(frame.raw);
  std::string fields;
  for (std::string_view rest = frame.body; rest.size() > 1;) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    std::string field(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (shifted && field.starts_with('P'))
      if (const auto place = static_cast<std::uint32_t>(std::strtoul(field.c_str() + 1, nullptr, 10)); place > entry->shift_at + 1)
        field = "P" + std::to_string(place - entry->shift);
    for (std::size_t at = field.find(all_.prefix()); at != std::string::npos; at = field.find(all_.prefix(), at)) {
      std::size_t after = at + all_.prefix().size();
      while (after < field.size() && std::isalnum(static_cast<unsigned char>(field[after])) != 0) ++after;
      const std::string ours = field.substr(at, after - at);
      std::string theirs = entry != nullptr ? entry->name : std::string{};
      for (const auto& [known, statement] : statements_)
        if (theirs.empty() && statement->server_name == ours) theirs = known;
      field.replace(at, ours.size(), theirs);
      at += theirs.size();
    }
    (fields += field) += '\0';
  }
  std::string raw;
  wire::Message(raw, frame.type).bytes(fields).byte('\0');
  return raw;
}

}  // namespace crossfade::session
