#pragma once
#include "base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace torg::matrix {

/// What a web page says about itself. Every text is as the page has it: a claim, and of any length up to
/// `kLongestText`.
struct PageFacts {
  struct Property {
    std::string name;  ///< `og:title`, `twitter:card`, `description`: lower case
    std::string value;
  };
  std::vector<Property> properties;  ///< in order; the first of a name counts
  std::string title;                 ///< of the window
  std::string heading;               ///< the first
  std::string base;                  ///< what addresses are relative to, when the page says so
  std::string oembed;                ///< address of a JSON description

  /// Empty when it isn't there.
  [[nodiscard]] std::string_view property(std::string_view name) const;
};

inline constexpr std::size_t kMostProperties = 100;
inline constexpr std::size_t kLongestText = 2000;  ///< bytes

/// Reads HTML, tolerantly. `charset` is what the server said, empty when it didn't; else the page's own word
/// counts. In the worker, tests and the fuzzer only.
[[nodiscard]] PageFacts read_page(std::string_view html, std::string const& charset);

/// The preview but for its picture: the page's Open Graph properties, or what stands in for them.
/// @see https://ogp.me/
[[nodiscard]] json::object preview_of(PageFacts const& facts);
/// Where the page says that its picture is, as it says it; empty when it has none.
[[nodiscard]] std::string picture_of(PageFacts const& facts);
/// Fills in what `preview` lacks from an oEmbed answer.
/// @see https://oembed.com/
void add_oembed(json::object& preview, std::string& picture, json::object const& oembed);

// The worker's answer.
[[nodiscard]] std::string encode_page(PageFacts const& facts);
/// `invalid_param` when it is none.
[[nodiscard]] Result<PageFacts> decode_page(std::string_view answer);

/// The worker: confines itself, reads a page on standard input, writes the answer, returns the exit code.
/// Call
/// `_exit` with it.
[[nodiscard]] int run_page_worker(std::string const& charset);

}  // namespace torg::matrix
