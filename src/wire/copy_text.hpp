#pragma once

#include <string>
#include <vector>

#include "copy_lines.hpp"
#include "crossfade/wire/copy_reader.hpp"

namespace crossfade::wire {

/// The text and csv formats.
class CopyTextReader final : public CopyReader {
 public:
  CopyTextReader(model::CopyOptions options, std::vector<model::CopyColumn> columns);
  model::Result<CopyStep> next() override;
  std::string place() const override;
  std::string place(std::size_t column) const override;

 private:
  using Fields = std::vector<std::optional<std::string_view>>;
  /// Cuts `text_` into `fields_`. Errors: 22P04 (a quote that is not closed), 22021 (escapes that make bytes that are not UTF-8).
  model::Result<void> cut();
  model::Result<void> cut_text();
  model::Result<void> cut_csv();
  model::Result<std::size_t> cut_csv_field(std::size_t at);
  void add_field(std::size_t begin, std::string_view raw, bool quoted);
  model::Result<void> check_header();
  CopyRecord record();

  model::CopyOptions options_;
  std::vector<model::CopyColumn> columns_;
  LineFinder lines_;
  std::string_view text_;  // the line that was read last
  std::string unescaped_;  // what fields_ view
  Fields fields_;
  bool in_line_ = false, text_valid_ = false, ended_ = false, header_due_;
};

}  // namespace crossfade::wire
