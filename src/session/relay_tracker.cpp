#include "relay_tracker.hpp"

#include <array>

namespace crossfade::session {

using namespace model::literals;

namespace {

constexpr std::size_t kLargestSample = 16 * 1024;  // a Bind larger than this is not kept
constexpr std::size_t kCopyEnded = 1;              // an Execute's index: CopyDone or CopyFail went after it
constexpr std::size_t kOfSync = 1;                 // a ReadyForQuery's index
constexpr std::size_t kMostReads = 8;              // of one batch

std::uint16_t be16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]));
}
std::uint32_t be32(std::string_view bytes, std::size_t at) { return std::uint32_t{be16(bytes, at)} << 16 | be16(bytes, at + 2); }

/// ReadyForQuery is the answer.
bool ends_batch(const wire::FrontendMessage& message) {
  return std::holds_alternative<wire::Query>(message) || std::holds_alternative<wire::Sync>(message) ||
         std::holds_alternative<wire::FunctionCall>(message);
}

}  // namespace

std::vector<model::Column> read_row_description(std::string_view body) {
  std::vector<model::Column> columns;
  if (body.size() < 2) return columns;
  std::size_t at = 2;
  for (int i = be16(body, 0); i > 0; --i) {
    const std::size_t end = body.find('\0', at);
    if (end == std::string_view::npos || end + 19 > body.size()) break;
    const model::Type type{be32(body, end + 7), static_cast<std::int32_t>(be32(body, end + 13))};
    columns.push_back({std::string(body.substr(at, end - at)), type});
    at = end + 19;
  }
  return columns;
}

std::vector<model::Oid> read_parameter_description(std::string_view body) {
  std::vector<model::Oid> types;
  for (std::size_t at = 2; at + 4 <= body.size(); at += 4) types.push_back(be32(body, at));
  return types;
}

/// While it takes COPY data PostgreSQL passes over a Sync, and libpq sends one right after the Execute: only one that goes after the
/// data's end is answered. Source: PostgreSQL 15 manual, "Message Flow / COPY Operations".
template <class Queue>
static void end_copy(Queue& pending) {
  if (!pending.empty() && pending.back().kind == decltype(pending.back().kind)::execute) pending.back().index = kCopyEnded;
}

void RelayTracker::begin_batch() {
  if (quiet()) client_.settings.begin();
}

void RelayTracker::sent_raw(char type) { due_.sent(type); }

void RelayTracker::sent(const wire::FrontendMessage& message, std::shared_ptr<const ParsedQuery> query, std::string_view body) {
  using enum Pending::Kind;
  if (skipping_ && !std::holds_alternative<wire::Sync>(message)) return;
  skipping_ = false;
  begin_batch();
  if (std::holds_alternative<wire::Bind>(message) || std::holds_alternative<wire::Execute>(message)) unsynced_ = true;
  if (ends_batch(message)) unsynced_ = false;
  note_effects(message);
  if (std::holds_alternative<wire::Query>(message)) {
    for (std::size_t i = 0; query && i < query->size(); ++i)
      pending_.push_back(
          {.kind = statement, .name = {}, .statement = {}, .body = {}, .prepared = {}, .query = query, .index = i});
    pending_.push_back({.kind = ready});
  } else if (const auto* parsed = std::get_if<wire::Parse>(&message)) {
    auto prepared = std::make_shared<Prepared>();
    prepared->text = parsed->text;
    prepared->declared = parsed->types;
    if (query && query->size() == 1) prepared->statement = first_of(query);
    pending_.push_back(
        {.kind = parse, .name = std::string(name_key(parsed->statement)), .statement = {}, .body = {}, .prepared = std::move(prepared)});
  } else if (const auto* bound = std::get_if<wire::Bind>(&message)) {
    pending_.push_back({.kind = bind, .name = std::string(name_key(bound->portal)), .statement = std::string(name_key(bound->statement)),
                        .body = std::string(body.size() <= kLargestSample ? body : std::string_view{}), .prepared = prepared_by(name_key(bound->statement))});
  } else if (const auto* described = std::get_if<wire::Describe>(&message)) {
    const bool of_statement = described->kind == wire::Named::statement;
    pending_.push_back({.kind = of_statement ? describe_statement : describe_portal, .name = std::string(name_key(described->name))});
  } else if (const auto* executed = std::get_if<wire::Execute>(&message)) {
    pending_.push_back({.kind = execute, .name = std::string(name_key(executed->portal))});
  } else if (const auto* closed = std::get_if<wire::Close>(&message)) {
    pending_.push_back({.kind = close,
                        .name = std::string(name_key(closed->name)),
                        .statement = {},
                        .body = {},
                        .prepared = {},
                        .query = {},
                        .index = 0,
                        .named = closed->kind});
  } else if (ends_batch(message)) {
    pending_.push_back({.kind = ready, .index = std::holds_alternative<wire::Sync>(message) ? kOfSync : 0});
  } else if (std::holds_alternative<wire::CopyDone>(message) || std::holds_alternative<wire::CopyFail>(message)) {
    end_copy(pending_);
  }
}

