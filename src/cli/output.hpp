#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/model/error.hpp"
#include "invocation.hpp"

namespace crossfade::cli {

enum class Align : std::uint8_t { left, right };
/// Rows under headings, as psql aligns them. An absent cell is shown as nothing.
struct Table {
  struct Heading { std::string name; Align align = Align::left; };
  std::vector<Heading> headings;
  std::vector<std::vector<std::optional<std::string>>> rows;
};
std::string to_text(const Table& table);

void print(std::string_view text);
/// One document, two spaces of indentation; bytes that are not UTF-8 are replaced.
void print_json(const nlohmann::ordered_json& document);
/// To standard error: message, detail, hint; with --json as {"error": {…}} on standard output too.
void print_error(const model::Error& error, Output output);

std::string count_text(std::int64_t count, std::string_view one, std::string_view many);
std::string bytes_text(std::int64_t bytes);
std::string seconds_text(std::chrono::milliseconds elapsed);

/// Writes a file whole or not at all (a temporary file beside it, then rename). Errors: 58030 naming the file.
model::Result<void> write_file(const std::string& path, std::string_view text);
model::Result<std::string> read_text_file(const std::string& path);

}  // namespace crossfade::cli
