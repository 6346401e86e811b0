#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace crossfade::model {

using Oid = std::uint32_t;

/// OIDs of PostgreSQL's built-in types, from pg_type.dat of PostgreSQL 15.
namespace oid {
inline constexpr Oid boolean = 16, bytea = 17, char_ = 18, name = 19, int8 = 20, int2 = 21, int4 = 23, regproc = 24,
                     text = 25, oid = 26, json = 114, float4 = 700, float8 = 701, unknown = 705, bpchar = 1042,
                     varchar = 1043, date = 1082, time = 1083, timestamp = 1114, timestamptz = 1184, interval = 1186,
                     timetz = 1266, numeric = 1700, uuid = 2950, void_ = 2278, jsonb = 3802, record = 2249,
                     regclass = 2205, regtype = 2206, xid = 28, pg_node_tree = 194, aclitem = 1033, regprocedure = 2202,
                     regoper = 2203, regoperator = 2204, anyarray = 2277, pg_lsn = 3220, regconfig = 3734,
                     regdictionary = 3769, jsonpath = 4072, regnamespace = 4089, regrole = 4096, regcollation = 4191;
}  // namespace oid

/// A type as RowDescription sends it: OID and modifier (varchar(n): n + 4; numeric(p,s): (p << 16 | s) + 4; else -1).
struct Type {
  Oid oid = oid::unknown;
  std::int32_t modifier = -1;
  bool operator==(const Type&) const = default;
};

enum class Category : char {
  boolean = 'B', number = 'N', string = 'S', datetime = 'D', timespan = 'T', user = 'U', array = 'A', unknown = 'X', pseudo = 'P',
  internal = 'Z', enumeration = 'E',
};

struct TypeInfo {
  Oid oid;
  std::string_view name;      // pg_type.typname: "int4"
  std::string_view sql_name;  // format_type: "integer"
  std::int16_t length;        // typlen: -1 when variable
  Oid array;                  // typarray
  Category category;
  bool preferred;             // typispreferred
};

/// Arrays included ("_int4", "integer[]").
std::span<const TypeInfo> types();
/// nullptr when the type is neither in the table nor named by name_enumeration().
const TypeInfo* find_type(Oid oid);
/// From now on find_type(oid) knows a type of CREATE TYPE … AS ENUM and the type of its arrays: what they are called, not which values there
/// are (they are the schema's, plan::NamedType). Its values are texts. Once named it stays so; the last name counts. Thread-safe.
void name_enumeration(Oid oid, Oid array, std::string_view name, std::string_view sql_name);
bool is_enumeration(Oid oid);
/// The enumeration of which `type` is, or of which its elements are; nullopt: of none.
std::optional<Oid> enumeration_of(Type type);
/// The element type of an array type, its modifier kept; nullopt for other types.
std::optional<Type> element_of(Type array);
/// The array type over `element`, its modifier kept; nullopt when there is none ("void", "unknown", arrays).
std::optional<Type> array_of(Type element);
/// int2vector and oidvector: arrays that are written "1 2" and count from 0.
constexpr bool is_vector(Oid type) { return type == 22 || type == 30; }
/// By typname, SQL name or alias, in any case: "int", "INTEGER", "int4", "double precision", "timestamp with time zone".
const TypeInfo* find_type(std::string_view name);
/// As format_type(oid, modifier): "character varying(20)", "numeric(10,2)".
std::string format_type(Type type);
/// Reads "varchar(20)", "numeric(10, 2)", "timestamp(3) with time zone", "text", "integer[]"; nullopt for an unknown name.
std::optional<Type> parse_type(std::string_view text);

}  // namespace crossfade::model
