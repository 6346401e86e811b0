#include <algorithm>
#include <charconv>

#include "bind/schema_binder.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using ColumnChange = AlterColumn::What;

/// A default of the file as a value: (12), 'it''s', NULL. nullopt: it is computed.
std::optional<model::StorageValue> default_literal(std::string_view text) {
  while (text.size() > 1 && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
  if (text.size() > 1 && text.front() == '\'' && text.back() == '\'') {
    std::string value;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      if (text[i] == '\'' && text[i + 1] != '\'') return std::nullopt;
      if (text[i] == '\'') ++i;
      value += text[i];
    }
    return value;
  }
  if (plan::fold(std::string{text}) == "null") return model::Null{};
  std::int64_t number = 0;
  const auto whole = std::from_chars(text.data(), text.data() + text.size(), number);
  if (whole.ec == std::errc{} && whole.ptr == text.data() + text.size()) return number;
  return std::nullopt;
}

}  // namespace

void SchemaBinder::check_nulls(TableEdit& edit, const plan::Column& column) {
  model::Error error{"23502"_state, "column \"" + column.name + "\" of relation \"" + edit.after.name + "\" contains null values"};
  error.column = column.name;
  edit.checks.push_back({quoted(column.sqlite_name) + " IS NULL", std::move(error)});
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, AlterColumn& alter) {
  const auto column = std::ranges::find(edit.after.columns, alter.column, &plan::Column::name);
  if (column == edit.after.columns.end()) {
    return refuse("42703"_state, "column \"" + alter.column + "\" of relation \"" + edit.after.name + "\" does not exist", kNowhere);
  }
  TableColumn& written = *edit.text.find(column->sqlite_name);
  const std::string named = "column \"" + column->name + "\" of relation \"" + edit.after.name + "\" is ";
  switch (alter.what) {
    case ColumnChange::set_not_null:
      if (column->not_null) return {};
      column->not_null = true;
      written.erase(TablePiece::Kind::null);
      written.pieces.push_back({TablePiece::Kind::not_null, {}, "NOT NULL", {}, {}});
      check_nulls(edit, *column);
      edit.rewritten = true;
      return {};
    case ColumnChange::drop_not_null:
      if (column->identity) return refuse("42601"_state, named + "an identity column", kNowhere);
      if (column->primary_key > 0) return refuse("42P16"_state, "column \"" + column->name + "\" is in a primary key", kNowhere);
      if (!column->not_null) return {};
      column->not_null = false;
      written.erase(TablePiece::Kind::not_null);
      edit.rewritten = true;
      return {};
    case ColumnChange::set_default: return set_default(edit, alter, *column, written);
    case ColumnChange::drop_default:
      if (column->identity) {
        return refuse("42601"_state, named + "an identity column", kNowhere, "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.");
      }
      if (column->generated) return refuse("42601"_state, named + "a generated column", kNowhere);
      if (column->serial) return unsupported("DROP DEFAULT of a serial primary key", edit.position);
      if (!column->sequence.empty()) {
        column->sequence.clear();
        use_sequence(edit.after.name, *column);
        bump();
      }
      if (written.find(TablePiece::Kind::default_)) edit.rewritten = true;
      written.erase(TablePiece::Kind::default_);
      column->default_sql.reset();
      return {};
    case ColumnChange::type: return change_type(edit, alter, *column, written);
    case ColumnChange::add_identity: {
      RelationName sequence{.name = alter.constraint->sequence.name};
      if (!sequence.name.empty()) CROSSFADE_CHECK(taken(sequence, Existing::refuse));
      if (!column->not_null && column->primary_key == 0) {
        return refuse("55000"_state, "column \"" + column->name + "\" of relation \"" + edit.after.name + "\" must be declared NOT NULL before identity can be added", kNowhere);
      }
      if (column->serial || !column->sequence.empty()) return refuse("55000"_state, named + "already an identity column", kNowhere);
      ColumnDefinition definition{.name = column->name, .type = {.name = {}, .resolved = column->type}};
      CROSSFADE_TRY(column->sequence, own_sequence(definition, alter.constraint->sequence, edit.after.name));
      column->identity = true;
      column->identity_always = alter.constraint->identity_always;
      use_sequence(edit.after.name, *column);
      bump();
      return {};
    }
    case ColumnChange::drop_identity:
      if (column->serial) return unsupported("DROP IDENTITY of a primary key", edit.position);
      if (!column->identity && !alter.if_exists) return refuse("55000"_state, "column \"" + column->name + "\" of relation \"" + edit.after.name + "\" is not an identity column", kNowhere);
      if (!column->identity) {
        note("00000"_state, named + "not an identity column, skipping");
        return {};
      }
      column->identity = column->identity_always = false;
      column->sequence.clear();
      forget_sequences(edit.after.name, column->name);
      bump();
      return {};
  }
  std::unreachable();
}

