#pragma once

#include "connection_impl.hpp"

namespace crossfade::sqlite {

namespace catalog { class Catalog; }

/// Who knows the catalog of the statement that runs: the session that holds the connection.
class CatalogSource {
 public:
  /// Read again for each statement that asks. Lifetime: until the next statement.
  virtual model::Result<catalog::Catalog*> catalog() = 0;

 protected:
  ~CatalogSource() = default;
};

/// The catalog's relations as tables crossfade_catalog_…, and its functions. Read on the thread that runs the statement.
model::Result<void> register_catalog(Connection::Impl& connection);

/// The catalog of the connection's session. Errors: 55000 where none holds it.
model::Result<catalog::Catalog*> catalog_of(Connection::Impl& connection);

}  // namespace crossfade::sqlite