void RelayTracker::received(const wire::Frame& frame) {
  using enum Pending::Kind;
  if (mode_ == Mode::raw) return due_.received(frame);
  if (frame.type == 'Z') {
    status_ = frame.body[0];
    copies_in_ = false;
    if (status_ == 'I') asks_ = std::exchange(asks_again_, false) || asks_;
    while (!pending_.empty() && pending_.front().kind != ready) pending_.pop_front();
    if (!pending_.empty()) pending_.pop_front();
    if (failed_) reads_.clear();
    if (status_ == 'I') {
      if (std::exchange(wrote_, false) && !failed_) committed_ = true;
      block_sets_ = false;
      portals_.clear();
      if (failed_) client_.settings.rollback();
      else client_.settings.commit();
      if (!pending_.empty()) client_.settings.begin();
    }
    failed_ = false;
    return;
  }
  if (frame.type == 'G' && !pending_.empty() && pending_.front().kind == execute && pending_.front().index != kCopyEnded) {
    std::erase_if(pending_, [](const Pending& one) { return one.kind == ready; });
    unsynced_ = true;
  }
  if (frame.type == 'G') copies_in_ = true;
  if (frame.type == 'C' || frame.type == 'E') copies_in_ = false;
  if (frame.type == 'S') return note_parameter(frame.body);
  if (frame.type == 'V') wrote_ = true;  // of a FunctionCall
  if (frame.type == 'E') {
    failed_ = true;
    const bool of_query = pending_.empty() || pending_.front().kind == ready || pending_.front().kind == statement;
    const auto ends = [&](const Pending& one) { return one.kind == ready && (of_query || one.index == kOfSync); };  // a Query in between is passed over
    while (!pending_.empty() && !ends(pending_.front())) pending_.pop_front();
    skipping_ = pending_.empty() && !of_query;
    if (skipping_) unsynced_ = false;
    return;
  }
  if (frame.type == 'C' && (pending_.empty() || (pending_.front().kind != statement && pending_.front().kind != execute))) wrote_ = true;
  if (pending_.empty()) return;
  Pending& front = pending_.front();
  switch (frame.type) {
    case '1':
      if (front.kind != parse) return;
      by_prepare_.erase(front.name);
      client_.prepared.insert_or_assign(front.name, std::move(front.prepared));
      break;
    case '2':
      if (front.kind != bind) return;
      if (const auto found = client_.prepared.find(front.statement); found != client_.prepared.end())
        portals_[front.name] = {found->second, std::move(front.body)};
      break;
    case '3':
      if (front.kind != close) return;
      if (front.named == wire::Named::statement) client_.prepared.erase(front.name);
      else portals_.erase(front.name);
      break;
    case 't':
    case 'T':
    case 'n': return described(frame);
    case 'C': return completed(frame.body.substr(0, frame.body.find('\0')));
    case 's': return suspended();
    case 'I':
      if (front.kind != execute && front.kind != statement) return;
      break;
    default: return;
  }
  pending_.pop_front();
}

Prepared* RelayTracker::front_prepared() {
  const Pending& front = pending_.front();
  if (front.kind == Pending::Kind::describe_statement) {
    const auto found = client_.prepared.find(front.name);
    return found == client_.prepared.end() ? nullptr : found->second.get();
  }
  const auto found = portals_.find(front.name);
  return found == portals_.end() ? nullptr : found->second.prepared.get();
}

void RelayTracker::described(const wire::Frame& frame) {
  const Pending& front = pending_.front();
  if (front.kind != Pending::Kind::describe_statement && front.kind != Pending::Kind::describe_portal) return;  // of a Query
  Prepared* prepared = front_prepared();
  if (frame.type == 't') {
    if (prepared != nullptr) prepared->announced = read_parameter_description(frame.body);
    return;
  }
  if (prepared != nullptr) {
    prepared->described = true;
    prepared->columns = frame.type == 'T' ? read_row_description(frame.body) : std::vector<model::Column>{};
  }
  pending_.pop_front();
}

