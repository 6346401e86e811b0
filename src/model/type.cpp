#include "crossfade/model/type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "ascii.hpp"
#include "interval_units.hpp"

namespace crossfade::model {
namespace {

using enum Category;

/// Arrays of a kind of their own: one dimension from 0, written "1 2".
constexpr Oid kInt2Vector = 22, kOidVector = 30;

// Source: pg_type of PostgreSQL 15, in the order of the OIDs.
constexpr std::array kTypes{
    TypeInfo{oid::boolean, "bool", "boolean", 1, 1000, boolean, true},
    TypeInfo{oid::bytea, "bytea", "bytea", -1, 1001, user, false},
    TypeInfo{oid::char_, "char", "\"char\"", 1, 1002, internal, false},
    TypeInfo{oid::name, "name", "name", 64, 1003, string, false},
    TypeInfo{oid::int8, "int8", "bigint", 8, 1016, number, false},
    TypeInfo{oid::int2, "int2", "smallint", 2, 1005, number, false},
    TypeInfo{kInt2Vector, "int2vector", "int2vector", -1, 1006, array, false},
    TypeInfo{oid::int4, "int4", "integer", 4, 1007, number, false},
    TypeInfo{oid::regproc, "regproc", "regproc", 4, 1008, number, false},
    TypeInfo{oid::text, "text", "text", -1, 1009, string, true},
    TypeInfo{oid::oid, "oid", "oid", 4, 1028, number, true},
    TypeInfo{oid::xid, "xid", "xid", 4, 1011, user, false},
    TypeInfo{kOidVector, "oidvector", "oidvector", -1, 1013, array, false},
    TypeInfo{oid::json, "json", "json", -1, 199, user, false},
    TypeInfo{oid::pg_node_tree, "pg_node_tree", "pg_node_tree", -1, 0, internal, false},
    TypeInfo{199, "_json", "json[]", -1, 0, array, false},
    TypeInfo{oid::float4, "float4", "real", 4, 1021, number, false},
    TypeInfo{oid::float8, "float8", "double precision", 8, 1022, number, true},
    TypeInfo{oid::unknown, "unknown", "unknown", -2, 0, unknown, false},
    TypeInfo{1000, "_bool", "boolean[]", -1, 0, array, false},
    TypeInfo{1001, "_bytea", "bytea[]", -1, 0, array, false},
    TypeInfo{1002, "_char", "\"char\"[]", -1, 0, array, false},
    TypeInfo{1003, "_name", "name[]", -1, 0, array, false},
    TypeInfo{1005, "_int2", "smallint[]", -1, 0, array, false},
    TypeInfo{1007, "_int4", "integer[]", -1, 0, array, false},
    TypeInfo{1008, "_regproc", "regproc[]", -1, 0, array, false},
    TypeInfo{1009, "_text", "text[]", -1, 0, array, false},
    TypeInfo{1014, "_bpchar", "character[]", -1, 0, array, false},
    TypeInfo{1015, "_varchar", "character varying[]", -1, 0, array, false},
    TypeInfo{1016, "_int8", "bigint[]", -1, 0, array, false},
    TypeInfo{1021, "_float4", "real[]", -1, 0, array, false},
    TypeInfo{1022, "_float8", "double precision[]", -1, 0, array, false},
    TypeInfo{1028, "_oid", "oid[]", -1, 0, array, false},
    TypeInfo{oid::aclitem, "aclitem", "aclitem", 12, 1034, user, false},
    TypeInfo{1034, "_aclitem", "aclitem[]", -1, 0, array, false},
    TypeInfo{oid::bpchar, "bpchar", "character", -1, 1014, string, false},
    TypeInfo{oid::varchar, "varchar", "character varying", -1, 1015, string, false},
    TypeInfo{oid::date, "date", "date", 4, 1182, datetime, false},
    TypeInfo{oid::time, "time", "time without time zone", 8, 1183, datetime, false},
    TypeInfo{oid::timestamp, "timestamp", "timestamp without time zone", 8, 1115, datetime, false},
    TypeInfo{1115, "_timestamp", "timestamp without time zone[]", -1, 0, array, false},
    TypeInfo{1182, "_date", "date[]", -1, 0, array, false},
    TypeInfo{1183, "_time", "time without time zone[]", -1, 0, array, false},
    TypeInfo{oid::timestamptz, "timestamptz", "timestamp with time zone", 8, 1185, datetime, true},
    TypeInfo{1185, "_timestamptz", "timestamp with time zone[]", -1, 0, array, false},
    TypeInfo{oid::interval, "interval", "interval", 16, 1187, timespan, true},
    TypeInfo{1187, "_interval", "interval[]", -1, 0, array, false},
    TypeInfo{1231, "_numeric", "numeric[]", -1, 0, array, false},
    TypeInfo{oid::timetz, "timetz", "time with time zone", 12, 1270, datetime, false},
    TypeInfo{1270, "_timetz", "time with time zone[]", -1, 0, array, false},
    TypeInfo{oid::numeric, "numeric", "numeric", -1, 1231, number, false},
    TypeInfo{oid::regprocedure, "regprocedure", "regprocedure", 4, 2207, number, false},
    TypeInfo{oid::regoper, "regoper", "regoper", 4, 2208, number, false},
    TypeInfo{oid::regoperator, "regoperator", "regoperator", 4, 2209, number, false},
    TypeInfo{oid::regclass, "regclass", "regclass", 4, 2210, number, false},
    TypeInfo{oid::regtype, "regtype", "regtype", 4, 2211, number, false},
    TypeInfo{2210, "_regclass", "regclass[]", -1, 0, array, false},
    TypeInfo{2211, "_regtype", "regtype[]", -1, 0, array, false},
    TypeInfo{oid::record, "record", "record", -1, 2287, pseudo, false},
    TypeInfo{oid::anyarray, "anyarray", "anyarray", -1, 0, pseudo, false},
    TypeInfo{oid::void_, "void", "void", 4, 0, pseudo, false},
    TypeInfo{oid::uuid, "uuid", "uuid", 16, 2951, user, false},
    TypeInfo{2951, "_uuid", "uuid[]", -1, 0, array, false},
    TypeInfo{oid::pg_lsn, "pg_lsn", "pg_lsn", 8, 3221, user, false},
    TypeInfo{3361, "pg_ndistinct", "pg_ndistinct", -1, 0, internal, false},
    TypeInfo{3402, "pg_dependencies", "pg_dependencies", -1, 0, internal, false},
    TypeInfo{oid::regconfig, "regconfig", "regconfig", 4, 3735, number, false},
    TypeInfo{oid::regdictionary, "regdictionary", "regdictionary", 4, 3770, number, false},
    TypeInfo{oid::jsonb, "jsonb", "jsonb", -1, 3807, user, false},
    TypeInfo{3807, "_jsonb", "jsonb[]", -1, 0, array, false},
    TypeInfo{oid::jsonpath, "jsonpath", "jsonpath", -1, 4073, user, false},
    TypeInfo{4073, "_jsonpath", "jsonpath[]", -1, 0, array, false},
    TypeInfo{oid::regnamespace, "regnamespace", "regnamespace", 4, 4090, number, false},
    TypeInfo{oid::regrole, "regrole", "regrole", 4, 4097, number, false},
    TypeInfo{oid::regcollation, "regcollation", "regcollation", 4, 4192, number, false},
    TypeInfo{5017, "pg_mcv_list", "pg_mcv_list", -1, 0, internal, false},
};
static_assert([] {
  for (std::size_t i = 1; i < kTypes.size(); ++i) {
    if (kTypes[i - 1].oid >= kTypes[i].oid) return false;
  }
  return true;
}());

constexpr bool is_array(const TypeInfo& info) { return info.category == array; }

struct Alias { std::string_view name; Oid oid; };
// What PostgreSQL's grammar turns into another name. `char` is SQL's character; the internal "char" is quoted.
constexpr std::array kAliases{
    Alias{"char", oid::bpchar},           Alias{"nchar", oid::bpchar},
    Alias{"national character", oid::bpchar}, Alias{"national char", oid::bpchar},
    Alias{"char varying", oid::varchar},  Alias{"national character varying", oid::varchar},
    Alias{"int", oid::int4},              Alias{"dec", oid::numeric},
    Alias{"decimal", oid::numeric},       Alias{"float", oid::float8},
    Alias{"time", oid::time},             Alias{"timestamp", oid::timestamp},
};

// "  TIMESTAMP   with  time zone" → "timestamp with time zone"
std::string squeezed(std::string_view text) {
  std::string out;
  for (char c : trimmed(text)) {
    if (!is_space(c)) {
      out += lower(c);
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

struct TypeText { std::string name; std::array<std::int32_t, 2> arguments{}; int count = 0; };

// "numeric(10, 2)" → {"numeric", {10, 2}, 2}; "timestamp(3) with time zone" → {"timestamp with time zone", {3}, 1}.
std::optional<TypeText> split(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return TypeText{squeezed(text)};
  const std::size_t close = text.find(')', open);
  if (close == std::string_view::npos) return std::nullopt;
  TypeText parts{squeezed(std::string(text.substr(0, open)) + " " + std::string(text.substr(close + 1)))};
  std::string_view inside = text.substr(open + 1, close - open - 1);
  while (true) {
    const std::size_t comma = inside.find(',');
    const std::string_view word = trimmed(inside.substr(0, comma));
    if (parts.count == 2) return std::nullopt;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), parts.arguments[parts.count++]);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    if (comma == std::string_view::npos) return parts;
    inside.remove_prefix(comma + 1);
  }
}

std::optional<Type> with_arguments(Oid oid, const TypeText& parts) {
  const auto [first, second] = parts.arguments;
  switch (oid) {
    case oid::varchar:
    case oid::bpchar:
      if (parts.count != 1 || first < 1 || first > 10'485'760) return std::nullopt;
      return Type{oid, first + 4};
    case oid::numeric:
      if (first < 1 || first > 1000 || second < -1000 || second > 1000) return std::nullopt;
      return Type{oid, ((first << 16) | (second & 0x7ff)) + 4};
    case oid::time:
    case oid::timetz:
    case oid::timestamp:
    case oid::timestamptz:
      if (parts.count != 1 || first < 0) return std::nullopt;
      return Type{oid, first > 6 ? 6 : first};  // PostgreSQL too cuts to 6, with a warning
    case oid::interval:
      if (parts.count != 1 || first < 0) return std::nullopt;
      return Type{oid, (kAllIntervalFields << 16) | (first > 6 ? 6 : first)};
    default: return std::nullopt;
  }
}

/// Types that users have made. What was given out stays where it is.
struct Enumerations {
  std::shared_mutex mutex;
  std::deque<std::string> names;
  std::deque<TypeInfo> infos;
  std::map<Oid, const TypeInfo*> by_oid;
  std::map<Oid, Oid> elements;  // of an array's type
};
Enumerations& enumerations() {
  static Enumerations all;
  return all;
}
constexpr Oid kFirstOfUsers = 16'384;

}  // namespace

std::span<const TypeInfo> types() { return kTypes; }

void name_enumeration(Oid oid, Oid array_oid, std::string_view name, std::string_view sql_name) {
  Enumerations& all = enumerations();
  const std::lock_guard lock{all.mutex};
  const auto known = all.by_oid.find(oid);
  if (known != all.by_oid.end() && known->second->name == name && known->second->sql_name == sql_name && known->second->array == array_oid) return;
  const std::string& own = all.names.emplace_back(name);
  const std::string& written = all.names.emplace_back(sql_name);
  all.by_oid[oid] = &all.infos.emplace_back(TypeInfo{oid, own, written, 4, array_oid, enumeration, false});
  const std::string& own_array = all.names.emplace_back("_" + own);
  const std::string& written_array = all.names.emplace_back(written + "[]");
  all.by_oid[array_oid] = &all.infos.emplace_back(TypeInfo{array_oid, own_array, written_array, -1, 0, array, false});
  all.elements[array_oid] = oid;
}

bool is_enumeration(Oid oid) {
  if (oid < kFirstOfUsers) return false;
  const TypeInfo* info = find_type(oid);
  return info && info->category == enumeration;
}

std::optional<Oid> enumeration_of(Type type) {
  if (type.oid < kFirstOfUsers) return std::nullopt;
  const Oid own = element_of(type).value_or(type).oid;
  return is_enumeration(own) ? std::optional{own} : std::nullopt;
}

const TypeInfo* find_type(Oid oid) {
  if (oid >= kFirstOfUsers) {
    Enumerations& all = enumerations();
    const std::shared_lock lock{all.mutex};
    const auto known = all.by_oid.find(oid);
    return known == all.by_oid.end() ? nullptr : known->second;
  }
  const auto* found = std::ranges::lower_bound(kTypes, oid, {}, &TypeInfo::oid);
  return found != kTypes.end() && found->oid == oid ? found : nullptr;
}

const TypeInfo* find_type(std::string_view name) {
  const std::string wanted = squeezed(name);
  for (const Alias& alias : kAliases) {
    if (alias.name == wanted) return find_type(alias.oid);
  }
  for (const TypeInfo& info : kTypes) {
    if (info.name == wanted || info.sql_name == wanted) return &info;
  }
  return nullptr;
}

std::optional<Type> element_of(Type array) {
  if (array.oid == kInt2Vector) return Type{oid::int2};
  if (array.oid == kOidVector) return Type{oid::oid};
  if (const TypeInfo* own = find_type(array.oid); !own || !is_array(*own)) return std::nullopt;
  if (array.oid >= kFirstOfUsers) {
    Enumerations& all = enumerations();
    const std::shared_lock lock{all.mutex};
    return Type{all.elements.at(array.oid), array.modifier};
  }
  for (const TypeInfo& info : kTypes) {
    if (info.array == array.oid) return Type{info.oid, array.modifier};
  }
  return std::nullopt;
}

std::optional<Type> array_of(Type element) {
  const TypeInfo* info = find_type(element.oid);
  if (!info || info->array == 0 || !find_type(info->array)) return std::nullopt;
  return Type{info->array, element.modifier};
}

std::string format_type(Type type) {
  const TypeInfo* info = find_type(type.oid);
  if (const auto element = element_of(type); element && info->array == 0) return format_type(*element) + "[]";
  if (!info) return "???";
  const std::string name(info->sql_name);
  if (type.modifier < 0) return type.oid == oid::bpchar ? "bpchar" : name;
  const auto with = [&](std::string_view base, std::string_view rest, std::int32_t number) {
    return std::string(base) + "(" + std::to_string(number) + ")" + std::string(rest);
  };
  switch (type.oid) {
    case oid::varchar:
    case oid::bpchar: return with(name, "", type.modifier - 4);
    case oid::numeric: {
      const std::int32_t packed = type.modifier - 4;
      const std::int32_t scale = ((packed & 0x7ff) ^ 1024) - 1024;
      return name + "(" + std::to_string((packed >> 16) & 0xffff) + "," + std::to_string(scale) + ")";
    }
    case oid::time: return with("time", " without time zone", type.modifier);
    case oid::timetz: return with("time", " with time zone", type.modifier);
    case oid::timestamp: return with("timestamp", " without time zone", type.modifier);
    case oid::timestamptz: return with("timestamp", " with time zone", type.modifier);
    case oid::interval: {
      const std::string_view words = interval_field_words(interval_fields(type.modifier));
      const std::string fields = words.empty() ? name : name + " " + std::string(words);
      return (type.modifier & kAllIntervalDigits) == kAllIntervalDigits ? fields : with(fields, "", type.modifier & kAllIntervalDigits);
    }
    default: return name;
  }
}

std::optional<Type> parse_type(std::string_view text) {
  if (const std::string_view written = trimmed(text); written.ends_with("[]")) {  // however many dimensions, it is one type
    const auto element = parse_type(written.substr(0, written.size() - 2));
    return element && element_of(*element) ? element : element ? array_of(*element) : std::nullopt;
  }
  std::optional<TypeText> parts = split(text);
  if (!parts) return std::nullopt;
  if (parts->name.starts_with("pg_catalog.")) parts->name.erase(0, std::string_view("pg_catalog.").size());
  if (parts->name == "float" && parts->count == 1) {
    const std::int32_t bits = parts->arguments[0];
    if (bits < 1 || bits > 53) return std::nullopt;
    return Type{bits < 25 ? oid::float4 : oid::float8};
  }
  constexpr std::string_view kInterval = "interval ";
  if (parts->name.starts_with(kInterval)) {  // interval day to second(3)
    const std::int32_t fields = interval_field_mask(std::string_view(parts->name).substr(kInterval.size()));
    const std::int32_t digits = parts->count == 0 ? kAllIntervalDigits : std::min(parts->arguments[0], 6);
    if (fields == 0 || parts->count > 1 || digits < 0) return std::nullopt;
    return Type{oid::interval, (fields << 16) | digits};
  }
  const TypeInfo* info = find_type(parts->name);
  if (!info) return std::nullopt;
  if (parts->count > 0) return with_arguments(info->oid, *parts);
  // SQL's character without a length is character(1); PostgreSQL's own name bpchar has no limit.
  return Type{info->oid, info->oid == oid::bpchar && parts->name != "bpchar" ? 5 : -1};
}

}  // namespace crossfade::model
