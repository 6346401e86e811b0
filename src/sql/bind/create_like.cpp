#include <algorithm>
#include <utility>

#include "bind/schema_binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using Made = Constraint::Kind;

/// What stands between the outer parentheses of "CHECK (…)" and "GENERATED ALWAYS AS (…) STORED", as the file says it.
Box<Expression> parenthesised(const TablePiece& piece, Position position) {
  const std::size_t open = piece.text.find('('), close = piece.text.rfind(')');
  return Expression{RawText{piece.text.substr(open + 1, close - open - 1)}, position};
}

/// The options of an identity column's sequence, those that are not its type's defaults.
SequenceOptions options_of(const plan::Sequence& sequence, model::Oid type) {
  const std::int64_t most = type == oid::int2 ? INT16_MAX : type == oid::int4 ? INT32_MAX : INT64_MAX;
  SequenceOptions options;
  if (sequence.increment != 1) options.increment = sequence.increment;
  if (sequence.minimum != 1) options.minimum = sequence.minimum;
  if (sequence.maximum != most) options.maximum = sequence.maximum;
  if (sequence.start != 1) options.start = sequence.start;
  if (sequence.cache != 1) options.cache = sequence.cache;
  if (sequence.cycle) options.cycle = true;
  return options;
}

/// The file's texts over these columns mean the same in a table that is made anew.
bool says_the_same(const plan::Table& table) {
  return std::ranges::all_of(table.columns, [](const plan::Column& column) { return column.form == plan::created_form(column.type) && column.sqlite_name == column.name; });
}

/// lower("a") is called after its function.
std::string function_of(std::string_view text) {
  const std::size_t open = text.find('(');
  const bool call = open != std::string_view::npos && open > 0 && text.ends_with(')') && text.find_first_of(" \"|+-*/") > open && text.find('(', open + 1) == std::string_view::npos;
  return call ? std::string{text.substr(0, open)} : std::string{};
}

}  // namespace

/// LIKE: the columns of another table where the clause stands, and what INCLUDING names. Source: PostgreSQL 15, transformTableLikeClause.
Result<void> SchemaBinder::expand_likes(CreateTable& create) {
  std::vector<ColumnDefinition> columns;
  std::size_t written = 0;
  for (LikeClause& like : create.likes) {
    for (; written < like.before; ++written) columns.push_back(std::move(create.columns[written]));
    CROSSFADE_TRY(const plan::Table* source, like_source(like));
    CROSSFADE_CHECK(add_like(create, like, *source, columns));
  }
  for (; written < create.columns.size(); ++written) columns.push_back(std::move(create.columns[written]));
  create.columns = std::move(columns);
  return {};
}

Result<const plan::Table*> SchemaBinder::like_source(const LikeClause& like) {
  const RelationName& name = like.source;
  if (const plan::Table* table = context_.schema->find(name.schema, name.name)) {
    result_.tables.push_back(table->name);
    return table;
  }
  CROSSFADE_CHECK(check_schema(name));
  if (name.name.starts_with("pg_") || name.schema == "information_schema") return unsupported("LIKE of a relation of the catalog", name.position);
  if (find_index(name).second || is_sequence(name)) return refuse("42809"_state, "relation \"" + name.name + "\" is invalid in LIKE clause", name.position);
  return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", name.position);
}

