#include "crossfade/sql/view_reading.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <span>
#include <utility>

#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/relations.hpp"
#include "crossfade/sql/translate.hpp"
#include "tree.hpp"
#include "view_text.hpp"

namespace crossfade::sql {
namespace {

namespace oid = model::oid;

/// What SQLite computes: storage classes, `number` INTEGER or REAL. nothing: NULL alone.
enum class Storage : std::uint8_t { nothing, integer, real, number, text, blob, any };

struct Inferred {
  Storage storage = Storage::any;
  std::optional<ColumnReading> column = std::nullopt;  // the values are those of a column
  bool exact = false;                                  // an INTEGER that a double holds
};
struct Named { std::string name; Inferred value; };
using Output = std::vector<Named>;

Storage storage_of(const plan::StoredForm& form) {
  using enum plan::Form;
  switch (form.form) {
    case integer: case boolean_integer: case date_days: case time_micros: case epoch_millis: case epoch_micros: case timestamp_micros: return Storage::integer;
    case real: case julian_day: return Storage::real;
    case number: case epoch_seconds: return Storage::number;
    case blob: case uuid_blob: return Storage::blob;
    case any: return Storage::any;
    default: return Storage::text;
  }
}

ColumnReading reading_of(const Inferred& value) {
  if (value.column) return *value.column;
  switch (value.storage) {
    case Storage::integer: return {{oid::int8}, {plan::Form::integer}};
    case Storage::real: return {{oid::float8}, {plan::Form::real}};
    case Storage::number: return {{oid::numeric}, {plan::Form::number}};
    case Storage::blob: return {{oid::bytea}, {plan::Form::blob}};
    case Storage::text: return {{oid::text}, {plan::Form::text}};
    default: return {{oid::text}, {plan::Form::any}};
  }
}

/// Values of the one or the other.
Inferred either(const Inferred& a, const Inferred& b) {
  if (a.storage == Storage::nothing) return b;
  if (b.storage == Storage::nothing) return a;
  if (a.column && b.column && a.column->type == b.column->type && a.column->form == b.column->form) return a;
  if (a.storage == b.storage) return {a.storage};
  const auto counts = [](Storage each) { return each == Storage::integer || each == Storage::real || each == Storage::number; };
  if (!counts(a.storage) || !counts(b.storage)) return {};
  const bool doubles = (a.storage == Storage::real && b.exact) || (a.exact && b.storage == Storage::real);
  return {doubles ? Storage::real : Storage::number};
}

/// + - * / %: REAL when one side is, and a text's number is whichever it looks like.
Inferred computed(const Inferred& a, const Inferred& b) {
  if (a.storage == Storage::nothing || b.storage == Storage::nothing) return {Storage::nothing};
  if (a.storage == Storage::integer && b.storage == Storage::integer) return {Storage::integer};
  const auto counts = [](Storage each) { return each == Storage::integer || each == Storage::real; };
  return {counts(a.storage) && counts(b.storage) ? Storage::real : Storage::number};
}

/// https://sqlite.org/lang_corefunc.html, lang_aggfunc.html, lang_datefunc.html, windowfunctions.html, json1.html
enum class Gives : std::uint8_t { integer, real, text, blob, number, text_or_blob, first, all, two };
struct FunctionReading { std::string_view name; Gives gives; };
constexpr std::array kFunctions{
    FunctionReading{"abs", Gives::number}, FunctionReading{"avg", Gives::real}, FunctionReading{"btrim", Gives::text}, FunctionReading{"ceil", Gives::number},
    FunctionReading{"ceiling", Gives::number}, FunctionReading{"changes", Gives::integer}, FunctionReading{"char", Gives::text},
    FunctionReading{"count", Gives::integer}, FunctionReading{"cume_dist", Gives::real}, FunctionReading{"date", Gives::text},
    FunctionReading{"datetime", Gives::text}, FunctionReading{"dense_rank", Gives::integer}, FunctionReading{"exp", Gives::real},
    FunctionReading{"first_value", Gives::first}, FunctionReading{"floor", Gives::number}, FunctionReading{"format", Gives::text},
    FunctionReading{"glob", Gives::integer}, FunctionReading{"group_concat", Gives::text}, FunctionReading{"hex", Gives::text},
    FunctionReading{"ifnull", Gives::all}, FunctionReading{"iif", Gives::two}, FunctionReading{"instr", Gives::integer},
    FunctionReading{"json_array", Gives::text}, FunctionReading{"json_array_length", Gives::integer}, FunctionReading{"json_group_array", Gives::text},
    FunctionReading{"json_group_object", Gives::text}, FunctionReading{"json_object", Gives::text}, FunctionReading{"json_type", Gives::text},
    FunctionReading{"json_valid", Gives::integer}, FunctionReading{"julianday", Gives::real}, FunctionReading{"lag", Gives::two},
    FunctionReading{"last_insert_rowid", Gives::integer}, FunctionReading{"last_value", Gives::first}, FunctionReading{"lead", Gives::two},
    FunctionReading{"length", Gives::integer}, FunctionReading{"like", Gives::integer}, FunctionReading{"likelihood", Gives::first},
    FunctionReading{"likely", Gives::first}, FunctionReading{"ln", Gives::real}, FunctionReading{"log", Gives::real},
    FunctionReading{"log10", Gives::real}, FunctionReading{"log2", Gives::real}, FunctionReading{"lower", Gives::text},
    FunctionReading{"ltrim", Gives::text}, FunctionReading{"max", Gives::all}, FunctionReading{"min", Gives::all},
    FunctionReading{"nth_value", Gives::first}, FunctionReading{"ntile", Gives::integer}, FunctionReading{"percent_rank", Gives::real},
    FunctionReading{"pi", Gives::real}, FunctionReading{"pow", Gives::real}, FunctionReading{"power", Gives::real},
    FunctionReading{"printf", Gives::text}, FunctionReading{"quote", Gives::text}, FunctionReading{"random", Gives::integer},
    FunctionReading{"randomblob", Gives::blob}, FunctionReading{"rank", Gives::integer}, FunctionReading{"replace", Gives::text},
    FunctionReading{"round", Gives::real}, FunctionReading{"row_number", Gives::integer}, FunctionReading{"rtrim", Gives::text},
    FunctionReading{"sqrt", Gives::real}, FunctionReading{"strftime", Gives::text}, FunctionReading{"substr", Gives::text_or_blob},
    FunctionReading{"substring", Gives::text_or_blob}, FunctionReading{"sum", Gives::number}, FunctionReading{"time", Gives::text},
    FunctionReading{"total", Gives::real}, FunctionReading{"total_changes", Gives::integer}, FunctionReading{"trim", Gives::text},
    FunctionReading{"trunc", Gives::number}, FunctionReading{"typeof", Gives::text}, FunctionReading{"unicode", Gives::integer},
    FunctionReading{"unixepoch", Gives::integer}, FunctionReading{"unlikely", Gives::first}, FunctionReading{"upper", Gives::text},
    FunctionReading{"zeroblob", Gives::blob},
};

/// CAST's, by the affinity of the type's name. Source: https://sqlite.org/datatype3.html 3.1.
Storage cast_to(std::string_view type) {
  struct Affinity { std::string_view word; Storage storage; };
  constexpr std::array kAffinities{Affinity{"int", Storage::integer}, Affinity{"char", Storage::text}, Affinity{"clob", Storage::text}, Affinity{"text", Storage::text},
                                   Affinity{"blob", Storage::blob}, Affinity{"real", Storage::real}, Affinity{"floa", Storage::real}, Affinity{"doub", Storage::real}};
  const auto found = std::ranges::find_if(kAffinities, [&](const Affinity& each) { return type.contains(each.word); });
  return found == kAffinities.end() ? Storage::number : found->storage;
}

Storage literal_storage(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::null: return Storage::nothing;
    case Literal::Kind::boolean: return Storage::integer;
    case Literal::Kind::string: return Storage::text;
    case Literal::Kind::hex_bits: return Storage::blob;
    case Literal::Kind::integer:
    case Literal::Kind::numeric: {  // beyond 64 bits it is a REAL
      std::int64_t whole = 0;
      const char* const end = literal.text.data() + literal.text.size();
      const auto [behind, error] = std::from_chars(literal.text.data(), end, whole);
      return error == std::errc{} && behind == end ? Storage::integer : Storage::real;
    }
    default: return Storage::any;
  }
}

class ViewReader {
 public:
  using Find = std::function<const plan::Table*(std::string_view)>;
  explicit ViewReader(const Find& find) : find_(find) {}

