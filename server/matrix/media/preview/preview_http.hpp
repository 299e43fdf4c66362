#pragma once
#include "matrix/media/preview/previews.hpp"
#include "net/buckets.hpp"

namespace torg::matrix {

/// The endpoints for previews of links.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mediapreview_url
class PreviewHttp {
 public:
  /// `each`: how often one person may ask; a burst of 0 is no limit.
  PreviewHttp(Previews& previews, identity::Identity& identity, net::Rate each);

  [[nodiscard]] std::vector<net::Route> routes();

 private:
  Task<Result<net::Response>> get(identity::Requester requester, net::Call& call);

  Previews& previews_;
  identity::Identity& identity_;
  std::optional<net::Buckets> each_;
};

}  // namespace torg::matrix
