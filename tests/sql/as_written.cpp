#include "as_written.hpp"

#include <catch2/catch.hpp>
#include <charconv>

#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {
namespace {

/// Fills what the binder fills, from what the front end read.
class AsWritten {
 public:
  void expression(Expression& whole) {
    if (auto* column = std::get_if<ColumnReference>(&whole.node)) {
      column->printed_qualifier = column->table;
      column->printed_column = column->name;
    } else if (auto* parameter = std::get_if<Parameter>(&whole.node)) {
      parameter->slot = parameter->number;
    } else if (const auto* literal = std::get_if<Literal>(&whole.node)) {
      number(whole, *literal);
    } else if (auto* collate = std::get_if<Collate>(&whole.node)) {
      collate->printed = collate->name;
    }
    for_each_child(whole, [this](Expression& child) { expression(child); }, [this](Query& inner) { query(inner); });
  }

  void query(Query& whole) {
    for_each_in_query(whole, [this](Expression& each) { expression(each); }, [this](Query& inner) { query(inner); },
                      [this](Statement& inner) { statement(inner); });
    if (auto* select = std::get_if<Select>(&whole.body)) from(select->from);
  }

  void from(std::vector<FromItem>& items) { for (FromItem& item : items) from_item(item); }

  void from_item(FromItem& item) {
    if (auto* table = std::get_if<TableReference>(&item.node)) relation(table->relation);
    if (auto* join = std::get_if<Join>(&item.node)) {
      from_item(*join->left);
      from_item(*join->right);
    }
  }

  void relation(RelationName& name) { name.printed = name.name; }
  void boxed(Box<Expression>& box) { if (box) expression(*box); }
  void assigned(std::vector<Assignment>& all) { for (Assignment& each : all) expression(each.value); }
  void targets(std::vector<ResultColumn>& all) { for (ResultColumn& each : all) expression(each.expression); }
  void with(Box<With>& all) { if (all) for (CommonTable& each : all->tables) statement(*each.statement); }

  void constraint(Constraint& each) {
    relation(each.target);
    boxed(each.expression);
  }

  void column(ColumnDefinition& each) {
    each.declared = each.type.name;
    for (Constraint& written : each.constraints) constraint(written);
  }

  void parts(std::vector<IndexPart>& all) { for (IndexPart& each : all) boxed(each.expression); }

  void statement(Statement& whole) {
    std::visit([this](auto& node) { fill(node); }, whole.node);
  }

 private:
  static void number(Expression& whole, const Literal& literal) {
    std::int64_t integer = 0;
    double real = 0;
    const char* end = literal.text.data() + literal.text.size();
    if (literal.kind == Literal::Kind::integer && std::from_chars(literal.text.data(), end, integer).ec == std::errc{}) {
      whole.node = Constant{integer};
    } else if (literal.kind == Literal::Kind::numeric && std::from_chars(literal.text.data(), end, real).ec == std::errc{}) {
      whole.node = Constant{real};
    }
  }

  void fill(Query& node) { query(node); }
  void fill(Insert& node) {
    with(node.with);
    relation(node.relation);
    if (node.source) query(*node.source);
    if (node.on_conflict) {
      parts(node.on_conflict->target);
      boxed(node.on_conflict->target_where);
      assigned(node.on_conflict->assignments);
      boxed(node.on_conflict->where);
    }
    targets(node.returning);
  }
  void fill(Update& node) {
    with(node.with);
    relation(node.relation.relation);
    assigned(node.assignments);
    from(node.from);
    boxed(node.where);
    targets(node.returning);
  }
  void fill(Delete& node) {
    with(node.with);
    relation(node.relation.relation);
    boxed(node.where);
    targets(node.returning);
  }
  void fill(CreateTable& node) {
    relation(node.relation);
    for (ColumnDefinition& each : node.columns) column(each);
    for (Constraint& each : node.constraints) constraint(each);
  }
  void fill(CreateTableAs& node) { relation(node.relation), query(*node.query); }
  void fill(CreateView& node) { relation(node.relation), query(*node.query); }
  void fill(CreateIndex& node) {
    relation(node.relation);
    parts(node.parts);
    boxed(node.where);
  }
  void fill(AlterTable& node) {
    relation(node.relation);
    for (auto& action : node.actions) {
      if (auto* add = std::get_if<AddColumn>(&action)) column(add->column);
    }
  }
  void fill(Drop& node) { for (RelationName& each : node.relations) relation(each); }
  void fill(auto&) {}
};

std::string shown(const model::Error& error) {
  std::string out{error.state.code()};
  if (error.position > 0) out += " at " + std::to_string(error.position);
  return out + ": " + error.message;
}

}  // namespace

Parsed parse_one(std::string_view query) {
  auto parsed = parse(query, Dialect::postgres);
  INFO(query);
  if (!parsed) FAIL(shown(parsed.error()));
  REQUIRE(parsed->size() == 1);
  return std::move(parsed->front());
}

model::Error error_of(std::string_view query) {
  auto parsed = parse(query, Dialect::postgres);
  INFO(query);
  if (!parsed) return parsed.error();
  REQUIRE(parsed->size() == 1);
  const auto* refused = std::get_if<Refused>(&parsed->front().tree->statement.node);
  REQUIRE(refused);
  return refused->error;
}

std::string print_as_written(std::string_view query) {
  const Parsed parsed = parse_one(query);
  Statement copy = parsed.tree->statement;
  AsWritten{}.statement(copy);
  const auto texts = print(copy, Target::sqlite);
  if (!texts) return shown(texts.error());
  std::string out;
  for (const std::string& text : *texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

}  // namespace crossfade::sql
