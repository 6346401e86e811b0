#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

namespace oid = model::oid;
using model::Oid;

/// Types written with a length, a precision or fields. Source: PostgreSQL 15's typmodin functions.
enum class Modifier : std::uint8_t { length, numeric, precision, interval };
struct ModifierRow { Oid type; Modifier modifier; std::string_view name; };
constexpr std::array kModifiers{
    ModifierRow{oid::varchar, Modifier::length, "varchar"},      ModifierRow{oid::bpchar, Modifier::length, "char"},
    ModifierRow{oid::numeric, Modifier::numeric, "NUMERIC"},     ModifierRow{oid::time, Modifier::precision, "TIME"},
    ModifierRow{oid::timetz, Modifier::precision, "TIME"},       ModifierRow{oid::timestamp, Modifier::precision, "TIMESTAMP"},
    ModifierRow{oid::timestamptz, Modifier::precision, "TIMESTAMP"}, ModifierRow{oid::interval, Modifier::interval, "INTERVAL"},
};

constexpr std::int32_t kHeader = 4, kMaxLength = 10'485'760, kMaxPrecision = 1'000, kMaxFraction = 6;
constexpr std::int32_t kFullIntervalPrecision = 0xFFFF;

model::Result<std::int32_t> length_modifier(std::string_view name, std::int32_t length) {
  const std::string what = "length for type " + std::string{name};
  if (length < 1) return model::fail(model::SqlState{"22023"}, what + " must be at least 1");
  if (length > kMaxLength) return model::fail(model::SqlState{"22023"}, what + " cannot exceed " + std::to_string(kMaxLength));
  return length + kHeader;
}

model::Result<std::int32_t> numeric_modifier(const std::vector<std::int32_t>& written) {
  const std::int32_t precision = written[0], scale = written.size() > 1 ? written[1] : 0;
  if (precision < 1 || precision > kMaxPrecision) {
    return model::fail(model::SqlState{"22023"}, "NUMERIC precision " + std::to_string(precision) + " must be between 1 and 1000");
  }
  if (scale < -kMaxPrecision || scale > kMaxPrecision) {
    return model::fail(model::SqlState{"22023"}, "NUMERIC scale " + std::to_string(scale) + " must be between -1000 and 1000");
  }
  return ((precision << 16) | (scale & 0x7FF)) + kHeader;
}

/// The modifier of `written`. PostgreSQL warns above six digits and takes six.
model::Result<std::int32_t> modifier_of(const ModifierRow& row, const std::vector<std::int32_t>& written) {
  const std::size_t most = row.modifier == Modifier::numeric || row.modifier == Modifier::interval ? 2 : 1;
  if (written.size() > most) return model::fail(model::SqlState{"22023"}, "invalid type modifier");
  switch (row.modifier) {
    case Modifier::length: return length_modifier(row.name, written[0]);
    case Modifier::numeric: return numeric_modifier(written);
    case Modifier::precision: return std::clamp(written[0], 0, kMaxFraction);
    case Modifier::interval: break;
  }
  const std::int32_t precision = written.size() > 1 ? std::clamp(written[1], 0, kMaxFraction) : kFullIntervalPrecision;
  return ((written[0] & 0x7FFF) << 16) | precision;
}

}  // namespace

TypeName Reader::type_name(const ::TypeName* node) {
  TypeName out{.position = at(node->location)};
  std::vector<std::string> names = strings(node->names);
  refuse_if(node->location, {{node->pct_type, "%TYPE"}, {names.size() > 2, "a type name qualified by its database"},
                             {node->setof, "SETOF"}});
  if (names.empty()) return out;
  out.name = std::move(names.back());
  if (names.size() > 1) out.schema = std::move(names[names.size() - 2]);
  out.array_dimensions = static_cast<int>(Nodes<::Node>{node->arrayBounds}.size());
  for (const ::Node* modifier : Nodes<::Node>{node->typmods}) {
    const auto* number = reinterpret_cast<const ::A_Const*>(modifier);
    if (tag_of(modifier) != T_A_Const || number->isnull || tag_of(&number->val) != T_Integer) {
      refuse(node->location, "a type modifier that is not a number");
      return out;
    }
    out.modifiers.push_back(number->val.ival.ival);
  }

  const bool built_in = out.schema.empty() || out.schema == "pg_catalog";
  // The grammar has made "bpchar" of an unquoted char: this one is the quoted "char".
  const model::TypeInfo* info = !built_in ? nullptr : out.name == "char" ? model::find_type(oid::char_) : model::find_type(out.name);
  if (!info || info->name != out.name) return out;
  const bool array = out.array_dimensions > 0;  // PostgreSQL does not keep their number either
  out.resolved = array ? model::array_of({info->oid}) : model::Type{info->oid, -1};
  if (out.modifiers.empty() || !out.resolved) return out;
  const auto* row = std::ranges::find(kModifiers, info->oid, &ModifierRow::type);
  if (row == kModifiers.end()) {
    fail(node->location, model::SqlState{"42601"}, "type modifier is not allowed for type \"" + out.name + "\"");
    return out;
  }
  const model::Result<std::int32_t> modifier = modifier_of(*row, out.modifiers);
  if (!modifier) fail(node->location, modifier.error().state, modifier.error().message);
  else out.resolved->modifier = *modifier;
  return out;
}

}  // namespace crossfade::sql::postgres_front
