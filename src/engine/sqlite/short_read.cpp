#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "bind_slots.hpp"
#include "cursor.hpp"
#include "schema_parts.hpp"
#include "session_impl.hpp"

namespace crossfade::sqlite {
namespace {

/// The instructions of a short read. It goes to a key and on from there (Next, Prev), never from a table's or index's front; it does not
/// sort, nor fill a table of its own. Source: sqlite.org/opcode.html.
constexpr std::array<std::string_view, 74> kShortInstructions{
    "Add", "Affinity", "And", "BitAnd", "BitNot", "BitOr", "Blob", "Cast", "Close", "CollSeq", "Column", "Copy", "DecrJumpZero",
    "DeferredSeek", "Divide", "Eq", "Explain", "FinishSeek", "Found", "Ge", "Goto", "Gt", "Halt", "HaltIfNull",
    "IdxGE", "IdxGT", "IdxLE", "IdxLT", "IdxRowid", "If", "IfNot", "IfNullRow", "IfPos", "Init", "Int64", "Integer", "IsNull",
    "IsTrue", "Le", "Lt", "Move", "Multiply", "MustBeInt", "Ne", "Next", "NoConflict", "Noop", "Not", "NotExists", "NotFound",
    "NotNull", "Null", "NullRow", "OffsetLimit", "Once", "OpenRead", "Or", "Prev", "Real", "RealAffinity", "Remainder", "ResultRow", "Rowid",
    "SCopy", "SeekGE", "SeekGT", "SeekLE", "SeekLT", "SeekRowid", "String", "String8", "Subtract", "Transaction", "Variable",
};
static_assert(std::ranges::is_sorted(kShortInstructions));

/// Functions that need no session and no time: of arithmetic that PostgreSQL checks for its range. As EXPLAIN names them.
constexpr std::array<std::string_view, 8> kShortFunctions{
    "crossfade_int2(1)", "crossfade_int4(1)", "crossfade_int8_add(2)", "crossfade_int8_multiply(2)", "crossfade_int8_negate(1)",
    "crossfade_int8_subtract(2)", "crossfade_int_divide(2)", "crossfade_int_modulo(2)",
};
static_assert(std::ranges::is_sorted(kShortFunctions));

constexpr int kMostInstructions = 4'000;            // run by one short read; more is read on a thread
constexpr std::size_t kMostBytes = 64 * 1024;       // of its rows; likewise

int stop_here(void*) { return 1; }

/// While it lives, the connection's statements wait for no lock and stop after kMostInstructions.
class Hurry {
 public:
  explicit Hurry(Connection::Impl& connection) : connection_(connection) {
    connection_.may_wait = false;
    sqlite3_progress_handler(connection_.handle.get(), kMostInstructions, &stop_here, nullptr);
  }
  ~Hurry() {
    connection_.may_wait = true;
    sqlite3_progress_handler(connection_.handle.get(), 0, nullptr, nullptr);
  }
  Hurry(const Hurry&) = delete;
  Hurry& operator=(const Hurry&) = delete;

