#include "records/assessment/json.hpp"

#include "governance/zone.hpp"

namespace torg::records {
namespace {

json::value or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array handlings(std::vector<Handling> const& values) {
  json::array names;
  for (auto const handling : values) names.emplace_back(to_text(handling));
  return names;
}

json::array refusals_json(std::vector<Refusal> const& refusals) {
  json::array list;
  for (auto const& refusal : refusals) {
    list.push_back(json::object{{"handling", to_text(refusal.handling)}, {"why", to_json(refusal.why)}});
  }
  return list;
}

json::value record_json(RecordName const& record) {
  if (!record.id) return nullptr;
  return json::object{{"id", record.id.value}, {"number", record.number}, {"title", record.title}};
}

json::value intent_json(std::optional<PendingIntent> const& intent) {
  if (!intent) return nullptr;
  return json::object{{"key", intent->key}, {"state", intent->state}, {"due_at", to_ms(intent->due_at)}};
}

}  // namespace

json::object to_json(ShownDelivery const& handover) {
  return {{"key", handover.key},
          {"state", handover.state},
          {"number", or_null(handover.number)},
          {"url", or_null(handover.place)},
          {"title", handover.title},
          {"problem", or_null(handover.problem)},
          {"next_try_at", handover.next_try ? json::value(to_ms(*handover.next_try)) : json::value(nullptr)}};
}

json::object to_json(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

std::string code_of(governance::Governance const& governance, AuthorityId id) {
  auto const* authority = governance.authority(id);
  return authority == nullptr ? "" : authority->code;
}

std::string name_of(identity::Identity const& identity, UserNid user) {
  auto const* account = identity.account(user);
  bool const named = account != nullptr && !account->profile.displayname.empty();
  return named ? account->profile.displayname : identity.user_id(user);
}

json::object to_json(ShownAssessment const& shown, AssessmentNames const& names) {
  auto const& row = shown.row;
  auto const offered = choices(row);
  // The clock stops at any decision; its day stays on the row for the statistics of lateness.
  auto const running = row.handling == Handling::unassessed ? row.due_day : std::nullopt;
  auto const time = clock(running, names.now, names.settings.of(row.authority));
  return {{"authority", code_of(names.governance, row.authority)},
          {"status", to_text(row.status)},
          {"basis", to_text(row.basis)},
          {"handling", to_text(row.handling)},
          {"rule", row.rule},
          {"since", to_ms(row.since)},
          {"due_day", running ? json::value(governance::to_text(*running)) : json::value(nullptr)},
          {"clock", to_text(time.look)},
          {"clock_text", to_json(time.text)},
          {"allowed", handlings(offered.allowed)},
          {"refused", refusals_json(offered.refused)},
          {"suggested", offered.suggested ? json::value(to_text(*offered.suggested)) : json::value(nullptr)},
          {"reason", or_null(row.reason)},
          {"record", record_json(shown.record)},
          {"intent", intent_json(shown.intent)},
          {"external", shown.handover ? json::value(to_json(*shown.handover)) : json::value(nullptr)},
          {"by", row.by ? json::value(names.identity.user_id(row.by)) : json::value(nullptr)}};
}

}  // namespace torg::records
