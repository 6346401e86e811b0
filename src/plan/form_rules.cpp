#include "form_table.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;

struct TypeForms {
  model::Oid type;
  StoredForm runtime;
  StoredForm created;
  std::string_view declaration;  // in CREATE TABLE; its affinity loses nothing
  bool length;                   // the declaration says the type's length
};

constexpr StoredForm iso(Form form, Offset offset = Offset::none) { return {form, 6, ' ', offset}; }

// Dates are stored as ISO text of fixed length, so that other programs read them and indexes on them order them.
const std::array kTypeForms{
    TypeForms{oid::boolean, {Form::boolean_integer}, {Form::boolean_integer}, "BOOLEAN", false},
    TypeForms{oid::int2, {Form::integer}, {Form::integer}, "SMALLINT", false},
    TypeForms{oid::int4, {Form::integer}, {Form::integer}, "INTEGER", false},
    TypeForms{oid::int8, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{oid::oid, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{oid::regclass, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{oid::regproc, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{oid::regtype, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{28, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{2202, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{2203, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{2204, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{3734, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{3769, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{4089, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{4096, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{4191, {Form::integer}, {Form::integer}, "BIGINT", false},
    TypeForms{oid::float4, {Form::real}, {Form::real}, "REAL", false},
    TypeForms{oid::float8, {Form::real}, {Form::real}, "DOUBLE PRECISION", false},
    TypeForms{oid::numeric, {Form::numeric_text}, {Form::numeric_text}, "TEXT", false},
    TypeForms{oid::text, {Form::text}, {Form::text}, "TEXT", false},
    TypeForms{oid::varchar, {Form::text}, {Form::text}, "VARCHAR", true},
    TypeForms{oid::bpchar, {Form::text}, {Form::text}, "CHAR", true},
    TypeForms{oid::name, {Form::text}, {Form::text}, "TEXT", false},
    TypeForms{oid::bytea, {Form::blob}, {Form::blob}, "BLOB", false},
    TypeForms{oid::record, {Form::blob}, {Form::blob}, "BLOB", false},
    TypeForms{oid::date, {Form::date_days}, {Form::date_iso}, "DATE", false},
    TypeForms{oid::time, {Form::time_micros}, iso(Form::time_iso), "TIME", false},
    TypeForms{oid::timestamp, {Form::timestamp_micros}, iso(Form::timestamp_iso), "TIMESTAMP", false},
    TypeForms{oid::timestamptz, {Form::timestamp_micros}, iso(Form::timestamp_iso, Offset::plus00_00), "TIMESTAMPTZ", false},
    TypeForms{oid::timetz, {Form::timetz_text}, {Form::timetz_text}, "TEXT", false},
    TypeForms{oid::interval, {Form::interval_text}, {Form::interval_text}, "TEXT", false},
    TypeForms{oid::uuid, {Form::uuid_text}, {Form::uuid_text}, "TEXT", false},
    TypeForms{oid::json, {Form::json_text}, {Form::json_text}, "TEXT", false},
    TypeForms{oid::jsonb, {Form::json_text}, {Form::json_text}, "TEXT", false},
};
const TypeForms kArray{0, {Form::array_text}, {Form::array_text}, "TEXT", false};
const TypeForms kOther{oid::text, {Form::text}, {Form::text}, "TEXT", false};

// Every value that is read asks: by number, its row in the table and one more; 0 of a type without one.
const auto kRows = [] {
  std::array<std::uint8_t, kTabled> rows{};
  for (std::size_t i = 0; i < kTypeForms.size(); ++i) rows.at(kTypeForms[i].type) = static_cast<std::uint8_t>(i + 1);
  return rows;
}();

const TypeForms& forms_of(model::Oid type) {
  if (type < kTabled && kRows[type] != 0) return kTypeForms[kRows[type] - 1U];
  return model::element_of({type}) ? kArray : kOther;
}

FormTraits both(bool kept) { return {kept, kept}; }

// Zeros at the end of a fraction are optional with -1, so two texts may be one instant.
bool fixed_shape(const StoredForm& form) { return form.fraction != -1; }

FormTraits iso_traits(const StoredForm& form, model::Type type) {
  if (!fixed_shape(form)) return both(false);
  // Local times repeat for an hour in autumn: their order is not the order of the instants.
  if (type.oid == oid::timestamptz && form.offset == Offset::none && !form.zone.empty() && form.zone != "UTC") {
    return {.keeps_order = false, .keeps_equality = true};
  }
  // '.' sorts before 'Z': without a fixed length 12:00:00Z would come after 12:00:00.500000Z. '+' sorts before '.'.
  if (form.fraction == kNoneOrSix && form.offset == Offset::z) return {.keeps_order = false, .keeps_equality = true};
  return both(true);
}

FormTraits words_traits(const StoredForm& form) {
  const std::string_view words = form.words;
  const std::size_t slash = words.find('/');
  return {.keeps_order = slash != words.npos && words.substr(slash + 1) < words.substr(0, slash), .keeps_equality = true};
}

}  // namespace

const StoredForm& runtime_form(model::Type type) { return forms_of(type.oid).runtime; }
const StoredForm& created_form(model::Type type) { return forms_of(type.oid).created; }

std::string created_declaration(model::Type type) {
  const TypeForms& row = forms_of(type.oid);
  std::string out(row.declaration);
  if (row.length && type.modifier >= 4) out += "(" + std::to_string(type.modifier - 4) + ")";
  return out;
}

FormTraits traits(const StoredForm& form, model::Type type) {
  switch (form.form) {
    case Form::integer:
    case Form::real:             // NaN is never stored; -0.0 = 0.0 to both
    case Form::blob:
    case Form::boolean_integer:
    case Form::date_iso:         // years 0001 to 9999, "-infinity" before and "infinity" behind them in bytes too
    case Form::date_days:
    case Form::time_micros:
    case Form::epoch_seconds:    // INTEGER and REAL compare by value, and only exact instants are read
    case Form::epoch_millis:
    case Form::epoch_micros:
    case Form::julian_day:
    case Form::timestamp_micros:
    case Form::uuid_text:
    case Form::uuid_blob:
    case Form::uuid_hex: return both(true);
    // character(n) is stored without its padding; without a length blanks at the end are stored but do not count.
    case Form::text: return both(type.oid != oid::bpchar || type.modifier >= 4);
    case Form::boolean_text: return words_traits(form);
    case Form::time_iso: return both(fixed_shape(form));
    case Form::timestamp_iso: return iso_traits(form, type);
    case Form::numeric_text:     // 1.0 = 1.00: by the collation only
    case Form::interval_text:    // 1 day = 24:00:00: by the collation only
    case Form::timetz_text:
    case Form::array_text:       // by the collations of their elements' types only
    case Form::number:           // TEXT digits sort after every number
    case Form::any:              // 5 and '5' are one text
    case Form::json_text: return both(false);  // json has no equality; jsonb's 1 equals 1.0
  }
  return both(false);
}

std::optional<std::string> collation(const StoredForm& form, model::Type type) {
  if (form.form == Form::numeric_text) return "crossfade_numeric";
  if (form.form == Form::interval_text) return "crossfade_interval";
  if (form.form == Form::timetz_text) return "crossfade_timetz";
  if (type.oid == model::oid::jsonb) return "crossfade_jsonb";
  const auto element = form.form == Form::array_text ? model::element_of(type) : std::nullopt;
  const model::TypeInfo* info = element ? model::find_type(element->oid) : nullptr;
  return info ? std::optional{"crossfade_array_" + std::string(info->name)} : std::nullopt;
}

}  // namespace crossfade::plan
