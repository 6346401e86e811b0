#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::compare {

/// What may be said about the order of a result's rows.
/// total: the order is fixed, rows are compared one by one. ties: fixed but for rows that are equal in `order_columns`; when those
/// are not known, the rows alone are compared. none: a multiset.
enum class Order : std::uint8_t { total, ties, none };

/// Worst first: a report shows the first class that it has.
enum class Class : std::uint8_t { error, columns, type, row_count, value, order, order_nulls };
inline constexpr std::size_t kClasses = 7;
/// "error", "columns", "type", "row-count", "value", "order", "order-nulls".
std::string_view to_string(Class kind);

struct Options {
  Order order = Order::none;
  std::vector<std::size_t> order_columns;  // 0-based output columns of the first ORDER BY items, for Order::ties
  bool cut = false;         // LIMIT or OFFSET leaves open which of the rows that are equal in order_columns come, at either end
  std::optional<std::int64_t> limit;       // with `cut`: fewer rows than this are all that there are
  bool order_open = false;                 // which rows come depends on an order that the statement does not fix
  std::vector<std::size_t> open_columns;   // the values of these columns do
  double relative_tolerance = 0;           // of float4/float8; 0: the same bits (every NaN is one NaN)
  std::size_t examples = 10;
};

/// One example: a row of either side that the other lacks, or the two that stand at the same place.
struct Example {
  Class kind = Class::value;
  std::size_t row = 0;  // 0-based, in the left result, else in the right one
  std::optional<model::Row> left, right;
};

struct Differences {
  std::array<std::int64_t, kClasses> counts{};  // by Class; rows, columns for `columns` and `type`, 1 for `error`
  std::vector<Example> examples;                // at most Options::examples
  std::string summary;                          // one line, no row values: "2 rows differ; column 3 is int4, int8"
  bool undecided = false;                       // rows differ where Options say that both may be right; they are not counted
  bool equal() const;
  /// The worst class there is; nullopt when equal.
  std::optional<Class> worst() const;
};

/// Are these the same value? By type: numbers by value (numeric 1.10 is 1.1, int8 2 is numeric 2.0), times by instant, floats bit by
/// bit unless a tolerance is given, jsonb by content, text and json byte by byte. NULL is NULL.
bool same_value(const model::Value& left, const model::Value& right, const Options& options = {});
bool same_row(const model::Row& left, const model::Row& right, const Options& options = {});

/// A total order that agrees with same_value, and with PostgreSQL's order of the type (text: COLLATE "C"; NaN last; NULL last).
std::strong_ordering order_values(const model::Value& left, const model::Value& right);
std::strong_ordering order_rows(const model::Row& left, const model::Row& right);

/// Bytes that are the same for two rows exactly when same_row (without a tolerance) holds. For hashing.
std::string canonical(const model::Row& row);

/// Left is the primary's or the old side's result. Column names, types, number of rows, values, order: in this sequence.
Differences results(const model::ResultSet& left, const model::ResultSet& right, const Options& options);
/// The same where either side may have failed. Two errors with one SQLSTATE are equal.
Differences outcomes(const model::Result<model::ResultSet>& left, const model::Result<model::ResultSet>& right,
                     const Options& options);

}  // namespace crossfade::compare
