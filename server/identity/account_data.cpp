#include "identity/account_data.hpp"

#include "identity/push_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace torg::identity {
namespace {

constexpr std::string_view kPushRules = "m.push_rules";
constexpr std::string_view kIgnored = "m.ignored_user_list";
/// An entry that was taken away.
constexpr std::string_view kGone = "{}";
/// Account data whose type ends in a device's id, and goes with it (MSC3890).
constexpr std::array<std::string_view, 2> kOfDevice{"m.local_notification_settings.",
                                                    "org.matrix.msc3890.local_notification_settings."};
constexpr std::int64_t kMaxFilters = 1'000;
constexpr std::size_t kMaxContent = 128 * 1024;
constexpr std::size_t kMaxName = 255;  // of a type or a room
constexpr std::int64_t kMaxEntries = 20'000;

std::unexpected<Error> no_filter() { return fail(ErrorCode::not_found, "You have no such filter."); }

json::object global_of(std::optional<std::string> const& stored) {
  if (!stored) return {};
  auto content = parse_json_object(*stored);
  if (!content) return {};
  auto const* global = optional_object(*content, "global");
  return global == nullptr ? json::object() : *global;
}

}  // namespace

void AccountData::load() {
  database_.read_now([this](db::Reader& reader) {
    store::each_last_account_data_position(
        reader, [this](UserNid user, Position position) { last_changes_.insert_or_assign(user, position); });
    auto const keep = [&](std::string_view type) {
      store::each_account_data(
          reader, type, [this, type](UserNid user, std::string content) { learn(user, type, content); });
    };
    keep(kIgnored);
    for (auto const type : kInvitePermissionTypes) keep(type);
    store::each_owner(reader, kPushRules, [this](UserNid user) { own_rules_.insert(user); });
  });
}

Position AccountData::last_change(UserNid user) const {
  auto const found = last_changes_.find(user);
  return found == last_changes_.end() ? Position() : found->second;
}

Task<Result<std::vector<AccountDataEntry>>> AccountData::changes(UserNid user, Position since) const {
  auto read = co_await database_.read(
      [user, since](db::Reader& reader) { return store::account_data_since(reader, user, since); });
  if (!read) co_return read;
  if (!since) std::erase_if(*read, [](auto const& entry) { return entry.content == kGone; });
  show_push_rules(user, *read, since ? Missing::left_out : Missing::added);
  co_return read;
}

Task<Result<std::vector<AccountDataEntry>>> AccountData::in_rooms(UserNid user,
                                                                  std::vector<std::string> room_ids) const {
  auto read = co_await database_.read([user, room_ids](db::Reader& reader) {
    std::vector<AccountDataEntry> entries;
    for (auto const& room_id : room_ids)  // those of a page
      std::ranges::move(store::account_data_in(reader, user, room_id), std::back_inserter(entries));
    return entries;
  });
  if (!read) co_return read;
  std::erase_if(*read, [](auto const& entry) { return entry.content == kGone; });
  bool const global = std::ranges::find(room_ids, "") != room_ids.end();
  show_push_rules(user, *read, global ? Missing::added : Missing::left_out);
  co_return read;
}

/// Rules are stored as far as they differ from the default.
void AccountData::show_push_rules(UserNid user, std::vector<AccountDataEntry>& entries, Missing rules) const {
  bool has_rules = false;
  for (auto& entry : entries) {
    if (!entry.room_id.empty() || entry.type != kPushRules) continue;
    has_rules = true;
    entry.content = json::serialize(json::object{
        {"global", effective_push_rules(users_.user_id(user), global_of(entry.content), mentions_)}});
  }
  if (has_rules || rules == Missing::left_out) return;
  json::object const defaults{{"global", effective_push_rules(users_.user_id(user), {}, mentions_)}};
  entries.push_back(
      {.room_id = {}, .type = std::string(kPushRules), .content = json::serialize(defaults), .position = {}});
}

Task<Result<std::string>> AccountData::get(UserNid user, std::string room_id, std::string type) const {
  if (room_id.empty() && type == kPushRules) {
    auto rules = co_await push_rules(user);
    if (!rules) co_return fail(std::move(rules));
    co_return json::serialize(*rules);
  }
  auto read = co_await database_.read(
      [user, room_id, type](db::Reader& reader) { return store::account_data(reader, user, room_id, type); });
  if (!read) co_return fail(std::move(read));
  if (!*read || **read == kGone)
    co_return fail(ErrorCode::not_found, "There is no account data of this type.");
  co_return std::move(**read);
}

Task<Result<Position>> AccountData::put(UserNid user, std::string room_id, std::string type,
                                        std::string content) {
  co_return co_await database_.write([this, user, room_id, type,
                                      content](db::Transaction& transaction) -> Result<Position> {
    return save(transaction, user, {.room_id = room_id, .type = type, .content = content, .position = {}});
  });
}

Task<Result<>> AccountData::remove(UserNid user, std::string room_id, std::string type) {
  co_return co_await database_.write([this, user, room_id, type](db::Transaction& transaction) -> Result<> {
    remove_now(transaction, user, room_id, type);
    return {};
  });
}

void AccountData::forget_device(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  for (auto const prefix : kOfDevice) remove_now(transaction, user, "", std::string(prefix) + device.value);
}

void AccountData::remove_now(db::Transaction& transaction, UserNid user, std::string const& room_id,
                             std::string const& type) {
  auto const old = store::account_data(transaction, user, room_id, type);
  if (!old || *old == kGone) return;
  save(transaction, user, {.room_id = room_id, .type = type, .content = std::string(kGone), .position = {}});
}

