#include "catalog/functions.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <vector>

#include "catalog/module.hpp"
#include "errors.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite::catalog {

using namespace model::literals;

namespace {

/// What SQLite hands back to the trampoline; owned by the connection.
struct RegisteredFunction { const Function* entry; Connection::Impl* connection; };

void call_catalog(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto& [entry, connection] = *static_cast<const RegisteredFunction*>(sqlite3_user_data(context));
  if (entry->nulls == functions::Nulls::propagate) {
    for (int i = 0; i < count; ++i) {
      if (sqlite3_value_type(values[i]) == SQLITE_NULL) return sqlite3_result_null(context);
    }
  }
  try {
    const auto known = catalog_of(*connection);
    if (!known) return report_error(context, known.error());
    const functions::Call call{context, connection->context, {values, static_cast<std::size_t>(count)}};
    const functions::Answer answer = entry->body(**known, call);
    answer ? give(context, *answer) : report_error(context, answer.error());
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& exception) {
    report_error(context, model::Error{"XX000"_state, exception.what()});
  }
}

}  // namespace

void give(sqlite3_context* context, const model::StorageValue& value) {
  struct Give {
    sqlite3_context* context;
    void operator()(const model::Null&) const { sqlite3_result_null(context); }
    void operator()(std::int64_t number) const { sqlite3_result_int64(context, number); }
    void operator()(double number) const { sqlite3_result_double(context, number); }
    void operator()(const std::string& text) const { sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }
    void operator()(const model::Bytes& bytes) const {
      sqlite3_result_blob64(context, bytes.data.data(), bytes.data.size(), SQLITE_TRANSIENT);
    }
  };
  std::visit(Give{context}, value);
}

bool reads_catalog(std::string_view name) {
  const auto has = [&](std::span<const Function> group) { return std::ranges::find(group, name, &Function::name) != group.end(); };
  return has(definition_functions()) || has(name_functions());
}

model::Result<void> register_functions(Connection::Impl& connection) {
  for (const auto group : {definition_functions(), name_functions()}) {
    for (const Function& function : group) {
      auto* data = new RegisteredFunction{&function, &connection};
      const int code = sqlite3_create_function_v2(connection.handle.get(), function.name, function.arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY, data,
                                                  call_catalog, nullptr, nullptr, [](void* owned) { delete static_cast<RegisteredFunction*>(owned); });
      if (code != SQLITE_OK) return std::unexpected(code_error(code, "the catalog's functions cannot be registered"));
    }
  }
  return {};
}

}  // namespace crossfade::sqlite::catalog
