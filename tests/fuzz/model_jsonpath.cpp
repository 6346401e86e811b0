#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/text_format.hpp"

using namespace crossfade::model;

/// A text that is a path is read again as the same of its whole form. Its shown form PostgreSQL itself does not always read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  if (!parse_text(input, {oid::jsonpath})) return 0;  // which looks first whether it is UTF-8
  const Result<JsonPath> path = read_jsonpath(input);
  if (!path) std::abort();
  const std::string whole = write_jsonpath(*path, PathForm::whole);
  const Result<JsonPath> again = read_jsonpath(whole);
  if (!again || write_jsonpath(*again, PathForm::whole) != whole) std::abort();
  if (write_jsonpath(*again, PathForm::shown) != write_jsonpath(*path, PathForm::shown)) std::abort();
  return 0;
}
