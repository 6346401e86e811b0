#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "function_error.hpp"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace crossfade::sqlite::functions {

using model::StorageValue;
using Answer = model::Result<StorageValue>;

/// A type and a form named by two constant arguments ('numeric(10,2)', 'numeric-text'), parsed once per prepared statement.
struct Shape { model::Type type; plan::StoredForm form; };

/// One call of a run-time function. Arguments are read in their run-time form (plan::runtime_form).
class Call {
 public:
  Call(sqlite3_context* context, FunctionContext* session, std::span<sqlite3_value*> arguments)
      : context_(context), session_(session), arguments_(arguments) {}

  std::size_t size() const { return arguments_.size(); }
  bool is_null(std::size_t index) const;
  /// Of a stored value that is no number of the kind, misfit() tells: a legacy column may hold one.
  std::int64_t integer(std::size_t index) const;
  double real(std::size_t index) const;
  /// Errors: 22P02 when integer() or real() met a value of another storage class.
  model::Result<void> misfit() const;
  /// Valid until the call returns.
  std::string_view text(std::size_t index) const;
  /// Of a blob, likewise.
  std::string_view bytes(std::size_t index) const;
  std::string string(std::size_t index) const { return std::string{text(index)}; }
  model::Numeric numeric(std::size_t index) const { return {string(index)}; }
  model::Result<model::Interval> interval(std::size_t index) const;
  StorageValue value(std::size_t index) const;
  /// The type that a constant argument names. Errors: XX000 for a text that names none (the binder wrote it).
  model::Result<model::Type> type(std::size_t index) const;
  /// The form that the constant argument `form_index` names, of the type at `type_index`.
  model::Result<Shape> shape(std::size_t type_index, std::size_t form_index) const;

  /// What parse() makes of the constant argument `index`, made once for a run of the statement; of one that is no constant, for this call alone.
  /// `still`: whether what is kept is of the other arguments too.
  template <class T, class Still, class Parse>
  model::Result<const T*> kept(std::size_t index, Still still, Parse parse) const {
    if (const auto* known = static_cast<const T*>(kept(index)); known != nullptr && still(*known)) return known;
    model::Result<T> made = parse();
    if (!made) return std::unexpected(std::move(made).error());
    keep(index, new T{*std::move(made)}, [](void* pointer) { delete static_cast<T*>(pointer); });
    const auto* known = static_cast<const T*>(kept(index));
    if (known == nullptr) throw std::bad_alloc{};
    return known;
  }

  /// The session's settings; defaults when no session runs.
  const FunctionContext& session() const;

 private:
  void* kept(std::size_t index) const;
  void keep(std::size_t index, void* value, void (*release)(void*)) const;

  sqlite3_context* context_;
  FunctionContext* session_;
  std::span<sqlite3_value*> arguments_;
  mutable sqlite3_value* misfit_ = nullptr;
};

enum class Nulls : std::uint8_t { propagate, passed };          // propagate: a NULL argument gives NULL without a call
enum class Volatility : std::uint8_t { immutable, volatile_ };  // immutable: within one run of a statement

/// What SQLite calls: the body by way of a Call, or what quickly() makes of the common case.
using Callback = void (*)(sqlite3_context*, int, sqlite3_value**);
void call_function(sqlite3_context* context, int count, sqlite3_value** values);

/// `Common` answers the common case straight into SQLite, without a Call and an Answer; false: it was none, and nothing was said.
template <bool (*Common)(sqlite3_context*, std::span<sqlite3_value*>)>
void quickly(sqlite3_context* context, int count, sqlite3_value** values) {
  if (asked_to_stop() || !Common(context, {values, static_cast<std::size_t>(count)})) call_function(context, count, values);
}

struct Function {
  const char* name;
  int arguments;  // -1: any number
  Answer (*body)(const Call&);
  Nulls nulls = Nulls::propagate;
  Volatility volatility = Volatility::immutable;
  Callback callback = call_function;
};

/// An aggregate that is a window function too: a state of its own, made with the group's first row.
class State {
 public:
  virtual ~State() = default;
  virtual model::Result<void> add(const Call& call) = 0;
  /// A row left the window's frame.
  virtual model::Result<void> remove(const Call& call) = 0;
  virtual Answer result() const = 0;
};

struct Aggregate {
  const char* name;
  int arguments;
  State* (*make)();
};

std::span<const Function> advisory_functions();
std::span<const Function> arithmetic_functions();
std::span<const Function> array_functions();
std::span<const Function> array_builders();
std::span<const Function> array_collect_functions();
std::span<const Function> byte_functions();
std::span<const Function> cast_functions();
std::span<const Function> datetime_functions();
std::span<const Function> degree_functions();
std::span<const Function> encoding_functions();
std::span<const Function> json_functions();
std::span<const Function> named_type_functions();
std::span<const Function> number_format_functions();
std::span<const Function> numeric_functions();
std::span<const Function> numeric_powers();
std::span<const Function> order_functions();
std::span<const Function> json_record_functions();
std::span<const Function> array_fill_functions();
std::span<const Function> array_put_functions();
std::span<const Function> packed_functions();
std::span<const Function> range_functions();
std::span<const Function> path_functions();
std::span<const Function> pattern_functions();
std::span<const Function> period_functions();
std::span<const Function> format_functions();
std::span<const Function> json_builders();
std::span<const Function> jsonb_functions();
std::span<const Function> jsonb_put_functions();
std::span<const Function> regex_functions();
std::span<const Function> sequence_functions();
std::span<const Function> query_plan_functions();
std::span<const Function> series_functions();
std::span<const Function> session_functions();
std::span<const Function> size_functions();
std::span<const Function> unicode_functions();
std::span<const Function> zoned_time_functions();
std::span<const Function> text_functions();
std::span<const Aggregate> aggregates();
std::span<const Aggregate> array_aggregates();
std::span<const Aggregate> variance_aggregates();

/// A value in the run-time form of its type.
Answer to_runtime(const model::Value& value, model::Type type);
inline Answer numeric_answer(const model::Result<model::Numeric>& value) {
  if (!value) return std::unexpected(value.error());
  return value->text;
}
Answer interval_answer(const model::Result<model::Interval>& value);

}  // namespace crossfade::sqlite::functions
