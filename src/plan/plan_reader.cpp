#include <toml++/toml.h>

#include <algorithm>

#include "crossfade/model/time_zone.hpp"
#include "crossfade/plan/plan.hpp"
#include "form_table.hpp"
#include "plan_words.hpp"

namespace crossfade::plan {
namespace {

using model::Result;
using namespace model::literals;

constexpr std::array<std::string_view, 3> kTopKeys{"version", "schema", "table"};
constexpr std::array<std::string_view, 5> kTableKeys{"name", "source", "key", "untranslated", "column"};
constexpr std::array<std::string_view, 7> kColumnKeys{"name", "source", "type", "form", "zone", "misfit", "keep"};

class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  Result<Plan> run(const toml::table& root) {
    CROSSFADE_CHECK(check_keys(root, kTopKeys));
    Plan plan;
    const toml::node* version = root.get("version");
    if (!version || version->value<int>() != 1) return wrong(version ? *version : root, "version must be 1");
    plan.version = 1;
    CROSSFADE_CHECK(read_schema(root, plan));
    const toml::node* tables = root.get("table");
    if (!tables) return plan;
    if (!tables->is_array_of_tables()) return wrong(*tables, "table must be written as [[table]]");
    for (const toml::node& node : *tables->as_array()) {
      CROSSFADE_TRY(PlannedTable table, read_table(*node.as_table()));
      const auto twin = std::ranges::find(plan.tables, table.name, &PlannedTable::name);
      if (twin != plan.tables.end()) return wrong(node, "table \"" + table.name + "\" is planned twice");
      plan.tables.push_back(std::move(table));
    }
    return plan;
  }

  std::unexpected<model::Error> wrong_at(std::size_t line, const std::string& what) const {
    return model::fail("F0000"_state, file_name_ + ":" + std::to_string(line) + ": " + what);
  }

 private:
  std::unexpected<model::Error> wrong(const toml::node& node, const std::string& what) const {
    return wrong_at(node.source().begin.line, what);
  }

  Result<void> check_keys(const toml::table& table, std::span<const std::string_view> known) const {
    for (const auto& [key, node] : table) {
      if (std::ranges::find(known, key.str()) != known.end()) continue;
      return wrong_at(key.source().begin.line, "unknown key \"" + std::string(key.str()) + "\"" + suggestion(key.str(), known));
    }
    return {};
  }

  Result<std::string> word(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (!node) return wrong(table, "key \"" + std::string(key) + "\" is missing");
    if (!node->is_string()) return wrong(*node, std::string(key) + " must be a string");
    return node->as_string()->get();
  }

  Result<std::string> name(const toml::table& table, std::string_view key) const {
    CROSSFADE_TRY(std::string text, word(table, key));
    if (text.empty()) return wrong(*table.get(key), std::string(key) + " must not be empty");
    if (key == "name" && text.size() > 63) return wrong(*table.get(key), "name is longer than PostgreSQL's 63 bytes");
    return text;
  }

  Result<std::vector<std::string>> words(const toml::table& table, std::string_view key) const {
    std::vector<std::string> out;
    const toml::node* node = table.get(key);
    if (!node) return out;
    if (!node->is_array()) return wrong(*node, std::string(key) + " must be a list of strings");
    for (const toml::node& item : *node->as_array()) {
      if (!item.is_string()) return wrong(item, std::string(key) + " must be a list of strings");
      out.push_back(item.as_string()->get());
    }
    return out;
  }

  Result<void> read_schema(const toml::table& root, Plan& plan) const {
    if (!root.get("schema")) return {};
    CROSSFADE_TRY(const std::string given, word(root, "schema"));
    std::vector<std::string_view> known;
    for (const SchemaWord& row : kSchemas) {
      known.push_back(row.word);
      if (row.word != given) continue;
      plan.schema = row.schema;
      return {};
    }
    return wrong(*root.get("schema"), "unknown schema \"" + given + "\"" + suggestion(given, known));
  }

