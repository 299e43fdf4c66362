// What a lift collects before its transaction: the items as they are now, their files, the record they make.
#include "governance/zone.hpp"
#include "records/assessment/item.hpp"
#include "records/lift/draft_cases.hpp"
#include "records/lift/lifts.hpp"
#include "records/lift/plan_defaults.hpp"
#include "records/register/contains.hpp"
#include "records/rules/explain.hpp"

namespace torg::records {
namespace {

std::string room_name(std::optional<std::string> const& content) {
  if (!content) return {};
  auto const object = parse_json_object(*content);
  if (!object) return {};
  return std::string(optional_string(*object, "name").value_or(""));
}

/// The case of a record whose draft named none: one of its own, named like it. Its title is public at once
/// only where a registrar has seen it and nothing asks to look twice.
std::variant<NewCase, CaseId> chosen_case(Draft const& draft, bool registrar, Day today) {
  if (auto const* id = std::get_if<CaseId>(&draft.of_case)) return *id;
  auto const* title = std::get_if<std::string>(&draft.of_case);
  auto name = title == nullptr ? draft.title : *title;
  auto const shown = registrar && !draft.secrecy && !has_personal_number(name, today);
  return NewCase{std::move(name), draft.classification, shown};
}

void look_at_plan(governance::Governance const& governance, RoomNid room, DraftInput& input) {
  auto const* plan = governance.plan(room);
  input.crosses = plan != nullptr && plan->parties.size() > 1;
  input.classification_of_plan = plan == nullptr ? std::string() : plan->classification;
  input.case_of_plan = plan != nullptr && plan->case_id ? *plan->case_id : CaseId{};
}

}  // namespace

NewRecord Lifts::new_record(UserNid by, AuthorityId authority, Draft const& draft) {
  auto const now = services_.runtime.now();
  auto const today = governance::day_of(now);
  auto const registrar = services_.records.is_registrar(by, authority);
  NewRecord record;
  record.series = services_.records.series(authority, draft.record_type);
  record.at = now;
  record.today = today;
  record.by = by;
  record.by_id = services_.people.user_id(by);
  record.of_case = chosen_case(draft, registrar, today);
  record.title = draft.title;
  record.internal_title = draft.internal_title;
  record.direction = draft.direction;
  record.sender = draft.sender;
  record.recipient = draft.recipient;
  record.private_person = draft.private_person;
  record.came_or_made_day = draft.came_or_made_day;
  record.classification = draft.classification;
  record.record_type = draft.record_type;
  record.secrecy = draft.secrecy;
  if (record.secrecy && record.secrecy->authority.empty()) record.secrecy->authority = record.series.code;
  // What a registrar registers herself she has seen; a personal number never goes online by itself (R63).
  auto const checked = registrar && !has_personal_number(draft.title, today);
  record.publication = checked ? Publication::full : Publication::waiting;
  record.seed = draw_salt_seed(services_.runtime);
  if (services_.plans != nullptr) {
    if (auto const found = services_.plans->find(authority, draft.classification, draft.record_type))
      record.plan = PlanUse{found->version->id, found->row->row};
  }
  return record;
}

void Lifts::fill_by_plan(AuthorityId authority, Prefilled& prefilled) const {
  if (services_.plans != nullptr) fill_from_plan(*services_.plans, authority, prefilled);
}

Task<Result<LiftCommit>> Lifts::gather(LiftRequest request) {
  auto const access = co_await may_lift(request.key.by, request.room, request.authority);
  if (!access) co_return std::unexpected(access.error());
  auto events = co_await access->open(request.event_ids);
  if (!events) co_return fail(std::move(events));
  auto room_id = co_await services_.rooms.room_id(request.room);
  if (!room_id) co_return fail(std::move(room_id));
  auto name = co_await services_.rooms.state(request.room, "m.room.name", "");
  if (!name) co_return fail(std::move(name));
  ManifestInput manifest{
      room_id->value, room_name(*name), services_.people.user_id(request.key.by), {}, {}, {}};
  for (auto& event : *events) {
    auto item = co_await gather_item(std::move(event));
    if (!item) co_return fail(std::move(item));
    manifest.items.push_back(std::move(*item));
  }
  auto record = new_record(request.key.by, request.authority, request.draft);
  record.room = request.room;
  manifest.authority = record.series.code;
  manifest.at = record.at;
  for (auto const& item : manifest.items) {
    record.items.push_back(item.event.nid);
    record.item_ids.push_back(item.event.id.value);
    record.attachments.insert(record.attachments.end(), item.attachments.begin(), item.attachments.end());
  }
  record.manifest = manifest_json(manifest);
  co_return LiftCommit{std::move(request), std::move(record), std::nullopt, true};
}

Task<Result<ManifestItem>> Lifts::gather_item(matrix::RoomEvent event) {
  if (!read_item(event)) co_return fail(ErrorCode::invalid_param, "Only messages and files can be lifted.");
  auto relations = co_await services_.rooms.relations(event.nid);
  if (!relations) co_return fail(std::move(relations));
  ManifestItem item{std::move(event), {}, {}, std::move(*relations), {}, {}};
  item.sender_id = services_.people.user_id(item.event.sender);
  item.sender_name = services_.people.name(item.event.sender);
  for (auto const& relation : item.relations) {
    item.relation_senders.push_back(services_.people.user_id(relation.sender));
  }
  if (auto files = co_await gather_files(item); !files) co_return fail(std::move(files));
  co_return item;
}

Task<Result<>> Lifts::gather_files(ManifestItem& item) {
  auto attachments = read_item(item.event)->attachments;
  for (auto const& relation : item.relations) {
    if (auto edit = read_item(relation); edit && !edit->replaces.empty()) {
      std::ranges::move(edit->attachments, std::back_inserter(attachments));
    }
  }
  for (auto const& attachment : attachments) {
    auto file = co_await services_.find_file(attachment.url);
    if (!file) co_return fail(std::move(file));
    file->role = FileRole::attachment;
    if (!attachment.name.empty()) file->name = attachment.name;
    auto const known = [&](NewFile const& other) {
      return other.blob == file->blob && other.name == file->name;
    };
    if (std::ranges::none_of(item.attachments, known)) item.attachments.push_back(std::move(*file));
  }
  co_return Result<>{};
}

Task<Result<DraftItem>> Lifts::draft_item(matrix::RoomEvent event) {
  auto const said = read_item(event);
  if (!said) co_return fail(ErrorCode::invalid_param, "Only messages and files can be lifted.");
  auto relations = co_await services_.rooms.relations(event.nid);
  if (!relations) co_return fail(std::move(relations));
  DraftItem item{event.nid, event.id.value, said->text, {}, instant_from_ms(event.origin_server_ts), {}};
  for (auto const& relation :
       *relations) {  // the newest wording is what one reads; the manifest has them all
    if (auto const edit = read_item(relation); edit && !edit->replaces.empty()) item.text = edit->text;
  }
  for (auto const& file : said->attachments) {
    // Only for a look at duplicates: a file whose bytes aren't here stops the lift itself, not its preview.
    auto const stored = co_await services_.find_file(file.url);
    item.attachments.push_back(
        {file.name, file.type, file.size, stored ? stored->blob.value : std::string()});
  }
  item.sender.name = services_.people.name(event.sender);
  auto const authority = services_.governance.authority_of(event.sender);
  if (authority) {
    item.sender.authority = *authority;
    item.sender.organisation = services_.governance.authority(*authority)->name_sv;
  }
  co_return item;
}

Task<Result<DraftInput>> Lifts::facts_for(AuthorityId authority) {
  DraftInput input;
  input.authority = authority;
  auto const* known = services_.governance.authority(authority);
  if (known == nullptr) co_return fail(ErrorCode::not_found, "There is no such authority here.");
  input.authority_name = known->name_sv;
  input.today = governance::day_of(services_.runtime.now());
  auto cases = co_await services_.records.cases({authority}, "", Register::Open::open);
  if (!cases) co_return fail(std::move(cases));
  auto recent = co_await services_.records.recent(authority);
  if (!recent) co_return fail(std::move(recent));
  std::map<CaseId, std::string> words;
  for (auto const& record : *recent) {
    if (record.case_id) words[*record.case_id] += " " + record.internal_title + " " + record.title;
    input.records.push_back({record.number, record.title, record.items, telling_words(record.title)});
  }
  for (auto const& one : *cases) {
    input.cases.push_back({one.id, one.number, one.title, one.classification, one.title + words[one.id]});
  }
  input.case_words = std::make_shared<CaseWords const>(input.cases);
  co_return input;
}

Task<Result<std::vector<LineDraft>>> Lifts::desk_drafts(std::vector<DeskItem> items) {
  std::map<AuthorityId, DraftInput> facts;
  std::map<std::tuple<AuthorityId, CaseId, std::string>, std::string> numbers;
  std::vector<LineDraft> drafts;
  for (auto& item : items) {
    if (!facts.contains(item.authority)) {
      auto found = co_await facts_for(item.authority);
      if (!found) co_return fail(std::move(found));
      facts.emplace(item.authority, std::move(*found));
    }
    auto& input = facts[item.authority];
    look_at_plan(services_.governance, item.event.room, input);
    auto drafted = co_await draft_item(std::move(item.event));
    if (!drafted) co_return fail(std::move(drafted));
    input.items.assign(1, std::move(*drafted));
    auto const prefilled = prefill(input);
    auto const* chosen = std::get_if<CaseId>(&prefilled.draft.of_case);
    auto const of_case = chosen == nullptr ? CaseId{} : *chosen;
    auto& number = numbers[{item.authority, of_case, prefilled.draft.classification}];
    if (number.empty()) {
      auto next =
          co_await services_.records.next_number(item.authority, of_case, prefilled.draft.classification);
      if (!next) co_return fail(std::move(next));
      number = std::move(*next);
    }
    drafts.push_back({to_json(prefilled.draft), number});
  }
  co_return drafts;
}

Task<Result<LiftPreview>> Lifts::preview_items(AuthorityId authority, RoomNid room,
                                               std::vector<matrix::RoomEvent> events) {
  auto input = co_await facts_for(authority);
  if (!input) co_return fail(std::move(input));
  look_at_plan(services_.governance, room, *input);
  auto const first = events.front().nid;
  for (auto& event : events) {
    auto item = co_await draft_item(std::move(event));
    if (!item) co_return fail(std::move(item));
    input->items.push_back(std::move(*item));
  }
  auto same = co_await services_.database.read([authority, items = input->items](db::Reader& reader) {
    return lift_store::with_same_files(reader, authority, items);
  });
  if (!same) co_return fail(std::move(same));
  input->same_files = std::move(*same);
  LiftPreview preview{prefill(*input), {}, {}, {}, authority};
  preview.items = std::move(input->items);
  fill_by_plan(authority, preview.prefilled);
  auto const* chosen = std::get_if<CaseId>(&preview.prefilled.draft.of_case);
  auto number = co_await services_.records.next_number(authority, chosen == nullptr ? CaseId{} : *chosen,
                                                       preview.prefilled.draft.classification,
                                                       preview.prefilled.draft.record_type);
  if (!number) co_return fail(std::move(number));
  preview.next_number = std::move(*number);
  auto row = co_await services_.database.read([room, first, authority](db::Reader& reader) {
    return assessment::row_of(reader, room, first, authority);
  });
  if (!row) co_return fail(std::move(row));
  if (*row && (*row)->status == Status::record) {
    preview.status_text = status_text({(*row)->status, (*row)->basis, (*row)->rule}, (*row)->since);
  } else {
    preview.status_text = {
        "Det här är inte allmän handling än. Diarieför du nu kan vem som helst begära ut det.",
        "Not a public record yet. If you register it now, anyone can request it."};
  }
  co_return preview;
}

}  // namespace torg::records