 private:
  Connection::Impl& connection_;
};

struct ResetStatement {
  void operator()(Statement* statement) const { statement->reset(); }
};
using ResetGuard = std::unique_ptr<Statement, ResetStatement>;

int prepared_times(const Statement& statement) {
  return sqlite3_stmt_status(statement.internals().handle.get(), SQLITE_STMTSTATUS_REPREPARE, 0);
}

int instructions_run(const Statement& statement, int reset) {
  return sqlite3_stmt_status(statement.internals().handle.get(), SQLITE_STMTSTATUS_VM_STEP, reset);
}

bool is_short(std::string_view instruction, std::string_view operand) {
  const bool calls = instruction == "Function" || instruction == "PureFunc";
  return calls ? std::ranges::binary_search(kShortFunctions, operand) : std::ranges::binary_search(kShortInstructions, instruction);
}

/// The program that SQLite would run for `text` now.
model::Result<bool> has_short_program(Connection& connection, const std::string& text) {
  constexpr int kOpcode = 1, kOperand = 5;
  CROSSFADE_TRY(Statement explain, connection.internals().prepare("EXPLAIN " + text, Author::proxy));
  for (;;) {
    CROSSFADE_TRY(const bool more, explain.step());
    if (!more) return true;
    if (!is_short(text_of(explain.column(kOpcode)), text_of(explain.column(kOperand)))) return false;
  }
}

/// All in one snapshot, whose schema is looked at first: is it the one that the translation was made from?
model::Result<bool> prove(Connection& connection, Statement& known, const std::shared_ptr<const sql::Translated>& statement,
                          std::int64_t version, std::span<const model::Value> values) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  CROSSFADE_TRY(Transaction transaction, Transaction::begin(connection, Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto seen, connection.value(kSchemaVersion));
  if (integer_of(seen) != version) return true;  // the next translation may be asked again
  CROSSFADE_CHECK(connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1"));  // SQLite reads the schema again if it must
  CROSSFADE_TRY(const bool is, has_short_program(connection, statement->texts.front()));
  if (!is) return false;
  const ResetGuard reset{&known};
  CROSSFADE_CHECK(bind_slots(known, *statement, values));
  const Hurry hurry{connection.internals()};
  instructions_run(known, 1);
  const auto run = known.run();  // prepared again if it was from an older schema
  if (instructions_run(known, 0) >= kMostInstructions) return false;
  CROSSFADE_CHECK(run);
  known.internals().short_proof = {statement, prepared_times(known)};
  return true;
}

/// false: it was not run to its end, or under another schema than it was proven for. A schema changed by anyone is noticed by
/// SQLite itself, in the snapshot of this very run: it prepares the statement again, and counts that.
bool write_rows(Statement& known, const sql::Translated& statement, RowSink& sink) {
  ShortProof& proof = known.internals().short_proof;
  const std::size_t before = sink.bytes();
  instructions_run(known, 1);
  for (std::int64_t position = 1;; ++position) {
    const auto more = known.step();
    if (!more) {
      proof.large = instructions_run(known, 0) >= kMostInstructions;
      return false;
    }
    if (prepared_times(known) != proof.prepared_times) return false;
    if (!*more) break;
    const auto row = StoredRow::of(known, statement.columns, position);
    if (!row || !sink.take(*row)) return false;
    proof.large = sink.bytes() - before > kMostBytes;
    if (proof.large && position > 1) return false;  // the first is there already
  }
  return true;
}

}  // namespace

bool Session::Impl::may_read_short(const sql::Translated& statement) const {
  const bool read = statement.kind == sql::Kind::select || statement.kind == sql::Kind::values;
  const bool fresh_snapshot = !in_block() || !sql::pins_snapshot(options.isolation);
  return read && !statement.writes && !statement.volatile_functions && statement.texts.size() == 1 && held == nullptr && kept == nullptr &&
         !statement.temporary && !failed && fresh_snapshot;
}

bool Session::learn_short(const std::shared_ptr<const sql::Translated>& statement, std::int64_t schema_version,
                          std::span<const model::Value> values) {
  if (!impl_->may_read_short(*statement)) return true;
  const auto lease = impl_->database.lease_idle();
  if (lease == nullptr) return true;
  Statement* const known = lease->connection.internals().cache.find(statement->texts.front());
  if (known == nullptr || known->internals().author != Author::client) return true;
  if (const ShortProof& proof = known->internals().short_proof; proof.statement == statement) return !proof.large;
  return prove(lease->connection, *known, statement, schema_version, values).value_or(true);
}

bool Session::read_short(const std::shared_ptr<const sql::Translated>& statement, std::span<const model::Value> values, RowSink& sink) {
  if (!impl_->may_read_short(*statement)) return false;
  const auto lease = impl_->database.lease_idle();
  if (lease == nullptr) return false;
  Connection::Impl& connection = lease->connection.internals();
  Statement* const known = connection.cache.find(statement->texts.front());
  if (known == nullptr || !known->internals().short_proof.fits(statement)) return false;
  const Hurry hurry{connection};
  const ResetGuard reset{known};
  if (!bind_slots(*known, *statement, values)) return false;
  if (!write_rows(*known, *statement, sink)) return false;
  if (impl_->in_block()) impl_->used = true;
  return true;
}

}  // namespace crossfade::sqlite
