#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crossfade/model/jsonpath.hpp"

using namespace crossfade::model;

/// A text that is a path is read again as the same of its whole form. Its shown form PostgreSQL itself does not always read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<JsonPath> path = read_jsonpath({reinterpret_cast<const char*>(data), size});
  if (!path) return 0;
  const std::string whole = write_jsonpath(*path, PathForm::whole);
  const Result<JsonPath> again = read_jsonpath(whole);
  if (!again || write_jsonpath(*again, PathForm::whole) != whole) std::abort();
  if (write_jsonpath(*again, PathForm::shown) != write_jsonpath(*path, PathForm::shown)) std::abort();
  return 0;
}