bool AccountData::ignores(UserNid user, std::string_view other) const {
  auto const found = ignored_.find(user);
  return found != ignored_.end() && found->second.contains(other);
}

bool AccountData::ignores_anybody(UserNid user) const {
  auto const found = ignored_.find(user);
  return found != ignored_.end() && !found->second.empty();
}

InviteVerdict AccountData::verdict_on_invite(UserNid user, std::string_view inviter) const {
  for (auto const type : kInvitePermissionTypes) {
    auto const found = invite_permissions_.find({user, type});
    if (found == invite_permissions_.end()) continue;
    if (auto const verdict = found->second.verdict(inviter); verdict != InviteVerdict::allow) return verdict;
  }
  return InviteVerdict::allow;
}

void AccountData::learn(UserNid user, std::string_view type, std::string_view content) {
  if (type == kIgnored) return learn_ignored(user, content);
  auto const known = std::ranges::find(kInvitePermissionTypes, type);
  if (known == kInvitePermissionTypes.end()) return;
  auto permission = InvitePermission::parse(content);
  if (permission.is_open())
    invite_permissions_.erase({user, *known});
  else
    invite_permissions_.insert_or_assign({user, *known}, std::move(permission));
}

void AccountData::learn_ignored(UserNid user, std::string_view content) {
  auto& ignored = ignored_[user];
  ignored.clear();
  auto const parsed = parse_json_object(content);
  auto const* users = parsed ? optional_object(*parsed, "ignored_users") : nullptr;
  if (users == nullptr) return;
  for (auto const& [other, details] : *users) ignored.emplace(other);
}

Task<Result<Position>> AccountData::change(UserNid user, std::string room_id, std::string type,
                                           Change change) {
  co_return co_await database_.write(
      [this, user, room_id, type, change](db::Transaction& transaction) -> Result<Position> {
        auto const old = store::account_data(transaction, user, room_id, type);
        auto content = parse_json_object(old.value_or("{}"));
        if (!content) return fail(std::move(content));
        auto changed = change(std::move(*content));
        if (!changed) return fail(std::move(changed));
        return save(transaction, user,
                    {.room_id = room_id, .type = type, .content = json::serialize(*changed), .position = {}});
      });
}

Task<Result<json::object>> AccountData::push_rules(UserNid user) const {
  auto read = co_await database_.read(
      [user](db::Reader& reader) { return store::account_data(reader, user, "", kPushRules); });
  if (!read) co_return fail(std::move(read));
  co_return json::object{{"global", effective_push_rules(users_.user_id(user), global_of(*read), mentions_)}};
}

Task<Result<Position>> AccountData::change_push_rules(UserNid user, Change change) {
  auto const& user_id = users_.user_id(user);
  co_return co_await this->change(
      user, "", std::string(kPushRules),
      [user_id, change, mentions = mentions_](json::object content) -> Result<json::object> {
        auto const* global = optional_object(content, "global");
        auto const stored = global == nullptr ? json::object() : *global;
        auto changed = change(effective_push_rules(user_id, stored, mentions));
        if (!changed) return changed;
        content["global"] = std::move(*changed);
        return content;
      });
}

Task<Result<std::string>> AccountData::put_filter(UserNid user, json::object definition) {
  auto const id = co_await database_.write(
      [user, text = json::serialize(definition)](db::Transaction& transaction) -> Result<std::int64_t> {
        if (store::count_filters(transaction, user) >= kMaxFilters) {
          return fail(ErrorCode::limit_exceeded, "You have too many filters.");
        }
        return store::put_filter(transaction, user, text);
      });
  if (!id) co_return std::unexpected(id.error());
  co_return std::to_string(*id);
}

Task<Result<json::object>> AccountData::filter(UserNid user, std::string id) const {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) co_return no_filter();
  auto read = co_await database_.read(
      [user, number](db::Reader& reader) { return store::filter(reader, user, number); });
  if (!read) co_return fail(std::move(read));
  if (!*read) co_return no_filter();
  co_return parse_json_object(**read);
}

void AccountData::forget_user(db::Transaction& transaction, UserNid user) {
  store::delete_account_data(transaction, user);
}

Result<Position> AccountData::save(db::Transaction& transaction, UserNid user, AccountDataEntry entry) {
  if (entry.content.size() > kMaxContent || entry.type.size() > kMaxName || entry.room_id.size() > kMaxName)
    return fail(ErrorCode::too_large, "Account data has at most 128 KiB, its type at most 255 bytes.");
  bool const is_new = !store::account_data(transaction, user, entry.room_id, entry.type);
  if (is_new && store::count_account_data(transaction, user) >= kMaxEntries)
    return fail(ErrorCode::limit_exceeded, "You have too many entries of account data.");
  entry.position = transaction.next_position();
  store::put_account_data(transaction, user, entry);
  transaction.on_commit([this, user, entry] {
    if (entry.room_id.empty()) learn(user, entry.type, entry.content);
    if (entry.room_id.empty() && entry.type == kPushRules) own_rules_.insert(user);
    changed({.user = user, .room_id = entry.room_id, .type = entry.type, .position = entry.position});
  });
  return entry.position;
}

void AccountData::changed(AccountDataChange const& change) {
  last_changes_.insert_or_assign(change.user, change.position);
  for (auto const& observer : observers_) observer(change);
}

}  // namespace torg::identity
