#pragma once
#include "db/blobs.hpp"
#include "db/database.hpp"
#include "identity/identity.hpp"
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
  UserNid uploader;
};

/// Whether the old endpoints give files to people who haven't signed in.
enum class OldDownloads : std::uint8_t { closed, open };

inline constexpr std::uint64_t kMaxUploadBytes = 50 << 20;

/// The content repository: files by `mxc://server/id`, their bytes in the blob store.
class Media {
 public:
  Media(Runtime& runtime, db::Database& database, db::Blobs& blobs, identity::Identity& identity,
        std::string server_name, OldDownloads old_downloads = OldDownloads::closed);

  /// Takes over the file at `path` (in `tmp/`). @return its `mxc://` address
  Task<Result<std::string>> upload(UserNid uploader, std::filesystem::path path, std::string content_type,
                                   std::string file_name);
  /// The same for bytes in memory.
  Task<Result<std::string>> upload_bytes(UserNid uploader, std::string bytes, std::string content_type,
                                         std::string file_name);
  /// `not_found` for another server's file: fetching comes with federation.
  [[nodiscard]] Task<Result<MediaFile>> find(std::string server, std::string media_id);
  /// The same by `mxc://server/id`.
  [[nodiscard]] Task<Result<MediaFile>> find_mxc(std::string mxc);
  /// Where the bytes lie, for streaming them out.
  [[nodiscard]] Result<std::filesystem::path> path(MediaFile const& file) const {
    return blobs_.path(file.blob);
  }

  [[nodiscard]] std::vector<net::Route> routes();
  [[nodiscard]] static std::span<db::Migration const> migrations();

 private:
  Task<Result<std::string>> keep(UserNid uploader, db::Blobs::Stored stored, std::string content_type,
                                 std::string file_name);
  Task<net::Response> post_upload(net::Call& call);
  Task<net::Response> download(net::Call& call);
  Task<net::Response> thumbnail(net::Call& call);
  Task<net::Response> old_download(net::Call& call);
  Task<net::Response> old_thumbnail(net::Call& call);
  Task<net::Response> send_file(net::Call& call);
  Task<net::Response> send_thumbnail(net::Call& call);
  Task<net::Response> config(net::Call& call);

  Runtime& runtime_;
  db::Database& database_;
  db::Blobs& blobs_;
  identity::Identity& identity_;
  std::string server_name_;
  OldDownloads old_downloads_;
};

/// The last part of a path, without control characters, at most 200 bytes; empty when nothing is left.
[[nodiscard]] std::string safe_file_name(std::string_view name);

}  // namespace torg::matrix
