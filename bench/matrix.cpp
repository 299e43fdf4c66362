#include "matrix.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace bench {
namespace {

constexpr std::size_t kSetupConnections = 8;

constexpr std::array kWords = {
    "bygglov",   "granskning", "detaljplan", "yttrande",  "remiss",  "samråd",      "grannar", "ritning",
    "komplett",  "beslut",     "nämnden",    "handling",  "ansökan", "strandskydd", "dispens", "avgift",
    "tillsyn",   "protokoll",  "underlag",   "möte",      "imorgon", "kontoret",    "skolan",  "gatan",
    "belysning", "cykelväg",   "parkering",  "ärende",    "skickar", "svarar",      "fredag",  "version",
    "bilaga",    "karta",      "utkast",     "kommentar", "ändring", "godkänd",     "klart",   "tack"};

std::string hex_hmac_sha1(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  ::HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data(), &length);
  std::string out;
  for (unsigned int i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

std::string registration(std::string_view nonce, std::string const& name, std::string const& secret) {
  using namespace std::string_literals;
  auto const password = "word-of-" + name;
  auto const mac =
      hex_hmac_sha1(secret, std::string(nonce) + "\0"s + name + "\0"s + password + "\0notadmin"s);
  auto const body = json::object{
      {"nonce", nonce}, {"username", name}, {"password", password}, {"admin", false}, {"mac", mac}};
  return request("POST", "/_synapse/admin/v1/register", "", json::serialize(body));
}

/// The string that follows `key`, found without parsing.
std::string text_after(std::string_view body, std::string_view key) {
  auto const at = body.find(key);
  if (at == std::string_view::npos)
    throw std::runtime_error(fmt::format("a sync answer without {}: {}", key, body.substr(0, 200)));
  auto const from = at + key.size();
  return std::string(body.substr(from, body.find('"', from) - from));
}

}  // namespace

std::string request(std::string_view method, std::string_view path, std::string_view token,
                    std::string_view body) {
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n", method, path);
  if (!token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", token);
  if (method != "GET")
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  return text.append("\r\n").append(body);
}

std::string segment(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
                       c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

MatrixApi::MatrixApi(ServerAddress const& server) : http_(server.host, server.port, kSetupConnections) {}

json::object MatrixApi::call(std::string const& text) { return call_all({text}).front(); }

std::vector<json::object> MatrixApi::call_all(std::vector<std::string> const& requests) {
  std::vector<json::object> answers(requests.size());
  std::array<std::size_t, kSetupConnections> running{};
  std::size_t next = 0;
  auto start = [&](std::size_t slot) {
    if (next >= requests.size()) return;
    running[slot] = next;
    http_.send(slot, requests[next++]);
  };
  http_.on_reply([&](std::size_t slot, Reply const& reply) {
    if (reply.status != 200) {
      auto const& text = requests[running[slot]];
      throw std::runtime_error(
          fmt::format("{} answered {}: {}", text.substr(0, text.find('\r')), reply.status, reply.body));
    }
    answers[running[slot]] = json::parse(reply.body).as_object();
    start(slot);
  });
  for (std::size_t slot = 0; slot < http_.size(); ++slot) start(slot);
  if (!http_.drain(Clock::now() + std::chrono::minutes(20)))
    throw std::runtime_error("setting up took over 20 minutes");
  return answers;
}

std::vector<User> MatrixApi::register_users(std::string_view prefix, std::size_t count,
                                            std::string const& secret) {
  std::vector<User> users;
  while (users.size() < count) {  // a few at a time: a nonce lives for a minute only
    auto const batch = std::min(count - users.size(), kSetupConnections);
    std::vector<std::string> requests;
    for (auto const& answer :
         call_all(std::vector(batch, request("GET", "/_synapse/admin/v1/register", "")))) {
      auto const name = fmt::format("{}{}", prefix, users.size() + requests.size());
      requests.push_back(registration(answer.at("nonce").as_string(), name, secret));
    }
    for (auto const& answer : call_all(requests)) {
      users.push_back({std::string(answer.at("user_id").as_string()),
                       std::string(answer.at("access_token").as_string())});
    }
  }
  return users;
}

std::vector<std::string> MatrixApi::create_rooms(User const& creator, std::size_t count) {
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back(create_room_request(creator, fmt::format("Rum {}", i)));
  std::vector<std::string> rooms;
  for (auto const& answer : call_all(requests)) rooms.emplace_back(answer.at("room_id").as_string());
  return rooms;
}

void MatrixApi::join(std::string const& room, std::vector<User> const& users) {
  std::vector<std::string> requests;
  for (auto const& user : users) requests.push_back(join_request(user, room));
  call_all(requests);
}

std::string create_room_request(User const& creator, std::string_view name) {
  auto const body = json::object{{"preset", "public_chat"}, {"room_version", "12"}, {"name", name}};
  return request("POST", "/_matrix/client/v3/createRoom", creator.token, json::serialize(body));
}

std::string join_request(User const& user, std::string_view room) {
  return request("POST", fmt::format("/_matrix/client/v3/rooms/{}/join", segment(room)), user.token, "{}");
}

std::string message_content(std::uint64_t seed, std::int64_t made_us) {
  std::string words;
  for (int i = 0; i < 15; ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    (words += kWords[(seed >> 33) % kWords.size()]) += i < 14 ? ' ' : '.';
  }
  return fmt::format(R"({{"msgtype":"m.text","body":"{}","made_us":{}}})", words, made_us);
}

std::string send_request(User const& user, std::string_view room_segment, std::string_view txn,
                         std::string_view content) {
  return request("PUT", fmt::format("/_matrix/client/v3/rooms/{}/send/m.room.message/{}", room_segment, txn),
                 user.token, content);
}

std::string sync_request(User const& user, std::string_view since, int timeout_ms) {
  auto path = fmt::format("/_matrix/client/v3/sync?timeout={}&set_presence=offline", timeout_ms);
  if (!since.empty()) path += fmt::format("&since={}", segment(since));
  return request("GET", path, user.token);
}

std::string sliding_sync_request(User const& user, std::string_view pos, int timeout_ms) {
  auto path =
      fmt::format("/_matrix/client/unstable/org.matrix.simplified_msc3575/sync?timeout={}", timeout_ms);
  if (!pos.empty()) path += fmt::format("&pos={}", segment(pos));
  constexpr std::string_view body =
      R"({"conn_id":"room-list","lists":{"all_rooms":{"ranges":[[0,19]],"timeline_limit":1,"required_state":[)"
      R"(["m.room.name",""],["m.room.encryption",""],["m.room.member","$LAZY"],["m.room.member","$ME"],)"
      R"(["m.room.topic",""],["m.room.avatar",""],["m.room.canonical_alias",""],["m.room.power_levels",""],)"
      R"(["m.room.join_rules",""],["m.room.tombstone",""],["m.room.create",""],["m.room.history_visibility",""]],)"
      R"("filters":{"not_room_types":["m.space"]}}},"extensions":{"account_data":{"enabled":true},)"
      R"("receipts":{"enabled":true},"typing":{"enabled":true}}})";
  return request("POST", path, user.token, body);
}

std::string next_pos(std::string_view body) { return text_after(body, "\"pos\":\""); }
std::string next_batch(std::string_view body) { return text_after(body, "\"next_batch\":\""); }

}  // namespace bench
