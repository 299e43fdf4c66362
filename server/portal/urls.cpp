#include "portal/urls.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <locale>
#include <sstream>

namespace torg::portal {

std::string_view code(Language language) { return language == Language::sv ? "sv" : "en"; }
Language other(Language language) { return language == Language::sv ? Language::en : Language::sv; }

namespace {

/// From 0 to 1000; what can't be read is 1, as without a weight.
int weight_of(std::string_view item) {
  auto const at = item.find("q=");
  if (at == std::string_view::npos) return 1000;
  auto const text = std::string(item.substr(at + 2, 5));
  double weight = 1;
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  stream >> weight;
  return stream.fail() ? 1000 : static_cast<int>(std::clamp(weight, 0.0, 1.0) * 1000);
}

bool names(std::string_view item, std::string_view language) {
  auto const tag = item.substr(0, item.find_first_of("-; \t"));
  return std::ranges::equal(tag, language, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

}  // namespace

Language preferred_language(std::string_view accept_language) {
  int swedish = 0, english = 0;
  while (!accept_language.empty()) {
    auto item = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(accept_language.size(), item.size() + 1));
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    // Between equals the earlier one wins, as browsers order them: it is half a step ahead.
    auto const ahead = [](int other) { return other == 0 ? 1 : 0; };
    auto const weight = weight_of(item) * 2;
    if (weight == 0) continue;
    if (names(item, "sv")) swedish = std::max(swedish, weight + ahead(english));
    if (names(item, "en")) english = std::max(english, weight + ahead(swedish));
  }
  return english > swedish ? Language::en : Language::sv;
}

std::string path_of_number(std::string_view number) {
  constexpr std::string_view kSeparators = " /-";
  std::string path;
  for (;;) {
    auto const end = number.find_first_of(kSeparators);
    path += percent_encode(number.substr(0, end));
    if (end == std::string_view::npos) return path;
    path += '/';
    number.remove_prefix(end + 1);
  }
}

Urls::Urls(Language language) {
  bool const sv = language == Language::sv;
  front = sv ? "/diarium" : "/en/register";
  home = sv ? front + "?sprak=sv" : front;
  auto const below = [&](std::string_view swedish, std::string_view english) {
    return front + "/" + std::string(sv ? swedish : english);
  };
  search = below("sok", "search");
  ask = below("begar", "request");
  about = below("om", "about");
  check = about + "#check";
  proof_page = below("om/bevis", "about/proof");
  privacy = about + "#privacy";
  feed = below("flode.atom", "feed.atom");
  head = below("logg/huvud.json", "log/head.json");
  consistency = below("logg/konsistens.json", "log/consistency.json");
  accessibility = sv ? "/tillganglighet" : "/en/accessibility";
  ask_ending = sv ? "/begar" : "/request";
  proof_ending = sv ? "/bevis.json" : "/proof.json";
}

}  // namespace torg::portal
