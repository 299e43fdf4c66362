#include "matrix/sync/user_push_rules.hpp"

#include "matrix/sync/store.hpp"

namespace torg::matrix {
namespace {

/// Stands in the shared rules for the id of whoever they are evaluated for. No user id looks like it.
constexpr std::string_view kOwnId = "@*";
constexpr std::size_t kBytesOfAThread = 128;

}  // namespace

UserPushRules::UserPushRules(RoomService& rooms)
    : rooms_(rooms),
      defaults_(rooms.identity().account_data().default_rules(kOwnId), kOwnId),
      users_(rooms.cache().push_rules()) {
  rooms_.identity().account_data().observe([this](identity::AccountDataChange const& change) {
    if (!change.room_id.empty()) return;
    if (change.type != "m.push_rules" && change.type != "m.ignored_user_list") return;
    forget(change.user);
  });
}

void UserPushRules::forget(UserNid user) {
  users_.note_change(user);
  users_.erase(user);
}

Task<Result<std::set<std::pair<RoomNid, std::string>>>> UserPushRules::threads_for(PushRuleSet const& set,
                                                                                   UserNid user) {
  if (!set.asks_for_threads()) co_return std::set<std::pair<RoomNid, std::string>>{};
  co_return co_await rooms_.database().read(
      [user](db::Reader& reader) { return sync_store::subscribed_threads(reader, user); });
}

std::optional<UserPushRules::Rules> UserPushRules::known(UserNid user) {
  auto const& account_data = rooms_.identity().account_data();
  bool const own = account_data.has_own_rules(user) || account_data.ignores_anybody(user) ||
                   account_data.body_mentions() == identity::BodyMentions::matched;
  if (!own) return Rules{};
  auto const* found = users_.find(user);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

Task<Result<UserPushRules::Rules>> UserPushRules::of(UserNid user) {
  auto& account_data = rooms_.identity().account_data();
  for (;;) {
    if (auto rules = known(user)) co_return std::move(*rules);
    auto const changed = users_.watch(user);
    auto const stored = co_await account_data.push_rules(user);
    if (!stored) co_return std::unexpected(stored.error());
    auto const& global = stored->at("global").as_object();
    // Rules that look for a name in the text are everybody's own; who ignores somebody hears less.
    bool const own = account_data.body_mentions() == identity::BodyMentions::matched ||
                     account_data.ignores_anybody(user) ||
                     global != account_data.default_rules(rooms_.identity().user_id(user));
    Rules rules;
    if (own) {
      PushRuleSet set(global, {});
      auto threads = co_await threads_for(set, user);
      if (!threads) co_return std::unexpected(threads.error());
      rules = std::make_shared<OwnPushRules const>(std::move(set), std::move(*threads));
    }
    if (*changed) continue;
    auto const bytes = rules ? rules->set.memory_bytes() + rules->threads.size() * kBytesOfAThread : 0;
    users_.put(user, rules, bytes);
    co_return rules;
  }
}

}  // namespace torg::matrix
