#include "html.hpp"

namespace crossfade::cli {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
.lead { font-size: 1.15rem; padding: .8rem 1rem; background: var(--soft); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } code { font-size: .9em; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .85rem; color: #fff; background: #667; }
.blocker, .says-yes, .red { background: #b3261e; } .warning { background: #a05a00; } .note, .says-no, .green { background: #2c6e49; }
details { margin: .6rem 0; border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .8rem; } summary { cursor: pointer; font-weight: 600; }
small { opacity: .75; }
)";

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_cell(std::string_view text) { return "<td>" + html_text(text) + "</td>"; }
std::string html_tag(std::string_view kind, std::string_view text) { return "<td><span class=\"tag " + std::string(kind) + "\">" + html_text(text) + "</span></td>"; }

std::string page_head(std::string_view title) {
  return "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>" + html_text(title) + "</title><style>" +
         std::string(kStyle) + "</style>\n";
}

}  // namespace crossfade::cli
