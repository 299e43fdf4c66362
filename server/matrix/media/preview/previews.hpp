#pragma once
#include "matrix/media/thumbnails.hpp"
#include "net/client.hpp"

namespace torg::matrix {

/// What the configuration says about previews of links.
struct PreviewOptions {
  enum class Use : std::uint8_t { off, on };
  Use use = Use::off;
  std::vector<std::string> only_domains;   ///< with what is below them; empty: all
  std::vector<std::string> never_domains;  ///< the same
  /// Of all pictures that are kept: they count as nobody's files, so that no quota bounds them.
  std::uint64_t most_picture_bytes = std::uint64_t{1} << 30;
};

/// What a link leads to, in a few words and a picture. Pages are fetched with `AddressPolicy::public_only`,
/// so that nobody can look into the inner network through them; every redirect and every picture too. Read in
/// a process of their own. On the executor.
class Previews {
 public:
  static constexpr int kMostRedirects = 5;
  static constexpr std::chrono::seconds kTimeForAll{20};
  static constexpr std::uint64_t kMostPageBytes = 4 << 20;
  static constexpr std::uint64_t kMostPictureBytes = 10 << 20;
  static constexpr std::uint64_t kMostOembedBytes = 256 << 10;
  static constexpr std::int64_t kMostKept = 5'000;
  static constexpr std::chrono::hours kKept{24};
  static constexpr std::chrono::minutes kFailureKept{10};
  static constexpr std::chrono::hours kPictureKept{7 * 24};

  /// `worker` runs `run_page_worker`; a charset is added to it.
  Previews(Media& media, Thumbnails& thumbnails, net::HttpClient& client, std::vector<std::string> worker,
           PreviewOptions options);

  /// A JSON object of Open Graph properties; an empty one when there is nothing to say. `unrecognized` when
  /// switched off, `invalid_param` for what is no link, `forbidden` for a domain that the administrator
  /// excluded, `unavailable` when too many are being made. Whether an address could not be reached or must
  /// not be, the answer doesn't say.
  Task<Result<std::string>> preview(std::string url);

 private:
  struct Page {
    boost::urls::url url;  ///< where it was in the end
    net::ClientAnswer answer;
  };
  struct Fetch {
    boost::urls::url url;
    std::string accept;
    std::uint64_t most_bytes = 0;
    SteadyTime deadline;
  };
  [[nodiscard]] Result<boost::urls::url> parse(std::string_view text) const;
  [[nodiscard]] Result<> check_domain(boost::urls::url const& url) const;
  Task<Result<std::string>> make(boost::urls::url url);
  Task<Result<json::object>> describe(boost::urls::url url, SteadyTime deadline);
  Task<Result<json::object>> describe_page(Page page, SteadyTime deadline);
  Task<Result<Page>> fetch(Fetch what);
  Task<> add_oembed_of(json::object& preview, std::string& picture, boost::urls::url base,
                       std::string address, SteadyTime deadline);
  Task<> add_picture(json::object& preview, boost::urls::url base, std::string address, SteadyTime deadline);
  Task<> make_room_for(std::uint64_t bytes);
  Task<> keep_picture(json::object& preview, std::string bytes);
  Task<> remember(std::string url, std::string answer, std::chrono::milliseconds how_long);

  Media& media_;
  Thumbnails& thumbnails_;
  net::HttpClient& client_;
  std::vector<std::string> worker_;
  PreviewOptions options_;
  SingleFlight<Result<std::string>> making_;
  Turns turns_;
};

}  // namespace torg::matrix
