#include "bind/casts.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

using enum CastContext;

constexpr model::Oid kInt2Vector = 22, kOidVector = 30, kNodeTree = 194, kInt2Array = 1005, kOidArray = 1028;
constexpr std::string_view kSame = "$1", kToText = "CAST($1 AS TEXT)", kToReal = "CAST($1 AS REAL)";

// pg_cast of PostgreSQL 15 for the types of model::types(), but for casts to and from text by the types' text, which
// by_text() says. A text of its own only where SQLite gives exactly PostgreSQL's result.
constexpr std::array kCasts{
    CastRule{oid::int2, oid::int4, implicit, kSame},
    CastRule{oid::int2, oid::int8, implicit, kSame},
    CastRule{oid::int2, oid::float4, implicit, kToReal},
    CastRule{oid::int2, oid::float8, implicit, kToReal},
    CastRule{oid::int2, oid::numeric, implicit, kToText},
    CastRule{oid::int4, oid::int8, implicit, kSame},
    CastRule{oid::int4, oid::float4, implicit},
    CastRule{oid::int4, oid::float8, implicit, kToReal},
    CastRule{oid::int4, oid::numeric, implicit, kToText},
    CastRule{oid::int8, oid::float4, implicit},
    CastRule{oid::int8, oid::float8, implicit, kToReal},
    CastRule{oid::int8, oid::numeric, implicit, kToText},
    CastRule{oid::int2, oid::oid, implicit},
    CastRule{oid::int4, oid::oid, implicit},
    CastRule{oid::int8, oid::oid, implicit},
    CastRule{oid::numeric, oid::float4, implicit},
    CastRule{oid::numeric, oid::float8, implicit},
    CastRule{oid::float4, oid::float8, implicit, kSame},
    CastRule{oid::text, oid::varchar, implicit, kSame},
    CastRule{oid::text, oid::bpchar, implicit, kSame},
    CastRule{oid::varchar, oid::text, implicit, kSame},
    CastRule{oid::varchar, oid::bpchar, implicit, kSame},
    CastRule{oid::bpchar, oid::text, implicit, "rtrim($1)"},
    CastRule{oid::bpchar, oid::varchar, implicit, "rtrim($1)"},
    CastRule{oid::name, oid::text, implicit, kSame},
    CastRule{oid::text, oid::name, implicit},
    CastRule{oid::varchar, oid::name, implicit},
    CastRule{oid::bpchar, oid::name, implicit},
    CastRule{oid::name, oid::varchar, assignment, kSame},
    CastRule{oid::name, oid::bpchar, assignment, kSame},
    CastRule{oid::date, oid::timestamp, implicit},
    CastRule{oid::date, oid::timestamptz, implicit},
    CastRule{oid::timestamp, oid::timestamptz, implicit},
    CastRule{oid::time, oid::interval, implicit},
    CastRule{oid::time, oid::timetz, implicit},
    CastRule{oid::timetz, oid::time, assignment},
    CastRule{oid::timestamptz, oid::timetz, assignment},
    CastRule{oid::int4, oid::int2, assignment, "crossfade_int2($1)"},
    CastRule{oid::int8, oid::int2, assignment, "crossfade_int2($1)"},
    CastRule{oid::int8, oid::int4, assignment, "crossfade_int4($1)"},
    CastRule{oid::float4, oid::int2, assignment},
    CastRule{oid::float4, oid::int4, assignment},
    CastRule{oid::float4, oid::int8, assignment},
    CastRule{oid::float4, oid::numeric, assignment},
    CastRule{oid::float8, oid::int2, assignment},
    CastRule{oid::float8, oid::int4, assignment},
    CastRule{oid::float8, oid::int8, assignment},
    CastRule{oid::float8, oid::float4, assignment},
    CastRule{oid::float8, oid::numeric, assignment},
    CastRule{oid::numeric, oid::int2, assignment},
    CastRule{oid::numeric, oid::int4, assignment},
    CastRule{oid::numeric, oid::int8, assignment},
    CastRule{oid::oid, oid::int8, assignment, kSame},
    CastRule{oid::oid, oid::int4, assignment},
    CastRule{oid::char_, oid::text, implicit, kSame},
    CastRule{oid::char_, oid::varchar, assignment, kSame},
    CastRule{oid::char_, oid::bpchar, assignment, kSame},
    CastRule{oid::text, oid::char_, assignment},
    CastRule{oid::char_, oid::int4, explicit_, "CASE $1 WHEN '' THEN 0 ELSE unicode($1) END"},
    CastRule{oid::int4, oid::char_, explicit_,
             "CASE WHEN $1 BETWEEN 1 AND 127 THEN char($1) WHEN $1 = 0 THEN '' WHEN $1 BETWEEN -128 AND -1 THEN "
             "crossfade_fail('0A000', 'a \"char\" of a byte that is no character is not supported on SQLite') WHEN $1 IS NOT NULL THEN "
             "crossfade_fail('22003', '\"char\" out of range') END"},
    CastRule{kInt2Vector, kInt2Array, implicit, kSame},
    CastRule{kOidVector, kOidArray, implicit, kSame},
    CastRule{kNodeTree, oid::text, implicit, kSame},
    CastRule{oid::timestamp, oid::date, assignment},
    CastRule{oid::timestamp, oid::time, assignment},
    CastRule{oid::timestamptz, oid::date, assignment},
    CastRule{oid::timestamptz, oid::time, assignment},
    CastRule{oid::timestamptz, oid::timestamp, assignment},
    CastRule{oid::interval, oid::time, assignment},
    CastRule{oid::json, oid::jsonb, assignment},
    CastRule{oid::jsonb, oid::json, assignment},
    CastRule{oid::jsonb, oid::boolean, explicit_},
    CastRule{oid::jsonb, oid::int2, explicit_},
    CastRule{oid::jsonb, oid::int4, explicit_},
    CastRule{oid::jsonb, oid::int8, explicit_},
    CastRule{oid::jsonb, oid::float4, explicit_},
    CastRule{oid::jsonb, oid::float8, explicit_},
    CastRule{oid::jsonb, oid::numeric, explicit_},
    CastRule{oid::int4, oid::boolean, explicit_, "$1 <> 0"},
    CastRule{oid::boolean, oid::int4, explicit_, kSame},
};

