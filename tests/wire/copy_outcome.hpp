#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "crossfade/wire/copy_reader.hpp"

namespace crossfade::wire {

/// Everything that comes of COPY data which arrives as `bytes` cut at `first` and `second`: rows, places, the error.
inline std::string copy_outcome(const model::CopyOptions& options, std::span<const model::CopyColumn> columns, std::string_view bytes,
                                std::size_t first, std::size_t second) {
  const auto reader = make_copy_reader(options, columns);
  std::string seen;
  const auto drain = [&] {
    while (true) {
      auto step = reader->next();
      if (!step) {
        seen += std::string(step.error().state.code()) + " " + step.error().message + " @ " + reader->place();
        return false;
      }
      if (std::holds_alternative<CopyNeedsBytes>(*step)) return true;
      if (std::holds_alternative<CopyEnd>(*step)) {
        seen += "end";
        return false;
      }
      const auto& record = std::get<CopyRecord>(*step);
      seen += std::to_string(record.line) + ":";
      for (const auto& field : record.fields) seen += field ? "[" + std::string(*field) + "]" : "[-]";
      if (record.failure) {
        seen += std::string(record.failure->state.code()) + " " + record.failure->message + " @ " + reader->place();
        return false;
      }
      seen += " ";
    }
  };
  std::size_t from = 0;
  for (const std::size_t to : {first, second, bytes.size()}) {
    reader->feed(bytes.substr(from, to - from));
    from = to;
    if (!drain()) return seen;
  }
  reader->finish();
  drain();
  return seen;
}

}  // namespace crossfade::wire
