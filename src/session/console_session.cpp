#include "blocking.hpp"
#include "client.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

/// The database `crossfade`: commands of one line, in the simple and (without parameters) in the extended protocol.
class ConsoleSession {
 public:
  explicit ConsoleSession(Client& client) : client_(client) {}

  asio::awaitable<void> serve() {
    client_.hub.describe(client_.pid, [](ClientInfo& info) { info.side = "console"; });
    client_.greet();
    while (!client_.channel.broken()) {
      if (!client_.channel.has_frame()) co_await client_.channel.flush();
      if (client_.draining) co_return co_await client_.die(client_.shutdown_error());
      auto frame = co_await client_.channel.read();
      if (!frame && frame.error().state == "57014"_state) continue;
      if (!frame) co_return co_await client_.die(std::move(frame).error());
      if (frame->type == 'X') co_return;
      auto message = wire::parse_frontend(*frame);
      if (message) co_await handle(std::move(*message));
      else fail(std::move(message).error());
    }
  }

 private:
  void fail(model::Error error) {
    client_.send_error(error);
    skip_to_sync_ = true;
  }

  asio::awaitable<void> handle(wire::FrontendMessage message) {
    if (auto* query = std::get_if<wire::Query>(&message)) {
      skip_to_sync_ = false;
      co_await run_query(std::string(query->text));
      co_return;
    }
    if (std::holds_alternative<wire::Sync>(message)) {
      skip_to_sync_ = false;
      answer_.reset();
      client_.send_ready('I');
      co_return;
    }
    if (skip_to_sync_) co_return;
    co_await handle_extended(std::move(message));
  }

  /// A SHOW runs when its columns are asked for or when it is executed, whichever comes first.
  asio::awaitable<void> handle_extended(wire::FrontendMessage message) {
    std::string& out = client_.channel.out();
    if (auto* parse = std::get_if<wire::Parse>(&message)) {
      statements_.insert_or_assign(std::string(parse->statement), std::string(parse->text));
      wire::append_empty(out, '1');
    } else if (auto* bind = std::get_if<wire::Bind>(&message)) {
      const auto found = statements_.find(bind->statement);
      if (found == statements_.end()) co_return fail({"26000"_state, "prepared statement does not exist"});
      if (!bind->values.empty()) co_return fail({"0A000"_state, "the console takes no parameters"});
      bound_ = found->second;
      answer_.reset();
      wire::append_empty(out, '2');
    } else if (auto* describe = std::get_if<wire::Describe>(&message)) {
      if (describe->kind == wire::Named::statement) {
        const auto found = statements_.find(describe->name);
        if (found == statements_.end()) co_return fail({"26000"_state, "prepared statement does not exist"});
        wire::append_parameter_description(out, {});
        bound_ = found->second;
      }
      if (const ActionColumns* action = action_of(bound_))
        co_return send_columns_of(*action);  // it must not run before its Execute
      if (!co_await run_bound()) co_return;
      send_columns();
    } else if (std::holds_alternative<wire::Execute>(message)) {
      if (!co_await run_bound()) co_return;
      send_rows();
      answer_.reset();
    } else if (std::holds_alternative<wire::Close>(message)) {
      wire::append_empty(out, '3');
    } else if (std::holds_alternative<wire::Flush>(message)) {
      co_await client_.channel.flush();
    } else {
      fail({"0A000"_state, "the console does not take this message"});
    }
  }

  static bool begins_with(std::string_view text, std::string_view word) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    std::string front(text.substr(begin, word.size()));
    for (char& c : front) c = static_cast<char>(c & ~0x20);
    return front == word;
  }

  static const ActionColumns* action_of(std::string_view text) {
    const auto found =
        std::ranges::find_if(kActions, [text](const ActionColumns& action) { return begins_with(text, action.word); });
    return found == kActions.end() ? nullptr : found;
  }

  void send_columns_of(const ActionColumns& action) {
    if (action.columns.empty()) return wire::append_empty(client_.channel.out(), 'n');
    std::vector<wire::Field> fields;
    for (const std::string_view name : action.columns) fields.push_back({name, {model::oid::text, -1}});
    wire::append_row_description(client_.channel.out(), fields);
  }

  asio::awaitable<bool> run_bound() {
    if (answer_) co_return true;
    auto answer = co_await run(bound_);
    if (!answer) {
      fail(std::move(answer).error());
      co_return false;
    }
    answer_ = std::move(*answer);
    co_return true;
  }

  asio::awaitable<model::Result<ConsoleAnswer>> run(std::string text) {
    while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
    client_.show(Activity::active);
    auto answer = co_await on_pool(client_.hub.pool, [this, &text] { return client_.hub.console->run(text); }, Lane::console);
    client_.show(Activity::idle);
    co_return answer;
  }

  asio::awaitable<void> run_query(std::string text) {
    if (text.find_first_not_of(" \t\r\n;") == std::string::npos) {
      wire::append_empty(client_.channel.out(), 'I');
    } else if (auto answer = co_await run(std::move(text)); answer) {
      answer_ = std::move(*answer);
      if (!answer_->table.columns.empty()) send_columns();
      send_rows();
      answer_.reset();
    } else {
      client_.send_error(answer.error());
    }
    client_.send_ready('I');
  }

  void send_columns() {
    if (answer_->table.columns.empty()) {
      wire::append_empty(client_.channel.out(), 'n');
      return;
    }
    std::vector<wire::Field> fields;
    for (const std::string& name : answer_->table.columns) fields.push_back({name, {model::oid::text, -1}});
    wire::append_row_description(client_.channel.out(), fields);
  }

  void send_rows() {
    for (const auto& row : answer_->table.rows) wire::append_text_row(client_.channel.out(), row);
    wire::append_command_complete(client_.channel.out(), answer_->command_tag);
  }

  Client& client_;
  std::map<std::string, std::string, std::less<>> statements_;
  std::string bound_;
  std::optional<ConsoleAnswer> answer_;
  bool skip_to_sync_ = false;
};

}  // namespace

asio::awaitable<void> serve_console(Client& client) {
  ConsoleSession session(client);
  co_await session.serve();
}

}  // namespace crossfade::session
