#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/model/binary_format.hpp"

namespace crossfade::postgres {

inline constexpr int kText = 0, kBinary = 1;
inline constexpr std::size_t kKeptBytes = 8 << 10;  // of a text that is kept prepared

/// Parameters as libpq takes them. A parameter of unknown type travels as text.
struct Wire {
  explicit Wire(std::span<const Parameter> parameters) {
    data.resize(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto& [value, type] = parameters[i];
      const bool null = model::is_null(value);
      if (!null) model::append_binary(data[i], value, type);
      values.push_back(null ? nullptr : data[i].c_str());
      lengths.push_back(static_cast<int>(data[i].size()));
      formats.push_back(type.oid == model::oid::unknown || type.oid == 0 ? kText : kBinary);
      types.push_back(type.oid == model::oid::unknown ? 0 : type.oid);
    }
  }
  std::vector<std::string> data;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  std::vector<model::Oid> types;
};

/// As a statement is prepared with them.
inline std::vector<model::Oid> types_of(std::span<const Parameter> parameters) {
  std::vector<model::Oid> out;
  for (const Parameter& parameter : parameters) out.push_back(parameter.type.oid == model::oid::unknown ? 0 : parameter.type.oid);
  return out;
}

}  // namespace crossfade::postgres
