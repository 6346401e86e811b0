#include <algorithm>
#include <array>

#include "catalog/functions.hpp"
#include "crossfade/model/array.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite::catalog {

using namespace model::literals;
using functions::Answer;
using functions::Call;
using functions::Nulls;

namespace {

namespace oid = model::oid;

constexpr std::string_view kBlanks = " \t\n\r\f\v";

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size())); }

/// "a", "A" . "b": the parts as identifiers are read, folded where not quoted. Empty: no name.
std::vector<std::string> name_parts(std::string_view text) {
  std::vector<std::string> parts;
  for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
    std::string part;
    if (text.front() == '"') {
      std::size_t at = 1;
      for (; at < text.size(); ++at) {
        if (text[at] == '"' && (at + 1 == text.size() || text[at + 1] != '"')) break;
        if (text[at] == '"') ++at;
        part += text[at];
      }
      if (at >= text.size()) return {};
      text.remove_prefix(at + 1);
    } else {
      const std::size_t end = std::min(text.find_first_of(std::string{kBlanks} + "."), text.size());
      if (end == 0) return {};
      part = plan::fold(text.substr(0, end));
      text.remove_prefix(end);
    }
    parts.push_back(std::move(part));
    skip_blanks(text);
    if (text.empty()) return parts;
    if (text.front() != '.') return {};
    text.remove_prefix(1);
  }
  return {};  // nothing, or nothing behind a dot
}

struct NamedKind { model::Oid type; std::string_view word, relation, column; model::SqlState state; std::string_view what; };
constexpr Oid kRegProcedureType = 2202, kRegCollationType = 4191, kRegNamespaceType = 4089, kRegRoleType = 4096;
const NamedKind kNamedKinds[] = {
    {oid::regclass, "regclass", "pg_class", "relname", "42P01"_state, "relation"},
    {oid::regtype, "regtype", "pg_type", "typname", "42704"_state, "type"},
    {oid::regproc, "regproc", "pg_proc", "proname", "42883"_state, "function"},
    {kRegProcedureType, "regprocedure", "pg_proc", "proname", "42883"_state, "function"},
    {kRegCollationType, "regcollation", "pg_collation", "collname", "42704"_state, "collation"},
    {kRegNamespaceType, "regnamespace", "pg_namespace", "nspname", "3F000"_state, "schema"},
    {kRegRoleType, "regrole", "pg_authid", "rolname", "42704"_state, "role"},
};

const NamedKind* kind_of(std::string_view word) {
  const auto* found = std::ranges::find(kNamedKinds, word, &NamedKind::word);
  return found == std::end(kNamedKinds) ? nullptr : found;
}

const std::vector<const Cells*>* rows_named(Catalog& catalog, std::string_view of, std::string_view column, const std::string& name) {
  const plan::Table& relation = sql::find_catalog_relation("pg_catalog", of)->table;
  return catalog.matching(relation, static_cast<std::size_t>(relation.find_column(column) - relation.columns.data()), name);
}

std::string dotted(const std::vector<std::string>& parts) {
  std::string name;
  for (const std::string& part : parts) name += (name.empty() ? "" : ".") + part;
  return name;
}

/// A schema or role stands alone; the name of the database in front says nothing and is taken away.
model::Result<void> check_parts(Catalog& catalog, const NamedKind& kind, std::vector<std::string>& parts) {
  const bool bare = kind.type == kRegNamespaceType || kind.type == kRegRoleType;
  if (parts.empty() || (bare && parts.size() > 1)) return model::fail("42602"_state, "invalid name syntax");
  const bool relation = kind.type == oid::regclass;
  if (parts.size() > 3)
    return model::fail("42601"_state, std::string{"improper "} + (relation ? "relation" : "qualified") + " name (too many dotted names): " + dotted(parts));
  if (parts.size() < 3) return {};
  if (parts.front() != catalog.session().database) {
    const std::string name = relation ? "\"" + dotted(parts) + "\"" : dotted(parts);
    return model::fail("0A000"_state, "cross-database references are not implemented: " + name);
  }
  parts.erase(parts.begin());
  return {};
}

