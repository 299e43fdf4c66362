#include "matrix/app_service/app_services.hpp"

#include "base/encoding.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::chrono::milliseconds kQueryTimeout = std::chrono::seconds{10};
constexpr std::chrono::milliseconds kLookupTimeout = std::chrono::seconds{5};
constexpr std::size_t kMaxBodyShown = 1'000;
constexpr std::size_t kQuestions = 4;
constexpr std::size_t kQuestionsWaiting = 20;

}  // namespace

AppServices::AppServices(Collector::Services services, std::shared_ptr<Registrations const> registrations,
                         net::HttpClient& client)
    : rooms_(services.rooms),
      registrations_(std::move(registrations)),
      client_(client),
      questions_(services.rooms.runtime(), kQuestions, kQuestionsWaiting),
      tasks_(services.rooms.runtime()) {
  for (auto const& service : registrations_->all()) {
    if (service.url) senders_.emplace_back(services, service, client_);
  }
  if (senders_.empty()) return;
  rooms_.stream().on_news([this] {
    for (auto& sender : senders_) sender.note();
  });
  rooms_.on_unknown_alias = [this](std::string alias) { return make_alias(std::move(alias)); };
  rooms_.identity().on_unknown_user = [this](std::string user_id) { return make_user(std::move(user_id)); };
}

void AppServices::start() {
  for (auto& sender : senders_) tasks_.spawn("application service " + sender.service().id, sender.run());
}

Task<> AppServices::stop() {
  for (auto& sender : senders_) sender.stop();
  co_await tasks_.join();
}

Task<bool> AppServices::makes(Registration const& service, std::string what, std::string name) {
  auto const turn = co_await questions_.take();
  if (!turn) co_return false;
  auto const path = "/" + what + "/" + percent_encode(name);
  auto const answer = co_await client_.ask(
      service, {.path = "/_matrix/app/v1" + path, .legacy_path = path, .timeout = kQueryTimeout});
  co_return answer && answer->status == 200;
}

Task<bool> AppServices::make_user(std::string user_id) {
  for (auto const& service : registrations_->all()) {
    if (!service.url || user_id == service.sender || !service.owns_user(user_id)) continue;
    if (co_await makes(service, "users", user_id)) co_return true;
  }
  co_return false;
}

Task<bool> AppServices::make_alias(std::string alias) {
  for (auto const& service : registrations_->all()) {
    if (!service.url || !service.owns_alias(alias)) continue;
    if (co_await makes(service, "rooms", alias)) co_return true;
  }
  co_return false;
}

Task<Result<AppServices::Ping>> AppServices::ping(net::Request const& request, std::string id,
                                                  std::string transaction_id) {
  auto const found = rooms_.identity().sessions().service_of(request);
  if (!found && found.error().code == ErrorCode::missing_token) co_return std::unexpected(found.error());
  if (!found || (*found)->id != id)
    co_return fail(ErrorCode::forbidden, "This is not the token of that application service.");
  auto const& service = **found;
  json::object body;
  if (!transaction_id.empty()) body["transaction_id"] = transaction_id;
  auto const begun = rooms_.runtime().steady_now();
  auto answer = co_await client_.ask(service, {.method = net::Method::post,
                                               .path = "/_matrix/app/v1/ping",
                                               .body = json::serialize(body),
                                               .timeout = kQueryTimeout});
  if (!answer) co_return std::unexpected(answer.error());
  Ping result{.duration = rooms_.runtime().steady_now() - begun, .status = answer->status};
  if (result.status / 100 == 2) {
    for (auto& sender : senders_) {
      if (&sender.service() == &service) sender.retry_now();
    }
    co_return result;
  }
  result.body = std::move(answer->body);
  if (result.body.size() > kMaxBodyShown) result.body.resize(kMaxBodyShown);
  if (!is_valid_utf8(result.body)) result.body.clear();
  co_return result;
}

Task<Result<json::object>> AppServices::protocol(std::string name) {
  json::object merged;
  auto const path = "/thirdparty/protocol/" + percent_encode(name);
  for (auto const& service : registrations_->all()) {
    if (!service.url || std::ranges::find(service.protocols, name) == service.protocols.end()) continue;
    auto const answer = co_await client_.ask(service, {.path = "/_matrix/app/v1" + path,
                                                       .legacy_path = "/_matrix/app/unstable" + path,
                                                       .timeout = kLookupTimeout});
    auto body = answer && answer->status == 200 ? parse_json_object(answer->body)
                                                : fail(ErrorCode::not_found, "It knows nothing of it.");
    if (!body) continue;
    auto const* instances = optional_array(*body, "instances");
    if (merged.empty()) {
      merged = std::move(*body);
    } else if (auto* all = merged.if_contains("instances");
               instances != nullptr && all != nullptr && all->is_array()) {
      for (auto const& instance : *instances) all->get_array().push_back(instance);
    }
  }
  if (merged.empty()) co_return fail(ErrorCode::not_found, "There is no such protocol here.");
  co_return merged;
}

Task<json::object> AppServices::protocols() {
  std::set<std::string> names;
  for (auto const& service : registrations_->all())
    names.insert(service.protocols.begin(), service.protocols.end());
  json::object all;
  for (auto const& name : names) {
    if (auto found = co_await protocol(name)) all[name] = std::move(*found);
  }
  co_return all;
}

Task<json::array> AppServices::ask_for_list(Registration const& service, std::string path) {
  auto const answer = co_await client_.ask(service, {.path = "/_matrix/app/v1" + path,
                                                     .legacy_path = "/_matrix/app/unstable" + path,
                                                     .timeout = kLookupTimeout});
  if (!answer || answer->status != 200) co_return json::array();
  auto parsed = parse_json(answer->body);
  co_return parsed && parsed->is_array() ? std::move(parsed->get_array()) : json::array();
}

Task<json::array> AppServices::third_party(std::string what, std::string protocol, std::string query) {
  json::array all;
  for (auto const& service : registrations_->all()) {
    bool const concerned =
        protocol.empty() || std::ranges::find(service.protocols, protocol) != service.protocols.end();
    if (!service.url || service.protocols.empty() || !concerned) continue;
    auto path = "/thirdparty/" + what;
    if (!protocol.empty()) path += '/' + percent_encode(protocol);
    auto found = co_await ask_for_list(service, path + query);
    for (auto& each : found) {
      if (each.is_object()) all.push_back(std::move(each));
    }
  }
  co_return all;
}

Task<Result<>> AppServices::list_room(net::Request const& request, std::string network, RoomNid room,
                                      bool listed) {
  auto const found = rooms_.identity().sessions().service_of(request);
  if (!found && found.error().code == ErrorCode::missing_token) co_return std::unexpected(found.error());
  bool const its_own = found && std::ranges::find((*found)->protocols, network) != (*found)->protocols.end();
  if (!its_own)
    co_return fail(ErrorCode::forbidden, "Only an application service of this network may do that.");
  co_return co_await rooms_.database().write([=](db::Transaction& transaction) -> Result<> {
    service_store::list_room(transaction, network, room, listed);
    return {};
  });
}

Task<Result<std::vector<std::pair<std::string, RoomNid>>>> AppServices::listed_rooms() {
  co_return co_await rooms_.database().read(
      [](db::Reader& reader) { return service_store::listed_rooms(reader); });
}

}  // namespace torg::matrix
