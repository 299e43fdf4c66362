// Letters about unread messages, to a mail server on the loopback interface.
#include "base/encoding.hpp"
#include "matrix/push/mailer.hpp"
#include "room_fixture.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace torg::testing {
namespace {

using ::testing::HasSubstr;

/// Takes every letter (RFC 5321, as little of it as a sender needs).
class MailServer {
 public:
  MailServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, generic, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~MailServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<std::string> letters() {
    std::lock_guard const lock(mutex_);
    return letters_;
  }

 private:
  void serve() {
    for (;;) {
      int const descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0) return;
      talk(descriptor);
      ::close(descriptor);
    }
  }
  static void say(int descriptor, std::string_view line) {
    (void)!::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL);  // who has gone needs no answer
  }
  void talk(int descriptor) {
    say(descriptor, "220 mail.example\r\n");
    std::string seen;
    bool in_letter = false;
    std::array<char, 4096> part;
    for (;;) {
      auto const end = seen.find(in_letter ? "\r\n.\r\n" : "\r\n");
      if (end == std::string::npos) {
        auto const got = ::recv(descriptor, part.data(), part.size(), 0);
        if (got <= 0) return;
        seen.append(part.data(), static_cast<std::size_t>(got));
        continue;
      }
      auto const text = seen.substr(0, end);
      seen.erase(0, end + (in_letter ? 5 : 2));
      if (in_letter) {
        std::lock_guard const lock(mutex_);
        letters_.push_back(text);
      }
      in_letter = !in_letter && text.starts_with("DATA");
      say(descriptor, in_letter ? "354 go on\r\n" : text.starts_with("QUIT") ? "221 bye\r\n" : "250 ok\r\n");
    }
  }

  std::mutex mutex_;
  std::vector<std::string> letters_;
  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string text_of(std::string const& letter) {
  auto const blank = letter.find("\r\n\r\n");
  std::string encoded;
  // A letter with parts has another head before its text.
  auto const inner = letter.find("\r\n\r\n", blank + 4);
  for (char c : letter.substr((inner == std::string::npos ? blank : inner) + 4)) {
    if (c == '-') break;  // the end of the part
    if (c != '\r' && c != '\n') encoded += c;
  }
  return base64_decode(encoded, Base64::standard).value_or("not base64: " + letter);
}

class MailApi : public ::testing::Test {
 protected:
  MailServer mail;
  TestServer server{db::Database::Kind::sqlite,
                    {"smtp_url=" + mail.url(), "mail_from=torg@test.example",
                     "public_url=https://torg.example", "mail_delay=0", "mail_between=0"}};
  std::string alice = server.sign_up("alice");
  std::string bob = server.sign_up("bob");
  std::string room =
      server.post("/_matrix/client/v3/createRoom", alice, {{"preset", "public_chat"}, {"name", "Vallen"}})
          .text("/room_id");

  void SetUp() override {
    ASSERT_EQ(server.post("/_matrix/client/v3/rooms/" + in_path(room) + "/join", bob, json::object{}).status,
              200U);
  }
  Reply set(json::object more = {}) {
    more.insert({{"kind", "email"},
                 {"app_id", "m.email"},
                 {"pushkey", "bob@mail.example"},
                 {"app_display_name", "E-post"},
                 {"device_display_name", "bob@mail.example"},
                 {"lang", "sv"},
                 {"data", json::object{}}});
    return server.post("/_matrix/client/v3/pushers/set", bob, std::move(more));
  }
  void say(std::string const& text) {
    auto const path = "/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/" + text;
    ASSERT_EQ(server.put(path, alice, {{"msgtype", "m.text"}, {"body", text}}).status, 200U);
  }
  std::vector<std::string> wait_for(std::size_t count) {
    while (mail.letters().size() < count) server.runtime().run_one();  // each answer makes one go on
    return mail.letters();
  }
  static std::string link_in(std::string const& text) {
    auto const at = text.find("https://torg.example/_torg/mail/");
    auto const link = text.substr(at, text.find_first_of(" \n", at) - at);
    return link.substr(std::string("https://torg.example").size());
  }
  std::size_t pushers() {
    return server.get("/_matrix/client/v3/pushers", bob).at("/pushers").as_array().size();
  }
};

