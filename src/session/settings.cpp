#include "settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "setting_values.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

using enum SettingKind;
constexpr SettingAccess kUser = SettingAccess::user, kFixed = SettingAccess::fixed;
constexpr bool kReported = true;
constexpr double kMaxInt = 2'147'483'647;

/// Source of names and defaults: PostgreSQL 15 manual, "Server Configuration".
constexpr std::array kSettings{
    SettingInfo{"application_name", "", text, kUser, kReported},
    SettingInfo{"backslash_quote", "safe_encoding", word, kUser, false, 0, 0, "safe_encoding!on|off"},
    SettingInfo{"bytea_output", "hex", word, kUser, false, 0, 0, "hex|escape"},
    SettingInfo{"check_function_bodies", "on", boolean},
    SettingInfo{"client_encoding", "UTF8", encoding, kUser, kReported},
    SettingInfo{"client_min_messages", "notice", word, kUser, false, 0, 0,
                "debug5|debug4|debug3|debug2|debug1|log|notice|warning|error"},
    SettingInfo{"crossfade.dialect", "postgres", word, kUser, false, 0, 0, "postgres|sqlite|auto"},
    SettingInfo{"DateStyle", "ISO, MDY", date_style, kUser, kReported},
    SettingInfo{"default_transaction_deferrable", "off", boolean},
    SettingInfo{"default_transaction_isolation", "read committed", word, kUser, false, 0, 0,
                "read committed|read uncommitted|repeatable read|serializable"},
    SettingInfo{"default_transaction_read_only", "off", boolean, kUser, kReported},
    SettingInfo{"escape_string_warning", "on", boolean},
    SettingInfo{"extra_float_digits", "1", integer, kUser, false, -15, 3},
    SettingInfo{"idle_in_transaction_session_timeout", "0", milliseconds, kUser, false, 0, kMaxInt},
    SettingInfo{"in_hot_standby", "off", boolean, kFixed, kReported},
    SettingInfo{"integer_datetimes", "on", boolean, kFixed, kReported},
    SettingInfo{"IntervalStyle", "postgres", word, kUser, kReported, 0, 0, "postgres|postgres_verbose|sql_standard|iso_8601"},
    SettingInfo{"is_superuser", "off", boolean, kFixed, kReported},
    SettingInfo{"lc_collate", "C", text, kFixed},
    SettingInfo{"lc_ctype", "C", text, kFixed},
    SettingInfo{"lock_timeout", "0", milliseconds, kUser, false, 0, kMaxInt},
    SettingInfo{"max_identifier_length", "63", integer, kFixed},
    SettingInfo{"row_security", "on", boolean},
    SettingInfo{"search_path", "\"$user\", public", names},
    SettingInfo{"server_encoding", "UTF8", text, kFixed, kReported},
    SettingInfo{"server_version", "15.0 (Crossfade)", text, kFixed, kReported},
    SettingInfo{"server_version_num", "150000", integer, kFixed},
    SettingInfo{"session_authorization", "", text, kFixed, kReported},
    SettingInfo{"standard_conforming_strings", "on", word, kUser, kReported, 0, 0, "on|true|1|yes!off|false|0|no"},
    SettingInfo{"statement_timeout", "0", milliseconds, kUser, false, 0, kMaxInt},
    SettingInfo{"synchronous_commit", "on", word, kUser, false, 0, 0, "on|local|remote_write|remote_apply|off"},
    SettingInfo{"TimeZone", "UTC", time_zone, kUser, kReported},
    SettingInfo{"transform_null_equals", "off", word, kUser, false, 0, 0, "off|false|0|no!on|true|1|yes"},
    SettingInfo{"work_mem", "4MB", text},
    SettingInfo{"xmloption", "content", word, kUser, false, 0, 0, "content|document"},
};

/// Other spellings of the grammar and of drivers.
struct Alias { std::string_view name, canonical; };
constexpr std::array kAliases{Alias{"time zone", "TimeZone"}, Alias{"names", "client_encoding"}};