  /// `outer`: what a correlated subquery may name besides its own FROM.
  struct Scope {
    struct Source { std::string alias; Output columns; std::vector<std::string> merged = {}; };  // merged: by USING, shown once
    std::vector<Source> sources;
    const Scope* outer = nullptr;
  };

  std::optional<Output> query(const Query& query, const Scope* outer) {
    const auto before = common_;
    if (query.with) {
      for (const CommonTable& table : query.with->tables) {
        const auto* body = table.statement ? std::get_if<Query>(&table.statement->node) : nullptr;
        if (!body) return std::nullopt;
        common_.erase(table.name);
        recursive_ = query.with->recursive ? &table : nullptr;
        auto output = this->query(*body, outer);
        recursive_ = nullptr;
        if (!output || !rename(*output, table.columns)) return std::nullopt;
        common_[table.name] = *std::move(output);
      }
    }
    auto output = std::visit([&](const auto& body) { return this->body(body, outer); }, query.body);
    common_ = before;
    return output;
  }

 private:
  std::optional<Output> body(const Select& select, const Scope* outer) {
    Scope scope{{}, outer};
    for (const FromItem& item : select.from) {
      if (!add(item, scope)) return std::nullopt;
    }
    Output out;
    for (const ResultColumn& target : select.targets) {
      const auto* star = std::get_if<Star>(&target.expression.node);
      if (star ? !spread(*star, scope, out) : false) return std::nullopt;
      if (star) continue;
      const auto* column = std::get_if<ColumnReference>(&target.expression.node);
      out.push_back({plan::fold(!target.alias.empty() ? target.alias : column ? column->name : ""), infer(target.expression, scope)});
    }
    return out;
  }
  std::optional<Output> body(const Values& values, const Scope* outer) {
    const Scope scope{{}, outer};
    Output out;
    for (const Expressions& row : values.rows) {
      if (!out.empty() && out.size() != row.size()) return std::nullopt;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const Inferred value = infer(row[i], scope);
        if (&row == &values.rows.front()) out.push_back({"column" + std::to_string(i + 1), value});
        else out[i].value = either(out[i].value, value);
      }
    }
    return out;
  }
  std::optional<Output> body(const SetOperation& both, const Scope* outer) {
    auto left = query(*both.left, outer);
    if (!left) return left;
    if (recursive_ && !common_.contains(recursive_->name)) {  // what the second part reads of itself
      const CommonTable& itself = *recursive_;
      constexpr std::size_t kChanges = 6;  // of one column: NULL alone, a column's, INTEGER, REAL or either, anything
      for (std::size_t round = 0; round <= kChanges * left->size(); ++round) {
        Output& known = common_[itself.name] = *left;
        if (!rename(known, itself.columns)) return std::nullopt;
        const auto before = *left;
        if (!unite(*left, query(*both.right, outer))) return std::nullopt;
        if (std::ranges::equal(before, *left, {}, known_of, known_of)) return left;
      }
      return std::nullopt;
    }
    if (!unite(*left, query(*both.right, outer))) return std::nullopt;
    return left;
  }

