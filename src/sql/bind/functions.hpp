#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "crossfade/model/type.hpp"

namespace crossfade::sql {

inline constexpr model::Oid kTexts = 1009;  // text[]

/// The argument types of a row: at most six.
struct Takes {
  constexpr Takes(std::initializer_list<model::Oid> list) : count(list.size()) { std::ranges::copy(list, types.begin()); }
  constexpr auto begin() const { return types.begin(); }
  constexpr auto end() const { return types.begin() + static_cast<std::ptrdiff_t>(count); }
  std::array<model::Oid, 7> types{};
  std::size_t count = 0;
};

enum class FunctionVolatility : std::uint8_t { immutable, stable, volatile_ };

/// One overload of a PostgreSQL function and what says it in SQLite: $1 … are the arguments in their run-time forms, $* all of
/// them; no text: refused with 0A000. `example`: a PostgreSQL expression and PostgreSQL's own text of its value, the row's test and documentation; empty where
/// the value changes from run to run.
struct FunctionRule {
  std::string_view name;
  Takes takes;
  model::Oid result;
  std::string_view text;
  std::string_view example, value;
  FunctionVolatility volatility = FunctionVolatility::immutable;
};
/// A function that gives rows. `columns`: their names and types; no name: the function's or the alias's. `text` makes the packed rows.
struct SetColumn { std::string_view name; model::Oid type; };
struct SetRule {
  std::string_view name;
  Takes takes;
  SetColumn first;
  std::string_view text;
  SetColumn second = {{}, 0};
};
std::span<const SetRule> set_rules();

std::span<const FunctionRule> text_function_rules();
std::span<const FunctionRule> number_function_rules();
std::span<const FunctionRule> datetime_function_rules();
std::span<const FunctionRule> session_function_rules();
std::span<const FunctionRule> catalog_function_rules();

/// `sqlite`: the aggregate's name there. passes: the result is one of the arguments' values, so it keeps their stored form.
enum class ArgumentForm : std::uint8_t { runtime, passes };
struct AggregateRule {
  std::string_view name;
  Takes takes;
  model::Oid result;  // 0: the first argument's type
  std::string_view sqlite;
  ArgumentForm form = ArgumentForm::runtime;
};
std::span<const AggregateRule> aggregate_rules();
/// Those that need OVER. Names and meaning are the same in SQLite.
std::span<const AggregateRule> window_rules();

/// A function of PostgreSQL 15 that no row has: refused with 0A000, not 42883.
bool is_known_function(std::string_view name);

}  // namespace crossfade::sql
