#include "held_state.hpp"

#include "crossfade/sql/session_effects.hpp"

namespace crossfade::session {

namespace {

/// The reported settings are followed by their messages. The search_path is the client's: hence the schemas' names everywhere.
constexpr std::string_view kSettings = R"(
(SELECT pg_catalog.concat('settings: ', pg_catalog.string_agg(s.name, ', ')) FROM pg_catalog.pg_settings s
 WHERE s.source OPERATOR(pg_catalog.=) 'session' AND s.name OPERATOR(pg_catalog.<>) ALL (ARRAY[REPORTED]::pg_catalog.text[])
 HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0),)";

constexpr std::string_view kState = R"(
(SELECT pg_catalog.concat('role ', current_user) WHERE current_user OPERATOR(pg_catalog.<>) session_user),
(SELECT 'temporary objects' WHERE EXISTS (SELECT FROM pg_catalog.pg_depend d
 WHERE d.refclassid OPERATOR(pg_catalog.=) 2615 AND d.refobjid OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())),
(SELECT pg_catalog.concat('cursors WITH HOLD: ', pg_catalog.string_agg(c.name, ', ')) FROM pg_catalog.pg_cursors c
 WHERE c.is_holdable HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0),
(SELECT pg_catalog.concat('PREPARE: ', pg_catalog.string_agg(p.name, ', ')) FROM pg_catalog.pg_prepared_statements p
 WHERE p.from_sql HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0),
(SELECT pg_catalog.concat('LISTEN: ', pg_catalog.string_agg(l.c, ', ')) FROM pg_catalog.pg_listening_channels() AS l(c)
 HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0),
(SELECT 'advisory locks' WHERE EXISTS (SELECT FROM pg_catalog.pg_locks k
 WHERE k.locktype OPERATOR(pg_catalog.=) 'advisory' AND k.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid())))";

}  // namespace

std::string held_text(Held which) {
  std::string settings;
  if (which == Held::settings_too) {
    std::string names;
    for (const std::string_view name : sql::kReportedSettings) names.append(names.empty() ? "'" : ",'").append(name).append("'");
    settings = kSettings;
    constexpr std::string_view place = "REPORTED";
    settings.replace(settings.find(place), place.size(), names);
  }
  return "pg_catalog.concat_ws('; '," + settings + std::string(kState) + ")";
}

std::vector<std::string> texts_of_row(std::string_view body) {
  std::vector<std::string> values;
  for (std::size_t at = 2; at + 4 <= body.size();) {
    std::uint32_t length = 0;
    for (const std::size_t end = at + 4; at < end; ++at) length = length << 8 | static_cast<unsigned char>(body[at]);
    const bool null = length > body.size() - at;
    values.emplace_back(null ? std::string_view{} : body.substr(at, length));
    if (!null) at += length;
  }
  return values;
}

}  // namespace crossfade::session
