#include "stored_row.hpp"

#include "crossfade/compare/compare.hpp"
#include "crossfade/model/text_format.hpp"
#include "utf8.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

/// What a value says when it is written out: the text that CAST(x AS TEXT) would give, but PostgreSQL's for REAL.
std::string as_text(const model::StorageValue& stored) {
  if (const auto* integer = std::get_if<std::int64_t>(&stored)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&stored)) return model::to_text(*real, {model::oid::float8});
  if (const auto* text = std::get_if<std::string>(&stored)) return *text;
  return std::get<model::Bytes>(stored).data;
}

/// Rule `cast`: the value's text read as the type. BLOBs become bytea only.
model::Result<model::Value> cast(const model::StorageValue& stored, model::Type type) {
  if (type.oid == model::oid::bytea) return model::Bytes{as_text(stored)};
  if (std::holds_alternative<model::Bytes>(stored)) return model::fail("22P02"_state, "a BLOB is not text");
  auto text = as_text(stored);
  if (text.find('\0') != text.npos || !utf8_length(text)) return model::fail("22021"_state, "a text with NUL or not in UTF-8");
  return model::parse_text(text, type);
}

bool becomes_null(const model::StorageValue& stored, plan::Misfit misfit) {
  const auto* text = std::get_if<std::string>(&stored);
  return misfit == plan::Misfit::null || (misfit == plan::Misfit::empty_null && text && text->empty());
}

model::Error refused(model::Error error, const plan::Table& table, const plan::Column& column, std::string_view key,
                     const model::StorageValue& stored) {
  error.detail = "Table \"" + table.sqlite_name + "\", column \"" + column.sqlite_name + "\", " + std::string(key) + " holds " + describe(stored) +
                 "; the plan says " + model::format_type(column.type) + " as " + plan::to_string(column.form) + ".";
  error.hint = "Mend the value, or choose another type or misfit = \"null\", \"set-null-when-empty\", \"cast\" or \"quarantine\" for the column in the plan.";
  error.table = table.name;
  error.column = column.name;
  return error;
}

/// An interval, a timetz or an array is read as PostgreSQL reads it: by a type with a modifier, and so cut or rounded already.
bool is_cut(const model::Value& value, const model::StorageValue& stored, const plan::Column& column) {
  const bool by_input = std::holds_alternative<model::Array>(value) || std::holds_alternative<model::Interval>(value) || std::holds_alternative<model::TimeTz>(value);
  if (!by_input || column.type.modifier < 0) return false;
  const auto whole = plan::decode(stored, column.form, {column.type.oid});
  return !whole || !compare::same_value(*whole, value);
}

}  // namespace

model::Result<StoredRow> read_stored(const plan::Table& table, std::span<const model::StorageValue> stored, const std::function<std::string()>& key) {
  StoredRow out;
  out.row.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    auto value = plan::decode(stored[i], column.form, column.type);
    if (value && (would_be_rounded(*value, column.type) || is_cut(*value, stored[i], column))) value = model::fail("22008"_state, model::format_type(column.type) + " would round it");
    if (!value && column.misfit == plan::Misfit::cast) {
      value = cast(stored[i], column.type);
      ++out.cast;
    }
    if (value) {
      out.row.push_back(*std::move(value));
    } else if (becomes_null(stored[i], column.misfit)) {
      out.row.emplace_back(model::Null{});
      out.nulled.push_back({column.name, describe_whole(stored[i]), "made NULL: " + value.error().message});
    } else if (column.misfit == plan::Misfit::quarantine) {
      out.row.clear();
      out.nulled.clear();
      out.aside = StoredRow::Aside{column.name, describe_whole(stored[i]), value.error().message};
      return out;
    } else {
      return std::unexpected(refused(std::move(value).error(), table, column, key(), stored[i]));
    }
  }
  return out;
}

bool would_be_rounded(const model::Value& value, model::Type type) {
  constexpr int kDigits = 6;
  if (type.modifier < 0) return false;
  std::int64_t micros = 0;
  if (const auto* time = std::get_if<model::Time>(&value)) micros = time->micros;
  else if (const auto* local = std::get_if<model::Timestamp>(&value)) micros = local->micros;
  else if (const auto* instant = std::get_if<model::TimestampTz>(&value)) micros = instant->micros;
  else return false;
  if (micros == model::kTimestampInfinity || micros == model::kTimestampMinusInfinity) return false;
  std::int64_t unit = 1;
  for (int digit = type.modifier; digit < kDigits; ++digit) unit *= 10;
  return micros % unit != 0;
}

std::size_t size_of(const model::StorageValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text->size();
  if (const auto* blob = std::get_if<model::Bytes>(&value)) return blob->data.size();
  return std::holds_alternative<model::Null>(value) ? 0 : sizeof(std::int64_t);
}

}  // namespace crossfade::migrate
