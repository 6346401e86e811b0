#include <boost/asio/post.hpp>

#include "blocking.hpp"
#include "bound_values.hpp"
#include "relay.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

bool changes_schema(const sql::Parsed& statement) {
  return statement.kind >= sql::Kind::create_table && statement.kind <= sql::Kind::other_ddl &&
         statement.kind != sql::Kind::truncate && !statement.temporary;
}

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

std::string sample_key(const RelayTracker::Read& read, const model::TextStyle& style) {
  std::string key = style.zone.name() + '\0' + std::to_string(static_cast<int>(style.date_order)) + std::to_string(static_cast<int>(style.interval_style)) + '\0';
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
  for (const sql::Parsed& statement : query) {
    if (!changes_schema(statement)) continue;
    return model::Error{
        "0A000"_state, statement.command_tag + " is not supported in stage \"" + std::string(migrate::to_string(stage)) + "\"",
        "The mirror does not carry changes of the schema from PostgreSQL to the file.",
        "Change the schema in stage `sqlite` or after FINISH; or SWITCH BACK: in stage `shadow` it is made on both sides."};
  }
  return std::nullopt;
}

asio::awaitable<bool> changes_nothing(Relay& relay, std::shared_ptr<const ParsedQuery> query) {
  Client& client = relay.client;
  co_return co_await on_pool(client.hub.pool, [&client, query] {
    for (const sql::Parsed& statement : *query) {
      if (!changes_schema(statement)) continue;
      const auto translated =
          translate_for_file(client.hub, statement, client.database, client.user, client.settings.style(), {});
      if (!translated || !translated->texts.empty() || !translated->own_texts.empty() || translated->rebuild) return false;
    }
    return true;
  }, Lane::brief);
}

void offer_read(Client& client, RelayTracker::Read read) {
  migrate::Controller* controller = client.hub.backends.controller;
  const model::TextStyle& style = client.settings.style();
  std::string key = sample_key(read, style);
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