const sql::Parsed* RelayTracker::executed() const {
  const auto found = portals_.find(pending_.front().name);
  return found == portals_.end() ? nullptr : found->second.prepared->statement.get();
}

std::shared_ptr<Prepared> RelayTracker::prepared_by(std::string_view name) const {
  for (auto each = pending_.rbegin(); each != pending_.rend(); ++each)
    if (each->kind == Pending::Kind::parse && each->name == name) return each->prepared;
  const auto found = client_.prepared.find(name);
  return found == client_.prepared.end() ? nullptr : found->second;
}

std::shared_ptr<const sql::Parsed> RelayTracker::to_execute(std::string_view portal) const {
  for (auto each = pending_.rbegin(); each != pending_.rend(); ++each)
    if (each->kind == Pending::Kind::bind && each->name == portal) return each->prepared ? each->prepared->statement : nullptr;
  const auto found = portals_.find(portal);
  return found == portals_.end() ? nullptr : found->second.prepared->statement;
}

/// What it gives rows of may have changed others already, and is ended by the Sync behind it.
void RelayTracker::suspended() {
  if (pending_.front().kind != Pending::Kind::execute) return;
  note_change(executed(), {});
  pending_.pop_front();
}

void RelayTracker::completed(std::string_view tag) {
  const Pending& front = pending_.front();
  if (front.kind == Pending::Kind::statement) {
    const sql::Parsed& statement = (*front.query)[front.index];
    note_change(&statement, tag);
    apply(statement, tag);
    note_read(statement, tag, nullptr);
    pending_.pop_front();
  } else if (front.kind == Pending::Kind::execute) {
    const auto found = portals_.find(front.name);
    note_change(executed(), tag);
    if (found != portals_.end()) {
      apply(*found->second.prepared->statement, tag);
      note_read(*found->second.prepared->statement, tag, &found->second);
    }
    pending_.pop_front();
  }
}

void RelayTracker::apply(const sql::Parsed& statement, std::string_view tag) {
  if (const auto* control = std::get_if<sql::TransactionControl>(&statement.control)) client_.settings.follow(*control, tag);
  if (const auto* setting = std::get_if<sql::SettingControl>(&statement.control)) {
    using Verb = sql::SettingControl::Verb;
    if (setting->verb != Verb::show) block_sets_ = true;
    model::Result<void> noted;
    if (setting->verb == Verb::set) noted = client_.settings.note_set(setting->name, setting->values, setting->local);
    if (setting->verb == Verb::reset) noted = client_.settings.reset(setting->name);
    if (!noted && noted.error().state == "0A000"_state) client_.stays = std::move(noted).error();
  }
  if (const auto* object = std::get_if<sql::ObjectControl>(&statement.control)) {
    using Verb = sql::ObjectControl::Verb;
    if (object->verb == Verb::discard_all) (void)client_.settings.reset("all");
    if (object->verb == Verb::discard_all || (object->verb == Verb::unlisten && object->name.empty())) client_.channels.clear();
    else if (object->verb == Verb::unlisten) client_.channels.erase(object->name);
    if (object->verb == Verb::discard_all || (object->verb == Verb::deallocate && object->name.empty())) client_.prepared.clear();
    else if (object->verb == Verb::deallocate) client_.prepared.erase(object->name);
  }
}

void RelayTracker::note_read(const sql::Parsed& statement, std::string_view tag, const Bound* bound) {
  const bool read = statement.kind == sql::Kind::select || statement.kind == sql::Kind::values;
  if (!read || block_sets_ || !tag.starts_with("SELECT") || reads_.size() >= kMostReads) return;
  if (bound != nullptr && bound->body.empty()) return;
  reads_.push_back({statement, bound != nullptr ? bound->prepared->types() : std::vector<model::Oid>{},
                    bound != nullptr ? bound->body : std::string()});
}

/// The client sees this message, so it need not be told again; set_config() and the like come to light here.
void RelayTracker::note_parameter(std::string_view body) {
  const std::size_t end = body.find('\0');
  if (end == std::string_view::npos) return;
  const std::string name(body.substr(0, end));
  const std::array value{std::string(body.substr(end + 1, body.find('\0', end + 1) - end - 1))};
  if (name == "standard_conforming_strings") backslashes_ = value[0] == "off";
  client_.settings.note_reported(name, value[0]);
  if (client_.settings.show(name).value_or("") == value[0]) return;
  if (auto noted = client_.settings.set(name, value, false); !noted && noted.error().state == "0A000"_state)
    client_.stays = std::move(noted).error();
}

}  // namespace crossfade::session