  static std::pair<Storage, bool> known_of(const Named& named) { return {named.value.storage, named.value.column.has_value()}; }
  static bool unite(Output& left, const std::optional<Output>& right) {
    if (!right || right->size() != left.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) left[i].value = either(left[i].value, (*right)[i].value);
    return true;
  }

  static bool rename(Output& output, const std::vector<std::string>& names) {
    if (names.size() > output.size()) return false;
    for (std::size_t i = 0; i < names.size(); ++i) output[i].name = plan::fold(names[i]);
    return true;
  }

  bool add(const FromItem& item, Scope& scope) {
    return std::visit([&](const auto& node) { return this->add(node, scope); }, item.node);
  }
  bool add(const TableReference& reference, Scope& scope) {
    const std::string name = plan::fold(reference.relation.name);
    Scope::Source source{plan::fold(reference.alias.name.empty() ? reference.relation.name : reference.alias.name), {}};
    if (const auto own = common_.find(name); own != common_.end() && reference.relation.schema.empty()) {
      source.columns = own->second;
    } else {
      const plan::Table* table = find_(name);
      if (!table || table->columns.empty()) return false;
      for (const plan::Column& column : table->columns)
        source.columns.push_back({plan::fold(column.sqlite_name), {storage_of(column.form), ColumnReading{column.type, column.form, column.collation}}});
    }
    scope.sources.push_back(std::move(source));
    return true;
  }
  bool add(const SubqueryReference& reference, Scope& scope) {
    auto output = query(*reference.query, scope.outer);
    if (!output || !rename(*output, reference.alias.columns)) return false;
    scope.sources.push_back({plan::fold(reference.alias.name), *std::move(output)});
    return true;
  }
  bool add(const FunctionReference&, Scope&) { return false; }  // json_each and its kin
  bool add(const Join& join, Scope& scope) {
    const std::size_t before = scope.sources.size();
    if (!add(*join.left, scope)) return false;
    const std::size_t right = scope.sources.size();
    if (!add(*join.right, scope)) return false;
    std::vector<std::string> merged;
    for (const Name& name : join.using_columns) merged.push_back(plan::fold(name.text));
    for (std::size_t i = before; join.natural && i < right; ++i)
      for (const Named& column : scope.sources[i].columns) merged.push_back(column.name);
    for (std::size_t i = right; i < scope.sources.size(); ++i) scope.sources[i].merged = merged;
    if (join.kind == Join::Kind::right || join.kind == Join::Kind::full) merge_values(std::span{scope.sources}.subspan(before), right - before, merged);
    return true;
  }
  /// A column by USING is that of the left side or, where there is no row of it, that of the right one.
  static void merge_values(std::span<Scope::Source> sources, std::size_t right, const std::vector<std::string>& merged) {
    for (const std::string& name : merged) {
      Inferred* first = nullptr;
      for (std::size_t i = 0; i < sources.size(); ++i) {
        const auto found = std::ranges::find(sources[i].columns, name, &Named::name);
        if (found == sources[i].columns.end()) continue;
        if (!first) first = &found->value;
        else if (i >= right) *first = either(*first, found->value);
      }
    }
  }

