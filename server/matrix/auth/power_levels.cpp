// Power levels and step 10 of the authorisation rules: nobody gives or takes what is above them.
// https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
#include "base/identifiers.hpp"
#include "matrix/auth/rules.hpp"

#include <array>

namespace torg::matrix {
namespace {

using Levels = std::map<std::string, std::int64_t, std::less<>>;

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

Result<Levels> parse_levels(json::object const& content, std::string_view name) {
  Levels levels;
  auto const* value = content.if_contains(name);
  if (value == nullptr) return levels;
  auto const* object = value->if_object();
  if (object == nullptr) {
    return fail(ErrorCode::bad_json, "The field '" + std::string(name) + "' must be an object of integers.");
  }
  for (auto const& member : *object) {
    if (!member.value().is_int64()) return bad_level(member.key());
    levels.emplace(member.key(), member.value().get_int64());
  }
  return levels;
}

}  // namespace

Result<PowerLevels> PowerLevels::parse(json::object const& content) {
  PowerLevels levels;
  levels.present = true;
  for (std::size_t i = 0; i < kSingleLevels.size(); ++i) {  // 10.1
    auto const* value = content.if_contains(kSingleLevels[i].name);
    if (value == nullptr) continue;
    if (!value->is_int64()) return bad_level(kSingleLevels[i].name);
    levels.*kSingleLevels[i].level = value->get_int64();
    levels.given.set(i);
  }
  auto events = parse_levels(content, "events");  // 10.2
  if (!events) return fail(std::move(events));
  auto notifications = parse_levels(content, "notifications");
  if (!notifications) return fail(std::move(notifications));
  auto users = parse_levels(content, "users");  // 10.3
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
  if (state.is_creator(user)) return kCreatorPower;
  auto const& levels = state.power_levels();
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

Level find(Levels const& levels, std::string_view key) {
  auto const found = levels.find(key);
  return found == levels.end() ? Level() : Level(found->second);
}

/// Calls `check(key, before, after)` for each entry that was added, changed or removed, until one fails.
template <class Check>
Result<> for_each_change(Levels const& before, Levels const& after, Check check) {
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

Result<> entries(Levels const& before, Levels const& after, std::int64_t power) {
  return for_each_change(before, after, [&](auto const&, Level old_value, Level new_value) -> Result<> {
    if (old_value > Level(power)) return reject("You can't change a power level above your own.", "10.7.1");
    if (new_value > Level(power)) return reject("You can't set a power level above your own.", "10.8.1");
    return {};
  });
}

Result<> users(Levels const& before, Levels const& after, std::string_view sender, std::int64_t power) {
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
  auto const after = PowerLevels::parse(question.content);  // 10.1 to 10.3
  if (!after) return reject(after.error().message, "10.1-10.3");
  for (auto const& [user, level] : after->users) {
    if (state.is_creator(user)) return reject("The power of a room's creator can't be set.", "10.4");
  }
  auto const& before = state.power_levels();
  if (!before.present) return {};  // 10.5

  auto const& sender = question.event.sender;
  auto const power = power_of(state, sender);
  if (auto checked = single_levels(before, *after, power); !checked) return checked;
  if (auto checked = entries(before.events, after->events, power); !checked) return checked;
  if (auto checked = entries(before.notifications, after->notifications, power); !checked) return checked;
  return users(before.users, after->users, sender, power);
}

}  // namespace rules
}  // namespace torg::matrix