std::string_view trimmed(std::string_view text) {
  skip_blanks(text);
  const std::size_t last = text.find_last_not_of(kBlanks);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The types behind a function's name, as the catalog writes them: "abs( int4 )" has "(integer)". Errors: 22P02, 42704.
model::Result<std::string> written_types(Catalog& catalog, std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return model::fail("22P02"_state, "expected a left parenthesis");
  text = trimmed(text.substr(open + 1));
  if (!text.ends_with(')')) return model::fail("22P02"_state, "expected a right parenthesis");
  text = trimmed(text.substr(0, text.size() - 1));
  std::string types = "(";
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string name{trimmed(text.substr(0, comma))};
    text.remove_prefix(std::min(comma + 1, text.size()));
    std::optional<std::string> shown;
    if (const auto type = model::parse_type(name)) shown = catalog.type_name(type->oid, std::nullopt);
    else if (const auto* rows = rows_named(catalog, "pg_type", "typname", plan::fold(name))) shown = catalog.type_name(static_cast<Oid>(std::get<std::int64_t>(rows->front()->front())), std::nullopt);
    if (!shown) return model::fail("42704"_state, "type \"" + name + "\" does not exist");
    types += (types.size() > 1 ? "," : "") + *shown;
  }
  return types + ")";
}

/// Errors: of the name's own, when none such is there.
model::Result<Oid> find_object(Catalog& catalog, const NamedKind& kind, const std::vector<std::string>& parts, std::string_view text) {
  const std::string& name = parts.back();
  const std::string schema = parts.size() == 2 ? parts.front() : std::string{};
  const auto missing = [&] { return model::fail(kind.state, std::string{kind.what} + " \"" + dotted(parts) + "\" does not exist"); };
  if (!schema.empty() && schema != "pg_temp" && !rows_named(catalog, "pg_namespace", "nspname", schema))
    return model::fail("3F000"_state, "schema \"" + schema + "\" does not exist");
  if (kind.type == oid::regclass) {
    if (const Oid found = catalog.find_relation(schema, name)) return found;
    return missing();
  }
  const auto* found = rows_named(catalog, kind.relation, kind.column, name);
  if (kind.type == kRegProcedureType) {
    CROSSFADE_TRY(const std::string types, written_types(catalog, text));
    for (const Cells* row : found ? *found : std::vector<const Cells*>{}) {
      const auto own = static_cast<Oid>(std::get<std::int64_t>(row->front()));
      if (catalog.operands("pg_proc", own) == types) return own;
    }
    return model::fail(kind.state, "function \"" + std::string{text} + "\" does not exist");
  }
  if (!found) return missing();
  if (kind.type == oid::regproc && found->size() > 1) return model::fail("42725"_state, "more than one function named \"" + std::string{text} + "\"");
  return static_cast<Oid>(std::get<std::int64_t>(found->front()->front()));
}

/// crossfade_reg_in(text, 'regclass', how): 0 as a value is read, which may be a number; 1 as to_regclass() does, NULL for none; 2 a name alone.
Answer reg_in(Catalog& catalog, const Call& call) {
  const NamedKind* kind = kind_of(call.text(1));
  const std::string text = call.string(0);
  const bool missing_ok = call.integer(2) == 1, numbers = call.integer(2) == 0;
  if (numbers && text == "-") return std::int64_t{0};
  if (numbers && !text.empty() && text.find_first_not_of("0123456789") == std::string::npos) {
    CROSSFADE_TRY(const model::Value number, model::parse_text(text, {oid::oid}));
    return std::get<std::int64_t>(number);
  }
  if (kind && kind->type == oid::regtype) {
    if (const auto type = model::parse_type(text)) return std::int64_t{type->oid};
  }
  const std::size_t arguments = kind && kind->type == kRegProcedureType ? text.find('(') : std::string::npos;
  auto parts = name_parts(std::string_view{text}.substr(0, arguments));
  if (!kind) return model::fail("0A000"_state, "names of type " + call.string(1) + " are not supported on SQLite");
  CROSSFADE_CHECK(check_parts(catalog, *kind, parts));
  const auto found = find_object(catalog, *kind, parts, text);
  if (found) return std::int64_t{*found};
  const bool says_types = kind->type == kRegProcedureType && found.error().state != kind->state && found.error().state != "3F000"_state;
  if (missing_ok && !says_types) return model::Null{};
  return std::unexpected(found.error());
}

