#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

constexpr std::size_t kMostInCube = 12, kMostGroupingSets = 4'096;  // PostgreSQL's

bool is_null_constant(const ::Node* node) {
  return tag_of(node) == T_A_Const && reinterpret_cast<const ::A_Const*>(node)->isnull;
}

Locking::Strength strength_of(::LockClauseStrength raw) {
  switch (raw) {
    case LCS_FORKEYSHARE: return Locking::Strength::key_share;
    case LCS_FORSHARE: return Locking::Strength::share;
    case LCS_FORNOKEYUPDATE: return Locking::Strength::no_key_update;
    case LCS_NONE:
    case LCS_FORUPDATE: break;
  }
  return Locking::Strength::update;
}

Locking::Wait wait_of(::LockWaitPolicy raw) {
  switch (raw) {
    case LockWaitSkip: return Locking::Wait::skip_locked;
    case LockWaitError: return Locking::Wait::nowait;
    case LockWaitBlock: break;
  }
  return Locking::Wait::block;
}

CommonTable::Materialize materialize_of(::CTEMaterialize raw) {
  switch (raw) {
    case CTEMaterializeAlways: return CommonTable::Materialize::always;
    case CTEMaterializeNever: return CommonTable::Materialize::never;
    case CTEMaterializeDefault: break;
  }
  return CommonTable::Materialize::unspecified;
}

}  // namespace

Statement Reader::select_statement(const ::SelectStmt* node) {
  const ::IntoClause* into = first_arm(node)->intoClause;
  if (!into) return {query(node)};
  std::vector<std::unique_ptr<::SelectStmt>> arms;  // SELECT … INTO is CREATE TABLE AS by another name
  arms.push_back(std::make_unique<::SelectStmt>(*node));
  while (arms.back()->op != ::SETOP_NONE) {
    arms.push_back(std::make_unique<::SelectStmt>(*arms.back()->larg));
    arms[arms.size() - 2]->larg = arms.back().get();
  }
  arms.back()->intoClause = nullptr;
  return {table_as(into, query(arms.front().get()))};
}

Box<Query> Reader::boxed_query(const ::Node* node) {
  if (!node) return {};
  if (tag_of(node) == T_SelectStmt) return query(reinterpret_cast<const ::SelectStmt*>(node));
  refuse(-1, "a statement other than SELECT in this place");
  return Query{};
}

Query Reader::query(const ::SelectStmt* node) {
  Query out;
  const Level level{*this};
  if (level.too_deep()) return out;
  out.with = with(node->withClause);
  if (node->op != ::SETOP_NONE) {
    SetOperation operation{.all = node->all};
    if (node->op == ::SETOP_INTERSECT) operation.kind = SetOperation::Kind::intersect;
    if (node->op == ::SETOP_EXCEPT) operation.kind = SetOperation::Kind::except;
    operation.left = query(node->larg);
    operation.right = query(node->rarg);
    out.body = std::move(operation);
  } else if (node->valuesLists) {
    out.body = values(node);
  } else {
    out.body = select(node);
  }
  out.order_by = order_items(node->sortClause);
  out.offset = boxed(node->limitOffset);
  if (node->limitCount && !is_null_constant(node->limitCount)) out.limit = boxed(node->limitCount);
  out.with_ties = static_cast<int>(node->limitOption) == kLibraryWithTies;
  out.locks = locks(node->lockingClause);
  return out;
}

Values Reader::values(const ::SelectStmt* node) {
  Values out;
  for (const List* row : Nodes<List>{node->valuesLists}) out.rows.push_back(expressions(row));
  return out;
}

Select Reader::select(const ::SelectStmt* node) {
  Select out;
  refuse_if(node->intoClause ? node->intoClause->rel->location : -1, {{node->intoClause != nullptr, "SELECT … INTO here"}});
  if (node->distinctClause) {
    const Nodes<::Node> on{node->distinctClause};
    out.distinct = on[0] ? Select::Distinct::on : Select::Distinct::all;  // DISTINCT alone is a list of one null
    if (on[0]) out.distinct_on = expressions(node->distinctClause);
  }
  out.targets = targets(node->targetList);
  out.from = from_items(node->fromClause);
  out.where = boxed(node->whereClause);
  const Nodes<::Node> groups{node->groupClause};
  bool sets = false;
  for (const ::Node* item : groups) sets = sets || tag_of(item) == T_GroupingSet;
  if (sets) {
    out.grouping_sets.emplace_back();
    for (const ::Node* item : groups) {
      std::vector<Expressions> product;
      const std::vector<Expressions> more = grouping_sets(item);
      if (out.grouping_sets.size() * more.size() > kMostGroupingSets) {
        fail(-1, model::SqlState{"54001"}, "too many grouping sets present (maximum " + std::to_string(kMostGroupingSets) + ")");
        break;
      }
      for (const Expressions& left : out.grouping_sets) {
        for (const Expressions& right : more) {
          product.push_back(left);
          product.back().insert(product.back().end(), right.begin(), right.end());
        }
      }
      out.grouping_sets = std::move(product);
    }
  } else {
    out.group_by = expressions(node->groupClause);
  }
  out.group_distinct = node->groupDistinct;
  out.having = boxed(node->havingClause);
  for (const ::WindowDef* definition : Nodes<::WindowDef>{node->windowClause}) out.windows.push_back(window(definition));
  return out;
}

