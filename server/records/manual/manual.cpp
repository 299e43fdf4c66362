#include "records/manual/manual.hpp"

#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "matrix/media/store.hpp"
#include "records/external/handover.hpp"
#include "records/mail/file_name.hpp"
#include "records/register/contains.hpp"
#include "records/register/say.hpp"
#include "records/register/store.hpp"
#include "records/reserve/reserve.hpp"
#include "records/rules/assess.hpp"

#include <array>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 6> kKinds{"paper", "counter", "phone", "mail", "file", "e-service"};
constexpr std::string_view kMail = "message/rfc822", kOutlook = "application/vnd.ms-outlook";
constexpr std::size_t kMaxBody = 20'000;  // bytes of text in the desk's event; the original has it all
constexpr std::chrono::hours kKeepUnused{24};
constexpr std::int64_t kDeskDevice = -1;  // no person's device: only to find a repeated event by its key

std::string cut(std::string text) {
  if (text.size() <= kMaxBody) return text;
  auto end = kMaxBody;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

Basis basis_of(Direction direction) {
  switch (direction) {
    case Direction::in:
      return Basis::received;
    case Direction::out:
      return Basis::drawn_up_sent;
    case Direction::internal:
      return Basis::drawn_up_final;
  }
  return Basis::received;
}

std::string rule_of(Direction direction) {
  return direction == Direction::in ? "R2" : direction == Direction::out ? "R5" : "R6";
}

json::object file_json(NewFile const& file) {
  return {{"name", file.name}, {"type", file.type}, {"size", file.size}, {"sha256", file.blob.value}};
}

}  // namespace

