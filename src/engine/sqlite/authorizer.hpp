#pragma once

#include "connection_impl.hpp"

namespace crossfade::sqlite {

/// Puts the handle's statements under the rules for clients (DESIGN §3): 42501 for ATTACH, unsafe PRAGMAs, extensions and every
/// crossfade_* object. Statements of Author::proxy pass. A client's temporary objects mark the connection: no other may have it.
void install_authorizer(Connection::Impl& connection);

}  // namespace crossfade::sqlite
