#include "postgres_objects.hpp"

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::migrate {

std::string qualified(std::string_view table) {
  return postgres::quote_identifier(kTargetSchema) + "." + postgres::quote_identifier(table);
}

}  // namespace crossfade::migrate
