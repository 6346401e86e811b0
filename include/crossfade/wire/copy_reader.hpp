#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/model/copy_options.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::wire {

/// One row of COPY data, cut into its fields: text (null markers and escapes resolved) or the columns' binary formats. Views live
/// until the reader's next call.
struct CopyRecord {
  std::vector<std::optional<std::string_view>> fields;
  /// What is wrong behind `fields`, which may be fewer than the columns then: they are looked at first, as PostgreSQL does.
  std::optional<model::Error> failure;
  std::uint64_t line = 0;
  std::size_t bytes = 0;  // that it took
};

struct CopyNeedsBytes {};
struct CopyEnd {};
using CopyStep = std::variant<CopyRecord, CopyNeedsBytes, CopyEnd>;

/// Bytes of a COPY FROM, cut anywhere, become rows; no I/O. Where the bytes are cut changes nothing.
/// Limits: a row of at most 1 GiB (54000), as in PostgreSQL. Memory: the bytes that were fed and not yet taken.
/// Errors: 22P04 and 22021 with PostgreSQL's messages; after one there is nothing more to ask for.
/// Source: PostgreSQL 15 manual, "COPY" ("File Formats").
class CopyReader {
 public:
  virtual ~CopyReader() = default;

  void feed(std::string_view bytes);
  /// No more bytes will come.
  void finish() { finished_ = true; }
  virtual model::Result<CopyStep> next() = 0;

  /// PostgreSQL's CONTEXT behind "COPY t, " for an error in the row that next() gave last, or was at: `line 3: "x"`. Empty: none.
  virtual std::string place() const = 0;
  /// The same for an error in its field `column`.
  virtual std::string place(std::size_t column) const = 0;
  std::uint64_t line() const { return line_; }

 protected:
  std::string_view waiting() const { return std::string_view(buffer_).substr(begin_); }
  void take(std::size_t count) { begin_ += count; }
  bool finished() const { return finished_; }

  std::uint64_t line_ = 0;  // 1-based; the one that is being read

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
  bool finished_ = false;
};

/// `columns`: names and csv's flags of the columns that the data has. Copied.
std::unique_ptr<CopyReader> make_copy_reader(const model::CopyOptions& options, std::span<const model::CopyColumn> columns);

}  // namespace crossfade::wire
