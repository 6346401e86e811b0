#include "sqlite_printer.hpp"

namespace crossfade::sql {

void SqlitePrinter::node(const InList& node, const Expression& whole) {
  operand(*node.operand);
  out_.put(node.negated ? " NOT IN (" : " IN (");
  if (std::holds_alternative<RowConstructor>(node.operand->node)) {
    rows_in_list(node, whole);
  } else {
    expressions(node.list);
  }
  out_.put(')');
}

/// SQLite has no list of rows after IN; a VALUES query says the same.
void SqlitePrinter::rows_in_list(const InList& node, const Expression& whole) {
  const std::size_t width = std::get<RowConstructor>(node.operand->node).fields.size();
  out_.put("VALUES ");
  out_.list(node.list, ", ", [&](const Expression& each) {
    const auto* row = std::get_if<RowConstructor>(&each.node);
    out_.refuse_if(whole.position, {{!row || row->fields.size() != width, "this list of rows"}});
    expression(each);
  });
}

void SqlitePrinter::node(const Subquery& node, const Expression& whole) {
  using Kind = Subquery::Kind;
  const bool is_in = node.kind == Kind::any && node.operation == "=", not_in = node.kind == Kind::all && node.operation == "<>";
  const bool compared = node.kind == Kind::any || node.kind == Kind::all;
  out_.refuse_if(whole.position, {{node.kind == Kind::array, "ARRAY of a query"},
                                  {compared && !is_in && !not_in, node.operation + " ANY or ALL of a query"}});
  if (compared && node.operand) {
    operand(*node.operand);
    out_.put(not_in ? " NOT IN " : " IN ");
  }
  keyword_if(node.kind == Kind::exists, "EXISTS ");
  out_.put('(');
  query(*node.query);
  out_.put(')');
}

void SqlitePrinter::node(const Quantified&, const Expression& whole) { out_.refuse(whole.position, "ANY or ALL of an array"); }

void SqlitePrinter::node(const Between& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{node.symmetric, "BETWEEN SYMMETRIC"}});
  operand(*node.operand);
  out_.put(node.negated ? " NOT BETWEEN " : " BETWEEN ");
  operand(*node.low);
  out_.put(" AND ");
  operand(*node.high);
}

void SqlitePrinter::node(const Like&, const Expression& whole) {
  out_.refuse(whole.position, "a pattern match that was not resolved");  // SQLite's own LIKE ignores case
}

void SqlitePrinter::node(const IsTest& node, const Expression&) {
  static constexpr std::string_view kWords[] = {"NULL", "TRUE", "FALSE", "NULL"};  // by IsTest::Kind
  operand(*node.operand);
  out_.put(node.negated ? " IS NOT " : " IS ");
  out_.put(kWords[static_cast<std::size_t>(node.kind)]);
}

void SqlitePrinter::node(const IsDistinct& node, const Expression&) {
  operand(*node.left);
  out_.put(node.negated ? " IS " : " IS NOT ");
  operand(*node.right);
}

void SqlitePrinter::node(const RowConstructor& node, const Expression& whole) {
  out_.refuse_if(whole.position, {{node.fields.size() < 2, "a row of fewer than two fields"}});
  out_.put('(');
  expressions(node.fields);
  out_.put(')');
}

void SqlitePrinter::node(const ArrayConstructor&, const Expression& whole) { out_.refuse(whole.position, "ARRAY[]"); }
void SqlitePrinter::node(const Subscript&, const Expression& whole) { out_.refuse(whole.position, "an array subscript"); }
void SqlitePrinter::node(const FieldSelection& node, const Expression& whole) {
  out_.refuse(whole.position, "field \"" + node.field + "\" of a composite value");
}

void SqlitePrinter::window(const Window& window) {
  std::string_view space;
  const auto part = [&](std::string_view keyword) {
    out_.put(space);
    out_.put(keyword);
    space = " ";
  };
  out_.put('(');
  if (!window.refers_to.empty()) {
    part("");
    name(window.refers_to);
  }
  if (!window.partition_by.empty()) {
    part("PARTITION BY ");
    expressions(window.partition_by);
  }
  if (!window.order_by.empty()) {
    part("ORDER BY ");
    order_by(window.order_by);
  }
  if (window.frame) {
    part("");
    frame(*window.frame, window.position);
  }
  out_.put(')');
}

void SqlitePrinter::frame(const Frame& frame, Position) {
  static constexpr std::string_view kModes[] = {"RANGE ", "ROWS ", "GROUPS "};  // by Frame::Mode
  static constexpr std::string_view kExcludes[] = {"", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"};
  out_.put(kModes[static_cast<std::size_t>(frame.mode)]);
  keyword_if(frame.has_end, "BETWEEN ");
  frame_bound(frame.start);
  if (frame.has_end) {
    out_.put(" AND ");
    frame_bound(frame.end);
  }
  out_.put(kExcludes[static_cast<std::size_t>(frame.exclude)]);
}

void SqlitePrinter::frame_bound(const FrameBound& bound) {
  static constexpr std::string_view kWords[] = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW", " FOLLOWING",
                                                "UNBOUNDED FOLLOWING"};  // by FrameBound::Kind
  if (bound.offset) operand(*bound.offset);
  out_.put(kWords[static_cast<std::size_t>(bound.kind)]);
}

void SqlitePrinter::order_by(const std::vector<OrderItem>& items) {
  static constexpr std::string_view kDirections[] = {"", " ASC", " DESC"};        // by OrderItem::Direction
  static constexpr std::string_view kNulls[] = {"", " NULLS FIRST", " NULLS LAST"};  // by OrderItem::Nulls
  out_.list(items, ", ", [this](const OrderItem& item) {
    expression(item.expression);
    out_.put(kDirections[static_cast<std::size_t>(item.direction)]);
    out_.put(kNulls[static_cast<std::size_t>(item.nulls)]);
  });
}

}  // namespace crossfade::sql
