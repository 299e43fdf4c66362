// Clients that change what is there: messages are edited and redacted, records corrected, shown, taken down
// and disposed of, in any order and amid crashes.
#include "base/encoding.hpp"
#include "records/register/entry.hpp"
#include "simulation/clients.hpp"

#include <array>
#include <iterator>

#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr std::uint64_t kBetweenChanges = 4'000;

unsigned status_of(Error const& error) { return net::http_status(error.code); }

Reply reply_of(Result<records::RecordView> const& done) {
  // Disposed of, or not there any more: as good as done for whoever repeats a request after a crash.
  if (!done && done.error().code != ErrorCode::not_found)
    return {status_of(done.error()), json::string(done.error().message)};
  return {200, nullptr};
}

std::string room_path(std::string_view room_id, std::string_view rest) {
  return "/_matrix/client/v3/rooms/" + percent_encode(room_id) + '/' + std::string(rest);
}

/// The person who sent what `body` says: `message 2 of 1`.
Person const& author(Clients& clients, std::string const& body) {
  auto const who = std::stoul(body.substr(body.rfind(' ') + 1));
  return clients.founding.people[who];
}

Task<> edit(Clients& clients, std::string body, Model::Message message, int serial) {
  json::object const content{{"msgtype", "m.notice"},  // readers follow m.text alone
                             {"body", "* rättat"},
                             {"m.new_content", {{"msgtype", "m.text"}, {"body", "rättat"}}},
                             {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", message.event_id}}}};
  auto const path = room_path(message.room_id, fmt::format("send/m.room.message/edit{}", serial));
  auto const token = author(clients, body).token;
  (void)co_await insist(clients, [&clients, path, token, content] {
    return clients.server.request(net::Method::put, path, token, content, Promise::durable);
  });
}

/// Says something and takes it back.
Task<> say_and_redact(Clients& clients, std::string room_id, std::string token, int serial) {
  auto const path = room_path(room_id, fmt::format("send/m.room.message/slip{}", serial));
  auto const said = co_await insist(clients, [&clients, path, token] {
    return clients.server.request(net::Method::put, path, token,
                                  json::object{{"msgtype", "m.notice"}, {"body", "glöm det"}},
                                  Promise::durable);
  });
  if (!said) co_return;
  auto const away =
      room_path(room_id, fmt::format("redact/{}/away{}", percent_encode(said->text("/event_id")), serial));
  (void)co_await insist(clients, [&clients, away, token] {
    return clients.server.request(net::Method::put, away, token, json::object{}, Promise::durable);
  });
}

/// What a registrar does to a record.
Server::Work act(std::string number, UserNid by, std::uint64_t which) {
  return [number, by, which](app::Application& application) -> Task<Reply> {
    auto& reg = application.records_register();
    auto const record = co_await reg.record_by_number(number);
    if (!record) co_return Reply{status_of(record.error()), nullptr};
    constexpr std::array kShown{records::Publication::full, records::Publication::number_only,
                                records::Publication::taken_down};
    constexpr std::array kFields{"title", "internal_title", "recipient"};
    if (which < kShown.size())
      co_return reply_of(co_await reg.publish(by, record->id, kShown[which], std::nullopt));
    auto const* field = kFields[which % kFields.size()];
    auto const open = std::string_view(field) == "title";
    auto const value = open ? std::string("Yttrande om vallen") : fmt::format("{} igen", kSecretWord);
    if (std::string_view(field) == "recipient")
      co_return reply_of(
          co_await reg.correct(by, record->id, field, "Tekniska nämnden", std::string(kSecretWord)));
    co_return reply_of(co_await reg.correct(by, record->id, field, value, std::string(kSecretWord)));
  };
}

Server::Work dispose(std::string number) {
  return [number](app::Application& application) -> Task<Reply> {
    auto const record = co_await application.records_register().record_by_number(number);
    if (!record) co_return Reply{status_of(record.error()), nullptr};
    auto const done =
        co_await application.database().write([id = record->id](db::Transaction& transaction) -> Result<> {
          auto files = records::dispose_record(transaction, id);
          if (!files) return fail(std::move(files));
          return {};
        });
    if (!done) co_return Reply{status_of(done.error()), json::string(done.error().message)};
    co_return Reply{200, nullptr};
  };
}

Task<> change_record(Clients& clients) {
  auto const& numbers = clients.model.numbers();
  if (numbers.empty()) co_return;
  auto const number =
      std::next(numbers.begin(), static_cast<std::ptrdiff_t>(clients.schedule.draw() % numbers.size()))
          ->second;
  auto const which = clients.schedule.draw() % 7;
  auto const board = number.starts_with("KS") ? 0u : 1u;
  auto const by = clients.founding.registrars[board].user;
  auto const work = which == 6 ? dispose(number) : act(number, by, which);
  (void)co_await insist(clients, [&clients, work] { return clients.server.call(work, Promise::durable); });
}

}  // namespace

Task<> amend(Clients& clients, int count) {
  for (int done = 0; done < count && !clients.broken(); ++done) {
    co_await pause(clients, kBetweenChanges);
    auto const& messages = clients.model.messages();
    if (!messages.empty() && clients.schedule.happens(0.3)) {
      auto const at =
          std::next(messages.begin(), static_cast<std::ptrdiff_t>(clients.schedule.draw() % messages.size()));
      auto const [body, message] = *at;
      co_await edit(clients, body, message, done);
      co_await say_and_redact(clients, message.room_id, author(clients, body).token, done);
    } else {
      co_await change_record(clients);
    }
  }
  --clients.writing;
}

}  // namespace torg::simulation