/// crossfade_reg_name(oid, 'regclass'): what a cast to text gives.
Answer reg_name(Catalog& catalog, const Call& call) {
  const auto type = model::find_type(call.text(1));
  return catalog.name_of(type ? type->oid : oid::regclass, static_cast<Oid>(call.integer(0)));
}

/// crossfade_reg_out(oid, 'regclass'): the number and the name, for a client that asks for either.
Answer reg_out(Catalog& catalog, const Call& call) {
  CROSSFADE_TRY(const auto name, reg_name(catalog, call));
  return std::to_string(call.integer(0)) + " " + std::get<std::string>(name);
}

/// crossfade_reg_items(array, 'regclass', numbered): a text[] of the names; with each element's number before it, as reg_out.
Answer reg_items(Catalog& catalog, const Call& call) {
  const auto element = model::find_type(call.text(1));
  const auto array = element ? model::array_of({element->oid}) : std::nullopt;
  if (!array) return model::fail("XX000"_state, "run-time function was given no array of objects");
  CROSSFADE_TRY(const model::Value read, model::parse_text(call.text(0), *array));
  auto items = std::get<model::Array>(read);
  for (model::Value& item : items.elements) {
    const auto* number = std::get_if<std::int64_t>(&item);
    if (!number) continue;
    const std::string name = catalog.name_of(element->oid, static_cast<Oid>(*number));
    item = call.integer(2) != 0 ? std::to_string(*number) + " " + name : name;
  }
  return model::to_text(items, *model::array_of({oid::text}));
}

/// crossfade_visible(oid, 'pg_class', 'relnamespace'): NULL when there is no such object.
Answer visible(Catalog& catalog, const Call& call) {
  const auto object = static_cast<Oid>(call.integer(0));
  const auto space = catalog.value(call.text(1), object, call.text(2));
  const auto* number = std::get_if<std::int64_t>(&space);
  if (!number) return model::Null{};
  return std::int64_t{*number != kInformationSchema && *number != 99};
}

/// crossfade_exists(oid, 'pg_class'): whoever asks may do everything with what there is; NULL for what there is not.
Answer exists(Catalog& catalog, const Call& call) {
  return catalog.find(call.text(1), static_cast<Oid>(call.integer(0))) ? Answer{std::int64_t{1}} : Answer{model::Null{}};
}

/// crossfade_role_name(oid), as pg_get_userbyid.
Answer role_name(Catalog& catalog, const Call& call) {
  const auto name = catalog.value("pg_authid", static_cast<Oid>(call.integer(0)), "rolname");
  if (const auto* text = std::get_if<std::string>(&name)) return *text;
  return "unknown (OID=" + std::to_string(call.integer(0)) + ")";
}

/// crossfade_is_kind(oid, 'rv'): whether a relation is of one of the kinds.
Answer is_kind(Catalog& catalog, const Call& call) {
  const auto kind = catalog.value("pg_class", static_cast<Oid>(call.integer(0)), "relkind");
  const auto* text = std::get_if<std::string>(&kind);
  const bool user = call.integer(0) >= 16'384;
  return std::int64_t{text && user && call.text(1).contains(*text)};
}

/// The names of a setting like search_path as SHOW gives it: "$user", public, "a ""b".
std::vector<std::string> listed_names(std::string_view text) {
  std::vector<std::string> names(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"';
    if (doubled) names.back() += text[++i];
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == ',') names.emplace_back();
    else if (quoted || c != ' ') names.back() += c;
  }
  return names;
}

/// The schemas of search_path that are there; `implicit`: with pg_catalog, which comes first where it is not named.
std::vector<std::string> searched_schemas(Catalog& catalog, bool implicit) {
  const std::string& path = catalog.session().search_path;
  std::vector<std::string> found;
  for (std::string& name : listed_names(path.empty() ? "\"$user\", public" : std::string_view{path})) {
    if (name == "$user") name = catalog.session().user;
    if (std::ranges::find(found, name) == found.end() && rows_named(catalog, "pg_namespace", "nspname", name)) found.push_back(std::move(name));
  }
  if (implicit && std::ranges::find(found, "pg_catalog") == found.end()) found.insert(found.begin(), "pg_catalog");
  return found;
}

