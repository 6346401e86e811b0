#include "users_file.hpp"

#include <filesystem>
#include <optional>

#include "crossfade/wire/scram.hpp"
#include "output.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size())); }

/// Takes a quoted word off the front.
std::optional<std::string> take_word(std::string_view& text) {
  skip_blanks(text);
  if (!text.starts_with('"')) return std::nullopt;
  std::string word;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      word += text[i];
    } else if (text.substr(i + 1).starts_with('"')) {
      word += text[i++];
    } else {
      text.remove_prefix(i + 1);
      return word;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string user_line(std::string_view name, std::string_view verifier) { return quoted(name) + " " + quoted(verifier) + "\n"; }

model::Result<Users> parse_users(std::string_view text, std::string_view file_name) {
  Users users;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string here = std::string(file_name) + ":" + std::to_string(number) + ": ";
    skip_blanks(line);
    if (line.empty() || line.starts_with('#')) continue;
    std::optional<std::string> name = take_word(line), verifier = take_word(line);
    skip_blanks(line);
    if (!name || !verifier || !line.empty()) {
      return model::fail("F0000"_state, here + "not a user", {},
                         "A line is \"name\" \"SCRAM-SHA-256$…\", as `crossfade passwd NAME` prints it.");
    }
    if (!wire::ScramVerifier::parse(*verifier))
      return model::fail("F0000"_state, here + "the verifier of \"" + *name + "\" is not one of SCRAM-SHA-256");
    if (!users.emplace(*name, *verifier).second)
      return model::fail("F0000"_state, here + "the user \"" + *name + "\" is there twice");
  }
  return users;
}

model::Result<Users> read_users(const std::string& path) {
  std::error_code problem;
  const auto rights = std::filesystem::status(path, problem).permissions();
  using std::filesystem::perms;
  if (!problem && (rights & (perms::group_all | perms::others_all)) != perms::none) {
    return model::fail("F0000"_state, "the users file \"" + path + "\" is open to others than its owner", {},
                       "chmod 600 " + path);
  }
  CROSSFADE_TRY(const std::string text, read_text_file(path));
  return parse_users(text, path);
}

}  // namespace crossfade::cli
