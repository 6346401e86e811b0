#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "blocking.hpp"
#include "canceller.hpp"
#include "client.hpp"

namespace crossfade::session {

/// A bound statement. `cursor` is null before its first Execute and after its end.
struct Portal {
  std::shared_ptr<Prepared> prepared;
  std::vector<model::Value> values;
  std::vector<wire::Format> formats;
  std::unique_ptr<sqlite::Cursor> cursor;
  bool started = false;
  bool finished = false;
};

inline constexpr std::size_t kMostUnsent = 64 * 1024;  // of the answers to a client that sends without reading

/// One statement on its way: what it is, with which values, and how its rows are sent.
struct Execution {
  const sql::Parsed* statement = nullptr;
  std::shared_ptr<const sql::Translated> translated;  // null: translated when it starts
  std::span<const model::Oid> declared;
  std::span<const model::Value> values;
  std::span<const wire::Format> formats;
  const Prepared* prepared = nullptr;  // whose columns the client was told
  enum class Describe : std::uint8_t { no, rows } describe = Describe::no;  // rows: RowDescription goes before them
  std::size_t max_rows = 0;
  Portal* portal = nullptr;  // keeps the cursor of a suspended one
};

/// The file's side of one client: sqlite::Session with PostgreSQL's protocol on it. Engine calls run on the hub's pool, one at a
/// time. Methods in simple_query.cpp, extended_query.cpp, run_statement.cpp, local_statements.cpp and transactions.cpp.
class FileSession {
 public:
  FileSession(Client& client, boost::asio::any_io_executor io);
  ~FileSession();

  boost::asio::awaitable<Next> serve();

 private:
  using Status = model::Result<void>;
  template <class T>
  using Task = boost::asio::awaitable<T>;

  // file_session.cpp
  Task<model::Result<wire::Frame>> next_frame();
  Task<void> handle(wire::FrontendMessage message);
  Task<void> handle_malformed(wire::Frame frame, model::Error error);
  Task<Status> open_carried();
  Task<void> finish_batch();   // ReadyForQuery and what goes with it
  void finish_batch_at_once();  // the same where no cursor is open
  bool may_move() const;
  template <class Work>
  Task<std::invoke_result_t<Work>> engine(Work work) {
    canceller_->enter_engine();
    auto result = co_await on_pool(client_.hub.pool, std::move(work));
    canceller_->leave_engine();
    co_return result;
  }

  // simple_query.cpp
  Task<void> simple_query(std::string text);
  Task<Status> run_query_statement(std::shared_ptr<const ParsedQuery> query, std::size_t index);

  // extended_query.cpp
  Task<Status> parse(wire::Parse message);
  Task<Status> bind(wire::Bind message);
  Task<Status> describe(wire::Describe message);
  Task<Status> execute(wire::Execute message);
  Task<Status> close(wire::Close message);
  Task<Status> sync();
  Task<Status> ensure_translated(std::shared_ptr<Prepared> prepared);
  Task<Status> extended(wire::FrontendMessage message);
  void send_columns(const sql::Translated& translated, std::span<const wire::Format> formats);
  Task<void> drop_portals();
  bool has_cursors() const;
  model::Result<Portal> make_portal(const wire::Bind& message, std::shared_ptr<Prepared> prepared) const;

  // short_statements.cpp: without waiting, without another thread, without a coroutine
  void serve_at_once();
  bool handle_at_once(const wire::Frame& frame);
  bool bind_at_once(const wire::Bind& message);
  bool execute_at_once(const wire::Execute& message);
  void learn_short(const Execution& execution);

  // run_statement.cpp
  model::Result<std::shared_ptr<const sql::Translated>> translate(const sql::Parsed& statement,
                                                                  std::span<const model::Oid> declared);
  Task<Status> run(Execution execution);
  Task<Status> run_on_engine(Execution execution);
  Task<Status> send_batches(Execution execution, std::unique_ptr<sqlite::Cursor> cursor, sqlite::Cursor::Batch batch);
  Task<model::Result<sqlite::Permit>> acquire_permit();
  Status check_may_run(const sql::Translated& translated) const;
  void note_done(const Execution& execution);
  void note_temporary();
  void refresh_context();

  // local_statements.cpp: SET, SHOW, DISCARD and the like
  Status run_local(const Execution& execution);
  Status show_setting(const sql::SettingControl& setting, const sql::Translated& translated, const Execution& execution);
  Task<Status> run_discard(sql::ObjectControl control, std::string tag);

  // transactions.cpp
  Task<Status> run_control(sql::TransactionControl control, std::string tag);
  void follow_control(const sql::TransactionControl& control, std::string_view tag);
  Task<void> begin_implicit();
  /// `succeeded`: no statement of it has failed.
  Task<Status> end_implicit(bool succeeded);
  void use_defaults();  // default_transaction_…, before a transaction begins

  Client& client_;
  sqlite::Database& database_;
  sqlite::Session session_;
  std::shared_ptr<Canceller> canceller_;
  std::map<std::string, Portal, std::less<>> portals_;
  std::vector<std::string> savepoints_;
  bool implicit_ = false;      // an implicit block is open: several statements, or a batch until Sync
  bool skip_to_sync_ = false;  // an extended-protocol message failed
  bool extended_ = false;      // messages of an unfinished batch were handled
  bool failed_batch_ = false;
  bool wrote_ = false;         // since the transaction began
  std::int64_t schema_version_ = 0;  // that the last translation was made from; the plan likewise
  std::uint64_t plan_number_ = 0;
  sqlite::BeginOptions defaults_;  // as the engine was told
};

/// Command tag with its count: "INSERT 0" 3 → "INSERT 0 3"; "CREATE TABLE" stays.
std::string complete_tag(std::string_view tag, std::int64_t rows);
/// Whether a kind's statement is answered by the session itself. Its result columns and command tag are given by this.
bool is_local(sql::Kind kind);
model::Result<sql::Translated> translate_local(const sql::Parsed& statement);
/// 26000 `prepared statement "s" does not exist`.
model::Error unknown_statement(std::string_view name);
/// The client was told other columns or parameters than this translation has.
bool differs(const Prepared& prepared, const sql::Translated& translated);

}  // namespace crossfade::session
