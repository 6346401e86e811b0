#pragma once

#include "connection_impl.hpp"

namespace crossfade::sqlite {

namespace catalog { class Catalog; }

/// Who knows the catalog of the statement that runs: the session that holds the connection.
class CatalogSource {
 public:
  /// As the session sees it now; for one statement.
  virtual model::Result<std::shared_ptr<catalog::Catalog>> catalog() = 0;

 protected:
  ~CatalogSource() = default;
};

/// The catalog's relations as tables crossfade_catalog_…, and its functions. Read on the thread that runs the statement.
model::Result<void> register_catalog(Connection::Impl& connection);

/// The catalog of the statement that the connection steps: the one that it has, else its session's, which it has from then on.
/// Errors: 55000 where no session holds the connection.
model::Result<std::shared_ptr<catalog::Catalog>> catalog_of(Connection::Impl& connection);

}  // namespace crossfade::sqlite