std::unexpected<model::Error> unknown(std::string_view name) {
  return model::fail("42704"_state, "unrecognized configuration parameter \"" + std::string(name) + "\"");
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

std::span<const SettingInfo> setting_infos() { return kSettings; }

const SettingInfo* find_setting(std::string_view name) {
  std::string wanted = lower(name);
  for (const Alias& alias : kAliases)
    if (alias.name == wanted) wanted = lower(alias.canonical);
  for (const SettingInfo& info : kSettings)
    if (lower(info.name) == wanted) return &info;
  return nullptr;
}

Settings::Settings(const std::map<std::string, std::string>& server) : server_(server) {
  const auto version = server_.find("server_version");
  if (version != server_.end()) server_["server_version_num"] = version_number(version->second);
  refresh();
}

std::string Settings::column_name(std::string_view name) {
  const SettingInfo* info = find_setting(name);
  return std::string(info != nullptr ? info->name : name);
}

std::string Settings::initial(const SettingInfo& info) const {
  const std::string name(info.name);
  if (const auto found = startup_.find(name); found != startup_.end()) return found->second;
  if (const auto found = server_.find(name); found != server_.end()) return found->second;
  return std::string(info.initial);
}

model::Result<std::string> Settings::show(std::string_view name) const {
  const SettingInfo* info = find_setting(name);
  const std::string key(info != nullptr ? info->name : name);
  if (const auto found = values_.local.find(key); found != values_.local.end()) return found->second;
  if (const auto found = values_.session.find(key); found != values_.session.end()) return found->second;
  if (info != nullptr) return initial(*info);
  if (const auto found = startup_.find(key); found != startup_.end()) return found->second;
  return unknown(name);
}

model::Result<std::string> Settings::checked(const SettingInfo& info, std::span<const std::string> values) const {
  if (info.access == SettingAccess::fixed)
    return model::fail("55P02"_state, "parameter \"" + std::string(info.name) + "\" cannot be changed");
  CROSSFADE_TRY(auto value, normalize_setting(info, values, show(info.name).value_or("")));
  if (info.name == "standard_conforming_strings") value = "on";
  if (info.name == "transform_null_equals") value = "off";
  return value;
}

model::Result<void> Settings::set_startup(std::string_view name, std::string_view value) {
  const SettingInfo* info = find_setting(name);
  const std::array values{std::string(value)};
  if (info == nullptr) {
    if (name.find('.') == std::string_view::npos) return unknown(name);
    startup_[std::string(name)] = value;
    return {};
  }
  if (info->name == "session_authorization" || info->name == "is_superuser") {
    startup_[std::string(info->name)] = value;
    return {};
  }
  CROSSFADE_TRY(startup_[std::string(info->name)], checked(*info, values));
  refresh();
  return {};
}

model::Result<void> Settings::set(std::string_view name, std::span<const std::string> values, bool local) {
  if (values.empty()) return reset(name);
  const SettingInfo* info = find_setting(name);
  std::string key(name), value;
  if (info != nullptr) {
    key = info->name;
    CROSSFADE_TRY(value, checked(*info, values));
  } else if (name.find('.') != std::string_view::npos && !name.starts_with("crossfade.")) {
    value = values[0];
  } else {
    return unknown(name);
  }
  if (local) {
    values_.local[key] = std::move(value);
  } else {
    values_.local.erase(key);
    values_.session[key] = std::move(value);
  }
  refresh();
  return {};
}

model::Result<void> Settings::reset(std::string_view name) {
  if (name == "all") {
    values_ = {};
  } else {
    const SettingInfo* info = find_setting(name);
    const std::string key(info != nullptr ? info->name : name);
    if (info == nullptr && !show(name)) return unknown(name);
    if (info != nullptr && info->access == SettingAccess::fixed)
      return model::fail("55P02"_state, "parameter \"" + key + "\" cannot be changed");
    values_.session.erase(key);
    values_.local.erase(key);
  }
  refresh();
  return {};
}

model::Result<void> Settings::note_set(std::string_view name, std::span<const std::string> values, bool local) {
  if (find_setting(name) != nullptr || values.empty()) return set(name, values, local);
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
    case Verb::set_session: break;
  }
}

void Settings::begin() {
  if (saved_.empty()) saved_.push_back({"", values_});
}
void Settings::commit() {
  saved_.clear();
  if (values_.local.empty()) return;
  values_.local.clear();
  refresh();
}
void Settings::rollback() {
  if (saved_.empty()) return;
  Values values = std::move(saved_.front().values);
  saved_.clear();
  restore(std::move(values));
}
void Settings::savepoint(std::string_view name) {
  if (!saved_.empty()) saved_.push_back({std::string(name), values_});
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
    restore(saved_[i].values);
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
  const auto value = [this](std::string_view name) { return show(name).value_or(""); };
  style_.zone = model::TimeZone::find(value("TimeZone")).value_or(model::TimeZone::utc());
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
}

std::vector<std::pair<std::string, std::string>> Settings::take_changes() {
  std::vector<std::pair<std::string, std::string>> changes;
  if (!std::exchange(changed_, false)) return changes;
  for (const SettingInfo& info : kSettings) {
    if (!info.reported) continue;
    const std::string name(info.name);
    std::string value = show(name).value_or("");
    const auto last = reported_.find(name);
    if (last != reported_.end() && last->second == value) continue;
    reported_[name] = value;
    changes.emplace_back(name, std::move(value));
  }
  return changes;
}

void Settings::note_reported(const std::string& name, const std::string& value) { reported_[name] = value; }

void Settings::note_upstream(const std::string& name, const std::string& value) {
  if (startup_.contains(name) || values_.session.contains(name) || values_.local.contains(name)) return;
  const auto [known, added] = server_.try_emplace(name, value);
  if (!added && known->second == value) return;
  known->second = value;
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

std::chrono::milliseconds Settings::milliseconds(std::string_view name) const {
  return read_milliseconds(show(name).value_or("0"));
}

sql::Dialect Settings::dialect() const {
  const std::string word = show("crossfade.dialect").value_or("postgres");
  return word == "sqlite" ? sql::Dialect::sqlite : word == "auto" ? sql::Dialect::automatic : sql::Dialect::postgres;
}

}  // namespace crossfade::session
