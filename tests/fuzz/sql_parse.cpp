#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crossfade/sql/translate.hpp"

/// Any text is parsed or refused; ASan and UBSan watch.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto parsed = crossfade::sql::parse(text, crossfade::sql::Dialect::postgres);
  if (!parsed && parsed.error().message.empty()) __builtin_trap();
  return 0;
}
