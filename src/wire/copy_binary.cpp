#include "copy_binary.hpp"

#include <algorithm>

#include "bytes.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "PGCOPY\n\xff\r\n\0"sv;
static_assert(kSignature.size() == 11);
constexpr std::size_t kFlagsEnd = kSignature.size() + 4, kHeaderEnd = kFlagsEnd + 4;
constexpr std::uint32_t kWithOids = 1U << 16, kCritical = 0xFFFF'0000;
constexpr std::int32_t kLongestField = 0x3fff'ffff;

std::unexpected<model::Error> bad(std::string message) { return model::fail("22P04"_state, std::move(message)); }
model::Error bad_field(std::string message) { return {"22P04"_state, std::move(message)}; }

}  // namespace

model::Result<CopyStep> CopyBinaryReader::next() {
  if (!header_read_) {
    CROSSFADE_TRY(header_read_, take_header());
    if (!header_read_) return CopyNeedsBytes{};
  }
  const std::size_t skipped = std::min(to_skip_, waiting().size());
  take(skipped);
  to_skip_ -= skipped;
  if (to_skip_ != 0) {
    if (finished()) return bad("invalid COPY file header (wrong length)");
    return CopyNeedsBytes{};
  }
  return take_row();
}

model::Result<bool> CopyBinaryReader::take_header() {
  const std::string_view bytes = waiting();
  const auto missing = [&](std::string_view message) -> model::Result<bool> {
    if (finished()) return bad(std::string(message));
    return false;
  };
  constexpr std::string_view kNoSignature = "COPY file signature not recognized";
  if (bytes.size() < kSignature.size()) return missing(kNoSignature);
  if (!bytes.starts_with(kSignature)) return bad(std::string(kNoSignature));
  if (bytes.size() < kFlagsEnd) return missing("invalid COPY file header (missing flags)");
  const std::uint32_t flags = load_be32(bytes.data() + kSignature.size());
  if ((flags & kWithOids) != 0) return bad("invalid COPY file header (WITH OIDS)");
  if ((flags & kCritical) != 0) return bad("unrecognized critical flags in COPY file header");
  if (bytes.size() < kHeaderEnd) return missing("invalid COPY file header (missing length)");
  const auto extension = static_cast<std::int32_t>(load_be32(bytes.data() + kFlagsEnd));
  if (extension < 0) return bad("invalid COPY file header (missing length)");
  to_skip_ = static_cast<std::size_t>(extension);
  take(kHeaderEnd);
  return true;
}

model::Result<CopyStep> CopyBinaryReader::take_row() {
  failed_column_.reset();
  const std::string_view bytes = waiting();
  if (ended_) {
    if (!bytes.empty()) return bad("received copy data after EOF marker");
    if (finished()) return CopyEnd{};
    return CopyNeedsBytes{};
  }
  if (!std::exchange(in_row_, true)) ++line_;
  if (bytes.size() < 2) {
    if (finished()) return CopyEnd{};
    return CopyNeedsBytes{};
  }
  const auto count = static_cast<std::int16_t>(load_be16(bytes.data()));
  if (count == -1) {
    ended_ = true;
    take(2);
    return take_row();
  }
  if (static_cast<std::size_t>(count) != columns_.size() || count < 0)
    return bad("row field count is " + std::to_string(count) + ", expected " + std::to_string(columns_.size()));
  CopyRecord record{.fields = {}, .failure = {}, .line = line_, .bytes = 0};
  record.fields.reserve(columns_.size());
  std::size_t at = 2;
  while (record.fields.size() < columns_.size()) {
    std::int32_t length = -1;
    const bool has_length = bytes.size() - at >= 4;
    if (has_length) length = static_cast<std::int32_t>(load_be32(bytes.data() + at));
    at += has_length ? 4 : 0;
    if (length < -1) record.failure = bad_field("invalid field size");
    else if (length > kLongestField) record.failure = model::Error{"54000"_state, "out of memory", "A field of COPY data is longer than 1 GiB."};
    else if (!has_length || (length > 0 && bytes.size() - at < static_cast<std::size_t>(length))) {
      if (!finished()) return CopyNeedsBytes{};
      record.failure = bad_field("unexpected EOF in COPY data");
    }
    if (record.failure) {
      failed_column_ = record.fields.size();
      break;
    }
    record.fields.push_back(length < 0 ? std::nullopt : std::optional(bytes.substr(at, static_cast<std::size_t>(length))));
    at += length < 0 ? 0 : static_cast<std::size_t>(length);
  }
  record.bytes = at;
  take(at);
  in_row_ = false;
  return record;
}

std::string CopyBinaryReader::place() const {
  if (line_ == 0) return {};
  return failed_column_ ? place(*failed_column_) : "line " + std::to_string(line_);
}

std::string CopyBinaryReader::place(std::size_t column) const {
  return "line " + std::to_string(line_) + ", column " + columns_[column].name;
}

}  // namespace crossfade::wire
