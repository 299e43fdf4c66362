#include "records/settings/rule_settings.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace torg::records {
namespace {

// rule_setting: every change there was, in order; the last of a key holds. Append-only.
constexpr db::Migration kMigrations[] = {{"settings", 1, R"sql(
CREATE TABLE rule_setting (
  nid {id},
  authority INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  at BIGINT NOT NULL,
  person INTEGER NOT NULL,
  decision TEXT NOT NULL
);
)sql"}};

constexpr db::Statement kAdd{
    "INSERT INTO rule_setting (authority, name, value, at, person, decision) VALUES ($1, $2, $3, $4, $5, "
    "$6)"};
constexpr db::Statement kAll{
    "SELECT authority, name, value, at, person, decision FROM rule_setting ORDER BY nid"};
constexpr db::Statement kOfAuthority{
    "SELECT authority, name, value, at, person, decision FROM rule_setting WHERE authority = $1 "
    "ORDER BY nid DESC"};

SettingChange to_change(db::Row const& row) {
  return {row.number<AuthorityId>(0),      row.string(1),          row.string(2),
          instant_from_ms(row.integer(3)), row.number<UserNid>(4), row.string(5)};
}

}  // namespace

std::span<db::Migration const> settings_migrations() { return kMigrations; }

void RuleSettings::load() {
  database_.read_now([this](db::Reader& reader) {
    reader.query(kAll, {}, [this](db::Row const& row) {
      auto const change = to_change(row);
      auto const* setting = find_setting(change.key);
      auto settings = values_.of(change.authority);
      // A setting or reading that a later version has dropped: its default holds, and the row tells of it.
      if (setting == nullptr || !put_value(*setting, settings, change.value)) {
        log(LogLevel::warning, "a setting of records is not known any more", {{"key", change.key}});
        return;
      }
      values_.put(change.authority, settings);
    });
  });
}

bool RuleSettings::may_change(UserNid user, AuthorityId authority) const {
  return governance_.may(user, governance::Act::change_settings, authority);
}

Task<Result<>> RuleSettings::change(SettingChange change) {
  if (!may_change(change.by, change.authority)) {
    co_return fail(ErrorCode::forbidden,
                   "Only an archivist or administrator of the authority changes its settings.");
  }
  auto const* setting = find_setting(change.key);
  if (setting == nullptr) co_return fail(ErrorCode::not_found, "There is no setting '" + change.key + "'.");
  if (change.decision.find_first_not_of(' ') == std::string::npos) {
    co_return fail(ErrorCode::missing_param, "Say which decision of the authority it rests on.");
  }
  auto settings = values_.of(change.authority);
  auto const before = value_of(*setting, settings);
  if (auto put = put_value(*setting, settings, change.value); !put) co_return put;
  change.at = runtime_.now();
  auto const written = co_await database_.write([change, before](db::Transaction& transaction) -> Result<> {
    transaction.execute(
        kAdd, {change.authority, change.key, change.value, to_ms(change.at), change.by, change.decision});
    governance::Governance::audit(transaction, change.at, change.by, "setting.changed",
                                  {{"authority", change.authority.value},
                                   {"key", change.key},
                                   {"from", before},
                                   {"to", change.value},
                                   {"decision", change.decision}});
    return {};
  });
  if (!written) co_return written;
  // Another setting may have changed meanwhile: only this one is put into what holds now.
  auto now = values_.of(change.authority);
  (void)put_value(*setting, now, change.value);  // it was good above
  values_.put(change.authority, now);
  co_return Result<>{};
}

Task<Result<std::vector<SettingChange>>> RuleSettings::changes(AuthorityId authority) {
  co_return co_await database_.read([authority](db::Reader& reader) {
    std::vector<SettingChange> found;
    reader.query(kOfAuthority, {authority}, [&](db::Row const& row) { found.push_back(to_change(row)); });
    return found;
  });
}

}  // namespace torg::records
