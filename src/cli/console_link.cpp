#include "console_link.hpp"

#include <nlohmann/json.hpp>

#include "output.hpp"

namespace crossfade::cli {
namespace {

/// Where the console is: --console, else our own address as the first admin user.
model::Result<postgres::Conninfo> console_of(const Settings& settings) {
  if (!settings.console_conninfo.empty()) return postgres::Conninfo::parse(settings.console_conninfo);
  CROSSFADE_TRY(postgres::Conninfo conninfo, postgres::Conninfo::parse("dbname=crossfade"));
  conninfo = conninfo.with("host", settings.addresses.empty() ? settings.unix_directory : settings.addresses.front())
                 .with("port", std::to_string(settings.port));
  if (!settings.admin_users.empty()) conninfo = conninfo.with("user", settings.admin_users.front());
  return conninfo;
}

}  // namespace

model::Result<postgres::Connection> connect_console(const Settings& settings) {
  CROSSFADE_TRY(const postgres::Conninfo conninfo, console_of(settings));
  return postgres::Connection::connect(conninfo, settings.connect_timeout, "crossfade console");
}

std::optional<std::string> text_of(const model::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? std::optional(*text) : std::nullopt;
}

nlohmann::ordered_json to_json(const model::ResultSet& result) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const model::Row& row : result.rows) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::optional<std::string> text = text_of(row[i]);
      object[result.columns[i].name] = text ? nlohmann::ordered_json(*text) : nlohmann::ordered_json();
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

std::string to_text(const model::ResultSet& result) {
  Table table;
  for (const model::Column& column : result.columns) table.headings.push_back({column.name});
  for (const model::Row& row : result.rows) {
    auto& cells = table.rows.emplace_back();
    for (const model::Value& value : row) cells.push_back(text_of(value));
  }
  return to_text(table);
}

}  // namespace crossfade::cli
