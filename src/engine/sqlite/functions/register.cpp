#include <sqlite3.h>

#include <exception>
#include <memory>
#include <vector>

#include "call.hpp"
#include "crossfade/model/array.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "function_error.hpp"
#include "functions.hpp"
#include "functions/json_tree.hpp"
#include "functions/named_types.hpp"
#include "functions/packed.hpp"
#include "packed_table.hpp"
#include "unnest.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

namespace functions {

namespace {

/// What SQLite hands back to a trampoline; owned by the connection.
template <class T>
struct Registration { const T* entry; FunctionContext** session; };

void give(sqlite3_context* context, const StorageValue& value) {
  struct Give {
    sqlite3_context* context;
    void operator()(const model::Null&) const { sqlite3_result_null(context); }
    void operator()(std::int64_t number) const { sqlite3_result_int64(context, number); }
    void operator()(double number) const { sqlite3_result_double(context, number); }
    void operator()(const std::string& text) const {
      sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    void operator()(const model::Bytes& bytes) const {
      sqlite3_result_blob64(context, bytes.data.data(), bytes.data.size(), SQLITE_TRANSIENT);
    }
  };
  std::visit(Give{context}, value);
}

/// No exception may pass through SQLite's C code.
template <class Body>
void guarded(sqlite3_context* context, Body body) {
  try {
    body();
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const RowsEnded& ended) {
    report_error(context, ended.error);
  } catch (const std::exception& exception) {
    report_error(context, model::Error{"XX000"_state, exception.what()});
  }
}

template <class T>
const Registration<T>& registration(sqlite3_context* context) {
  return *static_cast<const Registration<T>*>(sqlite3_user_data(context));
}

}  // namespace

void call_function(sqlite3_context* context, int count, sqlite3_value** values) {
  if (asked_to_stop()) return report_error(context, stopped());
  const auto& [entry, session] = registration<Function>(context);
  if (entry->nulls == Nulls::propagate) {
    for (int i = 0; i < count; ++i) {
      if (sqlite3_value_type(values[i]) == SQLITE_NULL) return sqlite3_result_null(context);
    }
  }
  guarded(context, [&] {
    const Call call{context, *session, {values, static_cast<std::size_t>(count)}};
    const Answer answer = entry->body(call);
    if (const auto fits = call.misfit(); !fits) return report_error(context, fits.error());
    answer ? give(context, *answer) : report_error(context, answer.error());
  });
}

namespace {

/// `bytes` 0: nullptr when there was no row. Else nullptr when there is no memory.
State** slot_of(sqlite3_context* context, std::size_t bytes) {
  return static_cast<State**>(sqlite3_aggregate_context(context, static_cast<int>(bytes)));
}

template <auto Member>
void change_state(sqlite3_context* context, int count, sqlite3_value** values) {
  if (asked_to_stop()) return report_error(context, stopped());
  const auto& [entry, session] = registration<Aggregate>(context);
  guarded(context, [&] {
    State** const slot = slot_of(context, sizeof(State*));
    if (slot == nullptr) return sqlite3_result_error_nomem(context);
    if (*slot == nullptr) *slot = entry->make();
    const Call call{context, *session, {values, static_cast<std::size_t>(count)}};
    const auto done = ((*slot)->*Member)(call);
    if (const auto fits = call.misfit(); !fits) return report_error(context, fits.error());
    if (!done) report_error(context, done.error());
  });
}

void give_state(sqlite3_context* context, const State* state) {
  if (!state) {
    const std::unique_ptr<State> empty{registration<Aggregate>(context).entry->make()};
    const Answer answer = empty->result();
    return answer ? give(context, *answer) : report_error(context, answer.error());
  }
  const Answer answer = state->result();
  answer ? give(context, *answer) : report_error(context, answer.error());
}

void window_value(sqlite3_context* context) {
  guarded(context, [&] {
    State** const slot = slot_of(context, sizeof(State*));
    if (slot == nullptr) return sqlite3_result_error_nomem(context);
    give_state(context, *slot);
  });
}

void finish_state(sqlite3_context* context) {
  guarded(context, [&] {
    State** const slot = slot_of(context, 0);
    const std::unique_ptr<State> state{slot != nullptr ? std::exchange(*slot, nullptr) : nullptr};
    give_state(context, state.get());
  });
}

/// Orders by `read` and model::compare where both texts are of the type, else by their bytes: a collation cannot fail.
template <class Read>
int compare_texts(std::string left, std::string right, Read read) {
  try {
    const auto a = read(left), b = read(right);
    const auto order = a && b ? model::compare(*a, *b) : left <=> right;
    return order < 0 ? -1 : order > 0;
  } catch (const std::exception&) {
    return left.compare(right);
  }
}

std::string collated(const void* bytes, int size) { return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)}; }

int compare_numeric(void*, int left_size, const void* left, int right_size, const void* right) {
  return compare_texts(collated(left, left_size), collated(right, right_size),
                       [](const std::string& text) { return model::parse_numeric(text); });
}

int compare_interval(void*, int left_size, const void* left, int right_size, const void* right) {
  return compare_texts(collated(left, left_size), collated(right, right_size), [](const std::string& text) {
    const model::Type type{model::oid::interval};
    const auto value = plan::decode(text, plan::runtime_form(type), type);
    return value ? std::optional{std::get<model::Interval>(*value)} : std::nullopt;
  });
}

int compare_json(void*, int left_size, const void* left, int right_size, const void* right) {
  const std::string a = collated(left, left_size), b = collated(right, right_size);
  try {
    const auto order = compare_jsonb(read_json(a), read_json(b));
    return order < 0 ? -1 : order > 0;
  } catch (const std::exception&) {
    return a.compare(b);
  }
}

/// timetz and arrays: what their run-time form reads as, in PostgreSQL's order.
int compare_values(void* data, int left_size, const void* left, int right_size, const void* right) {
  const std::string a = collated(left, left_size), b = collated(right, right_size);
  try {
    const model::Type type = *static_cast<const model::Type*>(data);
    const auto l = plan::decode(a, plan::runtime_form(type), type), r = plan::decode(b, plan::runtime_form(type), type);
    const auto order = l && r ? model::compare_values(*l, *r, type) : a <=> b;
    return order < 0 ? -1 : order > 0;
  } catch (const std::exception&) {
    return a.compare(b);
  }
}

int register_collation(sqlite3* database, model::Type type) {
  const auto name = plan::collation(plan::runtime_form(type), type);
  if (!name) return SQLITE_OK;
  const auto release = [](void* data) { delete static_cast<model::Type*>(data); };
  return sqlite3_create_collation_v2(database, name->c_str(), SQLITE_UTF8, new model::Type{type}, compare_values, release);
}

/// Persisted SQL must not call them (DESIGN idea 2): SQLITE_DIRECTONLY makes SQLite itself refuse.
constexpr int flags_of(Volatility volatility) {
  return SQLITE_UTF8 | SQLITE_DIRECTONLY | (volatility == Volatility::immutable ? SQLITE_DETERMINISTIC : 0);
}

template <class T>
void* owned(const T& entry, FunctionContext** session) { return new Registration<T>{&entry, session}; }
template <class T>
void release(void* pointer) { delete static_cast<Registration<T>*>(pointer); }

int register_all(sqlite3* database, FunctionContext** session) {
  for (const auto table : {
      advisory_functions(), arithmetic_functions(), array_builders(), array_collect_functions(), array_fill_functions(), array_put_functions(),
      array_functions(), byte_functions(), cast_functions(), datetime_functions(), degree_functions(), encoding_functions(),
      format_functions(), json_builders(), json_functions(), json_record_functions(), jsonb_functions(), jsonb_put_functions(), named_type_functions(), path_functions(),
      number_format_functions(), numeric_functions(), numeric_powers(), order_functions(), packed_functions(),
      pattern_functions(), period_functions(), query_plan_functions(), range_functions(), regex_functions(), sequence_functions(),
      series_functions(), session_functions(), size_functions(), text_functions(), unicode_functions(), zoned_time_functions()}) {
    for (const Function& entry : table) {
      const int code = sqlite3_create_function_v2(database, entry.name, entry.arguments, flags_of(entry.volatility),
                                                  owned(entry, session), entry.callback, nullptr, nullptr, release<Function>);
      if (code != SQLITE_OK) return code;
    }
  }
  for (const auto table : {aggregates(), array_aggregates(), variance_aggregates()}) for (const Aggregate& entry : table) {
    const int code = sqlite3_create_window_function(database, entry.name, entry.arguments, flags_of(Volatility::immutable),
                                                    owned(entry, session), change_state<&State::add>, finish_state, window_value,
                                                    change_state<&State::remove>, release<Aggregate>);
    if (code != SQLITE_OK) return code;
  }
  for (const model::TypeInfo& info : model::types()) {
    const bool own = info.oid == model::oid::timetz || info.category == model::Category::array;
    const int code = own ? register_collation(database, {info.oid}) : SQLITE_OK;
    if (code != SQLITE_OK) return code;
  }
  if (const int code = register_label_collations(database); code != SQLITE_OK) return code;
  if (const int code = register_unnest(database); code != SQLITE_OK) return code;
  if (const int code = register_packed_table(database); code != SQLITE_OK) return code;
  const int code = sqlite3_create_collation_v2(database, "crossfade_numeric", SQLITE_UTF8, nullptr, compare_numeric, nullptr);
  if (code != SQLITE_OK) return code;
  if (const int json = sqlite3_create_collation_v2(database, "crossfade_jsonb", SQLITE_UTF8, nullptr, compare_json, nullptr); json != SQLITE_OK) return json;
  return sqlite3_create_collation_v2(database, "crossfade_interval", SQLITE_UTF8, nullptr, compare_interval, nullptr);
}

}  // namespace

}  // namespace functions

model::Result<void> register_functions(sqlite3* database, FunctionContext** context) {
  if (functions::register_all(database, context) != SQLITE_OK) {
    return model::fail("XX000"_state, std::string{"cannot register run-time functions: "} + sqlite3_errmsg(database));
  }
  return {};
}

}  // namespace crossfade::sqlite
