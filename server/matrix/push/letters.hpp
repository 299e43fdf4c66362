#pragma once
#include "base/catalogue.hpp"
#include "base/templates.hpp"
#include "matrix/push/mailer.hpp"
#include "matrix/push/types.hpp"

#include <chrono>
#include <vector>

namespace torg::matrix {

struct LetterSettings {
  std::string server_name;
  std::string base_url;  ///< where people reach this server; empty: no letters, for their links lead nowhere
  SmtpSettings smtp;
  std::chrono::milliseconds delay = std::chrono::minutes{10};  ///< from the first unread message to a letter
  std::chrono::milliseconds between = std::chrono::minutes{60};  ///< from one letter to the next
};

/// What people get by mail, and the pages that the links in it lead to. Pure but for sending.
class Letters {
 public:
  Letters(Runtime& runtime, LetterSettings settings);

  struct InRoom {
    std::string room;  ///< its name; empty: it has none
    std::string sender;
    std::int64_t count = 0;
  };
  enum class Act : std::uint8_t { confirm, unsubscribe };
  enum class Step : std::uint8_t { ask, done, unknown };

  [[nodiscard]] bool possible() const { return mailer_.sends() && !settings_.base_url.empty(); }
  [[nodiscard]] Mail confirmation(Pusher const& pusher, std::string_view user_id) const;
  [[nodiscard]] Mail digest(Pusher const& pusher, std::vector<InRoom> const& rooms) const;
  /// `language` is a tag such as `sv-SE`.
  [[nodiscard]] std::string page(std::string_view language, Act act, Step step) const;
  Task<Result<>> send(Mail mail) { return mailer_.send(std::move(mail)); }
  [[nodiscard]] LetterSettings const& settings() const { return settings_; }

 private:
  [[nodiscard]] std::string link(Act act, Pusher const& pusher) const;
  [[nodiscard]] std::string language_of(std::string_view tag) const;

  LetterSettings settings_;
  Mailer mailer_;
  Catalogue texts_;
  Templates pages_;
};

}  // namespace torg::matrix
