#include "settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unordered_map>
#include <utility>

#include "setting_values.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

std::unexpected<model::Error> unknown(std::string_view name) {
  return model::fail("42704"_state, "unrecognized configuration parameter \"" + std::string(name) + "\"");
}

/// Why a client cannot change it. Source: PostgreSQL 15's messages, as its clients see them.
struct Refusal { SettingAccess access; std::string_view state, before, after; };
constexpr std::array kRefusals{
    Refusal{SettingAccess::internal, "55P02", "parameter \"", "\" cannot be changed"},
    Refusal{SettingAccess::restart, "55P02", "parameter \"", "\" cannot be changed without restarting the server"},
    Refusal{SettingAccess::reload, "55P02", "parameter \"", "\" cannot be changed now"},
    Refusal{SettingAccess::connect, "55P02", "parameter \"", "\" cannot be set after connection start"},
    Refusal{SettingAccess::superuser, "42501", "permission denied to set parameter \"", "\""},
};

model::Result<void> check_access(std::string_view name, SettingAccess access) {
  const auto* const row = std::ranges::find(kRefusals, access, &Refusal::access);
  if (row == kRefusals.end()) return {};
  return model::fail(model::SqlState{row->state}, std::string(row->before) + std::string(name) + std::string(row->after));
}

const ServerSetting* find_server_setting(std::string_view name) {
  const std::string wanted = lower(name);
  const auto found = std::ranges::find(server_settings(), wanted, &ServerSetting::name);
  return found == server_settings().end() ? nullptr : &*found;
}

/// "app.user": identifiers with points between them.
bool is_custom_name(std::string_view name) {
  bool begins = true;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    const bool later = (c >= '0' && c <= '9') || c == '$';
    if (c == '.' ? begins : begins ? !letter : !letter && !later) return false;
    begins = c == '.';
  }
  return !begins;
}

model::Result<void> check_custom_name(std::string_view name) {
  if (is_custom_name(name)) return {};
  return model::fail("42602"_state, "invalid configuration parameter name \"" + std::string(name) + "\"",
                     "Custom parameter names must be two or more simple identifiers separated by dots.");
}

/// 150004 of "15.4 (Debian 15.4-1)".
std::string version_number(std::string_view version) {
  int major = 0, minor = 0;
  for (std::size_t i = 0, part = 0; i < version.size() && part < 2; ++i) {
    const char c = version[i];
    if (c == '.') ++part;
    else if (c < '0' || c > '9') break;
    else (part == 0 ? major : minor) = (part == 0 ? major : minor) * 10 + (c - '0');
  }
  return std::to_string(major * 10'000 + minor);
}

}  // namespace

const SettingInfo* find_setting(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string, const SettingInfo*> made;
    for (const SettingInfo& info : setting_infos()) made.emplace(lower(info.name), &info);
    return made;
  }();
  const auto found = by_name.find(lower(name));
  return found == by_name.end() ? nullptr : found->second;
}

std::shared_ptr<const Settings::Defaults> Settings::shared_defaults(Defaults server) {
  const auto version = server.find("server_version");
  if (version != server.end()) server["server_version_num"] = version_number(version->second);
  return std::make_shared<const Defaults>(std::move(server));
}

Settings::Settings(std::shared_ptr<const Defaults> server) : server_(std::move(server)) { refresh(); }

Settings Settings::of(std::shared_ptr<const Defaults> server) {
  static thread_local std::optional<Settings> fresh;
  if (!fresh || fresh->server_ != server) fresh.emplace(std::move(server));
  return *fresh;
}

std::string Settings::column_name(std::string_view name) {
  const SettingInfo* info = find_setting(name);
  return std::string(info != nullptr ? info->name : name);
}

std::string Settings::initial(const SettingInfo& info) const {
  const std::string name(info.name);
  if (const auto found = startup_.find(name); found != startup_.end()) return found->second;
  if (const auto found = server_->find(name); found != server_->end()) return found->second;
  return std::string(info.initial);
}

