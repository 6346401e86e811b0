#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "blocking.hpp"
#include "canary_reads.hpp"
#include "canceller.hpp"
#include "client.hpp"
#include "copy_in.hpp"
#include "crossfade/migrate/controller.hpp"
#include "crossfade/sql/session_statements.hpp"
#include "data_rows.hpp"
#include "notifications.hpp"
#include "scroll_cursor.hpp"
#include "sql_calls.hpp"

namespace crossfade::session {

/// A bound statement, or what DECLARE made: they share their names. `cursor` is null before its first Execute and after its end.
struct Portal {
  std::shared_ptr<Prepared> prepared;
  std::vector<model::Value> values;
  std::vector<wire::Format> formats;
  std::unique_ptr<sqlite::Cursor> cursor;
  std::shared_ptr<const sql::Translated> opened;  // what `cursor` runs since before the first Execute: its snapshot was taken then
  bool started = false;
  bool finished = false;
  bool failed = false;                    // a FETCH of it: 55000 from then on
  std::unique_ptr<ScrollCursor> scroll;   // of DECLARE, or since the first FETCH
  std::string keyed_table;                // of DECLARE: the table that each of its rows is one of, for WHERE CURRENT OF
  std::size_t level = 0;                  // savepoints there were when it was made
  model::MemoryBudget::Share memory = {};  // of its values
  /// protocol: Bind made it. declared: WITH HOLD, its transaction is open. held: it has outlived that.
  enum class Hold : std::uint8_t { protocol, no, declared, held } hold = Hold::protocol;
};

/// A statement that was started for its rows to be read later.
struct Opened {
  std::shared_ptr<const sql::Translated> translated;
  std::unique_ptr<sqlite::Cursor> cursor;
};

inline constexpr std::size_t kBriefBytes = 4 * 1024;  // of a text or of values: more is read on the pool, as it would hold every client up
inline constexpr std::size_t kMostWhole = 1024 * 1024;  // of an answer that is sent whole or not at all
inline constexpr std::size_t kMostUnsent = 64 * 1024;  // of the answers to a client that sends without reading

/// A Bind that was answered though nobody has looked whether its statement still stands. PostgreSQL looks in Bind, and takes the snapshot
/// there; here the Execute behind it does both. `answered`: where in out() the answer is, which is taken back if it does not.
struct FreshBind { std::string portal; std::size_t answered = 0; };

/// Whether a statement may have $1: one of a Query message may not.
enum class Parameters : std::uint8_t { taken, none };

/// One statement on its way: what it is, with which values, and how its rows are sent.
struct Execution {
  const sql::Parsed* statement = nullptr;
  std::shared_ptr<const sql::Translated> translated;  // null: translated when it starts
  std::span<const model::Oid> declared;
  std::span<const model::Value> values;
  std::span<const wire::Format> formats;
  const Prepared* prepared = nullptr;  // whose columns the client was told
  enum class Describe : std::uint8_t { no, rows } describe = Describe::no;  // rows: RowDescription goes before them
  /// With an error nothing of its answer is sent (EXECUTE, FETCH: PostgreSQL has all rows before it sends the first), as long as it
  /// is short enough to wait. Where the answer begins in the channel.
  std::optional<std::size_t> whole_from;
  std::size_t max_rows = 0;
  Portal* portal = nullptr;  // keeps the cursor of a suspended one
  Opened* into = nullptr;    // no row is sent: the cursor goes here, its snapshot taken
  std::optional<FreshBind> bound;  // an error of translating it is its Bind's