Result<void> SchemaBinder::add_like(CreateTable& create, LikeClause& like, const plan::Table& source, std::vector<ColumnDefinition>& columns) {
  const Position position = like.source.position;
  auto text = source.view ? std::optional<TableText>{} : read_table_text(source.sql);
  if (!text) text.emplace();
  std::vector<TablePiece> pieces = text->constraints;
  bool texts = false;  // some of the file's own texts are taken over
  for (const plan::Column& column : source.columns) {
    ColumnDefinition& made = columns.emplace_back(ColumnDefinition{.name = column.name, .position = position});
    made.type.resolved = column.type;
    made.type.name = column.domain;
    made.type.position = position;
    const auto add = [&](Constraint constraint) {
      constraint.position = position;
      made.constraints.push_back(std::move(constraint));
    };
    TableColumn* const said = text->find(column.sqlite_name);
    if (said) std::ranges::copy(said->pieces, std::back_inserter(pieces));
    if (column.not_null || column.primary_key > 0 || column.serial) add({.kind = Made::not_null});
    if (column.generated) {
      TablePiece* const piece = said ? said->find(PieceKind::generated) : nullptr;
      if (!like.generated) continue;
      if (!piece) return unsupported("LIKE … INCLUDING GENERATED of this table", position);
      texts = true;
      add({.kind = Made::generated, .expression = parenthesised(*piece, position)});
    } else if (column.identity) {
      if (!like.identity) continue;
      const auto sequence = context_.schema->sequences.find(column.sequence);
      const bool known = sequence != context_.schema->sequences.end();
      add({.kind = Made::identity, .identity_always = column.identity_always, .sequence = known ? options_of(sequence->second, column.type.oid) : SequenceOptions{}});
    } else if (like.defaults && !column.sequence.empty()) {
      Expression name{Literal{Literal::Kind::string, quoted(column.sequence)}, position};
      add({.kind = Made::default_, .expression = Expression{FunctionCall{.name = "nextval", .arguments = {std::move(name)}}, position}});
    } else if (like.defaults && column.serial) {
      return unsupported("LIKE … INCLUDING DEFAULTS of a serial primary key", position, "Its numbers are SQLite's own, of one table.");
    } else if (like.defaults && column.default_sql) {
      texts = true;
      add({.kind = Made::default_, .expression = Expression{RawText{*column.default_sql}, position}});
    }
  }
  for (const TablePiece& piece : pieces) {
    if (!like.constraints || piece.kind != PieceKind::check || piece.name.starts_with(kDomainCheck)) continue;  // a domain brings its own
    Constraint check{.kind = Made::check, .name = piece_name(piece, source.name), .expression = parenthesised(piece, position), .position = position};
    constraints_.insert(check.name);
    like.checks.push_back(check.name);
    create.constraints.push_back(std::move(check));
    texts = true;
  }
  const auto key = source.key();
  if (like.indexes && !source.view) {
    Constraint primary{.kind = Made::primary_key, .position = position};
    for (const plan::Column* part : key) primary.columns.push_back(part->name);
    if (!key.empty()) create.constraints.push_back(std::move(primary));
    for (const plan::Index& index : source.indexes) {
      texts = texts || index.predicate || std::ranges::any_of(index.parts, [](const plan::IndexPart& part) { return part.column.empty(); });
      if (index.origin != plan::Index::Origin::unique_constraint) continue;
      Constraint unique{.kind = Made::unique, .position = position};
      for (const plan::IndexPart& part : index.parts) unique.columns.push_back(part.column);
      create.constraints.push_back(std::move(unique));
    }
  }
  if (texts && !says_the_same(source)) return unsupported("LIKE … INCLUDING the texts of a table that was not made through Crossfade", position, "LIKE without INCLUDING works.");
  return {};
}

/// Behind the table: its indexes, and comments.
void SchemaBinder::finish_likes(const CreateTable& create, const plan::Table& table) {
  const std::string place = table.temporary ? "temp." : "main.";
  for (const LikeClause& like : create.likes) {
    const plan::Table& source = *context_.schema->find(like.source.schema, like.source.name);
    const bool comments = like.comments && !table.temporary && !source.temporary;
    if (like.comments && table.temporary) note("00000"_state, "INCLUDING COMMENTS is ignored: temporary tables have none on SQLite");
    if (comments) {
      copy_comments("column", source.name, table.name);
      for (const std::string& check : like.checks) copy_comments("constraint", source.name, table.name, check);
    }
    for (const plan::Index& index : source.indexes) {
      if (!like.indexes || index.origin != plan::Index::Origin::created) continue;
      CreateIndex named;
      std::string parts;
      for (const plan::IndexPart& part : index.parts) {
        const std::string function = function_of(part.expression);
        IndexPart& one = named.parts.emplace_back(IndexPart{.column = {part.column, kNowhere}});
        if (part.column.empty()) one.expression = function.empty() ? Expression{RawText{part.expression}} : Expression{FunctionCall{.name = function}};
        parts += (parts.empty() ? "" : ", ") + (part.column.empty() ? part.expression : quoted(part.column));
        parts += (part.collation == "BINARY" ? "" : " COLLATE " + quoted(part.collation)) + (part.descending ? " DESC" : "");
      }
      const std::string name = name_of_index(named, table);
      constraints_.insert(name);
      result_.texts.push_back(std::string{"CREATE "} + (index.unique ? "UNIQUE " : "") + "INDEX " + place + quoted(name) + " ON " + quoted(table.sqlite_name) + " (" + parts + ")" +
                              (index.predicate ? " WHERE " + *index.predicate : ""));
      if (comments) copy_comments("index", index.name, name);
    }
  }
}

}  // namespace crossfade::sql
