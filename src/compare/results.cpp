#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <span>
#include <string>

#include "crossfade/compare/compare.hpp"

namespace crossfade::compare {
namespace {

constexpr std::array<std::string_view, kClasses> kNames{"error", "columns", "type", "row-count", "value", "order", "order-nulls"};

std::int64_t& count(Differences& differences, Class kind) { return differences.counts[static_cast<std::size_t>(kind)]; }

using Rows = std::vector<const model::Row*>;

Rows sorted(const std::vector<model::Row>& rows) {
  Rows out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(&row);
  std::ranges::sort(out, [](const auto* a, const auto* b) { return order_rows(*a, *b) < 0; });
  return out;
}

struct Unmatched { Rows left, right; };

/// The rows of each side that the other one lacks, as multisets.
Unmatched unmatched(const model::ResultSet& left, const model::ResultSet& right, const Options& options) {
  const Rows a = sorted(left.rows), b = sorted(right.rows);
  Unmatched out;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (same_row(*a[i], *b[j], options)) {
      ++i, ++j;
    } else if (order_rows(*a[i], *b[j]) < 0) {
      out.left.push_back(a[i++]);
    } else {
      out.right.push_back(b[j++]);
    }
  }
  out.left.insert(out.left.end(), a.begin() + static_cast<std::ptrdiff_t>(i), a.end());
  out.right.insert(out.right.end(), b.begin() + static_cast<std::ptrdiff_t>(j), b.end());
  return out;
}

/// What must stand in the same sequence: the whole row, or the ORDER BY's columns of it.
model::Row sort_key(const model::Row& row, const Options& options) {
  if (options.order == Order::total || options.order_columns.empty()) return row;
  model::Row key;
  for (const auto column : options.order_columns) {
    if (column < row.size()) key.push_back(row[column]);
  }
  return key;
}

std::vector<model::Row> without_nulls(const std::vector<model::Row>& rows, const Options& options) {
  std::vector<model::Row> out;
  for (const auto& row : rows) {
    auto key = sort_key(row, options);
    if (std::ranges::none_of(key, model::is_null)) out.push_back(std::move(key));
  }
  return out;
}

void compare_columns(const model::ResultSet& left, const model::ResultSet& right, Differences& out) {
  const auto shared = std::min(left.columns.size(), right.columns.size());
  count(out, Class::columns) = static_cast<std::int64_t>(std::max(left.columns.size(), right.columns.size()) - shared);
  for (std::size_t i = 0; i < shared; ++i) {
    const auto& a = left.columns[i];
    const auto& b = right.columns[i];
    if (a.name != b.name) {
      ++count(out, Class::columns);
      out.summary += "column " + std::to_string(i + 1) + " is named " + a.name + ", " + b.name + "; ";
    }
    if (a.type.oid != b.type.oid || a.type.modifier != b.type.modifier) {
      ++count(out, Class::type);
      out.summary += "column " + std::to_string(i + 1) + " is " + model::format_type(a.type) + ", " + model::format_type(b.type) + "; ";
    }
  }
  if (left.columns.size() != right.columns.size()) {
    out.summary += std::to_string(left.columns.size()) + " columns, " + std::to_string(right.columns.size()) + "; ";
  }
}

void add_row_examples(const Unmatched& rows, const model::ResultSet& left, const model::ResultSet& right, const Options& options,
                      Differences& out) {
  const auto index = [](const model::ResultSet& set, const model::Row* row) { return static_cast<std::size_t>(row - set.rows.data()); };
  const auto pairs = std::max(rows.left.size(), rows.right.size());
  for (std::size_t i = 0; i < pairs && out.examples.size() < options.examples; ++i) {
    Example example;
    example.kind = i < rows.left.size() && i < rows.right.size() ? Class::value : Class::row_count;
    if (i < rows.left.size()) example.left = *rows.left[i], example.row = index(left, rows.left[i]);
    if (i < rows.right.size()) example.right = *rows.right[i];
    if (!example.left) example.row = index(right, rows.right[i]);
    out.examples.push_back(std::move(example));
  }
}

void compare_order(const model::ResultSet& left, const model::ResultSet& right, const Options& options, Differences& out) {
  if (options.order == Order::none || (options.order == Order::ties && options.order_columns.empty())) return;
  std::int64_t displaced = 0;
  std::vector<Example> examples;
  for (std::size_t i = 0; i < left.rows.size(); ++i) {
    if (same_row(sort_key(left.rows[i], options), sort_key(right.rows[i], options), options)) continue;
    ++displaced;
    if (examples.size() < options.examples) examples.push_back({Class::order, i, left.rows[i], right.rows[i]});
  }
  if (displaced == 0) return;
  const auto a = without_nulls(left.rows, options), b = without_nulls(right.rows, options);
  const bool only_nulls =
      std::ranges::equal(a, b, [&options](const auto& x, const auto& y) { return same_row(x, y, options); });
  const Class kind = only_nulls ? Class::order_nulls : Class::order;
  count(out, kind) = displaced;
  for (auto& example : examples) example.kind = kind;
  out.examples.insert(out.examples.end(), examples.begin(), examples.end());
  out.summary += std::to_string(displaced) + (only_nulls ? " rows stand elsewhere, by where NULL sorts; " : " rows stand elsewhere; ");
}

/// As many rows, in one sequence of order columns, and what differs is among the first or the last that are equal in them.
bool only_at_the_ends(const Unmatched& rows, const model::ResultSet& left, const model::ResultSet& right, const Options& options) {
  if (left.rows.size() != right.rows.size()) return false;
  if (options.order_columns.empty()) return true;
  const auto same_key = [&](const model::Row& a, const model::Row& b) { return same_row(sort_key(a, options), sort_key(b, options), options); };
  if (!std::ranges::equal(left.rows, right.rows, same_key)) return false;
  const auto at_an_end = [&](const model::Row* row) { return same_key(*row, left.rows.front()) || same_key(*row, left.rows.back()); };
  return std::ranges::all_of(rows.left, at_an_end) && std::ranges::all_of(rows.right, at_an_end);
}

model::ResultSet without_columns(model::ResultSet from, std::span<const std::size_t> columns) {
  for (model::Row& row : from.rows) {
    for (const std::size_t column : columns) if (column < row.size()) row[column] = model::Null{};
  }
  return from;
}

void compare_rows(const model::ResultSet& left, const model::ResultSet& right, const Options& options, Differences& out) {
  const auto rows = unmatched(left, right, options);
  if (rows.left.empty() && rows.right.empty()) return compare_order(left, right, options, out);
  if (!options.open_columns.empty()) {
    Options closed = options;
    closed.open_columns.clear();
    compare_rows(without_columns(left, options.open_columns), without_columns(right, options.open_columns), closed, out);
    if (!out.equal() || out.undecided) return;
    out.undecided = true;
    out.summary += std::to_string(std::max(rows.left.size(), rows.right.size())) + " rows differ in values that depend on an order that the statement leaves open; ";
    return;
  }
  const auto most = static_cast<std::int64_t>(std::max(left.rows.size(), right.rows.size()));
  const bool cut = options.cut && !(options.limit && most < *options.limit);
  if (options.order_open || (cut && only_at_the_ends(rows, left, right, options))) {
    out.undecided = true;
    out.summary += std::to_string(std::max(rows.left.size(), rows.right.size())) + " rows differ where the statement leaves open which come, or in which order; ";
    return;
  }
  const auto missing = static_cast<std::int64_t>(left.rows.size()) - static_cast<std::int64_t>(right.rows.size());
  count(out, Class::row_count) = std::abs(missing);
  count(out, Class::value) = static_cast<std::int64_t>(std::min(rows.left.size(), rows.right.size()));
  if (missing != 0) out.summary += std::to_string(left.rows.size()) + " rows, " + std::to_string(right.rows.size()) + "; ";
  if (count(out, Class::value) != 0) out.summary += std::to_string(count(out, Class::value)) + " rows differ; ";
  add_row_examples(rows, left, right, options, out);
}

void finish(Differences& out) {
  if (out.summary.ends_with("; ")) out.summary.resize(out.summary.size() - 2);
}

}  // namespace