  static bool spread(const Star& star, const Scope& scope, Output& out) {
    const std::string name = plan::fold(star.table);
    bool found = false;
    for (const Scope::Source& source : scope.sources) {
      if (!name.empty() && source.alias != name) continue;
      found = true;
      for (const Named& column : source.columns) {
        if (name.empty() && std::ranges::find(source.merged, column.name) != source.merged.end()) continue;
        out.push_back(column);
      }
    }
    return found;
  }

  static Inferred look_up(const ColumnReference& reference, const Scope& scope) {
    const std::string table = plan::fold(reference.table), name = plan::fold(reference.name);
    for (const Scope* place = &scope; place; place = place->outer) {
      for (const Scope::Source& source : place->sources) {
        if (!table.empty() && source.alias != table) continue;
        const auto found = std::ranges::find(source.columns, name, &Named::name);
        if (found != source.columns.end()) return found->value;
      }
    }
    return name == "rowid" || name == "_rowid_" || name == "oid" ? Inferred{Storage::integer} : Inferred{};
  }

  /// A column's own values, computed: they have no collation.
  Inferred infer(const Expression& expression, const Scope& scope) {
    if (const auto* reference = std::get_if<ColumnReference>(&expression.node)) return look_up(*reference, scope);
    Inferred out = std::visit([&](const auto& node) { return this->of(node, scope); }, expression.node);
    if (out.column) out.column->collation = "BINARY";
    return out;
  }
  template <class Range, class Of>
  Inferred all_of(const Range& range, const Of& of, const Scope& scope) {
    Inferred out{Storage::nothing};
    for (const auto& each : range) out = either(out, infer(of(each), scope));
    return out;
  }

