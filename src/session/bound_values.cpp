#include "bound_values.hpp"

#include "crossfade/model/binary_format.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

model::Result<model::Value> decode(std::string_view bytes, wire::Format format, model::Type type, const model::TextStyle& style) {
  if (format == wire::Format::text) return model::parse_text(bytes, type, style);
  auto value = model::parse_binary(bytes, type);
  const model::TypeInfo* info = model::find_type(type.oid);
  const bool cut_short = info != nullptr && info->length > 0 && bytes.size() < static_cast<std::size_t>(info->length);
  if (!value && cut_short) return model::fail("08P01"_state, "insufficient data left in message");
  return value;
}

}  // namespace

model::Result<std::vector<model::Value>> decode_values(const wire::Bind& message, std::span<const model::Type> types,
                                                       const model::TextStyle& style) {
  std::vector<model::Value> values;
  for (std::size_t i = 0; i < message.values.size(); ++i) {
    if (!message.values[i]) {
      values.emplace_back(model::Null{});
      continue;
    }
    CROSSFADE_TRY(auto value, decode(*message.values[i], wire::format_at(message.formats, i), types[i], style));
    values.push_back(std::move(value));
  }
  return values;
}

std::size_t weight_of(const wire::Bind& message) {
  std::size_t bytes = 0;
  for (const auto& value : message.values) bytes += value ? value->size() : 0;
  return bytes;
}

std::size_t memory_of(const wire::Bind& message, std::span<const model::Type> types) {
  constexpr std::size_t kArray = 24;  // "{1,1,1 …": two bytes each
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < message.values.size(); ++i) {
    const std::size_t size = message.values[i] ? message.values[i]->size() : 0;
    bytes += sizeof(model::Value) + size * (model::element_of(types[i]) ? kArray : 1);
  }
  return bytes;
}

}  // namespace crossfade::session
