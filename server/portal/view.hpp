#pragma once
#include "base/catalogue.hpp"
#include "base/templates.hpp"
#include "portal/urls.hpp"
#include "records/log/head.hpp"

#include <optional>
#include <string>

namespace torg::portal {

/// What an organisation sets for its public pages.
struct Site {
  std::string organisation;  ///< `Älvhamns kommun`
  std::string phone;         ///< shown in the foot; may be empty
  std::string base_url;      ///< `https://alvhamn.se`, for the feed, which needs whole addresses
};

/// Where in the site a page is.
enum class Here : unsigned char { elsewhere, registers, ask, about };

/// What all pages share.
struct Frame {
  Language language = Language::sv;
  std::string title;  ///< of the page
  Here here = Here::elsewhere;
  std::string other_url;                    ///< the same page in the other language
  std::optional<records::SignedHead> head;  ///< newest head of the log: on every page, so that others keep it
  bool no_index = false;
};

/// Puts values into templates and words into pages. Immutable.
class View {
 public:
  explicit View(Site site);

  /// The page `name` with `data` laid over what all pages share.
  [[nodiscard]] std::string page(std::string_view name, Frame const& frame, json::object data) const;
  [[nodiscard]] std::string text(Language language, std::string_view key,
                                 Catalogue::Values values = {}) const {
    return catalogue_.text(code(language), key, values);
  }
  [[nodiscard]] std::string count(Language language, std::string_view key, std::int64_t n) const {
    return catalogue_.count(code(language), key, n);
  }
  [[nodiscard]] Site const& site() const { return site_; }

  struct Asset {
    std::string_view bytes, type;
  };
  /// A file below `/diarium/filer/`; none when there is no such.
  [[nodiscard]] std::optional<Asset> asset(std::string_view file) const;

 private:
  [[nodiscard]] json::value head_of(Frame const& frame) const;

  Site site_;
  Catalogue catalogue_;
  Templates templates_;
  std::string css_, script_;  ///< their names with their hashes in them
};

/// `7f3a 91c2 0be4 d85e`: the first bytes of a hash for people to compare.
[[nodiscard]] std::string short_hash(crypto::Sha256 const& hash);

}  // namespace torg::portal
