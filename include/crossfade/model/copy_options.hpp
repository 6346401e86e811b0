#pragma once

#include <cstdint>
#include <string>

#include "crossfade/model/type.hpp"

namespace crossfade::model {

enum class CopyFormat : std::uint8_t { text, csv, binary };
/// match: a header that must name the columns.
enum class CopyHeader : std::uint8_t { none, present, match };

/// How the data of a COPY is written. Defaults are those of text; csv's delimiter is "," and its null "". `quote` and `escape` are
/// csv's alone.
struct CopyOptions {
  CopyFormat format = CopyFormat::text;
  CopyHeader header = CopyHeader::none;
  char delimiter = '\t';
  char quote = '"';
  char escape = '"';
  std::string null = "\\N";
};

/// A column of a COPY, in the order of its data. The three flags are csv's options of the same names.
struct CopyColumn {
  std::string name;
  Type type;
  bool force_quote = false;
  bool force_not_null = false;
  bool force_null = false;
};

}  // namespace crossfade::model