/// crossfade_schema(): the first of search_path; NULL when none of its schemas is there.
Answer current_schema(Catalog& catalog, const Call&) {
  std::vector<std::string> schemas = searched_schemas(catalog, false);
  return schemas.empty() ? Answer{model::Null{}} : Answer{std::move(schemas.front())};
}

/// crossfade_schemas(implicit)
Answer current_schemas(Catalog& catalog, const Call& call) {
  std::vector<model::Value> names;
  for (std::string& name : searched_schemas(catalog, call.integer(0) != 0)) names.emplace_back(std::move(name));
  return model::to_text(model::array_of_values(std::move(names)), *model::array_of({oid::text}));
}

/// Parts between commas, without the blanks around them.
std::vector<std::string> listed_privileges(std::string_view text) {
  std::vector<std::string> parts;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    skip_blanks(part);
    part = part.substr(0, part.find_last_not_of(kBlanks) + 1);
    parts.emplace_back(part);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return parts;
}

/// crossfade_lastval(): nothing once its sequence is dropped, by whomever.
Answer last_value(Catalog& catalog, const Call& call) {
  const SequenceMemory& memory = call.session().sequences;
  const auto found = memory.values.find(memory.last);
  if (found == memory.values.end() || !catalog.find_relation({}, memory.last)) return model::fail("55000"_state, "lastval is not yet defined in this session");
  return found->second;
}

struct PrivilegeRow { std::string_view kind, words; };
constexpr PrivilegeRow kPrivileges[] = {
    {"table", " SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER RULE "}, {"column", " SELECT INSERT UPDATE REFERENCES "},
    {"sequence", " USAGE SELECT UPDATE "}, {"schema", " CREATE USAGE "}, {"database", " CREATE CONNECT TEMPORARY TEMP "},
    {"type", " USAGE "}, {"function", " EXECUTE "}, {"language", " USAGE "}, {"tablespace", " CREATE "},
};

/// crossfade_may(role, object's existence, 'table', 'select, insert with grant option'): whoever asks may do everything that there is to do.
/// PUBLIC, role 0, may what PostgreSQL grants to it from the beginning. True when one of the privileges is there.
Answer may(Catalog&, const Call& call) {
  constexpr std::string_view kOfAll[] = {"schema USAGE", "database CONNECT", "database TEMPORARY", "database TEMP", "type USAGE", "function EXECUTE", "language USAGE"};
  bool any = false;
  const auto* row = std::ranges::find(kPrivileges, call.text(2), &PrivilegeRow::kind);
  for (const std::string& written : listed_privileges(call.text(3))) {
    constexpr std::string_view kGrant = " WITH GRANT OPTION";
    std::string word;
    for (const char c : written) word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const bool grants = word.ends_with(kGrant);
    if (grants) word.resize(word.size() - kGrant.size());
    const bool known = !word.empty() && word.find(' ') == std::string::npos && row->words.contains(" " + word + " ");
    if (!known) return model::fail("22023"_state, "unrecognized privilege type: \"" + written + "\"");
    const bool of_all = !grants && std::ranges::find(kOfAll, std::string{row->kind} + " " + word) != std::end(kOfAll);
    any = any || (call.integer(0) == 0 ? of_all : word != "RULE");  // which is taken, and nobody's
  }
  return std::int64_t{any ? 1 : 0};
}

Answer quote_name_text(Catalog&, const Call& call) { return quoted_name(call.text(0)); }

constexpr Function kNames[] = {
    {"crossfade_reg_in", 3, reg_in},     {"crossfade_reg_name", 2, reg_name},     {"crossfade_reg_out", 2, reg_out},
    {"crossfade_reg_items", 3, reg_items},
    {"crossfade_visible", 3, visible},   {"crossfade_exists", 2, exists},         {"crossfade_role_name", 1, role_name},
    {"crossfade_is_kind", 2, is_kind},   {"crossfade_quote_ident", 1, quote_name_text},
    {"crossfade_schema", 0, current_schema}, {"crossfade_schemas", 1, current_schemas}, {"crossfade_may", 4, may},
    {"crossfade_lastval", 0, last_value, Nulls::passed},
};

}  // namespace

std::span<const Function> name_functions() { return kNames; }

}  // namespace crossfade::sqlite::catalog
