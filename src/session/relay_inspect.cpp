#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "blocking.hpp"
#include "bound_values.hpp"
#include "crossfade/sql/lock_wait.hpp"
#include "relay.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

bool changes_schema(const sql::Parsed& statement) {
  return statement.kind >= sql::Kind::create_table && statement.kind <= sql::Kind::other_ddl &&
         statement.kind != sql::Kind::truncate && !statement.temporary;
}

namespace {

/// What the translator must know of a session on PostgreSQL to say its statement to the file. On a pool thread.
model::Result<sql::Translated> translate_for_file(Hub::Impl& hub, const sql::Parsed& statement, const std::string& database,
                                                  const std::string& user, const model::TextStyle& style,
                                                  std::span<const model::Oid> types) {
  CROSSFADE_TRY(const auto schema, hub.backends.database->schema());
  const sql::Context context{.dialect = sql::Dialect::postgres, .target = sql::Target::sqlite, .schema = schema.get(),
                             .database = database, .user = user, .zone = style.zone,
                             .date_order = style.date_order, .interval_style = style.interval_style};
  return sql::translate(statement, context, types);
}

std::string sample_key(const RelayTracker::Read& read, const model::TextStyle& style, std::uint64_t schema) {
  std::string key = std::to_string(schema) + ' ' + style.zone.name() + '\0' + std::to_string(static_cast<int>(style.date_order)) + std::to_string(static_cast<int>(style.interval_style)) + '\0';
  for (const model::Oid type : read.types) key += std::to_string(type) + ',';
  return key + '\0' + read.statement.text;
}

bool reads_tables(const sql::Translated& translated) {
  const bool read = translated.kind == sql::Kind::select || translated.kind == sql::Kind::values;
  return read && !translated.writes && !translated.tables.empty();
}

model::Result<std::vector<model::Value>> values_of(const RelayTracker::Read& read, const sql::Translated& translated,
                                                   const model::TextStyle& style) {
  if (read.bind.empty()) return std::vector<model::Value>{};
  CROSSFADE_TRY(const auto message, wire::parse_frontend({'B', read.bind, {}}));
  const auto& bind = std::get<wire::Bind>(message);
  if (bind.values.size() != translated.parameters.size()) return model::fail("08P01"_state, "another number of parameters");
  return decode_values(bind, translated.parameters, style);
}

}  // namespace

std::optional<model::Error> inspect(const ParsedQuery& query, migrate::Stage stage) {
  if (stage == migrate::Stage::finished) return std::nullopt;  // after FINISH, in a session from before it
  const auto refused = [&](const std::string& what, std::string detail, std::string hint) {
    return model::Error{"0A000"_state, what + " is not supported in stage \"" + std::string(migrate::to_string(stage)) + "\"", std::move(detail), std::move(hint)};
  };
  for (const sql::Parsed& statement : query) {
    if (sql::makes_table_in_explain(statement)) return refused("EXPLAIN ANALYZE of a statement that makes a table", {}, "EXPLAIN alone makes none.");
    if (!changes_schema(statement)) continue;
    if (query.size() > 1 && std::ranges::any_of(query, [](const sql::Parsed& each) { return each.kind == sql::Kind::setting; }))
      return refused(statement.command_tag + " with SET in one message", "The file is told the statement with the settings that the message began with.",
                     "Send each in a message of its own.");
    if (statement.command_tag == "DO") return refused("DO", "What it catches in PostgreSQL need not be what it catches in the file.", "Say its statement alone.");
    if (const std::string command = sql::asks_concurrently(statement); !command.empty())
      return refused(command, "A change of the schema is one transaction on both sides.", "Leave CONCURRENTLY out.");
    if (query.size() > 1 && std::ranges::any_of(query, [](const sql::Parsed& each) { return each.kind == sql::Kind::copy; }))
      return refused(statement.command_tag + " with COPY in one message", {}, "Send each in a message of its own.");
  }
  return std::nullopt;
}

/// Comments nest. One that is not closed takes the rest.
static std::size_t behind_comment(std::string_view text, std::size_t at) {
  for (int depth = 0; at + 1 < text.size();) {
    const std::string_view pair = text.substr(at, 2);
    depth += pair == "/*" ? 1 : pair == "*/" ? -1 : 0;
    at += pair == "/*" || pair == "*/" ? 2 : 1;
    if (depth == 0) return at;
  }
  return text.size();
}

bool may_change_schema(std::string_view text) {
  constexpr std::array<std::string_view, 5> kChange{"create", "alter", "drop", "comment", "do"};
  const std::string folded = plan::fold(text);
  for (std::string_view rest = folded; !rest.empty();) {
    std::size_t at = 0;
    while (at < rest.size()) {  // what may stand before a statement
      if (rest.substr(at).starts_with("--")) at = std::min(rest.find('\n', at), rest.size());
      else if (rest.substr(at).starts_with("/*")) at = behind_comment(rest, at);
      else if (std::string_view(" \t\r\n\f\v(").contains(rest[at])) ++at;
      else break;
    }
    const std::size_t end = std::min(rest.find(';', at), rest.size());
    const std::string_view statement = rest.substr(std::min(at, rest.size()), end - std::min(at, end));
    const auto begins = [&](std::string_view word) { return statement.starts_with(word); };
    if (std::ranges::any_of(kChange, begins)) return true;
    if ((begins("select") || begins("with") || begins("explain")) && statement.contains("into") && !statement.contains("insert")) return true;
    if (begins("explain") && statement.contains("create")) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

void offer_read(Client& client, RelayTracker::Read read) {
  migrate::Controller* controller = client.hub.backends.controller;
  const model::TextStyle& style = client.settings.style();
  std::string key = sample_key(read, style, controller->schema_number());
  const auto known = client.hub.sampled.find(key);
  if (known == nullptr) {
    client.hub.pool.post(Lane::brief, [&hub = client.hub, key = std::move(key), read = std::move(read),
                                       database = client.database, user = client.user, style](auto) mutable {
      auto translated = translate_for_file(hub, read.statement, database, user, style, read.types);
      const std::size_t key_bytes = key.size();
      auto shared = std::make_shared<const sql::Translated>(translated ? std::move(*translated) : sql::Translated{});
      hub.sampled.insert(std::move(key), shared, 2 * key_bytes + memory_of(*shared));
    });
    return;
  }
  if (!reads_tables(*known)) return;
  if (known->volatile_functions) return controller->note_uncomparable();
  if (!controller->wants_sample(known->fingerprint)) return;
  auto values = values_of(read, *known, style);
  if (!values) return;
  migrate::Sample sample;
  sample.text = read.statement.text;
  sample.values = std::move(*values);
  sample.types = known->parameters;
  for (const model::Type& type : sample.types) sample.declared.push_back(type.oid);
  sample.style = style;
  sample.settings = client.settings.meaningful();
  controller->offer(std::move(sample));
}

}  // namespace crossfade::session
