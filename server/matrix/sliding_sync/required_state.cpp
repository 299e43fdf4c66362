#include "matrix/sliding_sync/required_state.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::string_view kMember = "m.room.member";
using Entry = Room::StateMap::value_type;
using Key = std::pair<std::string_view, std::string_view>;

void select_one_type(Room::StateMap const& state, std::string_view type, std::vector<Entry const*>& found) {
  auto entry = state.lower_bound(Key(type, ""));
  for (; entry != state.end() && entry->first.first == type; ++entry) found.push_back(&*entry);
}

/// A room may have very many members, which a lazy rule doesn't want: they are leapt over.
void select_all(Room::StateMap const& state, bool lazy_members, std::vector<Entry const*>& found) {
  auto entry = state.begin();
  while (entry != state.end()) {
    if (lazy_members && entry->first.first == kMember) {
      // Behind all of them: no type lies between this one and the same with a zero character.
      entry = state.lower_bound(Key(std::string_view("m.room.member\0", 14), ""));
      continue;
    }
    found.push_back(&*entry++);
  }
}

void select_by(StatePattern const& pattern, bool lazy_members, Room::StateMap const& state,
               std::vector<Entry const*>& found) {
  if (!pattern.type) return select_all(state, lazy_members, found);
  if (!pattern.state_key) return select_one_type(state, *pattern.type, found);
  auto const entry = state.find(Key(*pattern.type, *pattern.state_key));
  if (entry != state.end()) found.push_back(&*entry);
}

}  // namespace

bool StatePattern::fits(std::string_view of_type, std::string_view of_key) const {
  return (!type || *type == of_type) && (!state_key || *state_key == of_key);
}

bool StateRule::wants(std::string_view type, std::string_view state_key) const {
  auto const fits = [&](StatePattern const& pattern) { return pattern.fits(type, state_key); };
  auto const includes = [&](StatePattern const& pattern) {
    bool const passed_over = lazy_members && type == kMember && !pattern.type;
    return !passed_over && fits(pattern);
  };
  return std::ranges::any_of(include, includes) && std::ranges::none_of(exclude, fits);
}

void RequiredState::add(StateRule const& rule) {
  if (std::ranges::find(rules_, rule) == rules_.end()) rules_.push_back(rule);
}

bool RequiredState::wants(std::string_view type, std::string_view state_key) const {
  return std::ranges::any_of(rules_, [&](StateRule const& rule) { return rule.wants(type, state_key); });
}

bool RequiredState::lazy_members() const {
  auto const wants_all = [](StateRule const& rule) {
    return std::ranges::any_of(rule.include, [&](StatePattern const& pattern) {
      bool const all_members = pattern.type ? *pattern.type == kMember : !rule.lazy_members;
      return all_members && !pattern.state_key;
    });
  };
  return std::ranges::any_of(rules_, &StateRule::lazy_members) && std::ranges::none_of(rules_, wants_all);
}

bool RequiredState::covers(RequiredState const& other) const {
  return std::ranges::all_of(
      other.rules_, [&](StateRule const& rule) { return std::ranges::find(rules_, rule) != rules_.end(); });
}

RequiredState RequiredState::joined_with(RequiredState const& other) const {
  constexpr std::size_t kMany = 16;
  auto both = *this;
  for (auto const& rule : other.rules_) both.add(rule);
  return both.rules_.size() > kMany ? other : both;
}

std::size_t RequiredState::memory_bytes() const {
  auto const of = [](std::vector<StatePattern> const& patterns) {
    std::size_t bytes = patterns.size() * sizeof(StatePattern);
    for (auto const& pattern : patterns)
      bytes += pattern.type.value_or("").size() + pattern.state_key.value_or("").size();
    return bytes;
  };
  std::size_t bytes = sizeof *this + rules_.size() * sizeof(StateRule);
  for (auto const& rule : rules_) bytes += of(rule.include) + of(rule.exclude);
  return bytes;
}

std::vector<EventPtr> RequiredState::select(Room::StateMap const& state) const {
  std::vector<Entry const*> found;
  for (auto const& rule : rules_) {
    auto const before = static_cast<std::ptrdiff_t>(found.size());
    for (auto const& pattern : rule.include) select_by(pattern, rule.lazy_members, state, found);
    auto const of_rule = std::ranges::subrange(found.begin() + before, found.end());
    auto const unwanted = std::ranges::remove_if(
        of_rule, [&](Entry const* entry) { return !rule.wants(entry->first.first, entry->first.second); });
    found.erase(unwanted.begin(), unwanted.end());
  }
  StateKeyLess const less;
  std::ranges::sort(found, [&](Entry const* a, Entry const* b) { return less(a->first, b->first); });
  found.erase(std::ranges::unique(found).begin(), found.end());
  std::vector<EventPtr> events;
  events.reserve(found.size());
  for (auto const* entry : found) events.push_back(entry->second);
  return events;
}

}  // namespace torg::matrix
