#include "app/options.hpp"

#include "matrix/registration/registration.hpp"

namespace torg::app {
namespace {

identity::Registration registration_of(Config const& config) {
  auto const text = config.text("registration");
  if (text == "open") return identity::Registration::open;
  return text == "token" ? identity::Registration::token : identity::Registration::closed;
}

/// Of the server's own users: who makes rooms from plans, and who sends notices.
std::vector<std::string> reserved_names(Config const& config) {
  std::vector<std::string> names{std::string(kServiceUser)};
  if (auto notices = config.text("server_notices"); !notices.empty()) names.push_back(std::move(notices));
  return names;
}

identity::Turn turn_of(Config const& config) {
  return {.uris = config.list("turn_uris"),
          .shared_secret = config.text("turn_shared_secret"),
          .lifetime = std::chrono::seconds(config.number("turn_lifetime"))};
}

}  // namespace

identity::Options identity_options(Config const& config,
                                   std::shared_ptr<matrix::Registrations const> services) {
  return {.server_name = config.text("server_name"),
          .public_base_url = config.text("public_url"),
          .registration_shared_secret = config.text("registration_shared_secret"),
          .registration = registration_of(config),
          .guests = config.is_on("guests") ? identity::Guests::allowed : identity::Guests::refused,
          .password_length = static_cast<std::size_t>(config.number("password_length")),
          .most_accounts = config.number("most_accounts"),
          .admin_contact = config.text("admin_contact"),
          .reserved_names = reserved_names(config),
          .profile_readers = config.is_on("profiles_need_sign_in") ? identity::ProfileReaders::signed_in
                                                                   : identity::ProfileReaders::anybody,
          .password_attempts = config.rate("rate_limits.passwords"),
          .password_cost = {static_cast<unsigned>(config.number("password_operations")),
                            static_cast<std::size_t>(config.number("password_memory_kib")) * 1024},
          .body_mentions = config.is_on("body_mentions") ? identity::BodyMentions::matched
                                                         : identity::BodyMentions::ignored,
          .room_version = *matrix::parse_room_version(config.text("default_room_version")),
          .services = std::move(services),
          .livekit_urls = config.list("livekit_urls"),
          .turn = turn_of(config),
          .longest_event_delay = std::chrono::seconds(config.number("delayed_events_longest")),
          .delayed_events_per_user = static_cast<std::size_t>(config.number("delayed_events_per_user")),
          .unstable_features = {"org.matrix.msc3391", "org.matrix.msc3814", "org.matrix.msc3874",
                                "org.matrix.msc3890", "org.matrix.msc3930", "org.matrix.msc4140",
                                "org.matrix.msc4143", "org.matrix.msc4155", "org.matrix.msc4306",
                                "org.matrix.msc4308", "org.matrix.msc4354", "org.matrix.msc4380.stable",
                                "org.matrix.simplified_msc3575", "uk.half-shot.msc2666.query_mutual_rooms"}};
}

std::string limit_info_uri(Config const& config) {
  auto contact = config.text("admin_contact");
  return contact.starts_with("https://") || contact.starts_with("mailto:") ? contact : "";
}

matrix::LetterSettings letter_settings(Config const& config) {
  return {.server_name = config.text("server_name"),
          .base_url = config.text("public_url"),
          .smtp = {.url = config.text("smtp_url"),
                   .user = config.text("smtp_user"),
                   .password = config.text("smtp_password"),
                   .from = config.text("mail_from"),
                   .ca_file = config.text("outbound_ca_file")},
          .delay = std::chrono::minutes{config.number("mail_delay")},
          .between = std::chrono::minutes{config.number("mail_between")}};
}

}  // namespace torg::app
