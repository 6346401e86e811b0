#include "verify_table.hpp"

#include <functional>
#include <unordered_map>

#include "table_reader.hpp"
#include "verify_rows.hpp"

namespace crossfade::migrate {
namespace {

using Kind = RowDifference::Kind;
constexpr std::int64_t kRowsBetweenProgress = 8'192;

class TableVerifier {
 public:
  TableVerifier(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table, const VerifyOptions& options)
      : source_(source), target_(target), table_(table), options_(options) {
    out_.table = table.name;
    out_.keyless = table.key().empty();
    for (const auto* column : table.key()) key_.push_back(static_cast<std::size_t>(column - table.columns.data()));
  }
  model::Result<TableVerify> run() {
    if (options_.progress) about_ = rows_about(source_, table_);
    CROSSFADE_TRY(const auto order, row_order(source_, table_));
    if (order == RowOrder::key) {
      CROSSFADE_CHECK(merge());
    } else {
      CROSSFADE_CHECK(match());
    }
    return std::move(out_);
  }

 private:
  model::Result<void> merge();
  model::Result<void> advance(FileRows& rows);
  model::Result<void> meet(FileRows& rows, const model::Row& theirs);
  model::Result<void> match();
  void only(Kind side, const model::Row& row);
  void tick() {
    if (++compared_ % kRowsBetweenProgress == 0 && options_.progress) options_.progress({table_.name, compared_, about_});
  }
  void aside(const StoredRow& row, const FileRows& rows);
  void compare(const model::Row& ours, const model::Row& theirs);
  std::strong_ordering order_keys(const model::Row& ours, const model::Row& theirs) const;
  void example(RowDifference difference) {
    if (out_.examples.size() < options_.examples) out_.examples.push_back(std::move(difference));
  }

  sqlite::Connection& source_;
  postgres::Connection& target_;
  const plan::Table& table_;
  const VerifyOptions& options_;
  TableVerify out_;
  std::int64_t compared_ = 0, about_ = 0;
  const StoredRow* ours_ = nullptr;  // the row of the file that waits for its partner
  std::vector<std::size_t> key_;  // columns
};

std::strong_ordering TableVerifier::order_keys(const model::Row& ours, const model::Row& theirs) const {
  for (const std::size_t i : key_) {
    if (const auto order = compare::order_values(ours[i], theirs[i]); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

void TableVerifier::only(Kind side, const model::Row& row) {
  ++(side == Kind::only_sqlite ? out_.only_sqlite : out_.only_postgres);
  example({.kind = side, .key = key_of(table_, row), .key_text = key_text(table_, row)});
}

/// Put aside by the plan: not expected in PostgreSQL. Not fitting at all: missing there.
void TableVerifier::aside(const StoredRow& row, const FileRows& rows) {
  const bool planned = !row.aside->content.empty();
  if (planned) {
    ++out_.quarantined;
    return;
  }
  ++out_.only_sqlite;
  example({.kind = Kind::only_sqlite, .key_text = rows.stored_key(), .column = row.aside->column, .sqlite = row.aside->reason});
}

void TableVerifier::compare(const model::Row& ours, const model::Row& theirs) {
  bool same = true;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ++out_.values;
    if (compare::same_value(ours[i], theirs[i])) continue;
    same = false;
    const auto& column = table_.columns[i];
    example({Kind::value, key_of(table_, ours), key_text(table_, ours), column.name, shown(ours[i], column.type), shown(theirs[i], column.type)});
  }
  out_.different_rows += !same;
}

/// To the next row of the file that PostgreSQL should have.
model::Result<void> TableVerifier::advance(FileRows& rows) {
  while (true) {
    CROSSFADE_TRY(ours_, rows.next());
    if (!ours_) return {};
    ++out_.sqlite_rows;
    tick();
    if (!ours_->aside) return {};
    aside(*ours_, rows);
  }
}

model::Result<void> TableVerifier::meet(FileRows& rows, const model::Row& theirs) {
  ++out_.postgres_rows;
  while (ours_ && order_keys(ours_->row, theirs) < 0) {
    only(Kind::only_sqlite, ours_->row);
    CROSSFADE_CHECK(advance(rows));
  }
  if (!ours_ || order_keys(ours_->row, theirs) > 0) {
    only(Kind::only_postgres, theirs);
    return {};
  }
  compare(ours_->row, theirs);
  return advance(rows);
}

model::Result<void> TableVerifier::merge() {
  CROSSFADE_TRY(auto rows, FileRows::open(source_, table_, RowOrder::key));
  CROSSFADE_CHECK(advance(rows));
  model::Result<void> met;
  CROSSFADE_CHECK(target_rows(target_, table_, RowOrder::key, [&](const model::Row& theirs) {
    met = meet(rows, theirs);
    return met.has_value();
  }));
  CROSSFADE_CHECK(std::move(met));
  while (ours_) {
    only(Kind::only_sqlite, ours_->row);
    CROSSFADE_CHECK(advance(rows));
  }
  return {};
}

/// 128 bits of a row; two rows that share them are taken for the same.
struct RowHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const RowHash&) const = default;
};
struct HashOfHash {
  std::size_t operator()(const RowHash& hash) const { return hash.low; }
};
RowHash hash_of(const model::Row& row) {
  auto bytes = compare::canonical(row);
  const auto low = std::hash<std::string>{}(bytes);
  bytes += "\x01 the second half of the hash";
  return {low, std::hash<std::string>{}(bytes)};
}

/// Rows of the file count up, PostgreSQL's down; what is left over differs, and is read again for the examples.
model::Result<void> TableVerifier::match() {
  std::unordered_map<RowHash, std::int64_t, HashOfHash> counts;
  const auto count = [&counts](const model::Row& row, std::int64_t step) {
    const auto at = counts.try_emplace(hash_of(row), 0).first;
    if ((at->second += step) == 0) counts.erase(at);
  };
  CROSSFADE_TRY(auto rows, FileRows::open(source_, table_, RowOrder::any));
  CROSSFADE_CHECK(advance(rows));
  for (; ours_;) {
    count(ours_->row, 1);
    CROSSFADE_CHECK(advance(rows));
  }
  CROSSFADE_CHECK(target_rows(target_, table_, RowOrder::any, [&](const model::Row& theirs) {
    ++out_.postgres_rows;
    out_.values += static_cast<std::int64_t>(theirs.size());
    count(theirs, -1);
    return true;
  }));
  if (counts.empty()) return {};
  const auto left_over = [&counts](const model::Row& row, std::int64_t step) {
    const auto at = counts.find(hash_of(row));
    if (at == counts.end() || at->second * step <= 0) return false;
    at->second -= step;
    return true;
  };
  CROSSFADE_TRY(auto again, FileRows::open(source_, table_, RowOrder::any));
  while (true) {
    CROSSFADE_TRY(const auto* row, again.next());
    if (!row) break;
    if (!row->aside && left_over(row->row, 1)) only(Kind::only_sqlite, row->row);
  }
  return target_rows(target_, table_, RowOrder::any, [&](const model::Row& theirs) {
    if (left_over(theirs, -1)) only(Kind::only_postgres, theirs);
    return true;
  });
}

}  // namespace

model::Result<TableVerify> verify_table(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                        const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  CROSSFADE_TRY(auto out, TableVerifier(source, target, table, options).run());
  out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return out;
}

}  // namespace crossfade::migrate
