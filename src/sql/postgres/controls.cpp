#include <cctype>

#include "classify.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using Control = decltype(Parsed::control);
std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::unexpected<model::Error> unsupported(std::string_view what) {
  return model::fail(model::SqlState{"0A000"}, std::string{what} + " is not supported");
}

model::Result<std::string> constant_text(const ::Node* node);

/// SET TIME ZONE INTERVAL '-05:30': hours east, "-5.5".
model::Result<std::string> zone_hours(const ::TypeCast* cast) {
  CROSSFADE_TRY(const std::string text, constant_text(cast->arg));
  CROSSFADE_TRY(const model::Value value, model::parse_text(text, {model::oid::interval}));
  const auto& interval = std::get<model::Interval>(value);
  if (interval.months != 0 || interval.days != 0) {
    return model::fail(model::SqlState{"22023"}, "invalid value for parameter \"TimeZone\": \"INTERVAL '" + text + "'\"",
                       interval.months != 0 ? "Cannot specify months in time zone interval." : "Cannot specify days in time zone interval.");
  }
  constexpr double kMicrosOfHour = 3.6e9;
  return std::to_string(static_cast<double>(interval.micros) / kMicrosOfHour);
}

/// A constant of SET: text as written, without its quotes.
model::Result<std::string> constant_text(const ::Node* node) {
  if (tag_of(node) == T_TypeCast) return zone_hours(as<::TypeCast>(node));
  if (tag_of(node) != T_A_Const) return unsupported("this value of a setting");
  const auto& value = as<::A_Const>(node)->val;
  switch (static_cast<int>(tag_of(&value))) {
    case T_Integer: return std::to_string(value.ival.ival);
    case T_Float: return std::string{value.fval.fval};
    case T_Boolean: return std::string{value.boolval.boolval ? "true" : "false"};
    case T_String: return std::string{value.sval.sval};
    default: return unsupported("this value of a setting");
  }
}

/// SET TIME ZONE INTERVAL '-03:30' HOUR TO MINUTE: the zone's name is "<-03:30>+03:30"; what is no such interval stays as it is.
std::string zone_of_interval(std::string text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.erase(0, 1);
  if (text.empty() || text.find_first_not_of("0123456789:") != std::string::npos) return (west ? "-" : "") + text;
  if (text.size() == 1 || text[1] == ':') text.insert(0, "0");
  while (text.size() > 2 && text.ends_with(":00")) text.resize(text.size() - 3);
  return std::string{"<"} + (west ? "-" : "+") + text + ">" + (west ? "+" : "-") + text;
}

model::Result<Isolation> isolation_of(std::string_view text) {
  const auto found = std::ranges::find(kIsolationWords, text);
  if (found == kIsolationWords.end()) return unsupported("this isolation level");
  return static_cast<Isolation>(found - kIsolationWords.begin());
}

/// The options of BEGIN and SET TRANSACTION.
model::Result<void> read_modes(const List* options, TransactionControl& out) {
  for (const ::DefElem* option : Nodes<::DefElem>{options}) {
    const std::string_view name = option->defname;
    CROSSFADE_TRY(const std::string value, constant_text(option->arg));
    if (name == "transaction_isolation") {
      CROSSFADE_TRY(out.isolation, isolation_of(value));
    } else if (name == "transaction_read_only") {
      out.read_only = value != "0" && value != "false";
    } else if (name == "transaction_deferrable") {
      out.deferrable = value != "0" && value != "false";
    } else {
      return unsupported("the transaction mode " + std::string{name});
    }
  }
  return {};
}

model::Result<Control> read_transaction(const ::TransactionStmt* node) {
  using Verb = TransactionControl::Verb;
  struct Row { ::TransactionStmtKind raw; Verb verb; };
  static constexpr std::array kVerbs{
      Row{TRANS_STMT_BEGIN, Verb::begin},       Row{TRANS_STMT_START, Verb::begin},
      Row{TRANS_STMT_COMMIT, Verb::commit},     Row{TRANS_STMT_ROLLBACK, Verb::rollback},
      Row{TRANS_STMT_SAVEPOINT, Verb::savepoint}, Row{TRANS_STMT_RELEASE, Verb::release},
      Row{TRANS_STMT_ROLLBACK_TO, Verb::rollback_to},
  };
  const auto* row = std::ranges::find(kVerbs, node->kind, &Row::raw);
  if (row == kVerbs.end()) return unsupported("two-phase commit");
  TransactionControl out{.verb = row->verb, .name = text_of(node->savepoint_name)};
  CROSSFADE_CHECK(read_modes(node->options, out));
  out.chain = node->chain;
  return out;
}

