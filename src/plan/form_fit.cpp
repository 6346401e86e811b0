#include "form_fit.hpp"

#include <algorithm>
#include <array>

#include "crossfade/model/text_format.hpp"
#include "form_table.hpp"

namespace crossfade::plan {
namespace {

namespace oid = model::oid;

struct FormType { Form form; model::Oid type; };
constexpr std::array kHolds{
    FormType{Form::integer, oid::int2}, FormType{Form::integer, oid::int4}, FormType{Form::integer, oid::int8},
    FormType{Form::integer, oid::oid}, FormType{Form::integer, oid::regclass}, FormType{Form::integer, oid::regproc},
    FormType{Form::integer, oid::regtype}, FormType{Form::real, oid::float4}, FormType{Form::real, oid::float8},
    FormType{Form::text, oid::text}, FormType{Form::text, oid::varchar}, FormType{Form::text, oid::bpchar},
    FormType{Form::text, oid::name}, FormType{Form::text, oid::char_}, FormType{Form::text, oid::unknown},
    FormType{Form::text, oid::void_},
    FormType{Form::blob, oid::bytea}, FormType{Form::blob, oid::record}, FormType{Form::numeric_text, oid::numeric}, FormType{Form::number, oid::numeric},
    FormType{Form::boolean_integer, oid::boolean}, FormType{Form::boolean_text, oid::boolean},
    FormType{Form::date_iso, oid::date}, FormType{Form::date_days, oid::date}, FormType{Form::time_iso, oid::time},
    FormType{Form::time_micros, oid::time}, FormType{Form::timestamp_iso, oid::timestamp},
    FormType{Form::timestamp_iso, oid::timestamptz}, FormType{Form::epoch_seconds, oid::timestamp},
    FormType{Form::epoch_seconds, oid::timestamptz}, FormType{Form::epoch_millis, oid::timestamp},
    FormType{Form::epoch_millis, oid::timestamptz}, FormType{Form::epoch_micros, oid::timestamp},
    FormType{Form::epoch_micros, oid::timestamptz}, FormType{Form::julian_day, oid::timestamp},
    FormType{Form::julian_day, oid::timestamptz}, FormType{Form::timestamp_micros, oid::timestamp},
    FormType{Form::timestamp_micros, oid::timestamptz}, FormType{Form::interval_text, oid::interval},
    FormType{Form::uuid_text, oid::uuid}, FormType{Form::uuid_blob, oid::uuid},
    FormType{Form::uuid_hex, oid::uuid}, FormType{Form::json_text, oid::json},
    FormType{Form::json_text, oid::jsonb}, FormType{Form::timetz_text, oid::timetz}, FormType{Form::any, oid::text},
};

// The same by number: a bit for each form.
constexpr auto kFormsOf = [] {
  std::array<std::uint32_t, kTabled> bits{};
  for (const FormType& row : kHolds) bits.at(row.type) |= 1U << static_cast<unsigned>(row.form);
  return bits;
}();
bool listed(Form form, model::Oid type) { return type < kTabled && (kFormsOf[type] >> static_cast<unsigned>(form) & 1U) != 0; }

constexpr std::size_t kShown = 64;

std::string quoted(std::string_view text) {
  if (text.size() <= kShown) return "\"" + std::string(text) + "\"";
  std::size_t end = kShown;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return "\"" + std::string(text.substr(0, end)) + "…\"";
}

// Text of the file may be no UTF-8, and messages must be: what is not printable shows as a dot.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kShown + 1));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '.';
  }
  return out;
}

struct Show {
  std::string operator()(const model::Null&) const { return "NULL"; }
  std::string operator()(std::int64_t value) const { return "integer " + std::to_string(value); }
  std::string operator()(double value) const { return "real " + model::to_text(value, {oid::float8}); }
  std::string operator()(const std::string& value) const { return "text " + quoted(printable(value)); }
  std::string operator()(const model::Bytes& value) const { return "blob of " + std::to_string(value.data.size()) + " bytes"; }
};

}  // namespace

bool holds(const StoredForm& form, model::Type type) {
  if (type.oid == oid::timestamp && (form.offset != Offset::none || !form.zone.empty())) return false;
  if (form.form == Form::array_text) return model::element_of(type).has_value();
  // An object's number; or its number and name, which only the catalog can tell (text_output.cpp).
  const Form natural = runtime_form(type).form;
  if (natural == Form::integer && (form.form == Form::integer || form.form == Form::text)) {
    const bool named = type.oid == oid::regclass || type.oid == oid::regproc || type.oid == oid::regtype || !listed(Form::integer, type.oid);
    return form.form == Form::integer || named;
  }
  if (form.form == Form::text && natural == Form::text && type.oid != oid::record && model::find_type(type.oid)) return true;
  return listed(form.form, type.oid);
}

std::string hex_of(const model::Uuid& uuid) {
  std::string out = model::to_text(uuid, {oid::uuid});
  std::erase(out, '-');
  return out;
}

std::unexpected<model::Error> misfit(const model::StorageValue& stored, const StoredForm& form, model::Type type) {
  return model::fail(model::SqlState("22P02"),
                     "stored " + std::visit(Show{}, stored) + " does not fit type " + model::format_type(type) + " in the form " + to_string(form),
                     {}, "Run \"crossfade plan\": it drafts each column's type and form from the data.");
}

std::unexpected<model::Error> unstorable(const model::Value& value, const StoredForm& form, model::Type type, std::string_view why) {
  return model::fail(model::SqlState("22003"), "value " + quoted(model::to_text(value, type)) + " of type " + model::format_type(type) +
                                                   " cannot be stored exactly in the form " + to_string(form),
                     "The reason: " + std::string(why) + ".");
}

}  // namespace crossfade::plan
