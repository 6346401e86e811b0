#include <algorithm>
#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <span>

#include "client.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/wire/scram.hpp"
#include "crossfade/wire/startup.hpp"
#include "scram_exchange.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::int32_t kAuthOk = 0;
constexpr std::size_t kLongestName = 63;  // bytes: PostgreSQL cuts what is longer

/// What has been asked for already: PostgreSQL takes neither twice.
struct Asked { bool ssl = false, gss = false; };

/// Bytes behind a request for encryption were sent by somebody who did not wait for the answer: they are not the client's.
model::Result<void> check_nothing_smuggled(const Client& client, std::string_view request) {
  if (!client.channel.has_bytes()) return {};
  return model::fail("08P01"_state, "received unencrypted data after " + std::string(request) + " request",
                     "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.");
}

std::unexpected<model::Error> unsupported_again(std::string_view code) {
  return model::fail("0A000"_state, "unsupported frontend protocol " + std::string(code) + ": server supports 3.0 to 3.2");
}

bool offers_tls(const Client& client, const Access& access) {
  return access.tls != nullptr && access.tls_mode != TlsMode::off && client.address != kLocalAddress;
}

asio::awaitable<model::Result<void>> answer_ssl_request(Client& client, std::shared_ptr<const Access> access) {
  const bool encrypts = offers_tls(client, *access) && client.channel.tls() == nullptr;
  if (!encrypts) co_await client.channel.send("N");
  if (auto clean = check_nothing_smuggled(client, "SSL"); !clean) co_return clean;
  if (!encrypts) co_return model::Result<void>{};
  co_await client.channel.send("S");
  co_return co_await client.channel.start_tls(access->tls, wire::TlsStart::after_request);
}

asio::awaitable<model::Result<void>> begin_direct_tls(Client& client, std::shared_ptr<const Access> access) {
  if (client.channel.tls() == nullptr && offers_tls(client, *access))
    co_return co_await client.channel.start_tls(access->tls, wire::TlsStart::direct);
  client.channel.be_silent();  // to PostgreSQL this is a packet of absurd length
  co_return model::fail("08P01"_state, "invalid length of startup packet");
}

/// Up to the start-up message: encryption is agreed on, a cancel request is passed on. nullopt: done with. `from`: the first packet may be there.
asio::awaitable<model::Result<std::optional<wire::StartupMessage>>> receive_startup(Client& client, StartUp& from) {
  const std::shared_ptr<const Access>& access = from.access;
  Asked asked;
  while (true) {
    model::Result<wire::StartupPacket> packet;
    if (auto* first = std::get_if<wire::StartupPacket>(&*from.at)) {
      packet = std::move(*first);
      from.at = std::monostate{};
    } else {
      packet = co_await client.channel.read_startup();
    }
    if (!packet) co_return std::unexpected(std::move(packet).error());
    model::Result<void> done;
    if (auto* message = std::get_if<wire::StartupMessage>(&*packet)) {
      co_return std::move(*message);
    } else if (const auto* cancel = std::get_if<wire::CancelRequest>(&*packet)) {
      client.hub.cancel(cancel->pid, cancel->secret);
      co_return std::optional<wire::StartupMessage>{};
    } else if (std::holds_alternative<wire::DirectTls>(*packet)) {
      done = co_await begin_direct_tls(client, access);
      asked = {.ssl = true, .gss = true};
    } else if (std::holds_alternative<wire::SslRequest>(*packet)) {
      if (asked.ssl) co_return unsupported_again("1234.5679");
      done = co_await answer_ssl_request(client, access);
      asked = {.ssl = true, .gss = asked.gss || client.channel.tls() != nullptr};
    } else {
      if (asked.gss) co_return unsupported_again("1234.5680");
      co_await client.channel.send("N");
      done = check_nothing_smuggled(client, "GSSAPI encryption");
      asked.gss = true;
    }
    if (!done) co_return std::unexpected(std::move(done).error());
  }
}

