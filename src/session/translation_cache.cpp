#include "translation_cache.hpp"

namespace crossfade::session {

namespace {

constexpr std::size_t kLongestCached = 64 * 1024;  // a bulk INSERT with its literals comes once

void append_part(std::string& key, std::string_view part) {
  key += part;
  key += '\0';
}

std::string translation_key(const sql::Parsed& statement, const sql::Context& context, std::string_view search_path,
                            std::span<const model::Oid> declared) {
  std::string key;
  key += static_cast<char>('0' + static_cast<int>(context.dialect));
  key += static_cast<char>('0' + static_cast<int>(context.target));
  append_part(key, std::to_string(context.schema != nullptr ? context.schema->version : 0));
  append_part(key, context.schema != nullptr ? context.schema->plan_hash : "");
  append_part(key, context.user);
  append_part(key, context.zone.name());
  key += static_cast<char>('0' + static_cast<int>(context.date_order));
  key += static_cast<char>('0' + static_cast<int>(context.interval_style));
  key += context.takes_parameters ? '1' : '0';
  key += context.row_key ? 'k' : '-';
  append_part(key, search_path);
  for (const model::Oid type : declared) append_part(key, std::to_string(type));
  append_part(key, "");
  key += statement.text;
  return key;
}

}  // namespace

model::Result<std::shared_ptr<const ParsedQuery>> TranslationCache::parse(std::string_view text, sql::Dialect dialect) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(dialect)));
  key += text;
  const bool cacheable = text.size() <= kLongestCached;
  if (cacheable)
    if (auto found = parsed_.find(key)) return found;
  CROSSFADE_TRY(auto statements, sql::parse(text, dialect));
  auto shared = std::make_shared<const ParsedQuery>(std::move(statements));
  if (cacheable) parsed_.insert(std::move(key), shared);
  return shared;
}

model::Result<std::shared_ptr<const sql::Translated>> TranslationCache::translate(const sql::Parsed& statement,
                                                                                  const sql::Context& context,
                                                                                  std::string_view search_path,
                                                                                  std::span<const model::Oid> declared) {
  const bool cacheable = statement.text.size() <= kLongestCached;
  std::string key = cacheable ? translation_key(statement, context, search_path, declared) : std::string();
  if (cacheable)
    if (auto found = translated_.find(key)) return found;
  CROSSFADE_TRY(auto translated, sql::translate(statement, context, declared));
  auto shared = std::make_shared<const sql::Translated>(std::move(translated));
  if (cacheable) translated_.insert(std::move(key), shared);
  return shared;
}

}  // namespace crossfade::session
