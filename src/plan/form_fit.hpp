#pragma once

#include <string_view>

#include "crossfade/plan/stored_form.hpp"

namespace crossfade::plan {

/// 22P02: what is stored is not what the form writes. Shows at most 64 bytes of the value.
std::unexpected<model::Error> misfit(const model::StorageValue& stored, const StoredForm& form, model::Type type);
/// 22003: the form cannot hold this value, and why.
std::unexpected<model::Error> unstorable(const model::Value& value, const StoredForm& form, model::Type type, std::string_view why);

/// Form::uuid_hex: its 32 digits.
std::string hex_of(const model::Uuid& uuid);

}  // namespace crossfade::plan
