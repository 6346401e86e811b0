#include "output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "crossfade/observe/redact.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;

/// Characters, not bytes; good enough for a table on a terminal.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_cell(std::string& line, std::string_view text, std::size_t wide, Align align) {
  const std::string padding(wide - std::min(wide, width(text)), ' ');
  line.append(line.empty() ? "" : "  ");
  line.append(align == Align::right ? padding : "").append(text).append(align == Align::left ? padding : "");
}

void end_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

std::string fixed(double number, int decimals) {
  std::array<char, 64> buffer;
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, number);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string to_text(const Table& table) {
  std::vector<std::size_t> wide;
  for (const Table::Heading& heading : table.headings) wide.push_back(width(heading.name));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = std::max(wide[i], width(row[i].value_or("")));
  }
  std::string out, line;
  for (std::size_t i = 0; i < wide.size(); ++i) append_cell(line, table.headings[i].name, wide[i], table.headings[i].align);
  end_line(out, std::move(line));
  for (const auto& row : table.rows) {
    line.clear();
    for (std::size_t i = 0; i < wide.size(); ++i) append_cell(line, row[i].value_or(""), wide[i], table.headings[i].align);
    end_line(out, std::move(line));
  }
  return out;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_json(const nlohmann::ordered_json& document) {
  print(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void print_error(const model::Error& error, Output output) {
  if (output == Output::json) {
    nlohmann::ordered_json inner{{"sqlstate", error.state.code()}, {"message", observe::redact(error.message)}};
    if (!error.detail.empty()) inner["detail"] = observe::redact(error.detail);
    if (!error.hint.empty()) inner["hint"] = observe::redact(error.hint);
    print_json({{"error", inner}});
  }
  std::string text = "crossfade: " + error.message + "\n";
  if (!error.detail.empty()) text += "detail: " + error.detail + "\n";
  if (!error.hint.empty()) text += "hint: " + error.hint + "\n";
  text = observe::redact(text);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::string count_text(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

std::string bytes_text(std::int64_t bytes) {
  struct Unit { double size; std::string_view name; };
  constexpr std::array kUnits{Unit{1 << 30, " GiB"}, Unit{1 << 20, " MiB"}, Unit{1 << 10, " KiB"}};
  for (const Unit& unit : kUnits) {
    if (static_cast<double>(bytes) >= unit.size) return fixed(static_cast<double>(bytes) / unit.size, 1).append(unit.name);
  }
  return std::to_string(bytes) + " B";
}

std::string seconds_text(std::chrono::milliseconds elapsed) {
  return fixed(static_cast<double>(elapsed.count()) / 1'000, 2) + " s";
}

model::Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code problem;
  if (file) std::filesystem::rename(temporary, path, problem);
  if (!file || problem) return model::fail("58030"_state, "cannot write \"" + path + "\"");
  return {};
}

model::Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return model::fail("58P01"_state, "cannot read \"" + path + "\"");
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace crossfade::cli