model::Result<std::string> Settings::show(std::string_view name) const {
  const SettingInfo* info = find_setting(name);
  const std::string key = info != nullptr ? std::string(info->name) : lower(name);
  if (const auto found = values_.local.find(key); found != values_.local.end()) return found->second;
  if (const auto found = values_.session.find(key); found != values_.session.end()) return found->second;
  if (info != nullptr) return initial(*info);
  if (const auto found = startup_.find(key); found != startup_.end()) return found->second;
  if (custom_.contains(key)) return std::string();
  if (const ServerSetting* server = find_server_setting(name))
    return model::fail("0A000"_state, "parameter \"" + std::string(server->name) + "\" is not available on SQLite", {},
                       "It is one of PostgreSQL's server, which answers in stage `postgres`.");
  return unknown(name);
}

model::Result<std::string> Settings::checked(const SettingInfo& info, std::span<const std::string> values) const {
  CROSSFADE_CHECK(check_access(info.name, info.access));
  CROSSFADE_TRY(auto value, normalize_setting(info, values, show(info.name).value_or("")));
  if (info.name == "standard_conforming_strings") value = "on";
  if (info.name == "array_nulls") value = "on";
  if (info.name == "transform_null_equals") value = "off";
  return value;
}

void Settings::set_user(std::string_view user) { startup_["session_authorization"] = user; }

model::Result<void> Settings::set_startup(std::string_view name, std::string_view value) {
  const SettingInfo* info = find_setting(name);
  const std::array values{std::string(value)};
  if (info == nullptr) {
    if (const ServerSetting* server = find_server_setting(name)) return check_access(server->name, server->access);
    if (name.find('.') == std::string_view::npos) return unknown(name);
    CROSSFADE_CHECK(check_custom_name(name));
    startup_[lower(name)] = value;
    return {};
  }
  std::string shown(value);  // a list, as it is
  if (info->kind != SettingKind::names) {
    CROSSFADE_TRY(shown, checked(*info, values));
  }
  startup_[std::string(info->name)] = std::move(shown);
  refresh();
  return {};
}

model::Result<void> Settings::set(std::string_view name, std::span<const std::string> values, bool local) {
  if (values.empty()) return reset(name);
  const SettingInfo* info = find_setting(name);
  if (info == nullptr) return set_custom(name, values, local);
  const std::string key(info->name);
  CROSSFADE_TRY(std::string value, checked(*info, values));
  CROSSFADE_CHECK(check_memory(value.size()));
  if (local) {
    values_.local[key] = std::move(value);
  } else {
    values_.local.erase(key);
    values_.session[key] = std::move(value);
  }
  refresh();
  return {};
}

std::optional<model::Error> Settings::cut_notice(std::string_view name, std::span<const std::string> values) {
  const SettingInfo* info = find_setting(name);
  if (info == nullptr || info->kind != SettingKind::printable || values.size() != 1) return std::nullopt;
  const std::string_view kept = cut_name(values[0]);
  if (kept == values[0]) return std::nullopt;
  return model::Error{"42622"_state, "identifier \"" + values[0] + "\" will be truncated to \"" + std::string(kept) + "\""};
}

model::Result<void> Settings::set_text(std::string_view name, std::string_view text, bool local) {
  const SettingInfo* info = find_setting(name);
  const std::array values{std::string(text)};
  if (info == nullptr || info->kind != SettingKind::names) return set(name, values, local);
  const std::string key(info->name);
  CROSSFADE_CHECK(check_memory(text.size()));
  if (!local) values_.local.erase(key);
  (local ? values_.local : values_.session)[key] = text;
  refresh();
  return {};
}

model::Result<void> Settings::set_custom(std::string_view name, std::span<const std::string> values, bool local) {
  if (const ServerSetting* server = find_server_setting(name)) return check_access(server->name, server->access);
  if (name.find('.') == std::string_view::npos || name.starts_with("crossfade.")) return unknown(name);
  CROSSFADE_CHECK(check_custom_name(name));
  if (values.size() != 1) return model::fail("22023"_state, "SET " + std::string(name) + " takes only one argument");
  CROSSFADE_CHECK(check_memory(name.size() + values[0].size()));
  const std::string key = lower(name);
  custom_.insert(key);
  if (!local) values_.local.erase(key);
  (local ? values_.local : values_.session)[key] = values[0];
  return {};
}

