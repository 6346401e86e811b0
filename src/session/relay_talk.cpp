#include "relay_talk.hpp"

#include "crossfade/model/text_format.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::string_view kOwnName = "crossfade_own";  // of the statements and portals in which the proxy itself speaks

constexpr std::size_t kOwnCloses = 4;  // of each

/// Named, so that the client's unnamed statement and portal stay. What an error has left of an earlier one goes first.
void append_own(std::string& out, std::string_view sql) {
  wire::Message(out, 'C').byte('P').text(kOwnName);
  wire::Message(out, 'C').byte('S').text(kOwnName);
  wire::append_parse(out, kOwnName, sql, {});
  wire::Message(out, 'B').text(kOwnName).text(kOwnName).int16(0).int16(0).int16(0);
  wire::append_describe(out, wire::Named::portal, kOwnName);
  wire::Message(out, 'E').text(kOwnName).int32(0);
  wire::Message(out, 'C').byte('P').text(kOwnName);
  wire::Message(out, 'C').byte('S').text(kOwnName);
}

std::uint32_t read_be(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < count; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

model::Result<model::Row> read_data_row(std::string_view body, const std::vector<model::Column>& columns) {
  model::Row row;
  std::size_t at = 2;
  for (const model::Column& column : columns) {
    const std::uint32_t length = read_be(body, at, 4);
    at += 4;
    if (length == 0xFFFFFFFF) {
      row.emplace_back(model::Null{});
      continue;
    }
    CROSSFADE_TRY(model::Value value, model::parse_text(body.substr(at, length), column.type));
    row.push_back(std::move(value));
    at += length;
  }
  return row;
}

/// What the server said to append_own()'s statements.
Talked<Sets> read_sets(const std::vector<std::string>& frames) {
  Sets out;
  for (const std::string& raw : frames) {
    const std::string_view body = std::string_view(raw).substr(5);
    if (raw[0] == 'E') return std::unexpected(Trouble{wire::parse_error(body), raw});
    if (raw[0] == 'n') out.emplace_back();
    if (raw[0] == 'T') out.push_back({.columns = read_row_description(body), .rows = {}, .command_tag = {}});
    if (raw[0] != 'D') continue;
    model::Result<model::Row> row = read_data_row(body, out.back().columns);
    if (!row) return std::unexpected(ours(std::move(row).error()));
    out.back().rows.push_back(std::move(*row));
  }
  return out;
}

}  // namespace

asio::awaitable<Talked<std::vector<std::string>>> converse(Relay& relay, std::string bytes, Aside::Until until, std::size_t closes) {
  relay.aside->ask(until, closes);
  const auto written = co_await write_upstream(relay.upstream, std::move(bytes));
  if (!written || !co_await relay.aside->answered()) {
    relay.upstream_lost = true;
    co_return std::unexpected(ours({"08006"_state, "connection to the PostgreSQL server was lost"}));
  }
  co_return std::move(relay.aside->frames());
}

asio::awaitable<Talked<Sets>> say(Relay& relay, Place place, std::vector<std::string> statements) {
  std::string bytes;
  for (const std::string& sql : statements) append_own(bytes, sql);
  if (place == Place::batch) wire::Message(bytes, 'H');
  else wire::append_sync(bytes);
  auto frames = co_await converse(relay, std::move(bytes), place == Place::batch ? Aside::Until::closed : Aside::Until::ready, kOwnCloses * statements.size());
  if (!frames) co_return std::unexpected(std::move(frames).error());
  co_return read_sets(*frames);
}

void begin_talk(Relay& relay) {
  if (!relay.aside) relay.aside = std::make_unique<Aside>(relay.upstream->socket().get_executor());
  if (relay.server_ended) relay.aside->lost();
  relay.aside->begin();
}

asio::awaitable<bool> await_answers(Relay& relay, std::string& out) {
  wire::Message(out, 'H');
  if (auto written = co_await write_upstream(relay.upstream, std::exchange(out, {})); !written) relay.upstream_lost = true;
  while (!relay.upstream_lost && !relay.server_ended && !relay.tracker.answered() && !relay.tracker.copies_in()) co_await relay.aside->progress();
  co_return !relay.upstream_lost && !relay.server_ended;
}

}  // namespace crossfade::session
