#pragma once

#include <string>
#include <vector>

#include "crossfade/wire/copy_reader.hpp"

namespace crossfade::wire {

class CopyBinaryReader final : public CopyReader {
 public:
  explicit CopyBinaryReader(std::vector<model::CopyColumn> columns) : columns_(std::move(columns)) {}
  model::Result<CopyStep> next() override;
  std::string place() const override;
  std::string place(std::size_t column) const override;

 private:
  /// Takes the header when all of it is there; false: bytes are missing.
  model::Result<bool> take_header();
  model::Result<CopyStep> take_row();

  std::vector<model::CopyColumn> columns_;
  bool header_read_ = false, in_row_ = false, ended_ = false;
  std::size_t to_skip_ = 0;                   // of the header's extension
  std::optional<std::size_t> failed_column_;  // of the row that was read last
};

}  // namespace crossfade::wire
