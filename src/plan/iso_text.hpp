#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/plan/stored_form.hpp"

namespace crossfade::plan {

/// ISO text in exactly the form's shape, years 0001 to 9999, "infinity" and "-infinity". nullopt for everything else.
std::optional<std::int32_t> read_iso_date(std::string_view text);
std::optional<std::int64_t> read_iso_time(std::string_view text, const StoredForm& form);
/// Local microseconds, or UTC where the form has an offset.
std::optional<std::int64_t> read_iso_timestamp(std::string_view text, const StoredForm& form);

/// The text, or why the form cannot hold the value.
using Written = std::expected<std::string, std::string_view>;
Written write_iso_date(std::int32_t days);
Written write_iso_time(std::int64_t micros, const StoredForm& form);
Written write_iso_timestamp(std::int64_t micros, const StoredForm& form);

}  // namespace crossfade::plan
