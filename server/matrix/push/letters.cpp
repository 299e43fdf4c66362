#include "matrix/push/letters.hpp"

#include "base/encoding.hpp"
#include "embedded/push.hpp"

#include <algorithm>
#include <numeric>

namespace torg::matrix {
namespace {

constexpr std::string_view kFallback = "en";

/// A name as one may stand in a letter: who gives a room or themselves a name must not write our letters.
std::string as_name(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string name(text.substr(0, kLongest));
  while (!is_valid_utf8(name)) name.pop_back();  // the cut may have split a character
  std::ranges::replace_if(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return name;
}

std::string_view name_of(Letters::Act act) {
  return act == Letters::Act::confirm ? "confirm" : "unsubscribe";
}

}  // namespace

Letters::Letters(Runtime& runtime, LetterSettings settings)
    : settings_(std::move(settings)),
      mailer_(runtime, settings_.smtp),
      texts_(embedded::push()),
      pages_(embedded::push()) {
  while (settings_.base_url.ends_with('/')) settings_.base_url.pop_back();
}

std::string Letters::language_of(std::string_view tag) const {
  auto const language = tag.substr(0, tag.find_first_of("-_,;"));
  return std::string(texts_.has(language) ? language : kFallback);
}

std::string Letters::link(Act act, Pusher const& pusher) const {
  return settings_.base_url + "/_torg/mail/" + std::string(name_of(act)) + "?token=" + pusher.token;
}

Mail Letters::confirmation(Pusher const& pusher, std::string_view user_id) const {
  auto const language = language_of(pusher.lang);
  return {.to = pusher.pushkey,
          .subject = texts_.text(language, "confirm.subject"),
          .text = texts_.text(
              language, "confirm.mail",
              {{"user", user_id}, {"server", settings_.server_name}, {"link", link(Act::confirm, pusher)}}),
          .unsubscribe = {}};
}

Mail Letters::digest(Pusher const& pusher, std::vector<InRoom> const& rooms) const {
  auto const language = language_of(pusher.lang);
  auto const count = std::accumulate(rooms.begin(), rooms.end(), std::int64_t{0},
                                     [](std::int64_t sum, InRoom const& each) { return sum + each.count; });
  auto const leave = link(Act::unsubscribe, pusher);
  auto text = texts_.text(language, "digest.greeting", {{"server", settings_.server_name}}) + "\n\n";
  for (auto const& each : rooms) {
    auto const name = each.room.empty() ? texts_.text(language, "digest.direct") : as_name(each.room);
    text += "– " + name + ": " + texts_.count(language, "digest.room", each.count) + ", " +
            texts_.text(language, "digest.from", {{"sender", as_name(each.sender)}}) + "\n";
  }
  text += "\n" + texts_.text(language, "digest.open", {{"link", settings_.base_url}}) + "\n\n";
  text += texts_.text(language, "digest.unsubscribe", {{"link", leave}}) + "\n";
  return {.to = pusher.pushkey,
          .subject = texts_.count(language, "digest.subject", count) + " – " + settings_.server_name,
          .text = std::move(text),
          .unsubscribe = leave};
}

std::string Letters::page(std::string_view tag, Act act, Step step) const {
  auto const language = language_of(tag);
  auto const section = step == Step::unknown ? std::string("unknown") : std::string(name_of(act));
  json::object data{{"language", language}, {"title", texts_.text(language, section + ".title")}};
  data["text"] = texts_.text(language, section + (step == Step::ask ? ".ask" : ".done"));
  data["asks"] = step == Step::ask;
  data["button"] = step == Step::ask ? texts_.text(language, section + ".button") : std::string();
  return pages_.render("page", data);
}

}  // namespace torg::matrix