/// Numbers of objects: casts by their names, which the catalog knows at run time.
struct ObjectType { CastRule to_text, from_text, items_to_text; };
#define CROSSFADE_OBJECT_BY(type, word, how) \
  ObjectType{{type, oid::text, assignment, "crossfade_reg_name($1, '" word "')"}, {oid::text, type, explicit_, "crossfade_reg_in($1, '" word "', " how ")"}, \
             {0, 0, assignment, "crossfade_reg_items($1, '" word "', 0)"}}
#define CROSSFADE_OBJECT(type, word) CROSSFADE_OBJECT_BY(type, word, "0")
constexpr std::array kObjects{
    CROSSFADE_OBJECT_BY(oid::regclass, "regclass", "2"), CROSSFADE_OBJECT(oid::regtype, "regtype"), CROSSFADE_OBJECT(oid::regproc, "regproc"),
    CROSSFADE_OBJECT(2202, "regprocedure"),      CROSSFADE_OBJECT(2203, "regoper"),         CROSSFADE_OBJECT(2204, "regoperator"),
    CROSSFADE_OBJECT(3734, "regconfig"),         CROSSFADE_OBJECT(3769, "regdictionary"),   CROSSFADE_OBJECT(4089, "regnamespace"),
    CROSSFADE_OBJECT(4096, "regrole"),           CROSSFADE_OBJECT(4191, "regcollation"),
};
#undef CROSSFADE_OBJECT
#undef CROSSFADE_OBJECT_BY

const ObjectType* object_type(model::Oid type) {
  const auto found = std::ranges::find_if(kObjects, [&](const ObjectType& each) { return each.to_text.from == type; });
  return found == kObjects.end() ? nullptr : &*found;
}

