#include "reader.hpp"

namespace crossfade::sql::postgres_front {

RelationName Reader::relation_name(const ::RangeVar* node) {
  return {.catalog = text_of(node->catalogname), .schema = text_of(node->schemaname), .name = text_of(node->relname),
          .position = at(node->location)};
}

RelationName Reader::plain_relation(const ::RangeVar* node) {
  refuse_if(node->location, {{!node->inh, "ONLY here"}, {node->alias != nullptr, "an alias here"}});
  return relation_name(node);
}

TableReference Reader::table_reference(const ::RangeVar* node) {
  return {relation_name(node), alias(node->alias), !node->inh};
}

Alias Reader::alias(const ::Alias* node) {
  if (!node) return {};
  return {text_of(node->aliasname), strings(node->colnames)};
}

std::vector<FromItem> Reader::from_items(const List* list) {
  std::vector<FromItem> out;
  for (const ::Node* node : Nodes<::Node>{list}) out.push_back(from_item(node));
  return out;
}

FromItem Reader::from_item(const ::Node* node) {
  FromItem out;
  const Level level{*this};
  if (level.too_deep()) return out;
  switch (static_cast<int>(tag_of(node))) {
    case T_RangeVar: {
      const auto* table = reinterpret_cast<const ::RangeVar*>(node);
      out = {table_reference(table), at(table->location)};
      break;
    }
    case T_RangeSubselect: {
      const auto* select = reinterpret_cast<const ::RangeSubselect*>(node);
      out.node = SubqueryReference{boxed_query(select->subquery), alias(select->alias), select->lateral};
      break;
    }
    case T_RangeFunction: {
      FunctionReference function = function_reference(reinterpret_cast<const ::RangeFunction*>(node));
      const Position position = function.call.position;
      out = {std::move(function), position};
      break;
    }
    case T_JoinExpr: out.node = join(reinterpret_cast<const ::JoinExpr*>(node)); break;
    case T_RangeTableSample: refuse(reinterpret_cast<const ::RangeTableSample*>(node)->location, "TABLESAMPLE"); break;
    case T_RangeTableFunc: refuse(reinterpret_cast<const ::RangeTableFunc*>(node)->location, "XMLTABLE"); break;
    default: refuse(-1, "this item of FROM");
  }
  return out;
}

FunctionReference Reader::function_reference(const ::RangeFunction* node) {
  FunctionReference out{.alias = alias(node->alias), .lateral = node->lateral, .ordinality = node->ordinality};
  const Nodes<List> functions{node->functions};
  const Nodes<::Node> first{functions[0]};
  out.call = expression(first[0]);
  const List* own_columns = reinterpret_cast<const List*>(first[1]);
  refuse_if(-1, {{functions.size() > 1, "ROWS FROM with several functions"},
                 {own_columns != nullptr && node->coldeflist != nullptr, "two column definition lists for one function"}});
  for (const ::ColumnDef* column : Nodes<::ColumnDef>{own_columns ? own_columns : node->coldeflist}) {
    refuse_if(column->location, {{column->collClause != nullptr, "COLLATE in a function's column definitions"}});
    out.columns.push_back({text_of(column->colname), type_name(column->typeName)});
  }
  return out;
}

Join Reader::join(const ::JoinExpr* node) {
  Join out;
  switch (node->jointype) {
    case JOIN_LEFT: out.kind = Join::Kind::left; break;
    case JOIN_RIGHT: out.kind = Join::Kind::right; break;
    case JOIN_FULL: out.kind = Join::Kind::full; break;
    case JOIN_INNER: {
      const bool conditioned = node->quals || node->usingClause || node->isNatural;
      out.kind = conditioned ? Join::Kind::inner : Join::Kind::cross;
      break;
    }
    default: refuse(-1, "this kind of join");
  }
  out.left = from_item(node->larg);
  out.right = from_item(node->rarg);
  out.on = boxed(node->quals);
  for (std::string& column : strings(node->usingClause)) out.using_columns.push_back({std::move(column)});
  out.using_alias = alias(node->join_using_alias).name;
  out.natural = node->isNatural;
  out.alias = alias(node->alias);
  return out;
}

}  // namespace crossfade::sql::postgres_front