Result<void> SchemaBinder::set_default(TableEdit& edit, AlterColumn& alter, plan::Column& column, TableColumn& written) {
  if (column.identity && !column.serial) return refuse("42601"_state, "column \"" + column.name + "\" of relation \"" + edit.after.name + "\" is an identity column", kNowhere);
  if (column.generated) return refuse("42601"_state, "column \"" + column.name + "\" of relation \"" + edit.after.name + "\" is a generated column", kNowhere);
  if (column.serial) {  // pg_dump says what is so already
    const auto sequence = default_sequence(*alter.expression);
    if (sequence && *sequence == plan::counter_name(edit.after, column)) return {};
    return unsupported("SET DEFAULT of a serial primary key", edit.position);
  }
  const auto sequence = default_sequence(*alter.expression);
  Constraint constraint{.kind = Constraint::Kind::default_, .expression = alter.expression};
  CROSSFADE_CHECK(bind_default(constraint, edit.after, column));
  const auto* raw = std::get_if<RawText>(&constraint.expression->node);
  const bool reset = std::ranges::any_of(edit.after.foreign_keys, [&](const plan::ForeignKey& key) {
    return (key.on_update == "SET DEFAULT" || key.on_delete == "SET DEFAULT") && std::ranges::find(key.columns, column.name) != key.columns.end();
  });
  if (reset && (sequence || (raw && kept_default_of(raw->text)))) return reset_by_key(column.name);
  if (sequence || !column.sequence.empty()) {
    column.sequence = sequence.value_or("");
    use_sequence(edit.after.name, column);
    bump();
  }
  if (written.find(TablePiece::Kind::default_)) edit.rewritten = true;
  written.erase(TablePiece::Kind::default_);
  column.default_sql.reset();
  if (sequence) return {};
  CROSSFADE_TRY(const std::string text, print(*constraint.expression, context_.target));
  written.pieces.push_back({TablePiece::Kind::default_, {}, "DEFAULT (" + text + ")", {}, {}});
  column.default_sql = "(" + text + ")";
  edit.rewritten = true;
  return {};
}

Result<void> SchemaBinder::change_type(TableEdit& edit, AlterColumn& alter, plan::Column& column, TableColumn& written) {
  CROSSFADE_TRY(const plan::NamedType* named, resolve_type(alter.type, *context_.schema));
  if (!column.domain.empty() || (named && named->kind == plan::NamedType::Kind::domain)) {
    return unsupported("the type change of a column from or to a domain", edit.position);
  }
  if (!alter.type.resolved) return refuse("42704"_state, "type \"" + alter.type.name + "\" does not exist", alter.type.position);
  const model::Type type = *alter.type.resolved;
  const plan::Column before = column;
  if (before.generated) return unsupported("the type change of a generated column", edit.position);
  if (const auto view = view_over(edit.before, before.sqlite_name)) {
    return refuse("0A000"_state, "cannot alter type of a column used by a view or rule", kNowhere, {}, "rule _RETURN on view " + *view + " depends on column \"" + before.name + "\"");
  }
  const TablePiece* collated = written.find(TablePiece::Kind::collate);
  const bool bytewise = alter.collation == "C" && is_textual(type.oid), was = collated && plan::fold(collated->text).ends_with("binary");
  if (type == before.type && !alter.expression && bytewise == was) return {};
  if (!context_.schema->plan_hash.empty() && !context_.plan_follows) return unsupported("the type change of a column under a plan", edit.position, "plan.toml says its type.");
  column.type = type;
  column.form = plan::created_form(type);
  if (column.serial && !is_integer(type.oid)) return unsupported("this type for a serial primary key", edit.position);
  CROSSFADE_CHECK(check_type_uses(edit, before, column));

  Expression value = alter.expression ? *alter.expression : Expression{ColumnReference{{}, {}, before.name}, kNowhere};
  Binder binder{context_, {}, 0};
  Scope scope;
  scope.relations.push_back(binder.relation_of(edit.before, edit.before.name, {}));
  scope.visible = scope.relations.front()->columns;
  CROSSFADE_CHECK(binder.bind(value, scope, Clause::values));
  const model::Oid from = value.type.oid;
  if (from != type.oid && from != oid::unknown && !find_cast(from, type.oid, CastContext::assignment)) {
    if (alter.expression) {
      return refuse("42804"_state, "result of USING clause for column \"" + column.name + "\" cannot be cast automatically to type " +
                                       std::string{type_name(type.oid)}, kNowhere, "You might need to add an explicit cast.");
    }
    const bool castable = find_cast(from, type.oid, CastContext::explicit_) != nullptr;
    return refuse("42804"_state, "column \"" + column.name + "\" cannot be cast automatically to type " + std::string{type_name(type.oid)}, kNowhere,
                  castable ? "You might need to specify \"USING " + column.name + "::" + model::format_type(type) + "\"." : "");
  }
  plan::Table plain = edit.after;
  plain.without_rowid = true;  // NULLs are checked by the constraint
  CROSSFADE_CHECK(binder.assign(value, column, plain));
  CROSSFADE_TRY(edit.values[column.name], print(value, context_.target));
  if (!column.serial) {
    column.declared = plan::created_declaration(type);
    if (before.primary_key > 0 && plan::fold(column.declared) == "integer") column.declared = "INT";  // INTEGER PRIMARY KEY would be the rowid
    written.type = column.declared;
  }
  if (!edit.before.shown.empty()) result_.own_texts.push_back("DELETE FROM main.crossfade_texts WHERE table_name = " + quote_text(edit.before.name));  // casts by its old type
  if (was && !bytewise) written.erase(TablePiece::Kind::collate);
  if (bytewise && !was) written.pieces.insert(written.pieces.begin(), {PieceKind::collate, {}, std::string{"COLLATE "} + kBytewise, {}, {}});
  CROSSFADE_CHECK(carry_default(edit, before, column, written));
  const auto counted = context_.schema->sequences.find(column.sequence);
  if (column.identity && counted != context_.schema->sequences.end()) {  // an identity's sequence goes along
    SequenceOptions options;
    options.type = alter.type;
    CROSSFADE_TRY(const plan::Sequence sequence, describe_sequence(options, counted->second, edit.position, false));
    result_.own_texts.push_back("UPDATE main.crossfade_sequences SET type = " + quote_text(type_name(sequence.type)) + ", minimum = " + std::to_string(sequence.minimum) +
                                ", maximum = " + std::to_string(sequence.maximum) + " WHERE name = " + quote_text(sequence.name));
    bump();
  }
  edit.rewritten = true;
  result_.type_changes.push_back({TypeChange::Verb::declare, declaration(edit.after.name, column), {}});
  return {};
}

