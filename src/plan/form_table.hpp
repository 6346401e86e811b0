#pragma once

#include <array>
#include <string_view>

#include "crossfade/plan/stored_form.hpp"

namespace crossfade::plan {

/// What a form's spelling in plan.toml may say in parentheses.
enum class FormParameters : char { none, words, fraction, iso };

struct FormInfo { Form form; std::string_view name; FormParameters parameters; };

inline constexpr std::array kForms{
    FormInfo{Form::integer, "integer", FormParameters::none},
    FormInfo{Form::real, "real", FormParameters::none},
    FormInfo{Form::text, "text", FormParameters::none},
    FormInfo{Form::blob, "blob", FormParameters::none},
    FormInfo{Form::numeric_text, "numeric-text", FormParameters::none},
    FormInfo{Form::number, "number", FormParameters::none},
    FormInfo{Form::boolean_integer, "boolean-integer", FormParameters::none},
    FormInfo{Form::boolean_text, "boolean-text", FormParameters::words},
    FormInfo{Form::date_iso, "date-iso", FormParameters::none},
    FormInfo{Form::date_days, "date-days", FormParameters::none},
    FormInfo{Form::time_iso, "time-iso", FormParameters::fraction},
    FormInfo{Form::time_micros, "time-micros", FormParameters::none},
    FormInfo{Form::timestamp_iso, "timestamp-iso", FormParameters::iso},
    FormInfo{Form::epoch_seconds, "epoch-seconds", FormParameters::fraction},
    FormInfo{Form::epoch_millis, "epoch-millis", FormParameters::none},
    FormInfo{Form::epoch_micros, "epoch-micros", FormParameters::none},
    FormInfo{Form::julian_day, "julian-day", FormParameters::none},
    FormInfo{Form::timestamp_micros, "timestamp-micros", FormParameters::none},
    FormInfo{Form::interval_text, "interval-text", FormParameters::none},
    FormInfo{Form::uuid_text, "uuid-text", FormParameters::none},
    FormInfo{Form::uuid_blob, "uuid-blob", FormParameters::none},
    FormInfo{Form::uuid_hex, "uuid-hex", FormParameters::none},
    FormInfo{Form::json_text, "json-text", FormParameters::none},
    FormInfo{Form::timetz_text, "timetz-text", FormParameters::none},
    FormInfo{Form::array_text, "array-text", FormParameters::none},
    FormInfo{Form::any, "any", FormParameters::none},
};
static_assert([] {
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    if (static_cast<std::size_t>(kForms[i].form) != i) return false;
  }
  return kForms.size() == static_cast<std::size_t>(Form::any) + 1;
}());

constexpr const FormInfo& info(Form form) { return kForms[static_cast<std::size_t>(form)]; }

/// Types with a lower number are looked up by it; all that have a form of their own are among them.
inline constexpr model::Oid kTabled = 4'200;

struct OffsetInfo { Offset offset; std::string_view text; };
inline constexpr std::array kOffsets{
    OffsetInfo{Offset::none, ""}, OffsetInfo{Offset::z, "Z"},
    OffsetInfo{Offset::plus00, "+00"}, OffsetInfo{Offset::plus00_00, "+00:00"},
};
constexpr std::string_view text(Offset offset) { return kOffsets[static_cast<std::size_t>(offset)].text; }

}  // namespace crossfade::plan
