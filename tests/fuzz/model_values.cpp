#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/text_format.hpp"

using namespace crossfade::model;

namespace {

constexpr std::size_t kWays = 2;

// The catalog's: they go out as texts, and PostgreSQL too receives most of them in no binary form.
// A jsonpath is written in a form that PostgreSQL itself does not always read: model_jsonpath.cpp.
constexpr std::array kTextOnly{oid::void_, oid::pg_node_tree, oid::aclitem, oid::anyarray, oid::pg_lsn, oid::jsonpath, Oid{4073}};

// PostgreSQL 15 writes the least clock of an interval and reads it as 22007.
bool is_unreadable(const Value& value) {
  if (const auto* array = std::get_if<Array>(&value)) return std::ranges::any_of(array->elements, is_unreadable);
  const auto* interval = std::get_if<Interval>(&value);
  return interval && interval->micros == std::numeric_limits<std::int64_t>::min();
}

/// What was read and is written must be read as the same, and be written as the same from then on.
void check(const Value& value, Type type) {
  const std::string text = to_text(value, type);
  const Result<Value> again = parse_text(text, type);
  if (!again || to_text(*again, type) != text) std::abort();
  std::string bytes;
  append_binary(bytes, value, type);
  const Result<Value> received = parse_binary(bytes, type);
  if (!received) std::abort();
  std::string sent;
  append_binary(sent, *received, type);
  if (sent != bytes) std::abort();
}

}  // namespace

/// The first byte says the type, the second whether the rest is text or binary.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const TypeInfo& info = types()[data[0] % types().size()];
  const Type type{info.oid};
  if (std::ranges::find(kTextOnly, type.oid) != kTextOnly.end()) return 0;
  const std::string_view input{reinterpret_cast<const char*>(data) + 2, size - 2};
  const Result<Value> value = data[1] % kWays == 0 ? parse_text(input, type) : parse_binary(input, type);
  if (value && !is_unreadable(*value)) check(*value, type);
  return 0;
}
