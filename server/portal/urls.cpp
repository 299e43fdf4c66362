#include "portal/urls.hpp"

#include "base/encoding.hpp"

namespace torg::portal {

std::string_view code(Language language) { return language == Language::sv ? "sv" : "en"; }
Language other(Language language) { return language == Language::sv ? Language::en : Language::sv; }

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
  auto const below = [&](std::string_view swedish, std::string_view english) {
    return front + "/" + std::string(sv ? swedish : english);
  };
  search = below("sok", "search");
  ask = below("begar", "request");
  about = below("om", "about");
  check = about + "#check";
  privacy = about + "#privacy";
  feed = below("flode.atom", "feed.atom");
  head = below("logg/huvud.json", "log/head.json");
  consistency = below("logg/konsistens.json", "log/consistency.json");
  accessibility = sv ? "/tillganglighet" : "/en/accessibility";
  ask_ending = sv ? "/begar" : "/request";
  proof_ending = sv ? "/bevis.json" : "/proof.json";
}

}  // namespace torg::portal
