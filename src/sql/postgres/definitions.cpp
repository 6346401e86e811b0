#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

struct ActionRow { char raw; Constraint::Action action; };
constexpr std::array kActions{
    ActionRow{FKCONSTR_ACTION_NOACTION, Constraint::Action::no_action}, ActionRow{FKCONSTR_ACTION_RESTRICT, Constraint::Action::restrict_},
    ActionRow{FKCONSTR_ACTION_CASCADE, Constraint::Action::cascade},    ActionRow{FKCONSTR_ACTION_SETNULL, Constraint::Action::set_null},
    ActionRow{FKCONSTR_ACTION_SETDEFAULT, Constraint::Action::set_default},
};
Constraint::Action action_of(char raw) {
  const auto* row = std::ranges::find(kActions, raw, &ActionRow::raw);
  return row == kActions.end() ? Constraint::Action::no_action : row->action;
}

struct ConstraintRow { ::ConstrType raw; Constraint::Kind kind; };
constexpr std::array kConstraints{
    ConstraintRow{CONSTR_NULL, Constraint::Kind::null},           ConstraintRow{CONSTR_NOTNULL, Constraint::Kind::not_null},
    ConstraintRow{CONSTR_DEFAULT, Constraint::Kind::default_},    ConstraintRow{CONSTR_IDENTITY, Constraint::Kind::identity},
    ConstraintRow{CONSTR_GENERATED, Constraint::Kind::generated}, ConstraintRow{CONSTR_CHECK, Constraint::Kind::check},
    ConstraintRow{CONSTR_PRIMARY, Constraint::Kind::primary_key}, ConstraintRow{CONSTR_UNIQUE, Constraint::Kind::unique},
    ConstraintRow{CONSTR_FOREIGN, Constraint::Kind::foreign_key},
};

/// SERIAL types and their integers. Source: PostgreSQL 15, transformColumnDefinition.
struct SerialRow { std::string_view name; model::Oid type; };
constexpr std::array kSerials{
    SerialRow{"serial", model::oid::int4},    SerialRow{"serial4", model::oid::int4},     SerialRow{"bigserial", model::oid::int8},
    SerialRow{"serial8", model::oid::int8},   SerialRow{"smallserial", model::oid::int2}, SerialRow{"serial2", model::oid::int2},
};

/// DEFERRABLE and its kin follow the constraint they belong to as nodes of their own.
bool apply_attribute(::ConstrType raw, Constraint& previous) {
  switch (raw) {
    case CONSTR_ATTR_DEFERRABLE: return previous.deferrable = true;
    case CONSTR_ATTR_NOT_DEFERRABLE: previous.deferrable = false; return true;
    case CONSTR_ATTR_DEFERRED: return previous.deferrable = previous.initially_deferred = true;
    case CONSTR_ATTR_IMMEDIATE: previous.initially_deferred = false; return true;
    default: return false;
  }
}

bool is_attribute(::ConstrType raw) { return raw >= CONSTR_ATTR_DEFERRABLE && raw <= CONSTR_ATTR_IMMEDIATE; }

bool may_be_deferred(const Constraint& constraint) {
  using Kind = Constraint::Kind;
  return constraint.kind == Kind::primary_key || constraint.kind == Kind::unique || constraint.kind == Kind::foreign_key;
}

}  // namespace

void Reader::read_reference(const ::Constraint* node, Constraint& out) {
  refuse_if(node->location, {{node->fk_matchtype == FKCONSTR_MATCH_PARTIAL, "MATCH PARTIAL"},
                             {node->fk_del_set_cols != nullptr, "ON DELETE SET with a column list"}});
  out.target = plain_relation(node->pktable);
  out.target_columns = strings(node->pk_attrs);
  out.columns = strings(node->fk_attrs);
  if (node->fk_matchtype == FKCONSTR_MATCH_FULL) out.match = Constraint::Match::full;
  out.on_update = action_of(node->fk_upd_action);
  out.on_delete = action_of(node->fk_del_action);
}

