#include "matrix/app_service/service_client.hpp"

#include "base/json.hpp"

#include <boost/url/parse.hpp>

namespace torg::matrix {
namespace {

bool knows_no_such_path(net::ClientAnswer const& answer) {
  if (answer.status == 405 || answer.status == 501) return true;
  if (answer.status != 404) return false;
  auto const body = parse_json_object(answer.body);
  auto const errcode = body ? optional_string(*body, "errcode") : std::nullopt;
  return !errcode || *errcode == "M_UNRECOGNIZED";
}

Error unreached(Error const& error) {
  if (error.code == ErrorCode::late)
    return {ErrorCode::connection_timeout, "The application service did not answer in time.", error.message};
  return {ErrorCode::connection_failed, "The application service can't be reached.", error.message};
}

}  // namespace

Task<Result<net::ClientAnswer>> ServiceClient::send(Registration const& service, Question const& question,
                                                    std::string path) {
  auto const address = *service.url + path;  // what is parsed is a view of it
  auto const url = boost::urls::parse_uri(address);
  if (!url) co_return fail(ErrorCode::connection_failed, "The application service's address is none.");
  net::ClientRequest request{.method = question.method,
                             .url = *url,
                             .headers = {{"authorization", "Bearer " + service.hs_token}},
                             .body = question.body,
                             .timeout = question.timeout,
                             .policy = net::AddressPolicy::any};
  if (!question.body.empty()) request.headers.emplace_back("content-type", "application/json");
  auto answer = co_await client_.send(std::move(request));
  if (!answer) co_return std::unexpected(unreached(answer.error()));
  co_return answer;
}

Task<Result<net::ClientAnswer>> ServiceClient::ask(Registration const& service, Question question) {
  if (!service.url) co_return fail(ErrorCode::url_not_set, "The application service has no address.");
  auto answer = co_await send(service, question, question.path);
  if (answer && !question.legacy_path.empty() && knows_no_such_path(*answer)) {
    auto old = co_await send(service, question, question.legacy_path);
    if (old && !knows_no_such_path(*old)) co_return old;
  }
  co_return answer;
}

}  // namespace torg::matrix
