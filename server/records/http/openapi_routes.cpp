#include "embedded/openapi.hpp"
#include "records/http/routes.hpp"

namespace torg::records {

std::vector<net::Route> openapi_routes() {
  return {{.method = net::Method::get,
           .pattern = "/_torg/v1/openapi.json",
           .handler = [](net::Call&) -> Task<net::Response> {
             co_return net::json_response(std::string(embedded::openapi().front().bytes));
           },
           .body = net::BodyKind::none}};
}

}  // namespace torg::records
