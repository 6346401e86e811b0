#include <array>

#include "../connection_impl.hpp"
#include "../schema_parts.hpp"
#include "call.hpp"
#include "packed.hpp"
#include "sequences.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// What a sequence's next call starts from; `called`: last_value has been given out.
struct SequencePosition { std::int64_t last, increment, minimum, maximum; bool called, cycle; };

std::unexpected<model::Error> no_sequence(const std::string& name) { return model::fail("42P01"_state, "relation \"" + name + "\" does not exist"); }

model::Result<SequencePosition> position_of(Connection::Impl& connection, const std::string& name) {
  CROSSFADE_TRY(Statement read, connection.prepare("SELECT last_value, increment, minimum, maximum, is_called, cycle FROM main.crossfade_sequences WHERE name = ?1", Author::proxy));
  CROSSFADE_CHECK(read.bind(1, name));
  CROSSFADE_TRY(const bool found, read.step());
  if (!found) return no_sequence(name);
  const StorageRow row = read.row();
  return SequencePosition{integer_of(row[0]), integer_of(row[1]), integer_of(row[2]), integer_of(row[3]), integer_of(row[4]) != 0, integer_of(row[5]) != 0};
}

model::Result<void> run_own(Connection::Impl& connection, std::string_view sql, const std::vector<model::StorageValue>& values) {
  CROSSFADE_TRY(Statement statement, connection.prepare(sql, Author::proxy));
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

std::unexpected<model::Error> no_connection() { return model::fail("55000"_state, "there is no session to ask"); }

void remember(const Call& call, const std::string& name, std::int64_t value, const std::string& table = {}) {
  call.session().sequences.last = name;
  call.session().sequences.values[name] = value;
  SequenceMemory::Given& given = call.session().sequences.given[name];
  given = {table, value, given.set};
}

/// Source: PostgreSQL 15, nextval_internal.
model::Result<std::int64_t> value_after(const SequencePosition& at, const std::string& name) {
  if (!at.called) return at.last;
  const bool up = at.increment > 0;
  std::int64_t next = 0;
  const bool beyond = __builtin_add_overflow(at.last, at.increment, &next) || next > at.maximum || next < at.minimum;
  if (!beyond) return next;
  if (at.cycle) return up ? at.minimum : at.maximum;
  return model::fail("2200H"_state, std::string{"nextval: reached "} + (up ? "maximum" : "minimum") + " value of sequence \"" + name + "\" (" +
                                        std::to_string(up ? at.maximum : at.minimum) + ")");
}

/// crossfade_nextval(name)
Answer nextval(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return no_connection();
  const std::string name = call.string(0);
  CROSSFADE_TRY(const SequencePosition at, position_of(*connection, name));
  CROSSFADE_TRY(const std::int64_t next, value_after(at, name));
  CROSSFADE_CHECK(run_own(*connection, "UPDATE main.crossfade_sequences SET last_value = ?1, is_called = 1 WHERE name = ?2", {next, name}));
  remember(call, name, next);
  return next;
}

/// crossfade_setval(name, value, is_called)
Answer setval(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return no_connection();
  const std::string name = call.string(0);
  const std::int64_t value = call.integer(1);
  CROSSFADE_TRY(const SequencePosition at, position_of(*connection, name));
  if (value < at.minimum || value > at.maximum) {
    return model::fail("22003"_state, "setval: value " + std::to_string(value) + " is out of bounds for sequence \"" + name + "\" (" + std::to_string(at.minimum) + ".." +
                                          std::to_string(at.maximum) + ")");
  }
  const bool called = call.integer(2) != 0;
  CROSSFADE_CHECK(run_own(*connection, "UPDATE main.crossfade_sequences SET last_value = ?1, is_called = ?2 WHERE name = ?3", {value, std::int64_t{called}, name}));
  if (called) call.session().sequences.values[name] = value;
  if (called) call.session().sequences.given[name] = {{}, value, true};
  return value;
}

model::Result<void> set_counter(Connection::Impl& connection, const std::string& table, std::int64_t value) {
  CROSSFADE_CHECK(run_own(connection, "DELETE FROM main.sqlite_sequence WHERE name = ?1", {table}));
  return run_own(connection, "INSERT INTO main.sqlite_sequence (name, seq) VALUES (?1, ?2)", {table, value});
}

/// crossfade_serial_nextval(name, table): of a serial primary key, whose counter is SQLite's.
Answer serial_nextval(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return no_connection();
  CROSSFADE_TRY(Statement read, connection->prepare("SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?1", Author::proxy));
  CROSSFADE_CHECK(read.bind(1, call.string(1)));
  CROSSFADE_TRY(const bool found, read.step());
  const std::int64_t next = (found ? integer_of(read.column(0)) : 0) + 1;
  read.reset();
  CROSSFADE_CHECK(set_counter(*connection, call.string(1), next));
  remember(call, call.string(0), next, call.string(1));
  return next;
}

/// crossfade_serial_setval(name, table, column, value, is_called): where there is no counter, what it would be set to must be so already.
Answer serial_setval(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return no_connection();
  const std::string column = call.string(2);
  const std::int64_t value = call.integer(3);
  const bool called = call.integer(4) != 0;
  if (value < 1) return model::fail("22003"_state, "setval: value " + std::to_string(value) + " is out of bounds for sequence \"" + call.string(0) + "\" (1..9223372036854775807)");
  if (column.empty()) {
    CROSSFADE_CHECK(set_counter(*connection, call.string(1), called ? value : value - 1));
    call.session().sequences.given[call.string(0)] = {call.string(1), called ? value : value - 1, true};
  } else {
    CROSSFADE_TRY(const std::int64_t last, last_key(*connection, call.string(1), column));
    if (last != (called ? value : value - 1)) {
      return model::fail("0A000"_state, "the sequence \"" + call.string(0) + "\" cannot be set to " + std::to_string(value) + " on SQLite", {},
                         "The file's table has no counter: SQLite gives a new row the number behind the largest, " + std::to_string(last) + ".");
    }
  }
  if (called) call.session().sequences.values[call.string(0)] = value;
  return value;
}

Answer packed_state(std::int64_t last, bool called) {
  model::Bytes row{std::string(1, static_cast<char>(PackedClass::row))};
  const PutPacked put{row.data};
  put(last), put(std::int64_t{0}), put(std::int64_t{called});
  return row;
}

/// crossfade_sequence_state(name), and crossfade_serial_state(table, column) of a table's own key: last_value, log_cnt and is_called as a
/// packed row.
Answer sequence_state(const Call& call) {
  if (call.session().connection == nullptr) return no_connection();
  CROSSFADE_TRY(const SequencePosition at, position_of(*call.session().connection, call.string(0)));
  return packed_state(at.last, at.called);
}

Answer serial_state(const Call& call) {
  if (call.session().connection == nullptr) return no_connection();
  CROSSFADE_TRY(const std::int64_t last, last_key(*call.session().connection, call.string(0), call.string(1)));
  return packed_state(last > 0 ? last : 1, last > 0);
}

Answer currval(const Call& call) {
  const auto& values = call.session().sequences.values;
  const auto found = values.find(call.text(0));
  if (found != values.end()) return found->second;
  return model::fail("55000"_state, "currval of sequence \"" + call.string(0) + "\" is not yet defined in this session");
}

constexpr std::array kSequenceFunctions{
    Function{"crossfade_nextval", 1, nextval, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_setval", 3, setval, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_serial_nextval", 2, serial_nextval, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_serial_setval", 5, serial_setval, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_sequence_state", 1, sequence_state, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_serial_state", 2, serial_state, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_currval", 1, currval, Nulls::propagate, Volatility::volatile_},
};

}  // namespace

