#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

/// All statements of one Query message are parsed before the first one runs, and run in one implicit transaction.
asio::awaitable<void> FileSession::simple_query(std::string text) {
  client_.prepared.erase("");
  canceller_->begin(client_.settings.milliseconds("statement_timeout"));
  Status done;
  std::shared_ptr<const ParsedQuery> query;
  auto parsed = client_.hub.translations.parse(text, client_.settings.dialect());
  if (parsed) query = std::move(*parsed);
  else done = std::unexpected(std::move(parsed).error());
  if (query) send_cut_names(*query);
  for (std::size_t i = 0; query && i < query->size() && done; ++i) {
    if (query->size() > 1) co_await begin_implicit();  // also behind a COMMIT that has ended the client's own block
    done = co_await run_query_statement(query, i);
    if (client_.channel.broken()) co_return;
  }
  if (!done) session_.mark_failed();
  if (implicit_) {
    auto ended = co_await end_implicit(done.has_value());
    if (done && !ended) done = std::move(ended);
  }
  if (!done) client_.send_error(canceller_->reason().value_or(done.error()));
  co_await finish_batch();
}

/// What PostgreSQL's lexer says of a text before anything of it runs.
void FileSession::send_cut_names(const ParsedQuery& query) {
  if (query.empty()) return;
  for (const model::Error& notice : query.front().notices) client_.send_notice(notice, wire::Severity::notice);
}

asio::awaitable<FileSession::Status> FileSession::run_query_statement(std::shared_ptr<const ParsedQuery> query,
                                                                      std::size_t index) {
  const sql::Parsed& statement = (*query)[index];
  if (statement.kind == sql::Kind::empty) {
    if (query->size() == 1) wire::append_empty(client_.channel.out(), 'I');
    co_return Status{};
  }
  if (portals_.contains("")) co_await drop_portals([](const std::string& name, const Portal&) { return name.empty(); });
  Execution execution{.statement = &statement, .describe = Execution::Describe::rows};
  auto done = co_await run(std::move(execution));
  // Positions count from the front of the statement; the client's count from the front of the query.
  if (!done && done.error().position != 0) done.error().position += statement.offset;
  co_return done;
}

}  // namespace crossfade::session