  Parameters parameters() const { return prepared == nullptr && describe == Describe::rows ? Parameters::none : Parameters::taken; }
};

/// The file's side of one client: sqlite::Session with PostgreSQL's protocol on it. Engine calls run on the hub's pool, one at a
/// time. Methods in simple_query.cpp, extended_query.cpp, run_statement.cpp, send_rows.cpp, grouped_write.cpp, local_statements.cpp,
/// prepared_statements.cpp, cursors.cpp, portals.cpp, listening.cpp and transactions.cpp.
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
  Task<bool> begin();
  /// Nothing but the client's next message is waited for, without limit.
  bool may_rest();
  /// The next message, waited for, and what it asks for. A value: the loop ends.
  Task<std::optional<Next>> serve_frame();
  Task<model::Result<wire::Frame>> next_frame();
  Task<void> handle(wire::FrontendMessage message);
  Task<void> handle_malformed(char type, model::Error error);
  void fail_batch(model::Error error);
  Task<Status> open_carried();
  Task<void> finish_batch();   // ReadyForQuery and what goes with it
  void finish_batch_at_once();  // the same where no cursor is open
  bool may_move() const;
  /// In a block, or among the statements of one query string: what PostgreSQL takes for a transaction block.
  bool in_transaction_block() const { return session_.state() != sqlite::BlockState::idle || (implicit_ && !extended_); }
  /// Runs to its end once it was asked for. The holder of the permit has a thread of its own.
  template <class Work>
  Task<std::invoke_result_t<Work>> engine(Work work, Lane lane = Lane::reads) {
    canceller_->enter_engine();
    auto result = co_await on_pool(client_.hub.pool, std::move(work), session_.holds_permit() ? Lane::holder : lane);
    canceller_->leave_engine();
    co_return result;
  }
  /// A statement, or its next rows: a cancel ends also its wait for a thread. `work` gives a model::Result.
  template <class Work>
  Task<std::invoke_result_t<Work>> engine_statement(Work work, Lane lane = Lane::reads) {
    if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
    if (session_.holds_permit()) lane = Lane::holder;
    canceller_->enter_engine();
    canceller_->set_queued([this, lane] { client_.hub.pool.withdraw(lane, ticket_); });
    auto result = co_await on_lane(client_.hub.pool, lane, std::move(work), &ticket_);
    canceller_->set_queued(nullptr);
    canceller_->leave_engine();
    if (!result) co_return std::unexpected(*canceller_->reason());
    co_return *std::move(result);
  }

  // simple_query.cpp
  Task<void> simple_query(std::string text);
  void send_cut_names(const ParsedQuery& query);
  Task<Status> run_query_statement(std::shared_ptr<const ParsedQuery> query, std::size_t index);

  // extended_query.cpp
  Task<Status> parse(wire::Parse message);
  Task<Status> bind(wire::Bind message);
  Task<Status> describe(wire::Describe message);
  Task<Status> execute(wire::Execute message);
  Task<Status> close(wire::Close message);
  Task<Status> sync();
  Task<Status> ensure_translated(std::shared_ptr<Prepared> prepared);
  using ParsedText = model::Result<std::shared_ptr<const ParsedQuery>>;
  /// `text` must live until then.
  Task<ParsedText> parse_text(std::string_view text);
  /// Errors: 53200, the session holds too much.
  Status hold_text(Prepared& prepared, std::string_view text);
  Task<Status> revalidate(std::shared_ptr<Prepared> prepared);
  Task<Status> extended(wire::FrontendMessage message);
  void send_columns(const sql::Translated& translated, std::span<const wire::Format> formats);
  bool has_cursors() const;
  Status check_bind(const wire::Bind& message, const Prepared& prepared) const;
  model::Result<Portal> make_portal(const wire::Bind& message, std::shared_ptr<Prepared> prepared);
  std::shared_ptr<Prepared> find_prepared(std::string_view name) const;
  Portal* find_portal(std::string_view name);

  // fresh_bind.cpp
  bool goes_with_bind(const wire::FrontendMessage& message) const;
  Task<void> settle_bind(char next);
  Task<Status> open_bound(Portal& portal, char next);
  void take_back(const FreshBind& bound);

  // function_call.cpp
  Task<void> function_call(wire::FunctionCall message);
  Task<Status> call_function(wire::FunctionCall message);

  // short_statements.cpp: without waiting, without another thread, without a coroutine
  void serve_at_once();
  bool handle_at_once(const wire::Frame& frame);
  bool bind_at_once(const wire::Bind& message);
  bool execute_at_once(const wire::Execute& message);
  void learn_short(const Execution& execution);