model::Result<std::int64_t> last_key(Connection::Impl& connection, const std::string& table, const std::string& column) {
  const std::string counter = "SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?1";
  CROSSFADE_TRY(Statement read, connection.prepare(column.empty() ? counter : "SELECT max(" + quote_name(column) + ") FROM main." + quote_name(table), Author::proxy));
  if (column.empty()) CROSSFADE_CHECK(read.bind(1, table));
  CROSSFADE_TRY(const bool found, read.step());
  const auto value = found ? read.column(0) : StorageValue{model::Null{}};
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? *number : 0;
}

/// Never behind what is there after ROLLBACK: a RESTART, a TRUNCATE or a DROP and CREATE of the block was undone, its small numbers are others'.
model::Result<void> keep_given(Connection::Impl& connection, const SequenceMemory& memory) {
  for (const auto& [name, given] : memory.given) {
    const std::int64_t always = given.set;
    if (given.table.empty()) {
      CROSSFADE_CHECK(run_own(connection, "UPDATE main.crossfade_sequences SET last_value = ?1, is_called = 1 WHERE name = ?2 AND "
                                          "(?3 OR CASE WHEN increment > 0 THEN last_value < ?1 ELSE last_value > ?1 END OR (last_value = ?1 AND NOT is_called))",
                              {given.value, name, always}));
      continue;
    }
    CROSSFADE_CHECK(run_own(connection, "UPDATE main.sqlite_sequence SET seq = ?1 WHERE name = ?2 AND (?3 OR seq < ?1)", {given.value, given.table, always}));
    CROSSFADE_CHECK(run_own(connection, "INSERT INTO main.sqlite_sequence (name, seq) SELECT ?2, ?1 WHERE EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?2) "
                                        "AND NOT EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name = ?2)", {given.value, given.table}));
  }
  return {};
}

std::span<const Function> sequence_functions() { return kSequenceFunctions; }

}  // namespace crossfade::sqlite::functions