std::string_view to_string(Class kind) { return kNames[static_cast<std::size_t>(kind)]; }

bool Differences::equal() const { return !worst(); }

std::optional<Class> Differences::worst() const {
  const auto found = std::ranges::find_if(counts, [](std::int64_t n) { return n != 0; });
  if (found == counts.end()) return std::nullopt;
  return static_cast<Class>(found - counts.begin());
}

Differences results(const model::ResultSet& left, const model::ResultSet& right, const Options& options) {
  Differences out;
  compare_columns(left, right, out);
  // With another number of columns no row has a partner: that alone is the report.
  if (left.columns.size() == right.columns.size()) compare_rows(left, right, options, out);
  finish(out);
  return out;
}

Differences outcomes(const model::Result<model::ResultSet>& left, const model::Result<model::ResultSet>& right,
                     const Options& options) {
  if (left && right) return results(*left, *right, options);
  Differences out;
  const auto say = [](const model::Result<model::ResultSet>& side) {
    return side ? std::to_string(side->rows.size()) + " rows" : "error " + std::string(side.error().state.code());
  };
  if (left || right || left.error().state != right.error().state) {
    count(out, Class::error) = 1;
    out.summary = say(left) + ", " + say(right);
  }
  return out;
}

}  // namespace crossfade::compare
