#include "crossfade/wire/copy_reader.hpp"

#include "copy_binary.hpp"
#include "copy_text.hpp"

namespace crossfade::wire {

void CopyReader::feed(std::string_view bytes) {
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  } else if (begin_ >= bytes.size()) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_ += bytes;
}

std::unique_ptr<CopyReader> make_copy_reader(const model::CopyOptions& options, std::span<const model::CopyColumn> columns) {
  std::vector<model::CopyColumn> copied(columns.begin(), columns.end());
  if (options.format == model::CopyFormat::binary) return std::make_unique<CopyBinaryReader>(std::move(copied));
  return std::make_unique<CopyTextReader>(options, std::move(copied));
}

}  // namespace crossfade::wire
