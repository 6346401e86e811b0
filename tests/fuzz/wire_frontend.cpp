#include <cstdint>
#include <cstdlib>

#include "crossfade/wire/frontend.hpp"

using namespace crossfade::wire;

/// The first byte chooses start-up or messages and where the bytes are cut; what is accepted must not depend on the cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = (data[0] >> 1) % bytes.size();
  FrameReader reader(From::client);
  std::size_t taken = 0;
  for (const std::string_view part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    reader.feed(part);
    if ((data[0] & 1) != 0) {
      (void)reader.next_startup();
      continue;
    }
    for (Step step = reader.next(); std::holds_alternative<Frame>(step); step = reader.next()) {
      const Frame& frame = std::get<Frame>(step);
      taken += frame.raw.size();
      (void)parse_frontend(frame);
      (void)parse_sasl_initial(frame.body);
      (void)check_utf8(frame.body);
    }
  }
  if (taken > bytes.size()) std::abort();
  return 0;
}
