#pragma once
#include <string>
#include <string_view>

// Addresses of the public pages: stable, readable, in two languages.
namespace torg::portal {

enum class Language : unsigned char { sv, en };
[[nodiscard]] std::string_view code(Language language);  ///< `sv`, `en`
[[nodiscard]] Language other(Language language);

/// The language of `accept-language` that comes first, among those there are; Swedish when there is none.
/// @see RFC 9110, 12.5.4
[[nodiscard]] Language preferred_language(std::string_view accept_language);

/// `KS 2026/00123-8` → `KS/2026/00123/8`: spaces and hyphens of a number become slashes too.
[[nodiscard]] std::string path_of_number(std::string_view number);

/// The addresses of one language.
struct Urls {
  explicit Urls(Language language);

  /// The Swedish front page in so many words: the plain address follows the browser's language.
  std::string home;
  std::string front, search, ask, about, check, privacy, feed, head, consistency, accessibility, proof_page;
  std::string ask_ending, proof_ending;  ///< below an entry: `/begar`, `/bevis.json`

  /// Of an entry or a case.
  [[nodiscard]] std::string of_number(std::string_view number) const {
    return front + "/" + path_of_number(number);
  }
};

}  // namespace torg::portal