TEST_F(MailApi, LettersComeToWhoConfirmedThatTheyWantThemUntilTheySayNo) {
  ASSERT_EQ(set().status, 200U);
  auto letters = wait_for(1);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_THAT(letters[0], HasSubstr("To: <bob@mail.example>"));
  auto const confirm = link_in(text_of(letters[0]));
  say("ett");
  EXPECT_EQ(server.get(confirm).status, 200U) << "looking confirms nothing";
  say("två");
  ASSERT_EQ(server.call(net::Method::post, confirm).status, 200U);
  say("tre");
  letters = wait_for(2);
  ASSERT_EQ(letters.size(), 2U) << "what came before is not told";
  EXPECT_THAT(letters[1], HasSubstr("List-Unsubscribe: <https://torg.example/_torg/mail/unsubscribe?token="));
  auto const text = text_of(letters[1]);
  EXPECT_THAT(text, HasSubstr("Vallen: 1 oläst meddelande, senast från @alice:test.example"));
  EXPECT_EQ(text.find("tre"), std::string::npos) << "letters hold no messages";
  auto const unsubscribe = link_in(text);
  EXPECT_EQ(server.get(unsubscribe).status, 200U);
  EXPECT_EQ(pushers(), 1U);
  ASSERT_EQ(server.call(net::Method::post, unsubscribe).status, 200U);
  EXPECT_EQ(pushers(), 0U);
  EXPECT_EQ(server.call(net::Method::post, unsubscribe).status, 404U);
}

TEST_F(MailApi, ANameWritesNoLinesOfALetter) {
  ASSERT_EQ(set().status, 200U);
  ASSERT_EQ(server.call(net::Method::post, link_in(text_of(wait_for(1).at(0)))).status, 200U);
  auto const name = "Vallen\r\n\r\nDitt konto har spärrats." + std::string(200, '!');
  ASSERT_EQ(
      server.put("/_matrix/client/v3/rooms/" + in_path(room) + "/state/m.room.name", alice, {{"name", name}})
          .status,
      200U);
  say("ett");
  auto const text = text_of(wait_for(2).at(1));
  EXPECT_THAT(text, HasSubstr("– Vallen    Ditt konto"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr(std::string(100, '!'))));
}

TEST_F(MailApi, WhoHasConfirmedIsNotAskedAgain) {
  ASSERT_EQ(set().status, 200U);
  ASSERT_EQ(server.call(net::Method::post, link_in(text_of(wait_for(1).at(0)))).status, 200U);
  ASSERT_EQ(set({{"lang", "en"}}).status, 200U);
  server.restart();
  say("ett");
  auto const letters = wait_for(2);
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_THAT(text_of(letters[1]),
              HasSubstr("Vallen: 1 unread message, the last one from @alice:test.example"));
}

TEST_F(MailApi, RefusesWhatIsNoAddressAndTooManyOfThem) {
  EXPECT_EQ(set({{"pushkey", "bob"}}).status, 400U);
  EXPECT_EQ(set({{"pushkey", "bob@mail.example\r\nBcc: all@mail.example"}}).status, 400U);
  EXPECT_EQ(set({{"app_id", "mine"}}).status, 400U);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(set({{"pushkey", "bob" + std::to_string(i) + "@mail.example"}}).status, 200U);
  EXPECT_EQ(set({{"pushkey", "bob6@mail.example"}}).status, 429U);
}

TEST(MailServerless, RefusesPushersOfThisKind) {
  TestServer server;
  auto const bob = server.sign_up("bob");
  auto const reply = server.post("/_matrix/client/v3/pushers/set", bob,
                                 {{"kind", "email"},
                                  {"app_id", "m.email"},
                                  {"pushkey", "bob@mail.example"},
                                  {"app_display_name", "E-post"},
                                  {"device_display_name", "bob"},
                                  {"lang", "sv"},
                                  {"data", json::object{}}});
  EXPECT_EQ(reply.status, 400U);
}

TEST(MailHeaders, AreAsciiInWordsOfAtMostSeventyFiveCharacters) {
  EXPECT_EQ(matrix::encoded_header("Hej"), "Hej");
  auto const encoded =
      matrix::encoded_header("Två olästa meddelanden i rummet för vallens skötsel och underhåll");
  for (std::size_t at = 0; at < encoded.size();) {
    auto const end = std::min(encoded.find(' ', at), encoded.size());
    EXPECT_LE(end - at, 75U);
    at = end + 1;
  }
  EXPECT_EQ(matrix::encoded_header("a\r\nBcc: b").find('\n'), std::string::npos);
}

}  // namespace
}  // namespace torg::testing
