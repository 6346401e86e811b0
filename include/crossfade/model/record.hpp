#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

struct RecordField { Type type; Value value; };

/// A record as it travels: PostgreSQL's text of it, (1,"a b",), and its binary form, which tells the fields' types. `style`: of the fields' texts.
Bytes make_record(std::span<const RecordField> fields, const TextStyle& style);
/// Of such bytes; empty for others.
std::string_view record_text(const Bytes& record);
std::string_view record_binary(const Bytes& record);

}  // namespace crossfade::model
