// What a lift collects before its transaction: the items as they are now, their files, the record they make.
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "governance/zone.hpp"
#include "records/assessment/item.hpp"
#include "records/external/registers.hpp"
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
  auto const registrar = services_.governance.may(by, governance::Act::check_for_web, authority);
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
    auto item = co_await gather_item(std::move(event), *access, request.handover);
    if (!item) co_return fail(std::move(item));
    if (auto opened = co_await gather_originals(*item, request.handover, request.key.by); !opened)
      co_return fail(std::move(opened));
    manifest.items.push_back(std::move(*item));
  }
  auto record = new_record(request.key.by, request.authority, request.draft);
  record.room = request.room;
  manifest.authority = record.series.code;
  manifest.at = record.at;
  std::optional<HandoverRow> handed_over;
  for (auto const& item : manifest.items) {
    if (item.handed_over) {
      auto const before = handed_over ? handed_over->files : 0;
      auto const& facts = item.handed_over->facts;
      handed_over = HandoverRow{request.key.by, facts.device, facts.at, before + facts.files};
    }
    record.items.push_back(item.event.nid);
    record.item_ids.push_back(item.event.id.value);
    record.attachments.insert(record.attachments.end(), item.attachments.begin(), item.attachments.end());
  }
  record.manifest = manifest_json(manifest);
  auto elsewhere = this->elsewhere(request.authority);
  co_return LiftCommit{std::move(request),   std::move(record),     std::nullopt, true,
                       std::move(elsewhere), std::move(handed_over)};
}

RegisterKept Lifts::register_of(AuthorityId authority) const {
  bool const outside = services_.external != nullptr && services_.external->keeps_elsewhere(authority);
  return outside ? RegisterKept::external : RegisterKept::here;
}

std::optional<Elsewhere> Lifts::elsewhere(AuthorityId authority) const {
  if (register_of(authority) == RegisterKept::here) return std::nullopt;
  return services_.external->elsewhere();
}

Task<Result<std::string>> Lifts::next_number(AuthorityId authority, Draft const& draft) {
  if (register_of(authority) == RegisterKept::external) co_return std::string();
  auto const* chosen = std::get_if<CaseId>(&draft.of_case);
  co_return co_await services_.records.next_number(authority, chosen == nullptr ? CaseId{} : *chosen,
                                                   draft.classification, draft.record_type);
}

Task<Result<ManifestItem>> Lifts::gather_item(matrix::RoomEvent event, ItemAccess access, Handover handover) {
  auto read = read_with(handover, event);
  if (!read) co_return fail(std::move(read));
  auto said = read_item(*read);
  if (!said) co_return fail(ErrorCode::invalid_param, "Only messages and files can be lifted.");
  auto relations = co_await services_.rooms.relations(event.nid);
  if (!relations) co_return fail(std::move(relations));
  ManifestItem item{std::move(event), {}, {}, std::move(*relations), {}, {}};
  item.sender_id = services_.people.user_id(item.event.sender);
  item.sender_name = services_.people.name(item.event.sender);
  for (auto const& relation : item.relations) {
    item.relation_senders.push_back(services_.people.user_id(relation.sender));
  }
  item.note = std::move(said->note);
  if (auto sources = co_await gather_sources(item, std::move(access)); !sources)
    co_return fail(std::move(sources));
  if (auto files = co_await gather_files(item); !files) co_return fail(std::move(files));
  co_return item;
}