model::Result<void> Settings::reset(std::string_view name) {
  if (name == "all") {
    values_ = {};
  } else {
    const SettingInfo* info = find_setting(name);
    const std::string key = info != nullptr ? std::string(info->name) : lower(name);
    if (info == nullptr) {
      if (const ServerSetting* server = find_server_setting(name)) return check_access(server->name, server->access);
      if (name.find('.') == std::string_view::npos || name.starts_with("crossfade.")) return unknown(name);
      custom_.insert(key);
    } else {
      CROSSFADE_CHECK(check_access(info->name, info->access));
    }
    values_.session.erase(key);
    values_.local.erase(key);
  }
  refresh();
  return {};
}

model::Result<void> Settings::note_set(std::string_view name, std::span<const std::string> values, bool local) {
  const SettingInfo* info = find_setting(name);
  if ((info != nullptr && info->access == SettingAccess::user) || values.empty()) return set(name, values, local);
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  (local ? values_.local : values_.session).insert_or_assign(std::string(name), std::move(text));
  return {};
}

void Settings::follow(const sql::TransactionControl& control, std::string_view tag) {
  using Verb = sql::TransactionControl::Verb;
  switch (control.verb) {
    case Verb::begin: begin(); break;
    case Verb::commit:
    case Verb::rollback:
      if (tag == "ROLLBACK") rollback();
      else commit();
      if (control.chain) begin();
      break;
    case Verb::savepoint: savepoint(control.name); break;
    case Verb::release: release(control.name); break;
    case Verb::rollback_to: rollback_to(control.name); break;
    case Verb::set_transaction:
    case Verb::set_session:
    case Verb::set_constraints: break;
  }
}

/// One copy of the values serves all savepoints between which nothing was set.
void Settings::save(std::string_view name) {
  if (!saved_.empty() && *saved_.back().values == values_) {
    saved_.push_back({std::string(name), saved_.back().values});
    return;
  }
  saved_.push_back({std::string(name), std::make_shared<const Values>(values_)});
}

/// Errors: 53200 when the session's settings, with those that a ROLLBACK would bring back, would be more than kMostBytes.
model::Result<void> Settings::check_memory(std::size_t more) const {
  const auto bytes_of = [](const Values& values) {
    std::size_t bytes = 0;
    for (const auto* map : {&values.session, &values.local})
      for (const auto& [name, value] : *map) bytes += name.size() + value.size();
    return bytes;
  };
  std::size_t bytes = more + 2 * bytes_of(values_);  // a savepoint makes a copy
  const Values* last = nullptr;
  for (const Saved& saved : saved_)
    if (std::exchange(last, saved.values.get()) != saved.values.get()) bytes += bytes_of(*saved.values);
  if (more < kAlwaysTaken || bytes <= kMostBytes) return {};
  return model::fail("53200"_state, "out of memory", "A session's settings and their values before each savepoint may have 16 MB.");
}

void Settings::begin() {
  if (saved_.empty()) save("");
}
void Settings::commit() {
  saved_.clear();
  if (values_.local.empty()) return;
  values_.local.clear();
  refresh();
}
void Settings::rollback() {
  if (saved_.empty()) return;
  Values values = *saved_.front().values;
  saved_.clear();
  restore(std::move(values));
}
void Settings::savepoint(std::string_view name) {
  if (!saved_.empty()) save(name);
}
void Settings::release(std::string_view name) {
  for (std::size_t i = saved_.size(); i-- > 1;) {
    if (saved_[i].name != name) continue;
    saved_.resize(i);
    return;
  }
}
void Settings::rollback_to(std::string_view name) {
  for (std::size_t i = saved_.size(); i-- > 1;) {
    if (saved_[i].name != name) continue;
    saved_.resize(i + 1);
    restore(*saved_[i].values);
    return;
  }
}

void Settings::restore(Values values) {
  if (values == values_) return;
  values_ = std::move(values);
  refresh();
}