const CastRule* by_object(model::Oid from, model::Oid to) {
  static constexpr CastRule kNumber{0, 0, implicit, kSame}, kNarrower{0, 0, assignment, kSame};
  static constexpr std::array kFromInteger{
      CastRule{oid::int2, 0, implicit, "crossfade_cast('smallint', 'oid', $1)"}, CastRule{oid::int4, 0, implicit, "crossfade_cast('integer', 'oid', $1)"},
      CastRule{oid::int8, 0, implicit, "crossfade_cast('bigint', 'oid', $1)"},
  };
  const ObjectType* source = object_type(from);
  const ObjectType* target = object_type(to);
  const auto own = model::element_of({from}), wanted = model::element_of({to});
  const ObjectType* items = own ? object_type(own->oid) : nullptr;
  if (items && is_textual(wanted ? wanted->oid : to)) return &items->items_to_text;
  if (source && is_textual(to)) return &source->to_text;
  if (target && is_textual(from)) return &target->from_text;
  if (target && is_integer(from)) return std::ranges::find(kFromInteger, from, &CastRule::from);
  if (target && (from == oid::oid || source)) return &kNumber;
  if (source && (to == oid::oid || source)) return to == oid::oid ? &kNumber : is_integer(to) ? &kNarrower : nullptr;
  return nullptr;
}

// Casts by the text of a value: to text types in assignments, from them when written out.
constexpr CastRule kToTextType{0, 0, assignment};
constexpr CastRule kIntegerToText{0, 0, assignment, kToText};
constexpr CastRule kFromTextType{0, 0, explicit_};
constexpr CastRule kLabelToText{0, 0, assignment, kSame};

const CastRule* by_text(model::Oid from, model::Oid to) {
  if (is_textual(to) && model::is_enumeration(from)) return &kLabelToText;
  if (is_textual(to)) return is_integer(from) ? &kIntegerToText : &kToTextType;
  return is_textual(from) ? &kFromTextType : nullptr;
}

/// An array is cast element by element, where its elements can be.
const CastRule* by_elements(model::Oid from, model::Oid to, CastContext context) {
  static constexpr CastRule kByElements{0, 0, implicit};
  const auto own = model::element_of({from}), wanted = model::element_of({to});
  if (!own || !wanted) return nullptr;
  return own->oid == wanted->oid || find_cast(own->oid, wanted->oid, context) ? &kByElements : nullptr;
}

}  // namespace

const CastRule* find_cast(model::Oid from, model::Oid to, CastContext context) {
  const auto* found = std::ranges::find_if(kCasts, [&](const CastRule& rule) { return rule.from == from && rule.to == to; });
  const CastRule* rule = found != kCasts.end() ? found : by_object(from, to);
  if (!rule) rule = by_elements(from, to, context);
  if (!rule) rule = by_text(from, to);
  return rule && rule->context <= context ? rule : nullptr;
}

bool implicitly_castable(model::Oid from, model::Oid to) {
  return from == to || from == oid::unknown || find_cast(from, to, implicit) != nullptr;
}

model::Category category_of(model::Oid type) {
  const model::TypeInfo* info = model::find_type(type);
  return info ? info->category : model::Category::unknown;
}
bool is_preferred(model::Oid type) {
  const model::TypeInfo* info = model::find_type(type);
  return info && info->preferred;
}
bool is_object(model::Oid type) { return object_type(type) != nullptr; }
bool is_textual(model::Oid type) { return category_of(type) == model::Category::string; }
bool is_integer(model::Oid type) { return type == oid::int2 || type == oid::int4 || type == oid::int8; }
bool is_float(model::Oid type) { return type == oid::float4 || type == oid::float8; }
bool is_number(model::Oid type) { return is_integer(type) || is_float(type) || type == oid::numeric; }

std::string_view type_name(model::Oid type) {
  const model::TypeInfo* info = model::find_type(type);
  return info ? info->sql_name : "unknown";
}

}  // namespace crossfade::sql