  Result<PlannedTable> read_table(const toml::table& node) const {
    CROSSFADE_CHECK(check_keys(node, kTableKeys));
    PlannedTable table;
    CROSSFADE_TRY(table.name, name(node, "name"));
    CROSSFADE_TRY(table.source, name(node, "source"));
    CROSSFADE_TRY(table.key, words(node, "key"));
    CROSSFADE_TRY(table.untranslated, words(node, "untranslated"));
    const toml::node* columns = node.get("column");
    if (!columns || !columns->is_array_of_tables()) return wrong(columns ? *columns : node, "a table needs its [[table.column]]");
    for (const toml::node& item : *columns->as_array()) {
      CROSSFADE_TRY(PlannedColumn column, read_column(*item.as_table()));
      const auto twin = std::ranges::find(table.columns, column.name, &PlannedColumn::name);
      if (twin != table.columns.end()) return wrong(item, "column \"" + column.name + "\" is planned twice");
      table.columns.push_back(std::move(column));
    }
    for (const std::string& key : table.key) {
      if (std::ranges::find(table.columns, key, &PlannedColumn::name) != table.columns.end()) continue;
      return wrong(*node.get("key"), "key names \"" + key + "\", which is no column of table \"" + table.name + "\"");
    }
    return table;
  }

  Result<PlannedColumn> read_column(const toml::table& node) const {
    CROSSFADE_CHECK(check_keys(node, kColumnKeys));
    PlannedColumn column;
    CROSSFADE_TRY(column.name, name(node, "name"));
    CROSSFADE_TRY(column.source, name(node, "source"));
    CROSSFADE_CHECK(read_type(node, column));
    CROSSFADE_CHECK(read_form(node, column));
    CROSSFADE_CHECK(read_misfit(node, column));
    const toml::node* keep = node.get("keep");
    if (keep && !keep->is_boolean()) return wrong(*keep, "keep must be true or false");
    column.owner_edited = keep && keep->as_boolean()->get();
    return column;
  }

  Result<void> read_type(const toml::table& node, PlannedColumn& column) const {
    CROSSFADE_TRY(const std::string type, word(node, "type"));
    const auto parsed = model::parse_type(type);
    if (parsed) {
      column.type = *parsed;
      return {};
    }
    std::vector<std::string_view> known;
    for (const model::TypeInfo& info : model::types()) known.push_back(info.sql_name);
    return wrong(*node.get("type"), "unknown type \"" + type + "\"" + suggestion(type, known));
  }

  Result<void> read_form(const toml::table& node, PlannedColumn& column) const {
    CROSSFADE_TRY(const std::string spelling, word(node, "form"));
    const auto form = parse_stored_form(spelling);
    if (!form || form->form == Form::any) {  // no table's: what it reads of an INTEGER it would write as TEXT
      std::vector<std::string_view> known;
      for (const FormInfo& row : kForms) if (row.form != Form::any) known.push_back(row.name);
      return wrong(*node.get("form"), "unknown form \"" + spelling + "\"" + suggestion(spelling.substr(0, spelling.find('(')), known));
    }
    column.form = *form;
    if (const toml::node* zone = node.get("zone")) {
      CROSSFADE_TRY(column.form.zone, word(node, "zone"));
      if (form->form != Form::timestamp_iso || form->offset != Offset::none) {
        return wrong(*zone, "zone is for timestamp-iso without an offset");
      }
    }
    column.zone = column.form.zone;
    if (!column.zone.empty() && !model::TimeZone::find(column.zone)) {
      return wrong(*node.get(node.get("zone") ? "zone" : "form"), "unknown time zone \"" + column.zone + "\"");
    }
    if (holds(column.form, column.type)) return {};
    return wrong(*node.get("form"), "form \"" + spelling + "\" does not hold values of type " + model::format_type(column.type));
  }

  Result<void> read_misfit(const toml::table& node, PlannedColumn& column) const {
    const toml::node* given = node.get("misfit");
    if (!given) return {};
    CROSSFADE_TRY(const std::string text, word(node, "misfit"));
    std::vector<std::string_view> known;
    for (const MisfitWord& row : kMisfits) {
      known.push_back(row.word);
      if (row.word != text) continue;
      column.misfit = row.misfit;
      return {};
    }
    return wrong(*given, "unknown misfit \"" + text + "\"" + suggestion(text, known));
  }

  std::string file_name_;
};

}  // namespace

Result<Plan> from_toml(std::string_view text, std::string_view file_name) {
  Reader reader(file_name);
  try {
    return reader.run(toml::parse(text, file_name));
  } catch (const toml::parse_error& error) {
    return reader.wrong_at(error.source().begin.line, std::string(error.description()));
  }
}

}  // namespace crossfade::plan
