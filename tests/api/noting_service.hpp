#pragma once
#include "net/testing/running_server.hpp"
#include "room_fixture.hpp"

#include <atomic>
#include <mutex>

namespace torg::testing {

/// A service that takes note of what it is told.
class Service {
 public:
  struct Told {
    std::string transaction, authorization;
    json::value body;
  };

  [[nodiscard]] std::string registration() const {
    return "id: irc\nurl: http://127.0.0.1:" + std::to_string(server_.port()) +
           "\nas_token: irc-token\nhs_token: irc-secret\nsender_localpart: _irc_bot\n"
           "rate_limited: false\nreceive_ephemeral: true\norg.matrix.msc3202: true\nprotocols: [irc]\n"
           "namespaces:\n  users: [{exclusive: true, regex: '@_irc_.*'}]\n"
           "  aliases: [{exclusive: true, regex: '#_irc_.*'}]\n";
  }
  /// What it answers to transactions and pings from now on.
  void answer(unsigned status) { status_ = status; }
  [[nodiscard]] std::vector<Told> told() const {
    std::scoped_lock const lock(mutex_);
    return told_;
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::scoped_lock const lock(mutex_);
    return asked_;
  }
  /// The bodies of messages that it has accepted, in their order.
  [[nodiscard]] std::vector<std::string> messages() const {
    std::vector<std::string> all;
    for (auto const& each : taken()) {
      for (auto const& event : each.at("events").as_array()) {
        if (event.at("type") == "m.room.message")
          all.emplace_back(event.at("content").at("body").as_string());
      }
    }
    return all;
  }
  /// Entries of a list in what it has accepted.
  [[nodiscard]] std::vector<json::value> all(std::string_view list) const {
    std::vector<json::value> found;
    for (auto const& each : taken()) {
      auto const* entries = each.as_object().if_contains(list);
      if (entries == nullptr) continue;
      for (auto const& entry : entries->as_array()) found.push_back(entry);
    }
    return found;
  }
  [[nodiscard]] std::vector<json::value> taken() const {
    std::scoped_lock const lock(mutex_);
    return taken_;
  }

 private:
  net::Response take(net::Call& call) {
    std::scoped_lock const lock(mutex_);
    told_.push_back({call.path[0], std::string(call.request.header("authorization").value_or("")),
                     parse_json(call.request.body).value()});
    if (status_ == 200) taken_.push_back(told_.back().body);
    return net::json_response("{}", status_);
  }
  net::Response ask(net::Call& call) {
    std::scoped_lock const lock(mutex_);
    asked_.push_back(std::string(call.request.path()));
    return net::json_response("{}", 404);
  }
  static net::Response network(std::string const& answer) { return net::json_response(answer); }

  mutable std::mutex mutex_;
  std::vector<Told> told_;
  std::vector<json::value> taken_;
  std::vector<std::string> asked_;
  std::atomic<unsigned> status_ = 200;
  net::testing::RunningServer server_{
      {{net::Method::put, "/_matrix/app/v1/transactions/{txnId}",
        net::testing::answer_with([this](net::Call& call) { return take(call); })},
       {net::Method::post, "/_matrix/app/v1/ping",
        net::testing::answer_with([this](net::Call&) { return net::json_response("{\"a\":1}", status_); })},
       {net::Method::get, "/_matrix/app/v1/users/{userId}",
        net::testing::answer_with([this](net::Call& call) { return ask(call); })},
       {net::Method::get, "/_matrix/app/v1/rooms/{alias}",
        net::testing::answer_with([this](net::Call& call) { return ask(call); })},
       {net::Method::get, "/_matrix/app/v1/thirdparty/protocol/{protocol}",
        net::testing::answer_with(
            [](net::Call&) { return network(R"({"instances":[{"desc":"Libera"}]})"); })},
       {net::Method::get, "/_matrix/app/v1/thirdparty/location/{protocol}",
        net::testing::answer_with([](net::Call& call) {
          return network(R"([{"alias":")" + call.request.query("channel").value_or("") + R"("}])");
        })},
       {net::Method::get, "/_matrix/app/v1/thirdparty/user", net::testing::answer_with([](net::Call&) {
          return network(R"([{"userid":"@_irc_x:test.example"}])");
        })}}};
};

}  // namespace torg::testing
