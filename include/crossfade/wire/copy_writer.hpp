#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/model/copy_options.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::wire {

/// CopyInResponse ('G') or CopyOutResponse ('H').
void append_copy_response(std::string& out, char type, const model::CopyOptions& options, std::size_t columns);

/// Rows become CopyData messages, one each, with the bytes that PostgreSQL 15 writes; no I/O.
/// Source: PostgreSQL 15 manual, "COPY" ("File Formats").
class CopyWriter {
 public:
  CopyWriter(model::CopyOptions options, std::vector<model::CopyColumn> columns);

  /// Before the first row.
  void begin(std::string& out);
  void row(std::string& out, const model::Row& row, const model::TextStyle& style);
  /// After the last row, CopyDone included.
  void end(std::string& out);

 private:
  void append_field(std::string& out, std::string_view text, const model::CopyColumn* column) const;
  void append_escaped(std::string& out, std::string_view text) const;
  void append_csv(std::string& out, std::string_view text, bool quoted) const;

  model::CopyOptions options_;
  std::vector<model::CopyColumn> columns_;
  std::string head_;   // binary: what precedes the first row, in its message
  std::string field_;  // room for one value's text
};

}  // namespace crossfade::wire