  template <class N>
  Inferred of(const N&, const Scope&) {
    constexpr bool kTest = std::is_same_v<N, Logical> || std::is_same_v<N, Not> || std::is_same_v<N, InList> || std::is_same_v<N, Between> ||
                           std::is_same_v<N, Like> || std::is_same_v<N, IsTest> || std::is_same_v<N, IsDistinct>;
    return {kTest ? Storage::integer : Storage::any};
  }
  Inferred of(const Literal& literal, const Scope&) {
    constexpr std::size_t kDigits = 15;
    const Storage storage = literal_storage(literal);
    return {storage, std::nullopt, storage == Storage::integer && literal.text.size() <= kDigits};
  }
  Inferred of(const ValueFunction&, const Scope&) { return {Storage::text}; }
  Inferred of(const Collate& node, const Scope& scope) { return infer(*node.argument, scope); }
  Inferred of(const Cast& node, const Scope& scope) {
    const Storage to = cast_to(plan::fold(node.type.name));
    return to == Storage::blob && infer(*node.argument, scope).storage == Storage::any ? Inferred{} : Inferred{to};
  }
  static bool is_chain(std::string_view name) { return name == "||" || name == "->" || name == "->>"; }
  static bool is_operation(const Expression& expression) {
    const auto* operation = std::get_if<Operation>(&expression.node);
    return operation && operation->left && !is_chain(operation->name);
  }
  /// Whether a || b + c is (a || b) + c there and a || (b + c) here: of ||, which binds closer there than all others, an operand that is an operation.
  static bool closer_there(const Operation& node) { return is_chain(node.name) && (is_operation(*node.left) || is_operation(*node.right)); }
  Inferred of(const Operation& node, const Scope& scope) {
    const Inferred right = infer(*node.right, scope);
    if (node.left ? closer_there(node) : node.name == "~" && is_operation(*node.right)) return {node.left ? Storage::any : Storage::number};
    if (!node.left && node.name == "-") return {computed(right, {Storage::integer}).storage, std::nullopt, right.exact};
    if (!node.left) return node.name == "+" ? right : Inferred{Storage::integer};
    const Inferred left = infer(*node.left, scope);
    constexpr std::array<std::string_view, 5> kComputes{"+", "-", "*", "/", "%"};
    if (std::ranges::find(kComputes, node.name) != kComputes.end()) return computed(left, right);
    if (node.name == "||" || node.name == "->") return {Storage::text};
    return node.name == "->>" ? Inferred{} : Inferred{Storage::integer};
  }
  Inferred of(const Case& node, const Scope& scope) {
    const Inferred whens = all_of(node.whens, [](const When& when) -> const Expression& { return *when.result; }, scope);
    return node.otherwise ? either(whens, infer(*node.otherwise, scope)) : whens;
  }
  Inferred of(const Choice& node, const Scope& scope) {
    if (node.arguments.empty()) return {};
    if (node.kind == Choice::Kind::nullif) return infer(node.arguments.front(), scope);
    return node.kind == Choice::Kind::coalesce ? all_of(node.arguments, std::identity{}, scope) : Inferred{};
  }
  Inferred of(const Subquery& node, const Scope& scope) {
    if (node.kind != Subquery::Kind::scalar) return {node.kind == Subquery::Kind::array ? Storage::any : Storage::integer};
    const auto output = query(*node.query, &scope);
    return output && output->size() == 1 ? output->front().value : Inferred{};
  }
  Inferred of(const FunctionCall& call, const Scope& scope) {
    const std::string name = plan::fold(call.name);
    const auto known = std::ranges::find(kFunctions, name, &FunctionReading::name);
    if (known == kFunctions.end()) return {};
    const std::size_t count = call.arguments.size();
    switch (known->gives) {
      case Gives::integer: return {Storage::integer};
      case Gives::real: return {Storage::real};
      case Gives::text: return {Storage::text};
      case Gives::blob: return {Storage::blob};
      case Gives::number: return count == 0 ? Inferred{} : computed(infer(call.arguments.front(), scope), {Storage::integer});
      case Gives::text_or_blob: {
        const Storage of = count == 0 ? Storage::any : infer(call.arguments.front(), scope).storage;
        return {of == Storage::blob || of == Storage::any ? of : Storage::text};
      }
      case Gives::first: return count == 0 ? Inferred{} : infer(call.arguments.front(), scope);
      case Gives::all: return count == 0 ? Inferred{} : all_of(call.arguments, std::identity{}, scope);
      case Gives::two: {  // iif(test, a, b); lag(a, n, b)
        if (count == 0 || count > 3) return {};
        const Inferred one = infer(call.arguments[name == "iif" && count > 1 ? 1 : 0], scope);
        return count == 3 ? either(one, infer(call.arguments[2], scope)) : one;
      }
    }
    return {};
  }

  const Find& find_;
  std::map<std::string, Output> common_;
  const CommonTable* recursive_ = nullptr;  // the WITH RECURSIVE item that is being read
};

}  // namespace

std::optional<std::vector<ColumnReading>> read_view(std::string_view text, const std::function<const plan::Table*(std::string_view)>& find) {
  const auto query = query_of_view(text);
  if (!query) return std::nullopt;
  const auto parsed = parse(*query, Dialect::postgres);
  if (!parsed || parsed->size() != 1) return std::nullopt;
  const auto* tree = std::get_if<Query>(&parsed->front().tree->statement.node);
  if (!tree) return std::nullopt;
  const auto output = ViewReader{find}.query(*tree, nullptr);
  if (!output) return std::nullopt;
  std::vector<ColumnReading> out;
  for (const Named& column : *output) out.push_back(reading_of(column.value));
  return out;
}

}  // namespace crossfade::sql
