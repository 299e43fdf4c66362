#pragma once
#include "db/blobs.hpp"
#include "db/database.hpp"
#include "identity/identity.hpp"
#include "matrix/media/arrivals.hpp"
#include "net/http.hpp"

#include <span>

namespace torg::matrix {

/// One uploaded file. Several may share one blob.
struct MediaFile {
  std::string media_id;
  db::BlobId blob;
  std::uint64_t size = 0;
  std::string content_type;
  std::string file_name;  ///< as the uploader named it; never a path
  UserNid uploader;       ///< 0: the server itself, for the picture of a preview
  Instant created_at{};
  AuthorityId authority{};              ///< of the uploader, then; 0: of an outsider
  std::optional<Instant> expires_at{};  ///< of a preview's picture
};

/// Whether the old endpoints give files to people who haven't signed in.
enum class OldDownloads : std::uint8_t { closed, open };

/// What the configuration says about files. A quota of 0 bytes is none.
struct MediaOptions {
  std::string server_name;
  OldDownloads old_downloads = OldDownloads::closed;
  /// With `OldDownloads::open`: files that came later than this are not given out by them (the
  /// specification's freeze); none: all are.
  std::optional<Instant> frozen_at{};
  std::uint64_t max_upload = 50 << 20;
  std::uint64_t user_quota = 0;
  std::uint64_t authority_quota = 0;
  std::string limit_info_uri{};    ///< told to those whom a quota stops; empty: there is none
  std::int64_t most_pending = 10;  ///< addresses that one person made and hasn't uploaded to
  std::chrono::milliseconds pending_lifetime = std::chrono::hours(24);
};

/// Whether an upload counts against its uploader's quota, or is the server's own business.
enum class Quota : std::uint8_t { applies, waived };

/// An address that a file will be uploaded to.
struct PendingMedia {
  std::string mxc;
  Instant expires_at;
};

/// The content repository: files by `mxc://server/id`, their bytes in the blob store. On the executor.
class Media {
 public:
  Media(Runtime& runtime, db::Database& database, db::Blobs& blobs, identity::Identity& identity,
        MediaOptions options);
  Media(Media const&) = delete;
  Media& operator=(Media const&) = delete;

  struct Upload {
    UserNid uploader;
    std::string content_type;  ///< empty: unknown
    std::string file_name;
    Quota quota = Quota::waived;
    std::string media_id{};  ///< made earlier by `create`; empty: a new one
    std::optional<Instant> expires_at{};
  };
  /// Takes over the file at `path` (in `tmp/`). @return its `mxc://` address; beyond the quota
  /// `user_limit_exceeded`, or `forbidden` where no address says more; with a `media_id` also `not_found` (no
  /// such address, or it has expired), `conflict` (uploaded already)
  Task<Result<std::string>> upload(Upload upload, std::filesystem::path path);
  /// The same for bytes in memory.
  Task<Result<std::string>> upload(Upload upload, std::string bytes);
  Task<Result<std::string>> upload_bytes(UserNid uploader, std::string bytes, std::string content_type,
                                         std::string file_name);
  /// The two steps of an upload, for a picture that is looked at in between: store its bytes, which nobody
  /// refers to yet, then make a file of them or `drop_unused`.
  Task<Result<db::Blobs::Stored>> store(std::string bytes);
  Task<Result<std::string>> keep(Upload upload, db::Blobs::Stored stored);
  /// An address to upload to later. `limit_exceeded` when the user has too many unused ones.
  Task<Result<PendingMedia>> create(UserNid uploader);

  /// `not_found` also for what is quarantined and for another server's file: fetching comes with federation.
  /// `not_yet_uploaded` for an address that waits for its file.
  [[nodiscard]] Task<Result<MediaFile>> find(std::string server, std::string media_id);
  /// The same, and waits for a file that isn't there yet until `deadline` or until nobody listens any more.
  [[nodiscard]] Task<Result<MediaFile>> await(std::string server, std::string media_id, SteadyTime deadline,
                                              net::Call& call);
  /// The same as `find` by `mxc://server/id`.
  [[nodiscard]] Task<Result<MediaFile>> find_mxc(std::string mxc);
  /// Where the bytes lie, for streaming them out.
  [[nodiscard]] Result<std::filesystem::path> path(db::BlobId const& blob) const { return blobs_.path(blob); }
  /// The part of a local `mxc://` address that names the file; none when it isn't this server's or is none.
  [[nodiscard]] std::optional<std::string> local_id(std::string_view mxc) const;

  /// Removes from the store what nobody refers to any more.
  Task<> drop_unused(std::vector<db::BlobId> blobs);
  /// Forgets pictures of previews, and addresses, whose time is over; some at a time.
  Task<> sweep();
  /// Ends all waiting.
  void stop();

  /// The authority whose quota a user's files count against; 0: none. Set at start.
  std::function<AuthorityId(UserNid)> authority_of;
  /// Whether somebody else (the register) keeps a blob. Runs in reads; uses nothing but its arguments.
  std::function<bool(db::Reader&, db::BlobId const&)> is_kept_elsewhere;

  [[nodiscard]] MediaOptions const& options() const { return options_; }
  [[nodiscard]] db::Database& database() { return database_; }
  [[nodiscard]] db::Blobs& blobs() { return blobs_; }
  [[nodiscard]] identity::Identity& identity() { return identity_; }
  [[nodiscard]] Runtime& runtime() { return runtime_; }
  [[nodiscard]] static std::span<db::Migration const> migrations();

 private:
  Task<Result<>> check_before(Upload const& upload, std::uint64_t size);
  [[nodiscard]] std::string new_media_id();
  [[nodiscard]] AuthorityId authority(UserNid user) const {
    return authority_of ? authority_of(user) : AuthorityId{};
  }

  Runtime& runtime_;
  db::Database& database_;
  db::Blobs& blobs_;
  identity::Identity& identity_;
  MediaOptions options_;
  Arrivals arrivals_;
  bool stopping_ = false;
};

/// The last part of a path, without control characters, at most 200 bytes; empty when nothing is left.
[[nodiscard]] std::string safe_file_name(std::string_view name);
/// Letters, digits, `_` and `-`, not empty: what the specification allows.
[[nodiscard]] bool is_valid_media_id(std::string_view id);

}  // namespace torg::matrix