/// "-c a=b --c=d": what libpq's `options` carries. Source: PostgreSQL 15 manual, "Parameter Interaction via the Shell".
model::Result<std::vector<std::pair<std::string, std::string>>> parse_options(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' || text[i] == '\t') {
      if (std::exchange(inside, false)) words.push_back(std::exchange(word, {}));
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    inside = true;
    word += text[i];
  }
  if (inside) words.push_back(word);
  std::vector<std::pair<std::string, std::string>> options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string option = words[i];
    std::string dashes = "--";
    if (option == "-c" && i + 1 == words.size()) {
      return model::fail("42601"_state, "invalid command-line argument for server process: -c", {},
                         "Try \"postgres --help\" for more information.");
    }
    if (option == "-c") {
      dashes = "-c ";
      option = words[++i];
    } else if (option.starts_with("-c") || option.starts_with("--")) {
      dashes = option.starts_with("-c") ? "-c " : "--";
      option.erase(0, 2);
    } else {
      return model::fail("0A000"_state, "start-up option \"" + option + "\" is not supported", {}, "Use -c name=value.");
    }
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos) return model::fail("42601"_state, dashes + option + " requires a value");
    std::string name = option.substr(0, equals);
    std::ranges::replace(name, '-', '_');
    options.emplace_back(std::move(name), option.substr(equals + 1));
  }
  return options;
}

bool is_among(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// As PostgreSQL: a wrong word is told before authentication.
model::Result<void> check_replication(const Client& client) {
  constexpr std::array<std::string_view, 4> kOff{"false", "off", "no", "0"};
  constexpr std::array<std::string_view, 5> kOn{"true", "on", "yes", "1", "database"};
  const auto asked = client.startup_options.find("replication");
  if (asked == client.startup_options.end() || is_among(kOff, asked->second)) return {};
  if (is_among(kOn, asked->second))
    return model::fail("0A000"_state, "replication connections are not supported");
  return model::fail("22023"_state, "invalid value for parameter \"replication\": \"" + asked->second + "\"", {},
                     "Valid values are: \"false\", 0, \"true\", 1, \"database\".");
}

/// Who the client is, it proves by authentication: no setting of the start-up packet makes it another.
model::Result<void> apply_startup_setting(Client& client, std::string_view name, const std::string& value) {
  if (const auto cut = Settings::cut_notice(name, std::span(&value, 1))) client.send_notice(*cut, wire::Severity::notice);
  if (name != "session_authorization" && name != "role") return client.settings.set_startup(name, value);
  if (value == client.user || (name == "role" && value == "none")) return {};
  if (!client.hub.current_access()->users.contains(value)) return model::fail("22023"_state, "role \"" + value + "\" does not exist");
  if (name == "role") return model::fail("42501"_state, "permission denied to set role \"" + value + "\"");
  return model::fail("42501"_state, "permission denied to set session authorization");
}

/// `options` first: a parameter of its own wins over it.
model::Result<void> apply_startup_settings(Client& client) {
  client.settings.set_user(client.user);
  if (const auto given = client.startup_options.find("options"); given != client.startup_options.end()) {
    CROSSFADE_TRY(const auto options, parse_options(given->second));
    for (const auto& [option, setting] : options) CROSSFADE_CHECK(apply_startup_setting(client, option, setting));
  }
  constexpr std::array<std::string_view, 4> kOthers{"user", "database", "replication", "options"};
  for (const auto& [name, value] : client.startup_options) {
    if (!is_among(kOthers, name)) CROSSFADE_CHECK(apply_startup_setting(client, name, value));
  }
  return {};
}

model::Result<void> check_database(const Client& client, const Access& access) {
  const Hub::Impl& hub = client.hub;
  if (client.database == kConsoleDatabase && hub.console != nullptr) {
    if (access.console_admins.contains(client.user)) return {};
    return model::fail("28000"_state, "user \"" + client.user + "\" is not permitted to open the console", {},
                       "Name the user in [console] admin_users.");
  }
  if (hub.backends.database == nullptr || client.database == hub.options.database) return {};
  return model::fail("3D000"_state, "database \"" + client.database + "\" does not exist");
}

/// What the start-up message says of the client.
void take_startup(Client& client, wire::StartupMessage message) {
  if (message.needs_negotiation()) wire::append_negotiate_protocol_version(client.channel.out(), message);
  client.secret = wire::random_bytes(message.takes_long_keys() ? wire::kLongKey : wire::kShortKey);
  client.startup_options = std::move(message.options);
  client.user = client.startup_options["user"];
  const auto named = client.startup_options.find("database");
  client.database = named != client.startup_options.end() && !named->second.empty() ? named->second : client.user;
  for (std::string* name : {&client.user, &client.database}) name->resize(std::min(name->size(), kLongestName));
}

/// Where the upstream judges the settings the start-up message still has it.
std::string application_name_of(const Client& client) {
  const auto asked = client.startup_options.find("application_name");
  return asked != client.startup_options.end() ? clean_application_name(asked->second) : client.settings.show("application_name").value_or("");
}

/// Start-up message to the point where ReadyForQuery may be sent.
asio::awaitable<model::Result<bool>> negotiate(Client& client, StartUp& from) {
  if (!from.at) co_return std::unexpected(std::move(from.at).error());
  if (!std::holds_alternative<AuthMethod>(*from.at)) {
    auto startup = co_await receive_startup(client, from);
    if (!startup) co_return std::unexpected(std::move(startup).error());
    if (!*startup) co_return false;
    const auto method = introduce(client, *from.access, std::move(**startup));
    if (!method) co_return std::unexpected(method.error());
    from.at = *method;
  }
  if (!from.proven()) {
    if (auto known = co_await prove(client, from.access, std::get<AuthMethod>(*from.at), std::move(from.exchange)); !known) co_return std::unexpected(std::move(known).error());
  }
  if (auto in = let_in(client, *from.access); !in) co_return std::unexpected(std::move(in).error());
  co_return true;
}

}  // namespace

