#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "catalog/objects.hpp"
#include "catalog/static_rows.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/sql/catalog.hpp"

namespace crossfade::sqlite::catalog {

using Index = std::unordered_map<std::string, std::vector<const Cells*>>;

/// Rows of relations and indexes over them, made when first asked for, under the lock. What is made stays where and as it is.
struct RowStore {
  std::recursive_mutex making;  // a relation's rows may ask for another's
  std::map<const plan::Table*, Rows> rows;
  std::map<std::pair<const plan::Table*, std::size_t>, Index> indexes;
};

/// What the catalogs of all sessions that see one schema have in common. Thread-safe.
class SharedRows {
 public:
  explicit SharedRows(std::shared_ptr<const plan::Schema> schema) : schema_(std::move(schema)) {}
  const std::shared_ptr<const plan::Schema>& schema() const { return schema_; }
  const Objects& objects();
  RowStore& store() { return store_; }

 private:
  std::shared_ptr<const plan::Schema> schema_;
  RowStore store_;
  std::optional<Objects> objects_;
};

/// The system catalog as one statement of one session sees it: the same from its first row to its last, whatever is changed meanwhile.
/// Rows are made when they are first read and live as long as it. One thread at a time. Must die before its session.
class Catalog {
 public:
  Catalog(std::shared_ptr<SharedRows> shared, const FunctionContext& session) : shared_(std::move(shared)), session_(session) {}

  const Objects& objects();
  const FunctionContext& session() const { return session_; }

  const Rows& rows(const plan::Table& relation);
  /// The rows whose cell in `column` is `value`, by an index made at the first call; nullptr for a value of no row.
  const std::vector<const Cells*>* matching(const plan::Table& relation, std::size_t column, const model::StorageValue& value);
  /// The one whose first column, its OID, is this.
  const Cells* find(std::string_view relation, Oid oid);
  /// A cell of such a row; NULL when there is no such row.
  model::StorageValue value(std::string_view relation, Oid oid, std::string_view column);

  /// What 'x'::regclass and its kin read, and how they are written. 0: there is none.
  Oid find_relation(std::string_view schema, std::string_view name);
  std::string name_of(model::Oid kind, Oid oid);
  std::string operands(std::string_view relation, Oid oid);
  /// As format_type: nullopt is no modifier, which is not the same as one of -1 ("character", "bpchar"). nullopt: there is no such type.
  std::optional<std::string> type_name(Oid oid, std::optional<std::int32_t> modifier);

 private:
  static std::string key_of(const model::StorageValue& value);
  RowStore& store_of(const plan::Table& relation);

  std::shared_ptr<SharedRows> shared_;
  const FunctionContext& session_;
  RowStore own_;  // of what differs from session to session
  // What was asked for already, wherever it is: found again without a lock.
  const Objects* seen_objects_ = nullptr;
  std::map<const plan::Table*, const Rows*> seen_rows_;
  std::map<std::pair<const plan::Table*, std::size_t>, const Index*> seen_indexes_;
};

/// Makes rows of one relation cell by cell; what is not set is NULL, or what PostgreSQL has for "nothing" in a NOT NULL column.
class RowMaker {
 public:
  RowMaker(const plan::Table& relation, Rows& rows) : relation_(relation), rows_(rows) {}
  RowMaker& row();
  /// Leaves out the rows so far whose cell is that.
  void drop(std::string_view column, std::int64_t value);
  template <class T>
  RowMaker& set(std::string_view column, T value) {
    if constexpr (std::is_same_v<T, model::StorageValue>) return put(column, std::move(value));
    else if constexpr (std::is_integral_v<T>) return put(column, static_cast<std::int64_t>(value));
    else if constexpr (std::is_floating_point_v<T>) return put(column, value);
    else return put(column, std::string{std::move(value)});
  }

 private:
  RowMaker& put(std::string_view column, model::StorageValue value);

  const plan::Table& relation_;
  Rows& rows_;
};

/// One row producer a relation: what the schema has of it. Only one whose rows are `of_session`, made anew for
/// each statement, may ask Catalog::session().
struct Producer {
  std::string_view relation;
  void (*produce)(Catalog& catalog, RowMaker& out);
  bool of_session = false;
};
std::span<const Producer> relation_producers();
std::span<const Producer> constraint_producers();
std::span<const Producer> other_producers();

/// "{1,2}" and its like.
std::string array_text(const std::vector<int>& items);

}  // namespace crossfade::sqlite::catalog
