#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/text_format.hpp"

using namespace crossfade::model;

namespace {

constexpr std::size_t kWays = 2;

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
  if (type.oid == oid::void_) return 0;  // comes in texts only
  const std::string_view input{reinterpret_cast<const char*>(data) + 2, size - 2};
  const Result<Value> value = data[1] % kWays == 0 ? parse_text(input, type) : parse_binary(input, type);
  if (value) check(*value, type);
  return 0;
}
