// Power levels and step 10 of the authorisation rules: nobody gives or takes what is above them.
// https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
#include "base/identifiers.hpp"
#include "matrix/auth/rules.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace torg::matrix {
namespace {

using LevelMap = std::map<std::string, std::int64_t, std::less<>>;

struct SingleLevel {
  std::string_view name;
  std::int64_t PowerLevels::* level;
};
/// In the order of `PowerLevels::given`.
constexpr std::array<SingleLevel, 7> kSingleLevels{{{"ban", &PowerLevels::ban},
                                                    {"events_default", &PowerLevels::events_default},
                                                    {"invite", &PowerLevels::invite},
                                                    {"kick", &PowerLevels::kick},
                                                    {"redact", &PowerLevels::redact},
                                                    {"state_default", &PowerLevels::state_default},
                                                    {"users_default", &PowerLevels::users_default}}};

std::unexpected<Error> bad_level(std::string_view name) {
  return fail(ErrorCode::bad_json, "The power level '" + std::string(name) + "' must be an integer.");
}

/// A string that holds an integer: spaces around it, a sign and leading zeroes are allowed.
/// @see https://spec.matrix.org/v1.19/rooms/v9/#mroompower_levels-events-accept-values-as-strings
std::optional<std::int64_t> integer_in(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  auto const first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A level that is no integer of JSON.
std::optional<std::int64_t> lenient_level(json::value const& value, Levels form) {
  if (form == Levels::integer) return std::nullopt;
  if (auto const* text = value.if_string()) return integer_in(*text);
  if (form == Levels::integer_or_string) return std::nullopt;
  auto const* number = value.if_double();
  constexpr double kLimit = 0x1p63;
  if (number == nullptr || !(*number >= -kLimit && *number < kLimit)) return std::nullopt;
  return static_cast<std::int64_t>(*number);  // cut off at the point
}

std::optional<std::int64_t> level_of(json::value const& value, Levels form) {
  if (auto const* integer = value.if_int64()) return *integer;
  return lenient_level(value, form);
}

Result<LevelMap> parse_levels(json::object const& content, std::string_view name, Levels form) {
  LevelMap levels;
  auto const* value = content.if_contains(name);
  if (value == nullptr) return levels;
  auto const* object = value->if_object();
  if (object == nullptr) {
    return fail(ErrorCode::bad_json, "The field '" + std::string(name) + "' must be an object of integers.");
  }
  for (auto const& member : *object) {
    auto const level = level_of(member.value(), form);
    if (!level) return bad_level(member.key());
    levels.emplace(member.key(), *level);
  }
  return levels;
}

}  // namespace

Result<PowerLevels> PowerLevels::parse(json::object const& content, Levels form) {
  PowerLevels levels;
  levels.present = true;
  for (std::size_t i = 0; i < kSingleLevels.size(); ++i) {  // 10.1
    auto const* value = content.if_contains(kSingleLevels[i].name);
    if (value == nullptr) continue;
    auto const level = level_of(*value, form);
    if (!level) return bad_level(kSingleLevels[i].name);
    levels.*kSingleLevels[i].level = *level;
    levels.given.set(i);
  }
  auto events = parse_levels(content, "events", form);  // 10.2
  if (!events) return fail(std::move(events));
  auto notifications = parse_levels(content, "notifications", form);
  if (!notifications) return fail(std::move(notifications));
  auto users = parse_levels(content, "users", form);  // 10.3
  if (!users) return fail(std::move(users));
  for (auto const& [user, level] : *users) {
    if (!is_valid_user_id(user))
      return fail(ErrorCode::bad_json, "The field 'users' has a key that is no user id.");
  }
  levels.events = std::move(*events);
  levels.notifications = std::move(*notifications);
  levels.users = std::move(*users);
  return levels;
}

std::int64_t power_of(AuthState const& state, std::string_view user) {
  constexpr std::int64_t kFirstPower = 100;
  bool const all_powerful = traits(state.version()).creators == Creators::all_powerful;
  if (all_powerful && state.is_creator(user)) return kCreatorPower;
  auto const& levels = state.power_levels();
  if (!levels.present && user == state.creator()) return kFirstPower;
  auto const found = levels.users.find(user);
  return found == levels.users.end() ? levels.users_default : found->second;
}

std::int64_t power_needed(PowerLevels const& levels, std::string_view type, bool is_state) {
  auto const found = levels.events.find(type);
  if (found != levels.events.end()) return found->second;
  return is_state ? levels.state_default : levels.events_default;
}

namespace rules {
namespace {

/// A level that a power-levels event may leave out.
using Level = std::optional<std::int64_t>;

Level find(LevelMap const& levels, std::string_view key) {
  auto const found = levels.find(key);
  return found == levels.end() ? Level() : Level(found->second);
}

/// Calls `check(key, before, after)` for each entry that was added, changed or removed, until one fails.
template <class Check>
Result<> for_each_change(LevelMap const& before, LevelMap const& after, Check check) {
  for (auto const& [key, level] : before) {
    auto const now = find(after, key);
    if (now == level) continue;
    if (auto checked = check(key, level, now); !checked) return checked;
  }
  for (auto const& [key, level] : after) {
    if (before.contains(key)) continue;
    if (auto checked = check(key, Level(), level); !checked) return checked;
  }
  return {};
}

Result<> single_levels(PowerLevels const& before, PowerLevels const& after, std::int64_t power) {  // 10.6
  for (std::size_t i = 0; i < kSingleLevels.size(); ++i) {
    auto const value = [&](PowerLevels const& levels) {
      return levels.given[i] ? Level(levels.*kSingleLevels[i].level) : Level();
    };
    auto const old_value = value(before), new_value = value(after);
    if (old_value == new_value) continue;
    if (old_value > Level(power)) return reject("You can't change a power level above your own.", "10.6.1");
    if (new_value > Level(power)) return reject("You can't set a power level above your own.", "10.6.2");
  }
  return {};
}

Result<> entries(LevelMap const& before, LevelMap const& after, std::int64_t power) {
  return for_each_change(before, after, [&](auto const&, Level old_value, Level new_value) -> Result<> {
    if (old_value > Level(power)) return reject("You can't change a power level above your own.", "10.7.1");
    if (new_value > Level(power)) return reject("You can't set a power level above your own.", "10.8.1");
    return {};
  });
}

Result<> users(LevelMap const& before, LevelMap const& after, std::string_view sender, std::int64_t power) {
  return for_each_change(
      before, after, [&](std::string_view user, Level old_value, Level new_value) -> Result<> {
        if (user != sender && old_value >= Level(power)) {
          return reject("You can't change the power of somebody who has as much as you.", "10.9.1");
        }
        if (new_value > Level(power)) return reject("You can't give more power than you have.", "10.10.1");
        return {};
      });
}

}  // namespace

Result<> power_levels_change(Question const& question) {
  auto const& state = question.state;
  auto const& version = traits(state.version());
  auto const after = PowerLevels::parse(question.content, version.levels);  // 10.1 to 10.3
  if (!after) return reject(after.error().message, "10.1-10.3");
  for (auto const& [user, level] : after->users) {
    if (version.creators == Creators::all_powerful && state.is_creator(user))
      return reject("The power of a room's creator can't be set.", "10.4");
  }
  auto const& before = state.power_levels();
  if (!before.present) return {};  // 10.5

  auto const& sender = question.event.sender;
  auto const power = power_of(state, sender);
  if (auto checked = single_levels(before, *after, power); !checked) return checked;
  if (auto checked = entries(before.events, after->events, power); !checked) return checked;
  if (version.notifications == NotificationLevels::checked) {
    if (auto checked = entries(before.notifications, after->notifications, power); !checked) return checked;
  }
  return users(before.users, after->users, sender, power);
}

}  // namespace rules
}  // namespace torg::matrix
