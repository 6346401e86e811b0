// The floor that `crossfade copy` is measured against: three tables of make_big_db.py, hard-coded, one thread, one transaction a table, no checks of any
// kind. bench_copy_floor FILE CONNINFO: the tables must be there and empty; prints rows and seconds. With --read behind them it only reads both
// sides, one after the other, in the order of the key: what `crossfade verify` cannot do without.
#include <libpq-fe.h>
#include <sqlite3.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kFlush = 1 << 16;
constexpr std::int64_t kDaysTo2000 = 10'957;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "bench_copy_floor: %s\n", what);
  std::exit(2);
}

template <class Integer>
void put(std::string& out, Integer value) {
  for (std::size_t i = sizeof(Integer); i-- > 0;) out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}
template <class Integer>
void put_field(std::string& out, Integer value) {
  put(out, static_cast<std::int32_t>(sizeof value));
  put(out, value);
}

int digits(const char* at, int count) {
  int value = 0;
  while (count-- > 0) value = value * 10 + (*at++ - '0');
  return value;
}

/// Days since 2000-01-01 of "YYYY-MM-DD".
std::int32_t days(const char* text) {
  const std::chrono::year_month_day date{std::chrono::year{digits(text, 4)}, std::chrono::month{static_cast<unsigned>(digits(text + 5, 2))},
                                         std::chrono::day{static_cast<unsigned>(digits(text + 8, 2))}};
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count() - kDaysTo2000);
}

