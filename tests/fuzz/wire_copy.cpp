#include <array>
#include <cstdint>
#include <cstdlib>

#include "../wire/copy_outcome.hpp"

using namespace crossfade;

/// The first byte chooses format, header and quotes, the next two where the bytes are cut: what comes of them must not depend on it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kChoices = 3;
  if (size < kChoices) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kChoices, size - kChoices);
  const std::array<model::CopyColumn, 2> columns{
      model::CopyColumn{.name = "a", .type = {model::oid::int4, -1}, .force_null = (data[0] & 32) != 0},
      model::CopyColumn{.name = "b", .type = {model::oid::text, -1}, .force_not_null = (data[0] & 64) != 0}};
  model::CopyOptions options;
  options.format = static_cast<model::CopyFormat>(data[0] % 4 % 3);
  options.header = static_cast<model::CopyHeader>((data[0] >> 2) % 4 % 3);
  if (options.format == model::CopyFormat::csv) options.delimiter = ',', options.null = "";
  if ((data[0] & 16) != 0) options.escape = '\\';
  const std::size_t first = data[1] % (bytes.size() + 1);
  const std::size_t second = first + data[2] % (bytes.size() - first + 1);
  const std::string whole = wire::copy_outcome(options, columns, bytes, bytes.size(), bytes.size());
  if (wire::copy_outcome(options, columns, bytes, first, second) != whole) std::abort();
  return 0;
}