Constraint Reader::constraint(const ::Constraint* node) {
  const auto* row = std::ranges::find(kConstraints, node->contype, &ConstraintRow::raw);
  if (row == kConstraints.end()) {
    refuse(node->location, node->contype == CONSTR_EXCLUSION ? "EXCLUDE" : "this constraint");
    return {};
  }
  refuse_if(node->location, {{node->is_no_inherit, "NO INHERIT"}, {node->including != nullptr, "INCLUDE"},
                             {node->exclusions != nullptr, "EXCLUDE"},
                             {node->options != nullptr && node->contype != CONSTR_IDENTITY, "storage parameters of a constraint"},
                             {node->indexname != nullptr, "USING INDEX"}, {node->indexspace != nullptr, "USING INDEX TABLESPACE"},
                             {node->where_clause != nullptr, "a constraint with WHERE"},
                             {node->access_method != nullptr, "USING in a constraint"}});
  Constraint out{.kind = row->kind, .name = text_of(node->conname), .expression = boxed(node->raw_expr)};
  out.columns = strings(node->keys);
  out.identity_always = node->generated_when == 'a' && out.kind == Constraint::Kind::identity;
  if (out.kind == Constraint::Kind::identity) out.sequence = sequence_options(node->options);
  out.nulls_not_distinct = node->nulls_not_distinct;
  out.deferrable = node->deferrable;
  out.initially_deferred = node->initdeferred;
  out.not_valid = node->skip_validation;
  if (out.kind == Constraint::Kind::foreign_key) read_reference(node, out);
  out.position = at(node->location);
  return out;
}

void Reader::column_constraints(const ::ColumnDef* node, ColumnDefinition& column) {
  for (const ::Constraint* written : Nodes<::Constraint>{node->constraints}) {
    if (!is_attribute(written->contype)) {
      column.constraints.push_back(constraint(written));
    } else if (column.constraints.empty() || !may_be_deferred(column.constraints.back())) {
      fail(written->location, model::SqlState{"42601"}, "misplaced DEFERRABLE clause");
    } else {
      apply_attribute(written->contype, column.constraints.back());
    }
  }
}

ColumnDefinition Reader::column_definition(const ::ColumnDef* node) {
  refuse_if(node->location, {{node->compression != nullptr, "COMPRESSION"}, {node->storage != 0, "STORAGE"},
                             {node->fdwoptions != nullptr, "OPTIONS of a column"}, {node->raw_default != nullptr, "this default"},
                             {node->typeName == nullptr, "a column without a type"}});
  ColumnDefinition out{.name = text_of(node->colname), .position = at(node->location)};
  if (node->typeName) out.type = type_name(node->typeName);
  const auto* serial = std::ranges::find(kSerials, out.type.name, &SerialRow::name);
  if (serial != kSerials.end() && out.type.schema.empty()) {
    refuse_if(node->location, {{out.type.array_dimensions > 0, "an array of a serial type"}});
    out.serial = true;
    out.type.resolved = model::Type{serial->type, -1};
  }
  if (node->collClause) out.collation = strings(node->collClause->collname).back();
  column_constraints(node, out);
  return out;
}

IndexPart Reader::index_part(const ::IndexElem* node) {
  refuse_if(-1, {{node->opclassopts != nullptr, "options of an operator class"},
                 {node->ordering == SORTBY_USING, "USING in an index"}});
  IndexPart out{.column = {text_of(node->name)}, .expression = boxed(node->expr)};
  if (node->collation) out.collation = strings(node->collation).back();
  if (node->opclass) out.operator_class = strings(node->opclass).back();
  if (node->ordering == SORTBY_ASC) out.direction = OrderItem::Direction::ascending;
  if (node->ordering == SORTBY_DESC) out.direction = OrderItem::Direction::descending;
  if (node->nulls_ordering == SORTBY_NULLS_FIRST) out.nulls = OrderItem::Nulls::first;
  if (node->nulls_ordering == SORTBY_NULLS_LAST) out.nulls = OrderItem::Nulls::last;
  return out;
}

}  // namespace crossfade::sql::postgres_front