  // run_statement.cpp
  model::Result<std::shared_ptr<const sql::Translated>> translate(const sql::Parsed& statement,
                                                                  std::span<const model::Oid> declared,
                                                                  Parameters parameters = Parameters::taken);
  model::Result<std::shared_ptr<const sql::Translated>> translate_under(const plan::Schema& schema, const sql::Parsed& statement,
                                                                        std::span<const model::Oid> declared,
                                                                        Parameters parameters = Parameters::taken);
  Task<Status> run(Execution execution);
  Task<Status> run_kind(Execution execution);
  Task<Status> run_on_engine(Execution execution);
  Status append_rows(std::span<const model::Row> rows, std::span<const model::Type> types, std::span<const wire::Format> formats);
  Status check_not_in_use(const sql::Translated& translated) const;
  /// Blocking: the next rows as messages; `max_rows` 0: as many as a batch takes. `expected`: bytes.
  model::Result<EncodedRows> encode_rows(const Execution& execution, sqlite::Cursor& cursor, std::size_t max_rows,
                                         std::size_t expected = 0) const;
  Task<Status> send_batches(Execution execution, std::unique_ptr<sqlite::Cursor> cursor, EncodedRows batch);
  Task<Status> send_result(Execution execution, std::unique_ptr<sqlite::Cursor> cursor, EncodedRows batch);
  /// `at_once`: what cannot be locked when another has the permit (fails_when_locked); empty: it waits.
  Task<model::Result<sqlite::Permit>> acquire_permit(std::string at_once = {});
  std::string holder_detail() const;
  std::chrono::milliseconds lock_limit() const;
  model::Error permit_timeout(std::chrono::milliseconds limit) const;
  bool is_committed(const sql::Translated& translated) const;
  Status check_may_run(const sql::Translated& translated) const;
  // schema_changes.cpp: what changes the schema, on the other side as well
  Status check_may_follow(const sql::Translated& translated) const;
  Status follow_schema(const Execution& execution);
  void refresh_context();
  sql::Context translation_context(const plan::Schema& schema) const;

  // send_rows.cpp
  void describe_failed(const Execution& execution);
  void take_back(const Execution& execution);
  void note_done(const Execution& execution);
  void note_temporary();
  void tell_what_stays();

  // canary_reads.cpp
  bool reads_on_canary(const Execution& execution) const;
  bool in_canary_share() const;
  std::unique_ptr<sqlite::Cursor> read_on_canary(const Execution& execution, std::optional<model::Error>& refused);
  void note_refused(const Execution& execution, const model::Error& refused, const Status& here);
  Task<void> hold_for_mirror();

  void offer_rehearsal(const Execution& execution);
  migrate::Sample sample_of(const Execution& execution) const;

  // grouped_write.cpp
  bool known_to_group(const Execution& execution) const;
  Task<Status> run_grouped(Execution execution);
  Task<model::Result<sqlite::GroupAnswer>> wait_for_group(sqlite::GroupWrite write);

  // copy.cpp
  Task<Status> run_copy(Execution execution);
  model::Result<sql::CopyPlan> plan_copy(const sql::Parsed& statement);
  Task<Status> copy_out(sql::CopyPlan plan, const sql::Parsed& statement);
  Task<model::Result<std::int64_t>> copy_in(sql::CopyPlan plan, const sql::Parsed& statement);
  Task<model::Result<CopyInput>> read_copy();
  Task<Status> advance_copy(CopyIn& rows, sql::CopyPlan& plan, const sql::Parsed& statement);

  // local_statements.cpp: SET, SHOW, DISCARD and the like
  Status run_local(const Execution& execution);
  void finish_local(const Execution& execution);
  model::Result<sql::Translated> translate_verb(const sql::Parsed& statement, std::span<const model::Oid> declared);
  /// transaction_isolation and the like, roles, seed: not the settings table's.
  Task<Status> run_special_setting(sql::SettingControl setting, Execution execution);
  std::optional<std::string> transaction_setting(std::string_view name) const;
  std::optional<std::string> special_value(std::string_view name) const;
  Status show_setting(const sql::SettingControl& setting, const sql::Translated& translated, const Execution& execution);
  Task<Status> run_discard(sql::ObjectControl control, std::string tag);

  // prepared_statements.cpp: PREPARE, EXECUTE, DEALLOCATE
  Task<Status> run_prepare(Execution execution);
  Task<Status> run_execute(Execution execution);
  Status run_deallocate(const sql::ObjectControl& control);
  Task<model::Result<std::vector<model::Value>>> evaluate_arguments(sql::ExecuteStatement execute, std::shared_ptr<Prepared> prepared);
  model::Result<sql::Translated> translate_execute(const sql::Parsed& statement);

