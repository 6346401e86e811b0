#include <boost/asio/use_awaitable.hpp>

#include "relay.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

/// Sends `bytes` and reads to the ReadyForQuery.
asio::awaitable<model::Result<Reply>> exchange(Relay& relay, std::string bytes) {
  auto written = co_await write_upstream(relay.upstream, std::move(bytes));
  if (!written) co_return std::unexpected(std::move(written).error());
  Reply reply;
  while (true) {
    wire::Step step = relay.reader.next();
    if (auto* refuse = std::get_if<wire::Refuse>(&step)) co_return std::unexpected(std::move(refuse->error));
    if (std::holds_alternative<wire::NeedBytes>(step)) {
      if (const auto error = co_await postgres::receive(relay.upstream, relay.reader, kReadBytes))
        co_return model::fail("08006"_state, "connection to the PostgreSQL server was lost: " + error.message());
      continue;
    }
    const wire::Frame& frame = std::get<wire::Frame>(step);
    if (frame.type == 'Z') co_return reply;
    if (frame.type == 'E' && !reply.error) reply.error = wire::parse_error(frame.body);
    if (frame.type == 't') reply.parameters = read_parameter_description(frame.body);
    if (frame.type == 'T') reply.columns = read_row_description(frame.body);
    if (frame.type == 'T' || frame.type == 'n') reply.described = true;
    if (frame.type == 'S') {
      const std::size_t end = frame.body.find('\0');
      reply.reported.emplace_back(frame.body.substr(0, end), frame.body.substr(end + 1, frame.body.size() - end - 2));
    }
  }
}

std::string setting_query(const std::vector<Settings::Override>& overrides, bool local) {
  std::string text;
  for (const Settings::Override& entry : overrides) {
    if (entry.local != local) continue;
    text += "SELECT pg_catalog.set_config(" + postgres::quote_literal(entry.name) + ", " + postgres::quote_literal(entry.value) +
            (local ? ", true);" : ", false);");
  }
  return text;
}

std::string listen_query(const std::set<std::string>& channels) {
  std::string text;
  for (const std::string& channel : channels) text += "LISTEN " + postgres::quote_identifier(channel) + ";";
  return text;
}

asio::awaitable<model::Result<void>> run_query(Relay& relay, std::string text) {
  if (text.empty()) co_return model::Result<void>{};
  std::string bytes;
  wire::append_query(bytes, text);
  auto reply = co_await exchange(relay, std::move(bytes));
  if (!reply) co_return std::unexpected(std::move(reply).error());
  if (reply->error) co_return std::unexpected(std::move(*reply->error));
  for (const auto& [name, value] : reply->reported) relay.client.settings.note_upstream(name, value);
  co_return model::Result<void>{};
}

asio::awaitable<model::Result<void>> prepare_again(Relay& relay, std::string name, std::shared_ptr<Prepared> prepared) {
  std::string bytes;
  wire::append_parse(bytes, name, prepared->text, prepared->types());
  wire::append_describe(bytes, wire::Named::statement, name);
  wire::append_sync(bytes);
  auto reply = co_await exchange(relay, std::move(bytes));
  if (!reply) co_return std::unexpected(std::move(reply).error());
  prepared->unusable = std::move(reply->error);
  const bool told_otherwise = prepared->described && prepared->columns != reply->columns;
  if (!prepared->unusable && told_otherwise) prepared->unusable = plan_changed();
  if (!prepared->unusable) prepared->announced = std::move(reply->parameters);
  co_return model::Result<void>{};
}

std::string open_block_query(const CarriedBlock& block) {
  std::string text = "BEGIN ISOLATION LEVEL READ COMMITTED";
  text += block.options.read_only ? " READ ONLY;" : " READ WRITE;";
  for (const std::string& name : block.savepoints) text += "SAVEPOINT " + postgres::quote_identifier(name) + ";";
  return text;
}

}  // namespace

asio::awaitable<model::Result<void>> write_upstream(std::shared_ptr<postgres::Upstream> upstream, std::string bytes) {
  if (const auto error = co_await postgres::send(std::move(upstream), std::move(bytes))) co_return model::fail("08006"_state, "connection to the PostgreSQL server was lost: " + error.message());
  co_return model::Result<void>{};
}

asio::awaitable<model::Result<void>> replay(Relay& relay) {
  Client& client = relay.client;
  for (const auto& [name, value] : relay.upstream->parameters()) client.settings.note_upstream(name, value);
  const std::vector<Settings::Override> overrides = client.settings.overrides();
  if (auto set = co_await run_query(relay, setting_query(overrides, false)); !set) co_return set;
  if (auto listens = co_await run_query(relay, listen_query(client.channels)); !listens) co_return listens;
  const auto prepared = client.prepared;
  for (const auto& [name, statement] : prepared)
    if (auto again = co_await prepare_again(relay, name, statement); !again) co_return again;
  if (!client.carried) co_return model::Result<void>{};
  if (auto opened = co_await run_query(relay, open_block_query(*client.carried) + setting_query(overrides, true)); !opened)
    co_return opened;
  client.carried.reset();
  relay.tracker.opened_block();
  co_return model::Result<void>{};
}

}  // namespace crossfade::session
