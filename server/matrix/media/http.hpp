#pragma once
#include "matrix/media/delivery.hpp"
#include "matrix/media/media.hpp"
#include "matrix/media/scanner.hpp"
#include "matrix/media/thumbnails.hpp"

namespace torg::matrix {

/// The content repository's endpoints.
/// @see https://spec.matrix.org/v1.19/client-server-api/#content-repository
class MediaHttp {
 public:
  MediaHttp(Media& media, Thumbnails& thumbnails, Scanner& scanner)
      : media_(media), thumbnails_(thumbnails), scanner_(scanner) {}

  [[nodiscard]] std::vector<net::Route> routes();

 private:
  using Answer = Task<Result<net::Response>>;
  Answer post_upload(identity::Requester requester, net::Call& call);
  Answer put_upload(identity::Requester requester, net::Call& call);
  Answer post_create(identity::Requester requester, net::Call& call);
  Answer config();
  Answer download(net::Call& call);
  Answer thumbnail(net::Call& call);
  /// What the old endpoints give to people who haven't signed in.
  Answer unless_frozen(net::Call& call, Answer (MediaHttp::*handler)(net::Call&));

  Task<Result<std::string>> take(net::Call& call, Media::Upload upload);
  /// The file that the path names, once it is there and was found clean.
  Task<Result<MediaFile>> wanted_file(net::Call& call);
  [[nodiscard]] std::vector<net::Route> upload_routes();
  [[nodiscard]] std::vector<net::Route> download_routes();

  Media& media_;
  Thumbnails& thumbnails_;
  Scanner& scanner_;
};

}  // namespace torg::matrix
