#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "client.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/wire/scram.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr std::int32_t kAuthOk = 0, kSaslContinue = 11, kSaslFinal = 12;
constexpr std::string_view kConsoleDatabase = "crossfade";

/// Up to the start-up message; encryption is answered with N, a cancel request is passed on. nullopt: done with.
asio::awaitable<model::Result<std::optional<wire::StartupMessage>>> receive_startup(Client& client) {
  while (true) {
    auto packet = co_await client.channel.read_startup();
    if (!packet) co_return std::unexpected(std::move(packet).error());
    if (auto* message = std::get_if<wire::StartupMessage>(&*packet)) co_return std::move(*message);
    if (const auto* cancel = std::get_if<wire::CancelRequest>(&*packet)) {
      client.hub.cancel(cancel->pid, cancel->secret);
      co_return std::optional<wire::StartupMessage>{};
    }
    co_await client.channel.send("N");
  }
}

/// The next message must be a password message; its body.
asio::awaitable<model::Result<std::string>> receive_password(Client& client) {
  co_await client.channel.flush();
  auto frame = co_await client.channel.read();
  if (!frame) co_return std::unexpected(std::move(frame).error());
  if (frame->type != 'p') {
    co_return model::fail("08P01"_state, "expected SASL response, got message type " +
                                             std::to_string(static_cast<unsigned char>(frame->type)));
  }
  co_return std::string(frame->body);
}

asio::awaitable<model::Result<void>> authenticate_scram(Client& client) {
  const auto& users = client.hub.options.users;
  const auto known = users.find(client.user);
  auto verifier = known != users.end() ? wire::ScramVerifier::parse(known->second)
                                       : model::Result<wire::ScramVerifier>(wire::mock_scram_verifier(client.user));
  if (!verifier) co_return std::unexpected(std::move(verifier).error());
  wire::ScramServer scram(client.user, std::move(*verifier));
  wire::append_authentication_sasl(client.channel.out());
  const auto opening = co_await receive_password(client);
  if (!opening) co_return std::unexpected(opening.error());
  const auto initial = wire::parse_sasl_initial(*opening);
  if (!initial) co_return std::unexpected(initial.error());
  if (initial->mechanism != "SCRAM-SHA-256")
    co_return model::fail("08P01"_state, "client selected an invalid SASL authentication mechanism");
  const auto challenge = scram.first(initial->data);
  if (!challenge) co_return std::unexpected(challenge.error());
  wire::append_authentication(client.channel.out(), kSaslContinue, *challenge);
  const auto answer = co_await receive_password(client);
  if (!answer) co_return std::unexpected(answer.error());
  const auto proof = scram.last(*answer);
  if (!proof) co_return std::unexpected(proof.error());
  wire::append_authentication(client.channel.out(), kSaslFinal, *proof);
  co_return model::Result<void>{};
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
    if (option == "-c" && i + 1 < words.size()) {
      option = words[++i];
    } else if (option.starts_with("-c") || option.starts_with("--")) {
      option.erase(0, 2);
    } else {
      return model::fail("0A000"_state, "start-up option \"" + option + "\" is not supported", {}, "Use -c name=value.");
    }
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos) return model::fail("42601"_state, "-c " + option + " requires a value");
    std::string name = option.substr(0, equals);
    std::ranges::replace(name, '-', '_');
    options.emplace_back(std::move(name), option.substr(equals + 1));
  }
  return options;
}

model::Result<void> apply_startup_settings(Client& client) {
  CROSSFADE_CHECK(client.settings.set_startup("session_authorization", client.user));
  for (const auto& [name, value] : client.startup_options) {
    if (name == "user" || name == "database") continue;
    if (name == "replication") {
      if (value != "0" && value != "false" && value != "off" && value != "no")
        return model::fail("0A000"_state, "replication connections are not supported");
      continue;
    }
    if (name == "options") {
      CROSSFADE_TRY(const auto options, parse_options(value));
      for (const auto& [option, setting] : options) CROSSFADE_CHECK(client.settings.set_startup(option, setting));
      continue;
    }
    CROSSFADE_CHECK(client.settings.set_startup(name, value));
  }
  return {};
}

model::Result<void> check_database(const Client& client) {
  const Hub::Impl& hub = client.hub;
  if (client.database == kConsoleDatabase && hub.console != nullptr) {
    if (hub.options.console_admins.contains(client.user)) return {};
    return model::fail("28000"_state, "user \"" + client.user + "\" is not permitted to open the console", {},
                       "Name the user in [console] admin_users.");
  }
  if (hub.backends.database == nullptr || client.database == hub.options.database) return {};
  return model::fail("3D000"_state, "database \"" + client.database + "\" does not exist");
}

/// Start-up message to the point where ReadyForQuery may be sent.
asio::awaitable<model::Result<bool>> negotiate(Client& client) {
  auto startup = co_await receive_startup(client);
  if (!startup) co_return std::unexpected(std::move(startup).error());
  if (!*startup) co_return false;
  if (client.hub.full()) co_return model::fail("53300"_state, "sorry, too many clients already");
  client.startup_options = std::move((*startup)->options);
  client.user = client.startup_options["user"];
  const auto named = client.startup_options.find("database");
  client.database = named != client.startup_options.end() && !named->second.empty() ? named->second : client.user;
  if ((*startup)->needs_negotiation()) wire::append_negotiate_protocol_version(client.channel.out(), **startup);
  if (client.hub.options.auth == AuthMethod::scram_sha_256) {
    if (auto known = co_await authenticate_scram(client); !known) co_return std::unexpected(std::move(known).error());
  }
  wire::append_authentication(client.channel.out(), kAuthOk);
  if (client.hub.draining) co_return std::unexpected(client.shutdown_error());
  if (auto found = check_database(client); !found) co_return std::unexpected(std::move(found).error());
  // Without a file the upstream judges the settings itself.
  if (client.hub.backends.database != nullptr || client.database == kConsoleDatabase) {
    if (auto applied = apply_startup_settings(client); !applied) co_return std::unexpected(std::move(applied).error());
  }
  co_return true;
}

}  // namespace

asio::awaitable<bool> start_up(Client& client) {
  asio::steady_timer timer(co_await asio::this_coro::executor, client.hub.options.startup_timeout);
  auto first = co_await (negotiate(client) || timer.async_wait(asio::as_tuple(asio::use_awaitable)));
  if (first.index() == 1) {
    client.channel.close();
    co_return false;
  }
  const model::Result<bool>& result = std::get<0>(first);
  if (!result) {
    if (!client.channel.broken()) {
      observe::log(observe::Level::info, "client refused",
                   {{"address", client.address},
                    {"user", client.user},
                    {"sqlstate", result.error().state.code()},
                    {"message", result.error().message}});
    }
    co_await client.die(client.draining ? client.shutdown_error() : result.error());
    co_return false;
  }
  if (!*result) co_return false;
  client.hub.describe(client.pid, [&client](ClientInfo& info) {
    info.user = client.user;
    info.database = client.database;
    info.application_name = client.settings.show("application_name").value_or("");
  });
  co_return true;
}

}  // namespace crossfade::session
