#include <algorithm>
#include <array>
#include <charconv>

#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using sql::TransactionControl;

namespace {

constexpr std::array<std::string_view, 6> kSpecial{"transaction_isolation", "transaction_read_only", "transaction_deferrable",
                                                   "role", "session_authorization", "seed"};

std::string on_off(bool value) { return value ? "on" : "off"; }

std::string lower_word(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

/// SET transaction_isolation = '…' is SET TRANSACTION in other words.
model::Result<TransactionControl> as_control(const sql::SettingControl& setting) {
  TransactionControl control{.verb = TransactionControl::Verb::set_transaction, .name = {}, .isolation = {}, .read_only = {}, .deferrable = {}};
  const std::string word = setting.values.empty() ? "" : lower_word(setting.values[0]);
  if (setting.name == "transaction_isolation") {
    const auto found = std::ranges::find(sql::kIsolationWords, word);
    if (found == sql::kIsolationWords.end()) {
      return model::fail("22023"_state, "invalid value for parameter \"transaction_isolation\": \"" + word + "\"", {},
                         "Available values: serializable, repeatable read, read committed, read uncommitted.");
    }
    control.isolation = static_cast<sql::Isolation>(found - sql::kIsolationWords.begin());
    return control;
  }
  constexpr std::array<std::string_view, 4> kTrue{"on", "true", "1", "yes"}, kFalse{"off", "false", "0", "no"};
  const bool on = std::ranges::find(kTrue, word) != kTrue.end();
  if (!on && std::ranges::find(kFalse, word) == kFalse.end())
    return model::fail("22023"_state, "parameter \"" + setting.name + "\" requires a Boolean value");
  (setting.name == "transaction_read_only" ? control.read_only : control.deferrable) = on;
  return control;
}

/// A session is one user's: who logged in. `users`: names that are known, as far as they are.
model::Result<void> check_role(const sql::SettingControl& setting, const Client& client) {
  const bool none = setting.values.empty() || (setting.name == "role" && setting.values[0] == "none");
  if (none || setting.values[0] == client.user) return {};
  const std::string& wanted = setting.values[0];
  if (!client.hub.current_access()->users.contains(wanted)) return model::fail("22023"_state, "role \"" + wanted + "\" does not exist");
  if (setting.name == "role") return model::fail("42501"_state, "permission denied to set role \"" + wanted + "\"");
  return model::fail("42501"_state, "permission denied to set session authorization");
}

}  // namespace

bool is_special_setting(std::string_view name) { return std::ranges::find(kSpecial, name) != kSpecial.end(); }

std::optional<std::string> FileSession::transaction_setting(std::string_view name) const {
  const bool in_block = session_.state() != sqlite::BlockState::idle || implicit_;
  const auto initial = [&](std::string_view setting) { return client_.settings.show(setting).value_or(""); };
  if (name == "transaction_isolation") {
    if (!in_block) return initial("default_transaction_isolation");
    return std::string(sql::kIsolationWords[static_cast<std::size_t>(session_.block_options().isolation)]);
  }
  if (name == "transaction_read_only")
    return in_block ? on_off(session_.block_options().read_only) : initial("default_transaction_read_only");
  if (name == "transaction_deferrable") return in_block ? on_off(deferrable_) : initial("default_transaction_deferrable");
  return std::nullopt;
}

std::optional<std::string> FileSession::special_value(std::string_view name) const {
  if (name == "role") return "none";
  if (name == "seed") return "unavailable";
  return transaction_setting(name);
}

asio::awaitable<FileSession::Status> FileSession::run_special_setting(sql::SettingControl setting, Execution execution) {
  const std::string tag = execution.statement->command_tag;
  if (setting.name == "seed" && setting.verb == sql::SettingControl::Verb::set && !setting.values.empty()) {
    double seed = 0;
    const std::string& text = setting.values[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error != std::errc{} || end != text.data() + text.size())
      co_return model::fail("22023"_state, "invalid value for parameter \"seed\": \"" + text + "\"");
    if (!(seed >= -1 && seed <= 1))
      co_return model::fail("22023"_state, text + " is outside the valid range for parameter \"seed\" (-1 .. 1)");
    session_.context().random.emplace(seed);
  }
  if (setting.name == "role" || setting.name == "session_authorization") {
    if (auto may = check_role(setting, client_); !may) co_return may;
  } else if (setting.name != "seed" && setting.verb == sql::SettingControl::Verb::set && !setting.values.empty()) {
    const auto control = as_control(setting);
    if (!control) co_return std::unexpected(control.error());
    if (session_.state() == sqlite::BlockState::in_block || implicit_) co_return co_await run_control(*control, tag);
  }
  finish_local(execution);
  wire::append_command_complete(client_.channel.out(), tag);
  co_return Status{};
}

}  // namespace crossfade::session
