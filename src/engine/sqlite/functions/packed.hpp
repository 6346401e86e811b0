#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite::functions {

/// The gathered rows as bytes: a class, for texts and blobs their length, and what it holds. A blob of our own making never leaves
/// the statement.
enum class PackedClass : char { null = 'n', integer = 'i', real = 'r', text = 't', blob = 'b', row = '|' };

inline void put_number(std::string& out, std::uint64_t bits) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xffU);
}

struct PutPacked {
  std::string& out;
  void tag(PackedClass kind) const { out += static_cast<char>(kind); }
  void bytes(PackedClass kind, const std::string& data) const {
    tag(kind);
    put_number(out, data.size());
    out += data;
  }
  void operator()(const model::Null&) const { tag(PackedClass::null); }
  void operator()(std::int64_t number) const { tag(PackedClass::integer), put_number(out, static_cast<std::uint64_t>(number)); }
  void operator()(double number) const { tag(PackedClass::real), put_number(out, std::bit_cast<std::uint64_t>(number)); }
  void operator()(const std::string& text) const { bytes(PackedClass::text, text); }
  void operator()(const model::Bytes& blob) const { bytes(PackedClass::blob, blob.data); }
};

inline std::uint64_t take_number(std::string_view& rest) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | static_cast<unsigned char>(rest[i]);
  rest.remove_prefix(8);
  return bits;
}

inline StorageValue take_cell(std::string_view& rest) {
  const auto kind = static_cast<PackedClass>(rest.front());
  rest.remove_prefix(1);
  if (kind == PackedClass::integer) return static_cast<std::int64_t>(take_number(rest));
  if (kind == PackedClass::real) return std::bit_cast<double>(take_number(rest));
  if (kind == PackedClass::null || kind == PackedClass::row) return model::Null{};
  const auto size = static_cast<std::size_t>(take_number(rest));
  std::string data{rest.substr(0, size)};
  rest.remove_prefix(size);
  if (kind == PackedClass::text) return data;
  return model::Bytes{std::move(data)};
}

inline std::vector<std::vector<StorageValue>> packed_rows(std::string_view rest) {
  std::vector<std::vector<StorageValue>> rows;
  while (!rest.empty()) {
    if (rest.front() == static_cast<char>(PackedClass::row)) {
      rest.remove_prefix(1);
      rows.emplace_back();
    } else {
      rows.back().push_back(take_cell(rest));
    }
  }
  return rows;
}

/// Thrown by PackedRows, caught where SQLite calls a function and where a WITH's parts run: there were too many rows, or a cancel came.
struct RowsEnded { model::Error error; };

/// The rows of a set-returning function, which crossfade_rows reads back. crossfade_collect gathers a query's in the same way.
/// Limit: 64 MB of them, then 53200.
class PackedRows {
 public:
  PackedRows& begin_row() {
    using namespace model::literals;
    if (asked_to_stop()) throw RowsEnded{stopped()};
    if (data_.size() > kMost) {
      throw RowsEnded{{"53200"_state, "out of memory", "The rows of one set-returning function, or of one part of a WITH, take more than 64 MB.",
                       "Ask for fewer at a time; generate_series of two numbers written out has no such limit."}};
    }
    data_ += static_cast<char>(PackedClass::row);
    return *this;
  }
  PackedRows& add(const StorageValue& value) {
    std::visit(PutPacked{data_}, value);
    return *this;
  }
  Answer take() { return take_bytes(); }
  model::Bytes take_bytes() { return {std::move(data_)}; }

 private:
  static constexpr std::size_t kMost = 64U << 20U;
  std::string data_;
};

}  // namespace crossfade::sqlite::functions
