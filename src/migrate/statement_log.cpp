#include "crossfade/migrate/statement_log.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "crossfade/sql/statement_text.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

constexpr std::string_view kMessage = "LOG:  ", kDetail = "DETAIL:  ", kParameters = "parameters: ";

/// The statement in a message: "statement: …", "execute name: …", both also behind "duration: 0.1 ms  ".
std::optional<std::string_view> statement_in(std::string_view message) {
  if (message.starts_with("duration: ")) {
    const auto end = message.find(" ms  ");
    if (end == message.npos) return std::nullopt;
    message.remove_prefix(end + 5);
  }
  if (message.starts_with("statement: ")) return message.substr(11);
  if (!message.starts_with("execute ")) return std::nullopt;
  const auto colon = message.find(": ");
  return colon == message.npos ? std::nullopt : std::optional(message.substr(colon + 2));
}

class Reader {
 public:
  void message(std::string_view text, std::int64_t line) {
    const auto statement = statement_in(text);
    fresh_ = statement.has_value();
    if (fresh_) out.push_back({std::string(*statement), line, {}});
  }
  /// Of the message before it.
  void detail(std::string_view text) {
    if (!fresh_ || !text.starts_with(kParameters)) return;
    LoggedStatement& last = out.back();
    if (const auto literals = sql::read_logged_parameters(text.substr(kParameters.size()))) last.text = sql::with_parameters(last.text, *literals);
    else last.unusable = "its parameters are cut in the log (log_parameter_max_length)";
    fresh_ = false;
  }
  std::vector<LoggedStatement> out;

 private:
  bool fresh_ = false;
};

/// Lines of jsonlog.
bool read_json(std::string_view line, std::int64_t number, Reader& reader) {
  const auto entry = nlohmann::json::parse(line, nullptr, false);
  const auto said = [&entry](const char* key) { return entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>() : std::string{}; };
  if (!entry.is_object()) return false;
  reader.message(said("message"), number);
  reader.detail(said("detail"));
  return true;
}

/// An entry of the plain log: its first line, and those behind that begin with a tab.
void read_plain(std::string_view entry, std::int64_t number, Reader& reader) {
  std::string whole;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    whole += entry[i];
    if (entry[i] == '\n' && i + 1 < entry.size() && entry[i + 1] == '\t') ++i;
  }
  // The prefix is anybody's; the tag that comes first ends it.
  const auto message = whole.find(kMessage), detail = whole.find(kDetail);
  if (message != whole.npos && message < detail) return reader.message(std::string_view(whole).substr(message + kMessage.size()), number);
  if (detail != whole.npos) reader.detail(std::string_view(whole).substr(detail + kDetail.size()));
}

}  // namespace

model::Result<std::vector<LoggedStatement>> read_statement_log(std::string_view log) {
  Reader reader;
  std::int64_t line = 0;
  while (!log.empty()) {
    auto end = log.find('\n');
    std::int64_t lines = 1;
    for (; end != log.npos && end + 1 < log.size() && log[end + 1] == '\t'; ++lines) end = log.find('\n', end + 1);
    const std::string_view entry = log.substr(0, end);
    log.remove_prefix(end == log.npos ? log.size() : end + 1);
    if (!entry.starts_with('{') || !read_json(entry, line + 1, reader)) read_plain(entry, line + 1, reader);
    line += lines;
  }
  if (reader.out.empty()) {
    return model::fail("22023"_state, "there is no statement in the log", {},
                       "It is PostgreSQL's own: set log_statement = 'all', and log_destination = 'stderr' or 'jsonlog'. A script of statements goes to -f.");
  }
  return std::move(reader.out);
}

model::Result<std::vector<LoggedStatement>> read_script(std::string_view script) {
  CROSSFADE_TRY(const auto parsed, sql::parse(script, sql::Dialect::postgres));
  std::vector<LoggedStatement> out;
  std::size_t at = 0;
  std::uint32_t characters = 0;
  std::int64_t line = 1;
  for (const sql::Parsed& statement : parsed) {
    if (statement.kind == sql::Kind::empty) continue;
    for (; at < script.size() && characters < statement.offset; ++at) {
      line += script[at] == '\n';
      characters += at + 1 == script.size() || (static_cast<unsigned char>(script[at + 1]) & 0xC0) != 0x80;
    }
    out.push_back({statement.text, line, {}});
  }
  if (out.empty()) return model::fail("22023"_state, "there is no statement in the script");
  return out;
}

}  // namespace crossfade::migrate