/// "YYYY-MM-DD HH:MM:SS[.fff][Z]" as microseconds since 2000.
std::int64_t moment(const char* text, int length) {
  const std::int64_t seconds = days(text) * 86'400LL + digits(text + 11, 2) * 3'600 + digits(text + 14, 2) * 60 + digits(text + 17, 2);
  return seconds * 1'000'000 + (length >= 23 ? digits(text + 20, 3) * 1'000 : 0);
}

/// numeric with four decimals, from a double or an integer below 10^8.
void put_numeric(std::string& out, double value) {
  const auto scaled = static_cast<std::int64_t>(std::llround(std::fabs(value) * 1e4));
  const std::int16_t groups[3] = {static_cast<std::int16_t>(scaled / 100'000'000), static_cast<std::int16_t>(scaled / 10'000 % 10'000),
                                  static_cast<std::int16_t>(scaled % 10'000)};
  put(out, std::int32_t{8 + 2 * 3});
  put(out, std::int16_t{3});
  put(out, std::int16_t{1});
  put(out, static_cast<std::int16_t>(value < 0 ? 0x4000 : 0));
  put(out, std::int16_t{4});
  for (const auto group : groups) put(out, group);
}

/// How a column goes over, by letters: i int8, d float8, t text or json, x bytea, b boolean, s timestamp(tz), D date, n numeric(…,4).
struct Table { const char *select, *into, *forms; };
constexpr Table kTables[]{
    {"SELECT id, email, \"displayName\", is_active, balance, score, created_at, birth, prefs, avatar FROM users ORDER BY id",
     "users (id, email, displayname, is_active, balance, score, created_at, birth, prefs, avatar)", "ittbdnsDtx"},
    {"SELECT id, user_id, ref, status, total, cents, gross, placed_at, is_gift, note FROM orders ORDER BY id",
     "orders (id, user_id, ref, status, total, cents, gross, placed_at, is_gift, note)", "iittdiitit"},
    {"SELECT seq, order_id, kind, at, payload, raw, val FROM events ORDER BY seq", "events (seq, order_id, kind, at, payload, raw, val)", "iitstxd"},
};

void put_value(std::string& out, sqlite3_stmt* row, int column, char form) {
  if (sqlite3_column_type(row, column) == SQLITE_NULL) return put(out, std::int32_t{-1});
  const auto text = [&] { return reinterpret_cast<const char*>(sqlite3_column_text(row, column)); };
  switch (form) {
    case 'i': return put_field(out, static_cast<std::int64_t>(sqlite3_column_int64(row, column)));
    case 'd': return put_field(out, std::bit_cast<std::int64_t>(sqlite3_column_double(row, column)));
    case 'b': return put_field(out, static_cast<std::int8_t>(sqlite3_column_int(row, column)));
    case 's': {
      const char* at = text();
      return put_field(out, moment(at, sqlite3_column_bytes(row, column)));
    }
    case 'D': return put_field(out, days(text()));
    case 'n': return put_numeric(out, sqlite3_column_double(row, column));
    default: break;
  }
  const auto* bytes = form == 'x' ? static_cast<const char*>(sqlite3_column_blob(row, column)) : text();
  const int length = sqlite3_column_bytes(row, column);
  put(out, static_cast<std::int32_t>(length));
  out.append(bytes, static_cast<std::size_t>(length));
}

void send(PGconn* target, std::string& buffer) {
  if (PQputCopyData(target, buffer.data(), static_cast<int>(buffer.size())) != 1) die(PQerrorMessage(target));
  buffer.clear();
}

std::int64_t copy(sqlite3* source, PGconn* target, const Table& table) {
  sqlite3_stmt* row = nullptr;
  if (sqlite3_prepare_v2(source, table.select, -1, &row, nullptr) != SQLITE_OK) die(sqlite3_errmsg(source));
  PQclear(PQexec(target, (std::string("COPY ") + table.into + " FROM STDIN (FORMAT binary)").c_str()));
  std::string buffer("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  const std::string_view forms = table.forms;
  std::int64_t rows = 0;
  while (sqlite3_step(row) == SQLITE_ROW) {
    put(buffer, static_cast<std::int16_t>(forms.size()));
    for (std::size_t i = 0; i < forms.size(); ++i) put_value(buffer, row, static_cast<int>(i), forms[i]);
    ++rows;
    if (buffer.size() >= kFlush) send(target, buffer);
  }
  put(buffer, std::int16_t{-1});
  send(target, buffer);
  sqlite3_finalize(row);
  if (PQputCopyEnd(target, nullptr) != 1) die(PQerrorMessage(target));
  PGresult* done = PQgetResult(target);
  if (PQresultStatus(done) != PGRES_COMMAND_OK) die(PQerrorMessage(target));
  PQclear(done);
  while ((done = PQgetResult(target)) != nullptr) PQclear(done);
  return rows;
}

/// Every value of both sides, in binary, thrown away. The rows of the file.
std::int64_t read_both(sqlite3* source, PGconn* target, const Table& table) {
  sqlite3_stmt* row = nullptr;
  if (sqlite3_prepare_v2(source, table.select, -1, &row, nullptr) != SQLITE_OK) die(sqlite3_errmsg(source));
  std::string buffer;
  std::int64_t rows = 0, theirs = 0;
  for (; sqlite3_step(row) == SQLITE_ROW; ++rows) {
    buffer.clear();
    for (std::size_t i = 0; table.forms[i] != '\0'; ++i) put_value(buffer, row, static_cast<int>(i), table.forms[i]);
  }
  sqlite3_finalize(row);
  const std::string_view into = table.into;
  const auto open = into.find('(');
  const std::string query = "SELECT " + std::string(into.substr(open + 1, into.size() - open - 2)) + " FROM " + std::string(into.substr(0, open)) + " ORDER BY 1";
  if (PQsendQueryParams(target, query.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) != 1 || PQsetSingleRowMode(target) != 1) die(PQerrorMessage(target));
  while (PGresult* result = PQgetResult(target)) {
    if (PQresultStatus(result) != PGRES_SINGLE_TUPLE && PQresultStatus(result) != PGRES_TUPLES_OK) die(PQerrorMessage(target));
    theirs += PQntuples(result);
    PQclear(result);
  }
  if (theirs != rows) die("the two sides have other numbers of rows");
  return rows;
}

}  // namespace

int main(int count, char** arguments) {
  const bool only_reads = count == 4 && std::string_view(arguments[3]) == "--read";
  if (count != 3 && !only_reads) die("usage: bench_copy_floor FILE CONNINFO [--read]");
  sqlite3* source = nullptr;
  if (sqlite3_open_v2(arguments[1], &source, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) die("cannot open the file");
  PGconn* target = PQconnectdb(arguments[2]);
  if (PQstatus(target) != CONNECTION_OK) die(PQerrorMessage(target));
  const auto start = std::chrono::steady_clock::now();
  std::int64_t rows = 0;
  for (const Table& table : kTables) rows += only_reads ? read_both(source, target, table) : copy(source, target, table);
  std::printf("%lld rows %.3f s\n", static_cast<long long>(rows), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  PQfinish(target);
  sqlite3_close(source);
}