void Settings::refresh() {
  changed_ = true;
  ++generation_;
  const auto value = [this](std::string_view name) { return show(name).value_or(""); };
  style_.zone = model::TimeZone::find_posix(value("TimeZone")).value_or(model::TimeZone::utc());
  const std::string date_style = value("DateStyle");
  style_.date_order = date_style.ends_with("YMD")   ? model::DateOrder::ymd
                      : date_style.ends_with("DMY") ? model::DateOrder::dmy
                                                    : model::DateOrder::mdy;
  constexpr std::array kDateStyles{std::pair{"ISO", model::DateStyle::iso}, std::pair{"SQL", model::DateStyle::sql},
                                   std::pair{"Postgres", model::DateStyle::postgres}, std::pair{"German", model::DateStyle::german}};
  for (const auto& [word, style] : kDateStyles)
    if (date_style.starts_with(word)) style_.date_style = style;
  constexpr std::array kIntervalStyles{
      std::pair{"postgres", model::IntervalStyle::postgres}, std::pair{"postgres_verbose", model::IntervalStyle::postgres_verbose},
      std::pair{"sql_standard", model::IntervalStyle::sql_standard}, std::pair{"iso_8601", model::IntervalStyle::iso_8601}};
  const std::string interval_style = value("IntervalStyle");
  for (const auto& [word, style] : kIntervalStyles)
    if (interval_style == word) style_.interval_style = style;
  style_.extra_float_digits = std::atoi(value("extra_float_digits").c_str());
  style_.bytea_escape = value("bytea_output") == "escape";
  for (std::size_t i = 0; i < kTimeouts.size(); ++i) timeouts_[i] = read_milliseconds(value(kTimeouts[i]));
  const std::string word = value("crossfade.dialect");
  dialect_ = word == "sqlite" ? sql::Dialect::sqlite : word == "auto" ? sql::Dialect::automatic : sql::Dialect::postgres;
}

namespace {

/// The next part of what was told: nullopt when it was not.
std::optional<std::string_view> next_told(std::string_view& told) {
  const std::string_view part = told.substr(0, told.find('\0'));
  told.remove_prefix(std::min(part.size() + 1, told.size()));
  return part.empty() ? std::nullopt : std::optional(part.substr(1));
}

void append_told(std::string& told, std::optional<std::string_view> value) {
  if (value) told.append("=").append(*value);
  told += '\0';
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Settings::take_changes() {
  std::vector<std::pair<std::string, std::string>> changes;
  if (!std::exchange(changed_, false)) return changes;
  const std::string told = std::exchange(told_, {});
  std::string_view before = told;
  for (const SettingInfo& info : setting_infos()) {
    if (!info.reported) continue;
    std::string value = show(info.name).value_or("");
    append_told(told_, value);
    if (next_told(before) != value) changes.emplace_back(info.name, std::move(value));
  }
  told_.shrink_to_fit();
  return changes;
}

void Settings::note_reported(const std::string& name, const std::string& value) {
  const std::string told = std::exchange(told_, {});
  std::string_view before = told;
  for (const SettingInfo& info : setting_infos()) {
    if (!info.reported) continue;
    const auto last = next_told(before);
    append_told(told_, info.name == name ? std::optional<std::string_view>(value) : last);
  }
}

void Settings::note_upstream(const std::string& name, const std::string& value) {
  if (startup_.contains(name) || values_.session.contains(name) || values_.local.contains(name)) return;
  const auto known = server_->find(name);
  if (known != server_->end() && known->second == value) return;
  Defaults changed = *server_;
  changed.insert_or_assign(name, value);
  server_ = std::make_shared<const Defaults>(std::move(changed));
  refresh();
}

std::vector<Settings::Override> Settings::overrides() const {
  std::vector<Override> out;
  for (const auto& [name, value] : startup_) {
    if (name != "session_authorization" && name != "is_superuser" && !values_.session.contains(name))
      out.push_back({name, value});
  }
  for (const auto& [name, value] : values_.session) out.push_back({name, value});
  for (const auto& [name, value] : values_.local) out.push_back({name, value, true});
  std::erase_if(out, [](const Override& entry) { return entry.name.starts_with("crossfade."); });
  return out;
}

std::vector<std::pair<std::string, std::string>> Settings::meaningful() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string_view name : kMeaningful) {
    const std::string key(name);
    for (const auto* values : {&values_.local, &values_.session, &startup_}) {
      const auto found = values->find(key);
      if (found == values->end()) continue;
      out.emplace_back(key, found->second);
      break;
    }
  }
  return out;
}

std::chrono::milliseconds Settings::milliseconds(std::string_view name) const {
  const auto* const known = std::ranges::find(kTimeouts, name);
  return known != kTimeouts.end() ? timeouts_[static_cast<std::size_t>(known - kTimeouts.begin())]
                                  : read_milliseconds(show(name).value_or("0"));
}

}  // namespace crossfade::session