  // cursors.cpp: DECLARE, FETCH, MOVE, CLOSE
  Task<Status> run_cursor(Execution execution);
  Task<Status> run_declare(Execution execution);
  Task<Status> run_fetch(Execution execution);
  Task<Status> run_close(Execution execution);
  Task<Status> make_scroll(std::string name);
  Task<Status> walk(Execution execution, sql::FetchStatement said, Portal& portal);
  Task<Status> execute_cursor(Portal& portal, std::size_t max_rows);
  model::Result<sql::Translated> translate_cursor(const sql::Parsed& statement, std::span<const model::Oid> declared);
  // portals.cpp: what a portal stands on, and how it ends
  model::Result<std::optional<std::int64_t>> current_row(std::string_view cursor, std::string_view table) const;
  Task<Status> hold_cursors();
  bool holds_cursors() const;
  Task<void> settle_held(bool committed);
  Task<void> drop_portals();            // all that end with the transaction
  Task<void> drop_portals_to_commit();  // but for those that will be held
  Task<void> drop_portals(std::function<bool(const std::string&, const Portal&)> chosen);
  Task<void> follow_savepoint(sql::TransactionControl control);

  // listening.cpp: LISTEN, UNLISTEN, NOTIFY
  Status run_listening(const sql::ObjectControl& control);
  /// What waits, as NotificationResponse; between transactions.
  void send_notifications();
  /// The transaction of a single statement has ended: what it said by SET LOCAL, set_config() and NOTIFY holds or is forgotten.
  void end_statement(bool succeeded);
  void commit_notifications();

  // transactions.cpp
  Task<Status> run_control(sql::TransactionControl control, std::string tag);
  void follow_control(const sql::TransactionControl& control, std::string_view tag);
  Task<void> begin_implicit();
  /// `succeeded`: no statement of it has failed.
  Task<Status> end_implicit(bool succeeded);
  Task<Status> roll_back_instead(model::Error why);
  void use_defaults();  // default_transaction_…, before a transaction begins

  Client& client_;
  sqlite::Database& database_;
  sqlite::Session session_;
  std::shared_ptr<Canceller> canceller_;
  std::unique_ptr<CanaryReads> canary_;  // made by the first read in stage canary
  sqlite::GroupCommit& groups_;
  EnginePool::Ticket ticket_ = 0;  // of the statement that waits for a thread
  std::map<std::string, Portal, std::less<>> portals_;
  std::vector<std::string> savepoints_;
  bool implicit_ = false;      // an implicit block is open: several statements, or a batch until Sync
  bool skip_to_sync_ = false;  // an extended-protocol message failed
  std::optional<FreshBind> fresh_;
  bool extended_ = false;      // messages of an unfinished batch were handled
  bool failed_batch_ = false;
  bool wrote_ = false;         // since the transaction began
  std::int64_t schema_version_ = 0;  // that the last translation was made from; the plan likewise
  std::uint64_t plan_number_ = 0;
  bool look_for_temporary_ = false;  // a transaction ended in which temporary tables may have gone
  bool deferrable_ = false;    // the block was said to be
  std::optional<bool> chained_deferrable_;  // what it has from AND CHAIN
  bool row_keys_ = false;      // DECLARE's query is translated
  int execute_depth_ = 0;      // EXECUTEs within each other
  Inbox inbox_;
  PendingNotifications notifications_;
  SqlCalls calls_;
  sqlite::BeginOptions defaults_;  // as the engine was told
};

/// Rows that are in memory, for an Execute with a limit.
std::unique_ptr<sqlite::Cursor> read_rows(std::vector<model::Row> rows);
/// Command tag with its count: "INSERT 0" 3 → "INSERT 0 3"; "CREATE TABLE" stays.
std::string complete_tag(std::string_view tag, std::int64_t rows);
/// Looked at when it runs, as in PostgreSQL, not in Parse.
constexpr bool is_ddl(sql::Kind kind) { return kind >= sql::Kind::create_table && kind <= sql::Kind::other_ddl; }
/// Errors: 22023, a format that does not exist.
model::Result<void> check_formats(std::span<const wire::Format> formats);
/// Columns may be none: SELECT FROM t.
bool returns_rows(const sql::Translated& translated);
/// Whether a kind's statement is answered by the session itself.
bool is_local(sql::Kind kind);
/// Its result columns and command tag, where they do not depend on the session.
model::Result<sql::Translated> translate_local(const sql::Parsed& statement);
/// 26000 `prepared statement "s" does not exist`.
model::Error unknown_statement(std::string_view name);
/// Set otherwise than by the settings table (special_settings.cpp).
bool is_special_setting(std::string_view name);
/// 42P05 `prepared statement "s" already exists`, 42P03 `cursor "c" already exists` (portals too).
model::Error already_prepared(std::string_view name);
model::Error already_open(std::string_view name);
/// The client was told other columns or parameters than this translation has.
bool differs(const Prepared& prepared, const sql::Translated& translated);

}  // namespace crossfade::session