Expression Reader::grouping(const ::GroupingFunc* node) {
  constexpr std::size_t kMostAsked = 31;
  if (Nodes<::Node>{node->args}.size() > kMostAsked) fail(node->location, model::SqlState{"54023"}, "GROUPING must have fewer than 32 arguments");
  return {FunctionCall{.schema = "pg_catalog", .name = "grouping", .arguments = expressions(node->args)}, at(node->location)};
}

/// What one item of GROUP BY stands for: (a, b) counts as one in ROLLUP and CUBE.
std::vector<Expressions> Reader::grouping_sets(const ::Node* item) {
  const auto part = [&](const ::Node* node) {
    const auto* row = tag_of(node) == T_RowExpr ? as<::RowExpr>(node) : nullptr;
    return row && row->row_format == COERCE_IMPLICIT_CAST ? expressions(row->args) : Expressions{expression(node)};
  };
  if (tag_of(item) != T_GroupingSet) return {part(item)};
  const auto* set = reinterpret_cast<const ::GroupingSet*>(item);
  const Nodes<::Node> content{set->content};
  std::vector<Expressions> out;
  switch (set->kind) {
    case GROUPING_SET_EMPTY: return {{}};
    case GROUPING_SET_SIMPLE:
    case GROUPING_SET_SETS:
      for (const ::Node* inner : content) {
        std::ranges::move(grouping_sets(inner), std::back_inserter(out));
        if (out.size() > kMostGroupingSets) break;  // which is said where they are multiplied
      }
      return out;
    case GROUPING_SET_ROLLUP:
      out.emplace_back();
      for (const ::Node* inner : content) {
        Expressions longer = out.front();
        std::ranges::move(part(inner), std::back_inserter(longer));
        out.insert(out.begin(), std::move(longer));
      }
      return out;
    case GROUPING_SET_CUBE:
      out.emplace_back();
      if (content.size() > kMostInCube) {
        fail(set->location, model::SqlState{"54011"}, "CUBE is limited to " + std::to_string(kMostInCube) + " elements");
        return out;
      }
      for (const ::Node* inner : content) {
        const std::size_t before = out.size();
        for (std::size_t i = 0; i < before; ++i) {
          out.push_back(out[i]);
          std::ranges::move(part(inner), std::back_inserter(out.back()));
        }
      }
      return out;
  }
  return out;
}

std::vector<ResultColumn> Reader::targets(const List* list) {
  std::vector<ResultColumn> out;
  for (const ::ResTarget* target : Nodes<::ResTarget>{list}) {
    refuse_if(target->location, {{target->indirection != nullptr, "a subscript after a result's name"}});
    out.push_back({expression(target->val), text_of(target->name)});
  }
  return out;
}

std::vector<Locking> Reader::locks(const List* list) {
  std::vector<Locking> out;
  for (const ::LockingClause* clause : Nodes<::LockingClause>{list}) {
    Locking lock{strength_of(clause->strength), wait_of(clause->waitPolicy), {}};
    for (const ::RangeVar* relation : Nodes<::RangeVar>{clause->lockedRels}) lock.of.push_back(plain_relation(relation));
    out.push_back(std::move(lock));
  }
  return out;
}

Box<With> Reader::with(const ::WithClause* node) {
  if (!node) return {};
  With out{.recursive = node->recursive};
  for (const ::CommonTableExpr* table : Nodes<::CommonTableExpr>{node->ctes}) {
    refuse_if(table->location, {{table->search_clause != nullptr, "SEARCH in a common table expression"},
                                {table->cycle_clause != nullptr, "CYCLE in a common table expression"}});
    CommonTable common{.name = text_of(table->ctename), .columns = strings(table->aliascolnames)};
    common.materialize = materialize_of(table->ctematerialized);
    common.statement = statement(table->ctequery);
    common.position = at(table->location);
    out.tables.push_back(std::move(common));
  }
  return out;
}

}  // namespace crossfade::sql::postgres_front
