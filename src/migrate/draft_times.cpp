#include <algorithm>
#include <set>

#include "draft_rules.hpp"

namespace crossfade::migrate {
namespace {

namespace oid = model::oid;
using ShapeKind = TextShape::Kind;

std::optional<plan::Offset> stored_offset(TextShape::Offset offset) {
  switch (offset) {
    case TextShape::Offset::none: return plan::Offset::none;
    case TextShape::Offset::z: return plan::Offset::z;
    case TextShape::Offset::plus00: return plan::Offset::plus00;
    case TextShape::Offset::plus00_00: return plan::Offset::plus00_00;
    case TextShape::Offset::other: return std::nullopt;
  }
  return std::nullopt;
}

/// The fraction parameter under which every text is written back as it stands; nullopt when there is none.
std::optional<std::int8_t> stored_fraction(const ColumnScan& scan) {
  std::set<int> digits;
  bool trailing_zero = false;
  for (const auto& [shape, count] : scan.shapes) {
    digits.insert(shape.fraction);
    trailing_zero = trailing_zero || (shape.fraction > 0 && shape.trailing_zero);
  }
  if (*digits.begin() < 0 || *digits.rbegin() > 6) return std::nullopt;
  if (digits == std::set{0} || digits == std::set{3} || digits == std::set{6}) return static_cast<std::int8_t>(*digits.begin());
  if (digits == std::set{0, 6}) return plan::kNoneOrSix;
  if (trailing_zero) return std::nullopt;
  return std::int8_t{-1};
}

std::string written_as(const ColumnScan& scan) { return "every value is written " + to_string(scan.shapes.begin()->first); }

std::optional<Choice> choose_text_time(const Evidence& evidence) {
  const auto& shapes = evidence.scan.shapes;
  const TextShape first = shapes.begin()->first;
  const auto alike = [&first](const auto& entry) {
    return entry.first.kind == first.kind && entry.first.separator == first.separator && entry.first.offset == first.offset;
  };
  if (!std::ranges::all_of(shapes, alike)) return std::nullopt;
  if (first.kind == ShapeKind::date) return Choice{{oid::date}, {plan::Form::date_iso}, written_as(evidence.scan)};
  const auto fraction = stored_fraction(evidence.scan);
  if (!fraction) return std::nullopt;
  if (first.kind == ShapeKind::time) return Choice{{oid::time}, {plan::Form::time_iso, *fraction}, written_as(evidence.scan)};
  if (first.kind != ShapeKind::timestamp) return std::nullopt;
  const auto offset = stored_offset(first.offset);
  if (!offset) return std::nullopt;
  const plan::StoredForm form{plan::Form::timestamp_iso, *fraction, first.separator, *offset};
  if (*offset == plan::Offset::none) return Choice{{oid::timestamp}, form, written_as(evidence.scan) + "; a zone is never assumed"};
  return Choice{{oid::timestamptz}, form, written_as(evidence.scan)};
}

}  // namespace

std::optional<Choice> choose_number_time(const Evidence& evidence) {
  const auto& scan = evidence.scan;
  const auto values = evidence.values();
  if (scan.seconds == values) return Choice{{oid::timestamptz}, {plan::Form::epoch_seconds, 0}, "seconds since 1970, years 1973 to 2099"};
  if (scan.millis == values) return Choice{{oid::timestamptz}, {plan::Form::epoch_millis}, "milliseconds since 1970, years 1973 to 2099"};
  if (scan.micros == values) return Choice{{oid::timestamptz}, {plan::Form::epoch_micros}, "microseconds since 1970, years 1973 to 2099"};
  if (scan.julian == values) return Choice{{oid::timestamp}, {plan::Form::julian_day}, "Julian days, years 1858 to 2132"};
  return std::nullopt;
}

std::int8_t text_fraction(const ColumnScan& scan) { return scan.shapes.empty() ? std::int8_t{-1} : stored_fraction(scan).value_or(std::int8_t{-1}); }

std::vector<plan::StoredForm> text_time_forms(const ColumnScan& scan) {
  std::vector<plan::StoredForm> out;
  for (const auto& [shape, count] : scan.shapes) {
    const auto offset = stored_offset(shape.offset);
    if (shape.kind != ShapeKind::timestamp || !offset) continue;
    plan::StoredForm form{plan::Form::timestamp_iso, text_fraction(scan), shape.separator, *offset};
    if (std::ranges::find(out, form) == out.end()) out.push_back(std::move(form));
  }
  return out;
}

std::optional<Choice> choose_time(const Evidence& evidence) {
  if (!evidence.declaration.has("DATE") && !evidence.declaration.has("TIME")) return std::nullopt;
  if (evidence.only_texts() && evidence.storable_texts()) return choose_text_time(evidence);
  return choose_number_time(evidence);
}

}  // namespace crossfade::migrate
