#include "into_form.hpp"

#include <algorithm>
#include <array>

#include "sqlite_journal.hpp"
#include "sqlite_text.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

using plan::Form;

/// Forms by type, in the order in which they are tried. Timestamps and word pairs take their parameters from the data.
struct TypeCandidates { model::Oid type; std::array<Form, 3> forms; std::size_t count; };
constexpr std::array kCandidates{
    TypeCandidates{model::oid::boolean, {Form::boolean_integer}, 1},
    TypeCandidates{model::oid::int2, {Form::integer}, 1},
    TypeCandidates{model::oid::int4, {Form::integer}, 1},
    TypeCandidates{model::oid::int8, {Form::integer}, 1},
    TypeCandidates{model::oid::oid, {Form::integer}, 1},
    TypeCandidates{model::oid::float4, {Form::real}, 1},
    TypeCandidates{model::oid::float8, {Form::real}, 1},
    TypeCandidates{model::oid::numeric, {Form::number, Form::numeric_text}, 2},
    TypeCandidates{model::oid::text, {Form::text}, 1},
    TypeCandidates{model::oid::varchar, {Form::text}, 1},
    TypeCandidates{model::oid::bpchar, {Form::text}, 1},
    TypeCandidates{model::oid::name, {Form::text}, 1},
    TypeCandidates{model::oid::bytea, {Form::blob}, 1},
    TypeCandidates{model::oid::date, {Form::date_iso}, 1},
    TypeCandidates{model::oid::time, {Form::time_iso}, 1},
    TypeCandidates{model::oid::timetz, {Form::timetz_text}, 1},
    TypeCandidates{model::oid::interval, {Form::interval_text}, 1},
    TypeCandidates{model::oid::uuid, {Form::uuid_text, Form::uuid_hex, Form::uuid_blob}, 3},
    TypeCandidates{model::oid::json, {Form::json_text}, 1},
    TypeCandidates{model::oid::jsonb, {Form::json_text}, 1},
    TypeCandidates{model::oid::timestamp, {}, 0},
    TypeCandidates{model::oid::timestamptz, {}, 0},
};

const TypeCandidates* candidates_of(model::Oid type) {
  const auto found = std::ranges::find(kCandidates, type, &TypeCandidates::type);
  return found == kCandidates.end() ? nullptr : &*found;
}
bool carries(model::Type type) {
  const auto element = model::element_of(type);
  return candidates_of(element ? element->oid : type.oid) != nullptr;
}

/// Reading the text as the type loses nothing and assumes nothing. Two keys could become one.
bool may_cast(const Evidence& evidence, model::Type type) {
  constexpr std::array kCastable{model::oid::text, model::oid::varchar, model::oid::boolean, model::oid::uuid, model::oid::int2, model::oid::int4, model::oid::int8};
  if (evidence.column.primary_key != 0) return false;
  if (std::ranges::find(kCastable, type.oid) != kCastable.end()) return true;
  const auto with_offset = [](const auto& entry) { return entry.first.kind == TextShape::Kind::timestamp && entry.first.offset != TextShape::Offset::none; };
  return type.oid == model::oid::timestamptz && type.modifier < 0 && evidence.only_texts() && std::ranges::all_of(evidence.scan.shapes, with_offset);
}

/// A form under trial.
struct Candidate {
  plan::StoredForm form;
  plan::Misfit misfit = plan::Misfit::refuse;
  std::int64_t misfits = 0;
  std::string example;
};

bool naive(const plan::StoredForm& form, model::Type type) {
  return type.oid == model::oid::timestamptz && form.form == Form::timestamp_iso && form.offset == plan::Offset::none;
}

/// The candidates of a column, none of which takes a time for one of UTC on its own.
class Candidates {
 public:
  Candidates(const plan::PlannedColumn& drafted, const Evidence& evidence, model::Type type, const std::string& zone)
      : drafted_(drafted), evidence_(evidence), type_(type), zone_(drafted.zone.empty() ? zone : drafted.zone) {}

  std::vector<Candidate> list() {
    add(drafted_.form, drafted_.misfit);
    if (drafted_.owner_edited) return std::move(out_);
    if (model::element_of(type_)) add({Form::array_text});
    if (const auto* known = candidates_of(type_.oid)) {
      for (std::size_t i = 0; i < known->count; ++i) add({known->forms.at(i), known->forms.at(i) == Form::time_iso ? text_fraction(evidence_.scan) : std::int8_t{-1}});
    }
    if (const auto pair = type_.oid == model::oid::boolean && evidence_.scan.texts != 0 ? word_pair(evidence_.scan) : std::nullopt) {
      plan::StoredForm words{Form::boolean_text};
      words.words = *pair;
      add(std::move(words));
    }
    if (type_.oid == model::oid::timestamp || type_.oid == model::oid::timestamptz) times();
    if (may_cast(evidence_, type_) && !out_.empty()) out_.push_back({out_.front().form, plan::Misfit::cast, 0, {}});
    if (out_.empty() && may_cast(evidence_, type_)) out_.push_back({plan::created_form(type_), plan::Misfit::cast, 0, {}});
    return std::move(out_);
  }
  /// A form was left out, as nobody has said the zone of its times.
  bool wants_zone() const { return wants_zone_; }

