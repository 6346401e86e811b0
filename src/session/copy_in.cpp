#include "copy_in.hpp"

#include <utility>

#include "crossfade/model/binary_format.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

constexpr std::size_t kBatchRows = 1'000, kBatchBytes = 65'535;

/// PostgreSQL looks for these when a batch is written, and for all else row by row.
bool is_found_late(const model::Error& error) { return error.state == "23505"_state; }

}  // namespace

CopyIn::CopyIn(const sql::CopyPlan& plan, sqlite::Session& session, model::TextStyle style)
    : plan_(plan), session_(session), style_(std::move(style)), reader_(wire::make_copy_reader(plan.options, plan.columns)) {}

void CopyIn::feed(const CopyInput& input) {
  reader_->feed(input.bytes);
  if (input.done) reader_->finish();
}

std::string CopyIn::context() const {
  const std::string place = place_ ? *place_ : reader_->place();
  return place.empty() ? place : "COPY " + plan_.relation + ", " + place;
}

bool CopyIn::batch_is_full() const { return batch_.size() >= kBatchRows || batch_bytes_ >= kBatchBytes; }

model::Result<CopyIn::Progress> CopyIn::advance() {
  auto progress = go_on();
  if (!progress) loader_.reset();
  return progress;
}

model::Result<CopyIn::Progress> CopyIn::go_on() {
  while (true) {
    bool more = true;
    while (more && !batch_is_full() && !unreadable_ && !at_end_) {
      CROSSFADE_TRY(more, read_row());
    }
    if (!more && !unreadable_ && !at_end_) return Progress::needs_bytes;
    if (!batch_.empty()) {
      if (!session_.holds_permit()) return Progress::needs_permit;
      const std::optional<std::string> place = std::exchange(place_, std::nullopt);
      auto inserted = insert_batch();
      if (!inserted && !(unreadable_ && is_found_late(inserted.error()))) return std::unexpected(std::move(inserted).error());
      place_ = place;
    }
    if (unreadable_) return std::unexpected(*unreadable_);
    if (at_end_) break;
  }
  place_ = "";  // PostgreSQL looks at foreign keys when the data are in
  if (loader_ != nullptr) CROSSFADE_CHECK(loader_->finish());
  loader_.reset();
  return Progress::done;
}

/// What cannot be read is kept until the rows before it have been looked at.
model::Result<bool> CopyIn::read_row() {
  auto step = reader_->next();
  if (!step) {
    unreadable_ = std::move(step).error();
    place_ = reader_->place();
    return true;
  }
  if (std::holds_alternative<wire::CopyNeedsBytes>(*step)) return false;
  if (std::holds_alternative<wire::CopyEnd>(*step)) {
    at_end_ = true;
    return true;
  }
  const auto& record = std::get<wire::CopyRecord>(*step);
  PendingRow row{.values = {}, .line = record.line, .place = {}};
  if (auto converted = convert(record, row.values); !converted) {
    unreadable_ = std::move(converted).error();
    return true;
  }
  row.place = reader_->place();
  batch_bytes_ += record.bytes;
  batch_.push_back(std::move(row));
  return true;
}

model::Result<void> CopyIn::convert(const wire::CopyRecord& record, model::Row& row) {
  row.reserve(record.fields.size());
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (!record.fields[i]) {
      row.emplace_back(model::Null{});
      continue;
    }
    auto value = convert(*record.fields[i], plan_.columns[i].type);
    if (!value) {
      place_ = reader_->place(i);
      return std::unexpected(std::move(value).error());
    }
    row.push_back(std::move(*value));
  }
  if (!record.failure) return {};
  place_ = reader_->place();
  return std::unexpected(*record.failure);
}

model::Result<model::Value> CopyIn::convert(std::string_view bytes, model::Type type) const {
  if (plan_.options.format != model::CopyFormat::binary) return model::parse_text(bytes, type, style_);
  return model::parse_binary(bytes, type);
}

model::Result<void> CopyIn::insert_batch() {
  if (loader_ == nullptr) {
    CROSSFADE_TRY(loader_, session_.load(plan_.statement));
  }
  std::optional<model::Error> late;
  for (const PendingRow& row : batch_) {
    auto made = loader_->add(row.values);
    if (made) {
      count_ += *made;
      continue;
    }
    if (!is_found_late(made.error())) {
      place_ = row.place;
      return std::unexpected(std::move(made).error());
    }
    if (late) continue;
    late = std::move(made).error();
    place_ = "line " + std::to_string(row.line);
  }
  batch_.clear();
  batch_bytes_ = 0;
  if (late) return std::unexpected(std::move(*late));
  return {};
}

}  // namespace crossfade::session
