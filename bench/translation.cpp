// What translation takes, beside what it cannot do without, all in turn in one run; medians of the rounds, in µs of this thread's CPU clock.
//   hit     a statement that both caches know (text to tree, tree to SQLite's text), beside one hash of its text
//   miss    a text that has not come before: parsed, bound, rewritten, printed and kept, beside libpg_query's raw parse of it alone
//   bench_translation [ROUNDS]             the table
//   bench_translation SCHEMA STATEMENT     the SQLite text of a statement, on tables made by SCHEMA's CREATE TABLE
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "golden_schema.hpp"
#include "postgres/raw_parse.hpp"
#include "translation_cache.hpp"

namespace {

using namespace crossfade;

struct Statement { std::string_view name, text; };  // `#` is a number of its own in each text
constexpr std::string_view kSchema = "CREATE TABLE items (id bigint PRIMARY KEY, name text NOT NULL, price numeric(10,2), made timestamp)";
constexpr Statement kStatements[]{
    {"upsert", "INSERT INTO items (id, name, price) VALUES ($1, $2, #) ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = 1.5"},
    {"select", "SELECT name FROM items WHERE id = $1 AND price < #"},
};

std::string numbered(std::string_view text, int number) {
  std::string result{text};
  return result.replace(result.find('#'), 1, std::to_string(number));
}

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// µs for each of `count` calls.
double each(int count, const std::function<void(int)>& work) {
  const double begin = cpu_us();
  for (int i = 0; i < count; ++i) work(i);
  return (cpu_us() - begin) / count;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int say(std::string_view schema_text, std::string_view text) {
  const plan::Schema schema = schema_of(schema_text);
  const auto parsed = sql::parse(text, sql::Dialect::postgres);
  const auto translated = parsed ? sql::translate(parsed->front(), {.schema = &schema, .database = "app"}) : std::unexpected(parsed.error());
  if (!translated) return std::cerr << translated.error().state.code() << ": " << translated.error().message << '\n', 2;
  for (const std::string& each_text : translated->texts) std::cout << each_text << '\n';
  return 0;
}

std::size_t sink = 0;

void measure(const Statement& statement, const sql::Context& context, int rounds) {
  constexpr int kMisses = 2'000, kHits = 20'000;
  std::vector<double> hits, hashes, misses, parses;
  const auto run = [&](session::TranslationCache& cache, std::string_view text) {
    const auto parsed = cache.parse(text, sql::Dialect::postgres);
    const auto translated = parsed ? cache.translate((*parsed)->front(), context, "public", {}) : std::unexpected(parsed.error());
    if (!translated) throw std::runtime_error(translated.error().message);
    sink += (*translated)->slots.size();
  };
  const std::string known = numbered(statement.text, 1);
  session::TranslationCache warm{1'000};
  run(warm, known);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> fresh;
    for (int i = 0; i < kMisses; ++i) fresh.push_back(numbered(statement.text, 100'000 + i));
    session::TranslationCache cold{1'000};
    hashes.push_back(each(kHits, [&](int i) { sink += std::hash<std::string_view>{}(std::string_view{known}.substr(i & 1)); }));
    hits.push_back(each(kHits, [&](int) { run(warm, known); }));
    parses.push_back(each(kMisses, [&](int i) { sink += sql::postgres_front::RawParse{fresh[i].c_str()}.tree() != nullptr; }));
    misses.push_back(each(kMisses, [&](int i) { run(cold, fresh[i]); }));
  }
  const double hit = median(hits), hash = median(hashes), miss = median(misses), parse = median(parses);
  const std::string shown = std::string{statement.name} + ", " + std::to_string(known.size()) + " characters";
  std::printf("%-26s hit %6.3f us, a hash %6.3f: %5.1f x    miss %6.2f us, the raw parse %5.2f: %4.1f x\n", shown.c_str(), hit, hash, hit / hash, miss, parse, miss / parse);
}

}  // namespace

int main(int count, char** values) {
  if (count == 3) return say(values[1], values[2]);
  const plan::Schema schema = schema_of(kSchema);
  for (const Statement& statement : kStatements) measure(statement, {.schema = &schema, .database = "app", .user = "app"}, count > 1 ? std::stoi(values[1]) : 9);
  return sink == 0;
}