 private:
  void times() {
    if (evidence_.values() == 0) add(plan::created_form(type_));
    if (const auto number = evidence_.values() == 0 ? std::nullopt : choose_number_time(evidence_)) add(number->form);
    for (auto& form : text_time_forms(evidence_.scan)) add(std::move(form));
  }
  void add(plan::StoredForm form, plan::Misfit misfit = plan::Misfit::refuse) {
    form.zone.clear();
    if (naive(form, type_)) {
      wants_zone_ = wants_zone_ || (zone_.empty() && evidence_.values() != 0);
      if (zone_.empty()) return;
      form.zone = zone_;
    }
    if (!plan::holds(form, type_)) return;
    const auto same = [&](const Candidate& known) { return known.form == form && known.misfit == misfit; };
    if (std::ranges::none_of(out_, same)) out_.push_back({std::move(form), misfit, 0, {}});
  }

  const plan::PlannedColumn& drafted_;
  const Evidence& evidence_;
  model::Type type_;
  std::string zone_;
  bool wants_zone_ = false;
  std::vector<Candidate> out_;
};

/// Every value is carried as it is, which the scan has seen already.
bool known_to_fit(const Candidate& candidate, const Evidence& evidence, model::Type type) {
  const auto& scan = evidence.scan;
  const auto values = evidence.values();
  if (values == 0) return true;
  switch (type.oid) {
    case model::oid::int8: return candidate.form.form == Form::integer && scan.integers == values;
    case model::oid::float8: return candidate.form.form == Form::real && scan.reals == values;
    case model::oid::text: return candidate.form.form == Form::text && scan.texts == values && evidence.storable_texts();
    case model::oid::bytea: return candidate.form.form == Form::blob && scan.blobs == values;
    default: return false;
  }
}

/// One column of one row, as the copy would read it.
void test_value(const model::StorageValue& stored, plan::Table& row, Candidate& candidate) {
  auto& column = row.columns.front();
  column.form = candidate.form;
  column.misfit = candidate.misfit == plan::Misfit::cast ? plan::Misfit::cast : plan::Misfit::refuse;
  const auto read = read_stored(row, {&stored, 1}, [] { return std::string("row"); });
  if (read) return;
  if (++candidate.misfits == 1) candidate.example = describe(stored);
}

model::Result<void> test_all(sqlite::Connection& connection, const plan::PlannedTable& table, const plan::PlannedColumn& column, model::Type type,
                             std::vector<Candidate>& candidates) {
  plan::Table row;
  row.columns.emplace_back();
  row.columns.front().type = type;
  CROSSFADE_TRY(auto statement, connection.prepare("SELECT " + quote_sqlite(column.source) + " FROM main." + quote_sqlite(table.source) + " WHERE " +
                                                   quote_sqlite(column.source) + " IS NOT NULL"));
  while (true) {
    CROSSFADE_TRY(const bool found, statement.step());
    if (!found) return {};
    const auto stored = statement.column(0);
    for (auto& candidate : candidates) test_value(stored, row, candidate);
  }
}

/// The first without a misfit, a cast last of all; else the one with the fewest.
const Candidate& best_of(const std::vector<Candidate>& candidates) {
  return *std::ranges::min_element(candidates, {}, [](const Candidate& candidate) { return candidate.misfits; });
}

}  // namespace

model::Result<IntoForm> form_into(sqlite::Connection& connection, const plan::PlannedTable& table, const plan::PlannedColumn& drafted,
                                  const Evidence& evidence, const TargetColumn& target, const std::string& zone) {
  const auto place = table.name + "." + target.name;
  IntoForm out;
  if (!carries(target.type)) {
    out.fault = model::Error{"0A000"_state, place + " is of type " + target.type_name + ", which Crossfade cannot carry", {},
                             "Make such a column text for the copy, and ALTER it back afterwards (ALTER TABLE … ALTER COLUMN … TYPE … USING …)."};
    return out;
  }
  Candidates made(drafted, evidence, target.type, zone);
  auto candidates = made.list();
  if (!made.wants_zone() && !candidates.empty() && !known_to_fit(candidates.front(), evidence, target.type)) {
    CROSSFADE_CHECK(test_all(connection, table, drafted, target.type, candidates));
  }
  if (made.wants_zone()) {
    out.fault = model::Error{"22023"_state, place + " is timestamp with time zone, and its times are stored without a zone", {},
                             "Say their zone: --zone UTC (Django with USE_TZ, Rails and Prisma store UTC), or --zone Europe/Berlin; the plan keeps it for each column."};
    return out;
  }
  const auto values = evidence.values();
  if (candidates.empty() || (best_of(candidates).misfits == values && values != 0 && !drafted.owner_edited)) {
    const auto example = candidates.empty() ? storage_classes(evidence.scan) : best_of(candidates).example;
    out.fault = model::Error{"42804"_state, place + " is " + target.type_name + "; no stored form reads the file's values as it, such as " + example, {},
                             "Make the column in PostgreSQL of a type that holds these values, or mend them in the file."};
    return out;
  }
  const auto& best = best_of(candidates);
  out.form = best.form;
  out.misfit = best.misfit;
  out.note = "as PostgreSQL has it: " + target.type_name;
  if (best.misfits != 0) {
    out.warning = place + ": " + std::to_string(best.misfits) + " of " + std::to_string(values) + " values do not fit " + target.type_name + ", such as " + best.example +
                  ": its misfit rule decides";
    out.note += "; " + std::to_string(best.misfits) + " values do not fit: choose misfit null, quarantine or cast, or mend them";
  } else if (best.misfit == plan::Misfit::cast && values != 0 && !drafted.owner_edited) {
    out.warning = place + ": " + storage_classes(evidence.scan) + ": their text is read as " + target.type_name;
    out.note += "; the text of its values is read as that";
  }
  return out;
}

}  // namespace crossfade::migrate
