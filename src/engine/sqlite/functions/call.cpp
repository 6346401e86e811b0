#include "call.hpp"

#include <sqlite3.h>

#include <memory>

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// Keeps what `parse` made of constant argument `index` for the life of the prepared statement.
template <class T, class Parse>
model::Result<T> remembered(sqlite3_context* context, std::size_t index, Parse parse) {
  if (const auto* known = static_cast<const T*>(sqlite3_get_auxdata(context, static_cast<int>(index)))) return *known;
  model::Result<T> parsed = parse();
  if (parsed) {
    auto kept = std::make_unique<T>(*parsed);
    sqlite3_set_auxdata(context, static_cast<int>(index), kept.release(), [](void* pointer) { delete static_cast<T*>(pointer); });
  }
  return parsed;
}

}  // namespace

void* Call::kept(std::size_t index) const { return sqlite3_get_auxdata(context_, static_cast<int>(index)); }
void Call::keep(std::size_t index, void* value, void (*release)(void*)) const {
  sqlite3_set_auxdata(context_, static_cast<int>(index), value, release);
}

bool Call::is_null(std::size_t index) const { return sqlite3_value_type(arguments_[index]) == SQLITE_NULL; }

std::int64_t Call::integer(std::size_t index) const {
  const int type = sqlite3_value_type(arguments_[index]);
  if (type != SQLITE_INTEGER && type != SQLITE_NULL) misfit_ = arguments_[index];
  return sqlite3_value_int64(arguments_[index]);
}

double Call::real(std::size_t index) const {
  const int type = sqlite3_value_type(arguments_[index]);
  if (type == SQLITE_TEXT || type == SQLITE_BLOB) misfit_ = arguments_[index];
  return sqlite3_value_double(arguments_[index]);
}

model::Result<void> Call::misfit() const {
  if (!misfit_) return {};
  const int type = sqlite3_value_type(misfit_);
  const char* kind = type == SQLITE_FLOAT ? "real " : type == SQLITE_TEXT ? "text " : "blob of ";
  const std::string what = type == SQLITE_BLOB ? std::to_string(sqlite3_value_bytes(misfit_)) + " bytes"
                                               : reinterpret_cast<const char*>(sqlite3_value_text(misfit_));
  return model::fail("22P02"_state, "stored " + std::string{kind} + what + " does not fit its column's type", "",
                     "`crossfade plan` drafts a type that holds every value of the column.");
}

std::string_view Call::text(std::size_t index) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(arguments_[index]));
  return bytes ? std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(arguments_[index]))} : std::string_view{};
}

std::string_view Call::bytes(std::size_t index) const {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(arguments_[index]));
  return bytes ? std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(arguments_[index]))} : std::string_view{};
}

model::Result<model::Interval> Call::interval(std::size_t index) const {
  const model::Type type{model::oid::interval};
  CROSSFADE_TRY(model::Value value, plan::decode(string(index), plan::runtime_form(type), type));
  return std::get<model::Interval>(value);
}

StorageValue Call::value(std::size_t index) const {
  sqlite3_value* value = arguments_[index];
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_FLOAT: return sqlite3_value_double(value);
    case SQLITE_TEXT: return string(index);
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      return model::Bytes{bytes ? std::string{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))} : std::string{}};
    }
    default: return model::Null{};
  }
}

model::Result<model::Type> Call::type(std::size_t index) const {
  return remembered<model::Type>(context_, index, [&]() -> model::Result<model::Type> {
    if (const auto type = model::parse_type(text(index))) return *type;
    return model::fail("XX000"_state, "run-time function was given no type but \"" + string(index) + "\"");
  });
}

model::Result<Shape> Call::shape(std::size_t type_index, std::size_t form_index) const {
  return remembered<Shape>(context_, form_index, [&]() -> model::Result<Shape> {
    const auto type = model::parse_type(text(type_index));
    const auto form = plan::parse_stored_form(text(form_index));
    if (type && form) return Shape{*type, *form};
    return model::fail("XX000"_state, "run-time function was given no stored form but \"" + string(form_index) + "\"");
  });
}

const FunctionContext& Call::session() const {
  static const FunctionContext kNone{};
  return session_ ? *session_ : kNone;
}

Answer to_runtime(const model::Value& value, model::Type type) { return plan::encode(value, plan::runtime_form(type), type); }

Answer interval_answer(const model::Result<model::Interval>& value) {
  if (!value) return std::unexpected(value.error());
  return to_runtime(*value, model::Type{model::oid::interval});
}

}  // namespace crossfade::sqlite::functions