std::optional<ManualKind> parse_manual_kind(std::string_view text) {
  auto const found = std::ranges::find(kKinds, text);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<ManualKind>(found - kKinds.begin());
}
std::string_view to_text(ManualKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

Result<> Manual::may_enter(UserNid by, AuthorityId authority) const {
  if (services_.governance.may(by, governance::Act::register_record, authority)) return {};
  return fail(ErrorCode::forbidden, "You have no role in this authority's register.");
}

Task<Result<RoomNid>> Manual::desk(AuthorityId authority) {
  auto known = co_await services_.database.read(
      [authority](db::Reader& r) { return manual_store::desk(r, authority); });
  if (!known) co_return fail(std::move(known));
  if (*known) co_return **known;
  auto const* owner = services_.governance.authority(authority);
  if (owner == nullptr) co_return fail(ErrorCode::not_found, "There is no such authority here.");
  matrix::CreateRoom create;
  create.creator = service_user_;
  create.name = "Inkommet: " + owner->name_sv;
  create.preset = "private_chat";
  auto room = co_await services_.rooms.create(std::move(create));
  if (!room) co_return fail(std::move(room));
  // Somebody may have been faster: then that room is the desk, and this one stays empty.
  co_return co_await services_.database.write(
      [authority, made = *room](db::Transaction& t) -> Result<RoomNid> {
        if (auto const faster = manual_store::desk(t, authority)) return *faster;
        manual_store::add_desk(t, authority, made);
        return made;
      });
}

Task<Result<ManualPreview>> Manual::preview(UserNid by, AuthorityId authority, std::string bytes,
                                            std::string name, std::string type) {
  if (auto allowed = may_enter(by, authority); !allowed) co_return fail(std::move(allowed));
  if (bytes.empty()) co_return fail(ErrorCode::invalid_param, "The file is empty.");
  if (auto swept = co_await sweep(); !swept) co_return fail(std::move(swept));
  auto stored =
      co_await run_offloaded(services_.runtime, [this, &bytes] { return services_.blobs.put(bytes); });
  if (!stored) co_return fail(std::move(stored));
  std::array<unsigned char, 16> random{};
  services_.runtime.fill_random(random);
  auto safe = safe_file_name(name);
  Upload upload{hex_encode({reinterpret_cast<char const*>(random.data()), random.size()}),
                by,
                stored->id,
                safe.empty() ? "fil" : std::move(safe),
                type,
                static_cast<std::int64_t>(bytes.size()),
                services_.runtime.now()};
  auto contents = co_await read(upload, std::move(bytes));
  if (!contents) co_return fail(std::move(contents));
  auto kept = co_await services_.database.write([upload](db::Transaction& transaction) -> Result<> {
    manual_store::add_upload(transaction, upload);
    return {};
  });
  if (!kept) co_return fail(std::move(kept));
  co_return co_await guess(authority, std::move(upload), std::move(*contents));
}

namespace {

bool may_be_made_by_hand(Error const& error) {
  return error.code == ErrorCode::invalid_param || error.code == ErrorCode::too_large;
}

bool is_letter(std::string_view type) { return type == kMail || type == kOutlook; }

}  // namespace

/// What is none, whatever it is called, is registered as the file it is.
Task<Result<Manual::Contents>> Manual::read(Upload& upload, std::string bytes) {
  Contents contents;
  if (upload.type == kMail || upload.name.ends_with(".eml")) upload.type = kMail;
  if (upload.type == kOutlook || upload.name.ends_with(".msg")) upload.type = kOutlook;
  if (is_letter(upload.type)) {
    auto mail = co_await services_.mail.read(std::move(bytes));
    if (!mail && !may_be_made_by_hand(mail.error())) co_return fail(std::move(mail));
    if (mail) contents.mail = std::move(*mail);
  } else if (is_pdf(bytes)) {
    upload.type = "application/pdf";
    auto facts = co_await services_.mail.read_pdf(std::move(bytes));
    if (!facts && !may_be_made_by_hand(facts.error())) co_return fail(std::move(facts));
    if (facts) contents.pdf = std::move(*facts);
  } else {
    co_return contents;
  }
  if (contents.mail || contents.pdf) co_return contents;
  contents.unread =
      Bilingual{"Filen kunde inte läsas. Den kan diarieföras ändå: fyll i själv.",
                "The file could not be read. It can be registered all the same: fill in by hand."};
  if (is_letter(upload.type)) upload.type = "application/octet-stream";
  co_return contents;
}

Task<Result<>> Manual::sweep() {
  auto const before = services_.runtime.now() - kKeepUnused;
  auto old =
      co_await services_.database.read([before](db::Reader& r) { return manual_store::unused(r, before); });
  if (!old) co_return fail(std::move(old));
  for (auto const& [id, blob] : *old) {
    // The row goes last: a crash in between leaves it to the next sweep.
    auto needed = co_await services_.database.read([blob](db::Reader& reader) {
      return register_store::refers_to(reader, blob) || handover_store::refers_to(reader, blob) ||
             matrix::media_store::uses_blob(reader, blob);
    });
    if (!needed) co_return fail(std::move(needed));
    if (!*needed) {
      auto gone =
          co_await run_offloaded(services_.runtime, [this, blob] { return services_.blobs.remove(blob); });
      if (!gone) co_return gone;
    }
    auto dropped = co_await services_.database.write([id](db::Transaction& transaction) -> Result<> {
      manual_store::drop_upload(transaction, id);
      return {};
    });
    if (!dropped) co_return dropped;
  }
  co_return Result<>{};
}

Task<Result<Upload>> Manual::upload(std::string id, UserNid by) {
  auto found =
      co_await services_.database.read([id](db::Reader& reader) { return manual_store::upload(reader, id); });
  if (!found) co_return fail(std::move(found));
  if (!*found || (*found)->by != by)
    co_return fail(ErrorCode::not_found, "There is no such upload of yours.");
  co_return std::move(**found);
}

Task<Result<NewFile>> Manual::keep_part(MailAttachment attachment) {
  auto stored = co_await run_offloaded(services_.runtime,
                                       [this, &attachment] { return services_.blobs.put(attachment.bytes); });
  if (!stored) co_return fail(std::move(stored));
  co_return NewFile{FileRole::attachment, std::move(attachment.name), std::move(attachment.type),
                    static_cast<std::int64_t>(attachment.bytes.size()), stored->id};
}

Task<Result<Manual::Source>> Manual::source_of(ManualEntry const& entry) {
  Source source;
  source.since = governance::start_of(entry.draft.came_or_made_day);
  if (entry.upload.empty()) co_return source;
  auto handed_in = co_await upload(entry.upload, entry.key.by);
  if (!handed_in) co_return fail(std::move(handed_in));
  source.files.push_back(
      {FileRole::original, handed_in->name, handed_in->type, handed_in->size, handed_in->blob});
  source.upload = std::move(*handed_in);
  auto const& blob = source.upload->blob;
  auto bytes = co_await run_offloaded(services_.runtime,
                                      [this, &blob] { return services_.blobs.read(blob, kMaxUpload); });
  if (!bytes) co_return fail(std::move(bytes));
  if (services_.keep_media) {
    auto mxc = co_await services_.keep_media(*bytes, source.upload->type, source.upload->name);
    if (!mxc) co_return fail(std::move(mxc));
    source.mxc = std::move(*mxc);
  }
  if (!is_letter(source.upload->type)) co_return source;
  if (auto read = co_await read_mail(entry, std::move(*bytes), source); !read)
    co_return fail(std::move(read));
  co_return source;
}

Task<Result<>> Manual::read_mail(ManualEntry const& entry, std::string bytes, Source& source) {
  auto mail = co_await services_.mail.read(std::move(bytes));
  if (!mail) co_return fail(std::move(mail));
  auto const arrived = mail->received ? mail->received : mail->date;
  if (arrived && governance::day_of(*arrived) == entry.draft.came_or_made_day) source.since = *arrived;
  for (std::size_t n = 0; n < mail->attachments.size(); ++n) {
    auto& attachment = mail->attachments[n];
    auto const wanted = entry.parts ? contains(*entry.parts, static_cast<int>(n)) : !attachment.embedded;
    if (!wanted) continue;
    auto file = co_await keep_part(std::move(attachment));
    if (!file) co_return fail(std::move(file));
    source.files.push_back(std::move(*file));
  }
  mail->attachments.clear();
  source.mail = std::move(*mail);
  co_return Result<>{};
}

Task<Result<matrix::RoomEvent>> Manual::write_event(ManualEntry const& entry, Source const& source) {
  auto room = co_await desk(entry.authority);
  if (!room) co_return fail(std::move(room));
  matrix::SendEvent event;
  event.room = *room;
  event.sender = service_user_;
  event.type = "org.torg.incoming";
  event.device_key = kDeskDevice;
  event.transaction_id = std::to_string(entry.key.by.value) + "/" + entry.key.key;
  auto text = entry.note.empty() && source.mail ? source.mail->text : entry.note;
  event.content = {
      {"kind", to_text(entry.kind)},
      {"body", cut(std::move(text))},
      {"title", entry.draft.internal_title},
      {"party", entry.draft.direction == Direction::out ? entry.draft.recipient : entry.draft.sender},
      {"at", to_ms(source.since)},
      {"entered_by", services_.people.user_id(entry.key.by)},
      {"caller_known", entry.caller_known},
      {"original_place", entry.original_place}};
  if (source.mail) event.content["subject"] = source.mail->subject;
  if (!source.mxc.empty()) {
    event.content["url"] = source.mxc;
    event.content["filename"] = source.upload->name;
    event.content["info"] = json::object{{"mimetype", source.upload->type}, {"size", source.upload->size}};
  }
  json::array files;
  for (auto const& file : source.files) files.push_back(file_json(file));
  event.content["files"] = std::move(files);
  co_return co_await services_.rooms.send(std::move(event));
}

Task<Result<LiftCommit>> Manual::prepare(ManualEntry entry) {
  auto source = co_await source_of(entry);
  if (!source) co_return fail(std::move(source));
  auto event = co_await write_event(entry, *source);
  if (!event) co_return fail(std::move(event));
  auto room_id = co_await services_.rooms.room_id(event->room);
  if (!room_id) co_return fail(std::move(room_id));

  auto record = services_.lifts.new_record(entry.key.by, entry.authority, entry.draft);
  // Nobody was asked whether the title of what is marked may be seen: a registrar's check asks.
  if (record.secrecy) record.publication = Publication::waiting;
  record.reserved = entry.reserved;
  record.room = event->room;
  record.items = {event->nid};
  record.item_ids = {event->id.value};
  record.attachments = source->files;
  auto const* owner = services_.governance.authority(entry.authority);
  ManifestItem item{
      *event, services_.people.user_id(service_user_), "Torg", {}, {}, std::move(source->files)};
  record.manifest = manifest_json({room_id->value,
                                   "Inkommet: " + owner->name_sv,
                                   record.by_id,
                                   owner->code,
                                   record.at,
                                   {std::move(item)}});

  Arising arising{event->nid, entry.authority, event->room};
  arising.basis = basis_of(entry.draft.direction);
  arising.rule = rule_of(entry.draft.direction);
  arising.since = source->since;
  arising.due_day = due_day(source->since, services_.settings.of(entry.authority));
  arising.by = entry.key.by;
  LiftRequest request{entry.key, event->room, entry.authority, {event->id.value}, std::move(entry.draft)};
  auto elsewhere = services_.lifts.elsewhere(request.authority);
  co_return LiftCommit{std::move(request), std::move(record), std::move(arising), false,
                       std::move(elsewhere)};
}

/// Asked before anything is written, and again in the transaction: the desk's event could not be taken back.
Task<Result<>> Manual::check_reserved(ManualEntry const& entry) {
  if (services_.lifts.register_of(entry.authority) == RegisterKept::external)
    co_return fail(ErrorCode::invalid_param, "This authority's numbers are given elsewhere.");
  if (std::holds_alternative<CaseId>(entry.draft.of_case))
    co_return fail(
        ErrorCode::invalid_param,
        "A reserved number opens a case of its own. Register it so, and move it with a correction.");
  auto const authority = entry.authority;
  auto const number = entry.reserved;
  auto const key = entry.key;
  auto refused = co_await services_.database.read([=](db::Reader& reader) -> std::optional<Error> {
    if (lift_store::intent(reader, key)) return std::nullopt;  // the same entry again
    auto const open = reserve_store::open_number(reader, authority, number);
    return open ? std::nullopt : std::optional(open.error());
  });
  if (!refused) co_return fail(std::move(refused));
  if (*refused) co_return std::unexpected(std::move(**refused));
  co_return Result<>{};
}

Task<Result<ManualDone>> Manual::enter(ManualEntry entry) {
  if (auto allowed = may_enter(entry.key.by, entry.authority); !allowed) co_return fail(std::move(allowed));
  if (!entry.reserved.empty()) {
    if (auto good = co_await check_reserved(entry); !good) co_return fail(std::move(good));
  }
  auto const key = entry.key;
  auto const upload_id = entry.upload;
  auto before =
      co_await services_.database.read([key](db::Reader& reader) { return lift_store::intent(reader, key); });
  if (!before) co_return fail(std::move(before));
  if (!*before) {
    auto commit = co_await prepare(std::move(entry));
    if (!commit) co_return fail(std::move(commit));
    auto done = co_await services_.database.write(
        [work = std::move(*commit), upload_id](db::Transaction& transaction) {
          auto committed = commit_lift(transaction, work);
          if (committed && !upload_id.empty()) manual_store::drop_upload(transaction, upload_id);
          return committed;
        });
    if (!done) co_return fail(std::move(done));
  }
  co_return co_await this->done(key);
}

Task<Result<ManualDone>> Manual::done(IntentKey key) {
  auto intent =
      co_await services_.database.read([key](db::Reader& reader) { return lift_store::intent(reader, key); });
  if (!intent) co_return fail(std::move(intent));
  if (!*intent) co_return fail(ErrorCode::not_found, "Nothing was registered under this key.");
  if ((*intent)->handover) {
    co_return ManualDone{RecordId{},
                         (*intent)->number,
                         {"Överlämnat till myndighetens diarium, som ger numret.",
                          "Handed to the authority's register, which gives the number."},
                         std::move((*intent)->handover)};
  }
  auto record = co_await services_.records.record((*intent)->record);
  if (!record) co_return fail(std::move(record));
  auto const year = std::chrono::year_month_day(governance::day_of(record->registered_at)).year();
  co_return ManualDone{record->id, record->number,
                       say(record->number, static_cast<int>(year), record->document)};
}

}  // namespace torg::records
