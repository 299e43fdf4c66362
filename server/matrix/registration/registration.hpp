#pragma once
#include "base/result.hpp"
#include "crypto/hash.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace torg::matrix {

/// A part of the server's users, aliases or rooms that a service has to do with.
/// @see https://spec.matrix.org/v1.19/application-service-api/#registration
struct Namespace {
  enum class Claim : std::uint8_t { shared, exclusive };

  std::shared_ptr<re2::RE2 const> pattern;
  Claim claim = Claim::shared;

  /// Whether `id` begins as the pattern says: bridges write patterns with and without an end.
  [[nodiscard]] bool holds(std::string_view id) const;
};

/// An application service as its registration file describes it.
struct Registration {
  std::string id;
  std::optional<std::string> url;  ///< none: it wants to hear nothing
  crypto::Sha256 as_token{};       ///< of the token by which it proves who it is
  std::string hs_token;            ///< by which we prove to it who we are
  std::string sender_localpart;
  std::string server_name;
  std::string sender;  ///< its own user id
  std::vector<Namespace> users, aliases, rooms;
  std::vector<std::string> protocols;
  bool rate_limited = true;
  bool receive_ephemeral = false;
  bool wants_device_news = false;  ///< `org.matrix.msc3202`: device lists and counts of one-time keys

  /// Whether it may act as this user: its own, or one of this server in its namespace.
  [[nodiscard]] bool owns_user(std::string_view user_id) const;
  [[nodiscard]] bool owns_alias(std::string_view alias) const;
};

/// Reads the text of a registration file (YAML). `invalid_param` says what is wrong with it, and where.
[[nodiscard]] Result<Registration> parse_registration(std::string const& text,
                                                      std::string const& server_name);

/// All services of this server. Never changes while it runs.
class Registrations {
 public:
  Registrations() = default;

  /// Reads files, and of folders every `.yaml` and `.yml` in them, in order of their names. `invalid_param`
  /// names the file that is wrong, or the second of two with the same id, token or sender.
  [[nodiscard]] static Result<Registrations> load(std::span<std::string const> paths,
                                                  std::string const& server_name);
  /// `invalid_param` when another has its id, token or sender.
  [[nodiscard]] Result<> add(Registration registration);

  [[nodiscard]] std::deque<Registration> const& all() const { return all_; }
  /// Null when it is nobody's.
  [[nodiscard]] Registration const* by_token(crypto::Sha256 const& token) const;
  /// A service that has to do with this user; null when there is none.
  [[nodiscard]] Registration const* of_user(std::string_view user_id) const;
  /// The service that has this to itself, if that is not `but`; null otherwise.
  [[nodiscard]] Registration const* exclusive_user(std::string_view user_id, Registration const* but) const;
  [[nodiscard]] Registration const* exclusive_alias(std::string_view alias, Registration const* but) const;

 private:
  std::deque<Registration> all_;  // a deque, so that references stay
  std::map<crypto::Sha256, Registration const*> by_token_;
};

}  // namespace torg::matrix