Control read_constraints(const ::ConstraintsSetStmt* node) {
  TransactionControl out{.verb = TransactionControl::Verb::set_constraints, .deferred = node->deferred};
  for (const ::RangeVar* name : Nodes<::RangeVar>{node->constraints}) out.constraints.push_back({text_of(name->schemaname), text_of(name->relname)});
  return out;
}

model::Result<Control> read_setting(const ::VariableSetStmt* node) {
  if (node->kind == VAR_SET_MULTI) {
    const std::string_view name = node->name;
    if (name == "TRANSACTION SNAPSHOT") return unsupported("SET TRANSACTION SNAPSHOT");
    TransactionControl out{.verb = name == "TRANSACTION" ? TransactionControl::Verb::set_transaction
                                                         : TransactionControl::Verb::set_session};
    CROSSFADE_CHECK(read_modes(node->args, out));
    return out;
  }
  if (node->kind == VAR_SET_CURRENT) return unsupported("SET … FROM CURRENT");
  const bool reset = node->kind == VAR_RESET || node->kind == VAR_RESET_ALL;
  SettingControl out{.verb = reset ? SettingControl::Verb::reset : SettingControl::Verb::set, .local = node->is_local};
  out.name = node->kind == VAR_RESET_ALL ? "all" : lower(node->name);
  for (const ::Node* argument : Nodes<::Node>{node->args}) {
    CROSSFADE_TRY(std::string value, constant_text(argument));
    out.values.push_back(tag_of(argument) == T_TypeCast ? zone_of_interval(std::move(value)) : std::move(value));
  }
  return out;
}

ObjectControl::Verb discard_verb(::DiscardMode mode) {
  switch (mode) {
    case DISCARD_PLANS: return ObjectControl::Verb::discard_plans;
    case DISCARD_SEQUENCES: return ObjectControl::Verb::discard_sequences;
    case DISCARD_TEMP: return ObjectControl::Verb::discard_temporary;
    case DISCARD_ALL: break;
  }
  return ObjectControl::Verb::discard_all;
}

}  // namespace

model::Result<Control> read_control(const ::Node* node) {
  using Verb = ObjectControl::Verb;
  switch (static_cast<int>(tag_of(node))) {
    case T_TransactionStmt: return read_transaction(as<::TransactionStmt>(node));
    case T_ConstraintsSetStmt: return read_constraints(as<::ConstraintsSetStmt>(node));
    case T_VariableSetStmt: return read_setting(as<::VariableSetStmt>(node));
    case T_VariableShowStmt: return SettingControl{.verb = SettingControl::Verb::show, .name = lower(as<::VariableShowStmt>(node)->name)};
    case T_DiscardStmt: return ObjectControl{discard_verb(as<::DiscardStmt>(node)->target), {}};
    case T_ListenStmt: return ObjectControl{Verb::listen, text_of(as<::ListenStmt>(node)->conditionname)};
    case T_UnlistenStmt: return ObjectControl{Verb::unlisten, text_of(as<::UnlistenStmt>(node)->conditionname)};
    case T_NotifyStmt: {
      const auto* notify = as<::NotifyStmt>(node);
      return ObjectControl{Verb::notify, text_of(notify->conditionname), text_of(notify->payload)};
    }
    case T_DeallocateStmt: return ObjectControl{Verb::deallocate, text_of(as<::DeallocateStmt>(node)->name)};
    case T_ClosePortalStmt: return ObjectControl{Verb::close, text_of(as<::ClosePortalStmt>(node)->portalname)};
    default: return std::monostate{};
  }
}

}  // namespace crossfade::sql::postgres_front
