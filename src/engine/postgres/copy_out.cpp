#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "connection_impl.hpp"
#include "crossfade/model/binary_format.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

constexpr std::size_t kHeader = 19;  // signature, flags, length of an extension that no server sends

model::Error malformed() { return {"08P01"_state, "PostgreSQL's COPY data is malformed"}; }

/// Takes from the front of a row's bytes.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}
  template <class Integer>
  std::optional<Integer> number() {
    if (bytes_.size() < sizeof(Integer)) return std::nullopt;
    std::make_unsigned_t<Integer> out = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) out = static_cast<std::make_unsigned_t<Integer>>(out << 8U | static_cast<unsigned char>(bytes_[i]));
    bytes_.remove_prefix(sizeof(Integer));
    return static_cast<Integer>(out);
  }
  std::optional<std::string_view> take(std::int32_t length) {
    if (length < 0 || bytes_.size() < static_cast<std::size_t>(length)) return std::nullopt;
    const std::string_view out = bytes_.substr(0, static_cast<std::size_t>(length));
    bytes_.remove_prefix(out.size());
    return out;
  }

 private:
  std::string_view bytes_;
};

/// false: that was the end of the data.
model::Result<bool> read_row(std::string_view bytes, std::span<const model::Column> columns, model::Row& row) {
  Fields fields(bytes);
  const auto count = fields.number<std::int16_t>();
  if (count == -1) return false;
  if (!count || static_cast<std::size_t>(*count) != columns.size()) return std::unexpected(malformed());
  row.clear();
  for (const model::Column& column : columns) {
    const auto length = fields.number<std::int32_t>();
    if (length == -1) {
      row.emplace_back(model::Null{});
      continue;
    }
    const auto data = length ? fields.take(*length) : std::nullopt;
    if (!data) return std::unexpected(malformed());
    auto value = read_binary(*data, column.type);
    if (!value) {
      value.error().detail = "column " + column.name + " of the upstream's result";
      return std::unexpected(std::move(value).error());
    }
    row.push_back(std::move(*value));
  }
  return true;
}

}  // namespace

model::Result<void> Connection::copy_out(std::string_view sql, const std::function<bool(const model::Row&)>& row) {
  CROSSFADE_TRY(const Impl::Statement* const known, impl_->prepare(sql, {}));
  if (!std::ranges::all_of(known->description.columns, [](const model::Column& column) { return has_binary_form(column.type.oid); })) return stream(sql, {}, row);
  const std::vector<model::Column> columns = known->description.columns;
  impl_->unnamed.text.clear();
  if (PQsendQuery(impl_->raw(), ("COPY (" + std::string{sql} + ") TO STDOUT (FORMAT binary)").c_str()) == 0) return std::unexpected(impl_->lost());
  CROSSFADE_TRY(const ResultHandle begun, impl_->finish());
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return model::fail("08P01"_state, "PostgreSQL did not begin the COPY");
  const auto stop = [&] {
    cancel();
    impl_->drain();
  };
  model::Row read;
  read.reserve(columns.size());
  for (bool first = true;; first = false) {
    CROSSFADE_TRY(std::string_view data, impl_->next_copy_data());
    if (data.empty()) break;
    if (first) {
      if (data.size() < kHeader) {
        stop();
        return std::unexpected(malformed());
      }
      data.remove_prefix(kHeader);  // alone in its message, or before the first row
      if (data.empty()) continue;
    }
    const model::Result<bool> more = read_row(data, columns, read);
    if (more && !*more) continue;  // the trailer; CopyDone follows
    if (more && row(read)) continue;
    stop();
    return more ? model::Result<void>{} : std::unexpected(more.error());
  }
  CROSSFADE_CHECK(impl_->finish());
  return {};
}

}  // namespace crossfade::postgres
