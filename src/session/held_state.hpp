#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::session {

/// What of a session of PostgreSQL is asked for: with its settings for a pool that lends it to others; without them for one whose settings are
/// followed and go with it.
enum class Held : std::uint8_t { settings_too, but_settings };

/// One expression of type text: what the session that computes it holds beyond its transaction, as people read it ("advisory locks; LISTEN: jobs");
/// empty for nothing. To be asked between transactions, when an advisory lock is the session's. Everything in it is named with its schema.
std::string held_text(Held which);

/// A DataRow's values in text form; NULL is empty.
std::vector<std::string> texts_of_row(std::string_view body);

}  // namespace crossfade::session