std::string clean_application_name(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c < ' ' || c > '~'; }, '?');
  name.resize(std::min<std::size_t>(name.size(), 63));
  return name;
}

model::Result<AuthMethod> introduce(Client& client, const Access& access, wire::StartupMessage message) {
  take_startup(client, std::move(message));
  CROSSFADE_CHECK(check_replication(client));
  CROSSFADE_CHECK(client.hub.note_started(access, client.pid, client.secret));
  return proof_of(client, access);
}

model::Result<void> let_in(Client& client, const Access& access) {
  client.channel.end_authentication();
  wire::append_authentication(client.channel.out(), kAuthOk);
  if (client.hub.draining) return std::unexpected(client.shutdown_error());
  CROSSFADE_CHECK(client.hub.admit(access, client.pid, client.user));
  CROSSFADE_CHECK(check_database(client, access));
  // Without a file the upstream judges the settings itself.
  if (client.hub.backends.database != nullptr || client.database == kConsoleDatabase) {
    CROSSFADE_CHECK(apply_startup_settings(client));
    client.startup_options.clear();
  }
  client.hub.describe(client.pid, [&client](ClientInfo& info) {
    info.database = client.database;
    if (client.channel.tls() != nullptr) info.tls = client.channel.tls()->version();
    info.application_name = application_name_of(client);
    if (client.hub.backends.database == nullptr) info.side = "postgres";
  });
  return {};
}

asio::awaitable<bool> start_up(Client& client, StartUp& from) {
  model::Result<bool> result = co_await negotiate(client, from);
  if (client.late) {
    observe::log(observe::Level::info, "client refused", {{"address", client.address}, {"message", "start-up took too long"}});
    co_return false;
  }
  if (result) co_return *result;
  if (client.draining) result = std::unexpected(client.shutdown_error());
  if (!client.channel.broken()) {
    observe::log(observe::Level::info, "client refused",
                 {{"address", client.address},
                  {"user", client.user},
                  {"sqlstate", result.error().state.code()},
                  {"message", result.error().message}});
  }
  co_await client.die(std::move(result).error());
  co_return false;
}

}  // namespace crossfade::session