/// What else is said of the column in its old form stays true only where the form stays.
Result<void> SchemaBinder::check_type_uses(const TableEdit& edit, const plan::Column& before, const plan::Column& column) {
  if (before.form == column.form) return {};
  const std::string spelled = plan::fold(before.sqlite_name);
  const auto uses = [&](const TablePiece& piece) {
    const bool expression = piece.kind == TablePiece::Kind::check || piece.kind == TablePiece::Kind::generated;
    return expression && std::ranges::find(piece.words, spelled) != piece.words.end();
  };
  bool used = std::ranges::any_of(edit.text.constraints, uses);
  for (const TableColumn& each : edit.text.columns) used = used || std::ranges::any_of(each.pieces, uses);
  bool keyed = before.primary_key > 0;
  for (const plan::Index& index : edit.before.indexes) {
    for (const plan::IndexPart& part : index.parts) {
      used = used || part.expression.contains(before.sqlite_name);
      keyed = keyed || (index.unique && part.column == before.name);
    }
    used = used || (index.predicate && index.predicate->contains(before.sqlite_name));
  }
  if (used) return unsupported("the type change of a column that a CHECK, an index's expression or a generated column uses", edit.position);
  if (keyed && !bytewise_equality(column)) return unsupported("a key over column \"" + column.name + "\" of type " + model::format_type(column.type), edit.position);
  for (const auto& [name, other] : context_.schema->beside(edit.before)) {
    for (const plan::ForeignKey& key : other.foreign_keys) {
      const bool own = name == edit.before.name && std::ranges::find(key.columns, before.name) != key.columns.end();
      const bool target = key.target_table == edit.before.name && std::ranges::find(key.target_columns, before.name) != key.target_columns.end();
      if (own || target) return unsupported("the type change of a column of a foreign key", edit.position);
    }
  }
  return {};
}

/// The default in the new type.
Result<void> SchemaBinder::carry_default(TableEdit& edit, const plan::Column& before, const plan::Column& column, TableColumn& written) {
  TablePiece* piece = written.find(TablePiece::Kind::default_);
  if (!piece || !before.default_sql) return {};
  if (before.form == column.form && category_of(before.type.oid) == category_of(column.type.oid)) return {};
  const auto known = default_literal(*before.default_sql);
  if (!known) return unsupported("the type change of a column with this DEFAULT", edit.position, "ALTER COLUMN … DROP DEFAULT before it.");
  Expression value = constant(*known, before.type);
  value.form = before.form;
  Binder binder{context_, {}, 0};
  plan::Table plain = edit.after;
  plain.without_rowid = true;
  if (!binder.assign(value, column, plain)) {
    return refuse("42804"_state, "default for column \"" + column.name + "\" cannot be cast automatically to type " + std::string{type_name(column.type.oid)}, kNowhere);
  }
  if (!std::holds_alternative<Constant>(value.node)) return unsupported("the type change of a column with this DEFAULT", edit.position, "ALTER COLUMN … DROP DEFAULT before it.");
  CROSSFADE_TRY(const std::string text, print(value, context_.target));
  piece->text = "DEFAULT (" + text + ")";
  return {};
}

}  // namespace crossfade::sql
