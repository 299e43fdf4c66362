#pragma once
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/keys.hpp"
#include "matrix/event/room_version.hpp"
#include "net/buckets.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torg::db {
class Transaction;
}
namespace torg::matrix {
struct Registration;
class Registrations;
}  // namespace torg::matrix

namespace torg::identity {

/// Who may make an account by `POST /register`: nobody, those with a token from an administrator, or anybody
/// (for conformance runs).
enum class Registration : std::uint8_t { closed, token, open };
/// Whether somebody without an account may look around and join rooms that let guests in.
enum class Guests : std::uint8_t { refused, allowed };
/// Who may read the profiles of this server's users.
enum class ProfileReaders : std::uint8_t { signed_in, anybody };
/// Whether push rules look for names in the text of messages that have no `m.mentions`, as the default rules
/// did before version 1.17 of the specification.
enum class BodyMentions : std::uint8_t { ignored, matched };
enum class Role : std::uint8_t { person, administrator };

/// Relays that clients reach each other through in calls.
struct Turn {
  std::vector<std::string> uris;  ///< empty: there are none
  std::string shared_secret;      ///< that the relays know too
  std::chrono::seconds lifetime = std::chrono::days(1);  ///< of the credentials that people get
};

/// What the configuration says about accounts.
struct Options {
  std::string server_name;
  std::string public_base_url;             ///< for `/.well-known/matrix/client`; empty: that answers 404
  std::string registration_shared_secret;  ///< for `/_synapse/admin/v1/register`; empty: there is none
  Registration registration = Registration::closed;
  Guests guests = Guests::refused;
  std::size_t password_length = 1;  ///< the fewest bytes that a new password has
  std::int64_t most_accounts = 0;   ///< that are active, guests left out; 0: as many as there are people
  std::string admin_contact;        ///< an address for those whom a limit stops; empty: none
  std::vector<std::string> reserved_names{};  ///< localparts that no person gets
  ProfileReaders profile_readers = ProfileReaders::signed_in;
  /// At one account's password: generous to a person who mistypes, useless for guessing.
  net::Rate password_attempts{.burst = 10, .interval = std::chrono::seconds(6)};
  crypto::PasswordCost password_cost;
  /// How long an access token lives when its client can refresh it.
  std::chrono::milliseconds access_token_lifetime = std::chrono::hours(1);
  BodyMentions body_mentions = BodyMentions::ignored;
  /// Of new rooms when nobody says another.
  matrix::RoomVersion room_version = matrix::RoomVersion::v12;
  /// The application services of this server; null: none.
  std::shared_ptr<matrix::Registrations const> services;
  /// Where calls go: LiveKit's authorisation services.
  std::vector<std::string> livekit_urls;
  Turn turn{};
  /// What `/capabilities` says of delayed events.
  std::chrono::milliseconds longest_event_delay{0};
  std::size_t delayed_events_per_user = 0;
  /// Named in `/versions`; only what really works.
  std::vector<std::string> unstable_features{"org.matrix.msc3814"};
};

/// Who is asking: the session behind an access token.
struct Requester {
  UserNid user;
  std::string_view user_id;  ///< lives as long as the `Identity`
  DeviceId device;
  std::int64_t session = 0;
  std::int64_t device_key = 0;  ///< of the user's device, whichever session it has: see `device_key`
  /// The application service that acts as this user; null: it is the user. It may act without a device.
  matrix::Registration const* service = nullptr;
};
/// A number above 0 for a device of a user; the same for all its sessions, before and after a restart. What
/// is asked once only (transaction ids) is asked by a device.
[[nodiscard]] std::int64_t device_key(UserNid user, DeviceId const& device);

/// What stands beside the other fields of a profile (`ProfileFields`) because rooms show it.
struct Profile {
  std::string displayname;  ///< empty: not set
  std::string avatar_url;   ///< empty: not set
};
enum class ProfileField : std::uint8_t { displayname, avatar_url };

/// An account of this server; remote users have none.
struct Account {
  Profile profile;
  Role role = Role::person;
  Instant created{};
  bool active = true;      ///< false: deactivated, for good
  bool locked = false;     ///< may do nothing until an administrator unlocks the account
  bool suspended = false;  ///< may read, but not act
  bool guest = false;      ///< may do what `guest_may` says
  std::string service;     ///< id of the application service that made it; empty: a person's
};

/// What else is written in the transaction of an act: an entry in the audit log, the use of a token. An error
/// undoes the act. It runs in the lane: it may use only its argument and what it captured by value.
using Also = std::function<Result<>(db::Transaction&)>;

struct NewAccount {
  std::string localpart;
  std::string password;  ///< empty: nobody can log in with a password (a service user)
  std::string displayname;
  Role role = Role::person;
  bool guest = false;
  matrix::Registration const* service = nullptr;  ///< that makes it; null: it is a person's
};

/// What an administrator may lay on an account, and lift again.
/// @see https://spec.matrix.org/v1.19/client-server-api/#account-moderation
enum class Restriction : std::uint8_t { locked, suspended };
enum class Restricted : std::uint8_t { no, yes };

enum class Refresh : std::uint8_t { unsupported, supported };

struct NewSession {
  UserNid user;
  std::string device_id;     ///< empty: a new device
  std::string display_name;  ///< of a new device
  Refresh refresh = Refresh::unsupported;
};

/// A session just made; the tokens are shown once and kept as hashes only.
struct Grant {
  UserNid user;
  std::string user_id;
  std::string device_id;
  std::string access_token;
  std::optional<std::string> refresh_token;
  std::optional<std::chrono::milliseconds> expires_in;
};

struct Device {
  DeviceId id;
  std::string display_name;  ///< empty: none
  Instant created{};
};

/// Account data of one user changed: global, or in one room.
struct AccountDataChange {
  UserNid user;
  std::string room_id;  ///< empty: global
  std::string type;
  Position position;
};

/// The devices of a user, or their keys, changed.
struct DeviceListChange {
  UserNid user;
  Position position;
};

}  // namespace torg::identity
