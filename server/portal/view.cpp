#include "portal/view.hpp"

#include "base/encoding.hpp"
#include "embedded/portal.hpp"
#include "records/text/dates.hpp"

#include <fmt/format.h>

namespace torg::portal {
namespace {

constexpr std::string_view kFiles = "/diarium/filer/";

/// `portal.css` with its hash in it: `portal.1f2e3d.css`.
std::string hashed(std::string_view stem, std::string_view ending) {
  for (auto const& file : embedded::portal()) {
    if (file.name == fmt::format("assets/{}{}", stem, ending))
      return fmt::format("{}.{}{}", stem, file.hash, ending);
  }
  throw std::logic_error("a file of the portal is not embedded");
}

std::string_view type_of(std::string_view file) {
  if (file.ends_with(".css")) return "text/css; charset=utf-8";
  if (file.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "font/woff2";
}

json::object urls_of(Urls const& urls) {
  return {{"front", urls.home},
          {"search", urls.search},
          {"ask", urls.ask},
          {"about", urls.about},
          {"check", urls.check},
          {"privacy", urls.privacy},
          {"feed", urls.feed},
          {"head", urls.head},
          {"accessibility", urls.accessibility},
          {"proof_page", urls.proof_page}};
}

}  // namespace

std::string short_hash(crypto::Sha256 const& hash) {
  auto const hex = hex_encode(crypto::view(hash));
  std::string out;
  for (std::size_t i = 0; i < 16; i += 4) out += (i ? " " : "") + hex.substr(i, 4);
  return out;
}

View::View(Site site)
    : site_(std::move(site)),
      catalogue_(embedded::portal()),
      templates_(embedded::portal()),
      css_(hashed("portal", ".css")),
      script_(hashed("check", ".js")) {}

json::value View::head_of(Frame const& frame) const {
  if (!frame.head) return nullptr;
  auto const language = code(frame.language);
  auto const when = records::long_time(frame.head->at, language);
  return json::object{{"text", text(frame.language, "foot.head_text",
                                    {{"size", std::to_string(frame.head->size)}, {"when", when}})},
                      {"root", short_hash(frame.head->root)},
                      {"url", Urls(frame.language).head}};
}

std::string View::page(std::string_view name, Frame const& frame, json::object data) const {
  auto const language = frame.language;
  auto const set = [&](std::string_view key, auto&& value) {
    if constexpr (std::is_convertible_v<decltype(value), std::string_view>)
      data.emplace(key, json::string(std::string_view(value)));
    else
      data.emplace(key, std::forward<decltype(value)>(value));
  };
  set("language", code(language));
  set("page_title", frame.title);
  set("organisation", site_.organisation);
  set("base", site_.base_url);
  set("css", std::string(kFiles) + css_);
  set("script", std::string(kFiles) + script_);
  set("t", catalogue_.all(code(language)));
  set("urls", urls_of(Urls(language)));
  set("other_url", frame.other_url);
  set("other_language", code(other(language)));
  set("no_index", frame.no_index);
  set("at_register", frame.here == Here::registers);
  set("at_ask", frame.here == Here::ask);
  set("at_about", frame.here == Here::about);
  set("head", head_of(frame));
  if (!site_.phone.empty())
    set("phone", json::object{{"call", text(language, "foot.call", {{"phone", site_.phone}})}});
  return templates_.render(name, data);
}

std::optional<View::Asset> View::asset(std::string_view file) const {
  if (file == css_)
    file = "portal.css";
  else if (file == script_)
    file = "check.js";
  else if (file.ends_with(".css") || file.ends_with(".js"))
    return std::nullopt;  // an older page's: its hash is not ours
  for (auto const& one : embedded::portal())
    if (one.name == "assets/" + std::string(file)) return Asset{one.bytes, type_of(file)};
  return std::nullopt;
}

}  // namespace torg::portal
