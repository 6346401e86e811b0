#pragma once

#include <string>
#include <string_view>

namespace crossfade::observe {

/// The text with its secrets replaced by ***: the password of a URI (scheme://user:password@host), the values of password,
/// sslpassword and secret in `key=value` and `?key=value` form (quoted ones too), and
/// SCRAM-SHA-256 verifiers. Everything else is left byte for byte.
std::string redact(std::string_view text);

}  // namespace crossfade::observe