/// What a note was written from, as it is now. A source that is gone since doesn't stop the note: it was
/// written so that what was said is kept (R16).
Task<Result<>> Lifts::gather_sources(ManifestItem& item, ItemAccess access) {
  if (!item.note) co_return Result<>{};
  auto found = co_await access.find(item.note->sources);
  if (!found) co_return fail(std::move(found));
  for (auto const& id : item.note->sources) {
    NoteSource source;
    source.event_id = id;
    auto const event =
        std::ranges::find_if(*found, [&](matrix::RoomEvent const& one) { return one.id.value == id; });
    if (event != found->end() && !event->content.empty() && event->content != "{}") {
      source.sender_id = services_.people.user_id(event->sender);
      source.sender_name = services_.people.name(event->sender);
      source.type = event->type;
      source.origin_server_ts = event->origin_server_ts;
      source.content_hash = hex_encode(crypto::view(crypto::sha256(event->content)));
    }
    item.sources.push_back(std::move(source));
  }
  co_return Result<>{};
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

Task<Result<DraftItem>> Lifts::draft_item(matrix::RoomEvent event, Handover handover) {
  auto const read = read_with(handover, event);
  if (!read) co_return std::unexpected(read.error());
  auto const said = read_item(*read);
  if (!said) co_return fail(ErrorCode::invalid_param, "Only messages and files can be lifted.");
  auto relations = co_await services_.rooms.relations(event.nid);
  if (!relations) co_return fail(std::move(relations));
  DraftItem item{event.nid, event.id.value, said->text, {}, instant_from_ms(event.origin_server_ts), {}};
  if (said->note) item.note = said->note->title;
  for (auto const& relation :
       *relations) {  // the newest wording is what one reads; the manifest has them all
    auto const newer = read_with(handover, relation);
    if (!newer) co_return std::unexpected(newer.error());
    auto const edit = read_item(*newer);
    if (edit && !edit->replaces.empty() && !is_encrypted(*newer)) item.text = edit->text;
  }
  if (is_encrypted(event)) {
    for (auto const& one : encrypted_among(event, *relations)) item.encrypted.push_back(one.id.value);
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
    auto drafted = co_await draft_item(std::move(item.event), {});
    if (!drafted) co_return fail(std::move(drafted));
    input.items.assign(1, std::move(*drafted));
    auto const prefilled = prefill(input);
    auto const* chosen = std::get_if<CaseId>(&prefilled.draft.of_case);
    auto const of_case = chosen == nullptr ? CaseId{} : *chosen;
    auto& number = numbers[{item.authority, of_case, prefilled.draft.classification}];
    if (number.empty()) {
      auto next = co_await next_number(item.authority, prefilled.draft);
      if (!next) co_return fail(std::move(next));
      number = std::move(*next);
    }
    drafts.push_back({to_json(prefilled.draft), number});
  }
  co_return drafts;
}

Task<Result<LiftPreview>> Lifts::preview_items(AuthorityId authority, RoomNid room,
                                               std::vector<matrix::RoomEvent> events, Handover handover) {
  auto input = co_await facts_for(authority);
  if (!input) co_return fail(std::move(input));
  look_at_plan(services_.governance, room, *input);
  for (auto& event : events) {
    auto item = co_await draft_item(std::move(event), handover);
    if (!item) co_return fail(std::move(item));
    input->items.push_back(std::move(*item));
  }
  auto same = co_await services_.database.read([authority, items = input->items](db::Reader& reader) {
    return lift_store::with_same_files(reader, authority, items);
  });
  if (!same) co_return fail(std::move(same));
  input->same_files = std::move(*same);
  LiftPreview preview{prefill(*input), {}, {}, {}, false, authority};
  preview.items = std::move(input->items);
  fill_by_plan(authority, preview.prefilled);
  preview.register_kept = register_of(authority);
  auto number = co_await next_number(authority, preview.prefilled.draft);
  if (!number) co_return fail(std::move(number));
  preview.next_number = std::move(*number);
  if (auto told = co_await tell_status(preview, room); !told) co_return fail(std::move(told));
  co_return preview;
}

/// What the law says of the items, and that what is no record becomes one by being registered (R20).
Task<Result<>> Lifts::tell_status(LiftPreview& preview, RoomNid room) {
  std::vector<EventNid> nids;
  for (auto const& item : preview.items) nids.push_back(item.nid);
  auto const rows = co_await services_.database.read(
      [room, nids](db::Reader& reader) { return assessment::rows_of(reader, room, nids); });
  if (!rows) co_return std::unexpected(rows.error());
  std::size_t records = 0;
  for (auto const& row : *rows) {
    if (row.authority != preview.authority || row.status != Status::record) continue;
    if (records++ == 0) preview.status_text = status_text({row.status, row.basis, row.rule}, row.since);
  }
  preview.becomes_public = records < preview.items.size();
  if (preview.becomes_public && records == 0) {
    preview.status_text = {
        "Det här är inte allmän handling än. Diarieför du nu kan vem som helst begära ut det.",
        "Not a public record yet. If you register it now, anyone can request it."};
  } else if (preview.becomes_public) {
    preview.status_text = {
        "En del av det här är inte allmän handling än. Diarieför du nu kan vem som helst begära ut det.",
        "Some of this is not a public record yet. If you register it now, anyone can request it."};
  }
  co_return Result<>{};
}

}  // namespace torg::records
