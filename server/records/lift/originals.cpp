// Lifting what the server can't read: originals that the lifter's client hands over, checked against what is
// here. All that a server can see for itself it looks at: that the encrypted event is the room's and is the
// one that was decrypted, and that an attachment is what the encrypted file holds. It opens attachments
// itself, so nobody uploads them in the clear.
#include "base/encoding.hpp"
#include "crypto/cipher.hpp"
#include "crypto/hash.hpp"
#include "records/assessment/item.hpp"
#include "records/lift/lifts.hpp"

#include <algorithm>

namespace torg::records {
namespace {

/// Opened in memory.
constexpr std::uint64_t kMostOpened = std::uint64_t{128} << 20;

std::unexpected<Error> other_file() {
  return fail(ErrorCode::invalid_param,
              "The attachment that was handed over isn't what the encrypted file holds.");
}

/// Name, type and address as the decrypted message says.
Attachment attachment_in(matrix::RoomEvent const& read) {
  auto const item = read_item(read);
  if (!item || item->attachments.empty()) return {};
  return item->attachments.front();
}

void name_as_said(NewFile& file, Attachment const& said) {
  file.role = FileRole::attachment;
  if (!said.name.empty()) file.name = said.name;
  if (!said.type.empty()) file.type = said.type;
}

}  // namespace

Task<Result<OpenedFile>> Lifts::open_file(FileSecret secret, std::string claimed_hash, Keep keep) {
  if (services_.blobs == nullptr)
    co_return fail(ErrorCode::unavailable, "Encrypted attachments can't be opened here.");
  auto stored = co_await services_.find_file(secret.url);
  if (!stored) co_return fail(std::move(stored));
  if (stored->blob != secret.encrypted) co_return other_file();
  auto bytes = co_await run_offloaded(
      services_.runtime, [this, blob = stored->blob] { return services_.blobs->read(blob, kMostOpened); });
  if (!bytes) co_return fail(std::move(bytes));
  auto const opened = crypto::aes256_ctr(secret.key, secret.iv, *bytes);
  if (!opened) co_return other_file();
  NewFile file;
  file.size = static_cast<std::int64_t>(opened->size());
  file.blob = {hex_encode(crypto::view(crypto::sha256(*opened)))};
  if (claimed_hash != file.blob.value) co_return other_file();
  if (keep == Keep::yes) {
    auto kept =
        co_await run_offloaded(services_.runtime, [this, &opened] { return services_.blobs->put(*opened); });
    if (!kept) co_return fail(std::move(kept));
  }
  co_return OpenedFile{std::move(secret.url), std::move(secret.encrypted), std::move(file)};
}

Task<Result<OpenedOriginal>> Lifts::open_original(matrix::RoomEvent event, Original original, Keep keep) {
  if (auto fits = check_original(event, original); !fits) co_return fail(std::move(fits));
  auto secret = file_secret(original.content);
  if (!secret) co_return fail(std::move(secret));
  auto const said = attachment_in(as_read(std::move(event), original));
  OpenedOriginal opened{original.event_id, original.ciphertext_hash, original.type, original.content, {}};
  if (said.url.empty()) co_return opened;
  if (*secret) {
    auto const claimed = original.file_hashes.find((*secret)->url);
    auto hash = claimed == original.file_hashes.end() ? std::string() : claimed->second;
    auto file = co_await open_file(std::move(**secret), std::move(hash), keep);
    if (!file) co_return fail(std::move(file));
    opened.files.push_back(std::move(*file));
  } else {  // a file in the clear in an encrypted message
    auto file = co_await services_.find_file(said.url);
    if (!file) co_return fail(std::move(file));
    opened.files.push_back({said.url, {}, std::move(*file)});
  }
  name_as_said(opened.files.back().file, said);
  co_return opened;
}

Task<Result<std::optional<NeedsHandover>>> Lifts::look_at_handover(LiftRequest request, ItemAccess access) {
  bool looked_for = !request.handover.originals.empty();
  for (auto const& id : request.event_ids) {  // from memory: most rooms aren't encrypted
    auto const event = co_await services_.rooms.event(EventId(id));
    looked_for = looked_for || (event && is_encrypted(*event));
  }
  if (!looked_for) co_return std::nullopt;
  auto events = co_await access.open(request.event_ids);
  if (!events) co_return fail(std::move(events));
  std::vector<matrix::RoomEvent> encrypted;
  for (auto const& event : *events) {
    if (!is_encrypted(event)) continue;
    auto relations = co_await services_.rooms.relations(event.nid);
    if (!relations) co_return fail(std::move(relations));
    std::ranges::move(encrypted_among(event, *relations), std::back_inserter(encrypted));
  }
  NeedsHandover needs;
  for (auto const& event : encrypted) {
    if (original_of(request.handover, event) == nullptr) needs.event_ids.push_back(event.id.value);
  }
  if (!needs.event_ids.empty()) co_return needs;
  if (encrypted.size() != request.handover.originals.size())
    co_return NeedsHandover{{}, "Originals are handed over of what isn't lifted, or isn't encrypted."};
  for (auto const& event : encrypted) {
    auto opened = co_await open_original(event, *original_of(request.handover, event), Keep::no);
    if (opened) continue;
    if (opened.error().code != ErrorCode::invalid_param) co_return fail(std::move(opened));
    co_return NeedsHandover{{event.id.value}, opened.error().message};
  }
  co_return std::nullopt;
}

Task<Result<>> Lifts::gather_originals(ManifestItem& item, Handover handover, UserNid by) {
  if (!is_encrypted(item.event)) co_return Result<>{};
  HandedOver handed_over{
      {services_.people.user_id(by), services_.people.name(by), handover.device, handover.at}, {}, {}};
  for (auto const& event : encrypted_among(item.event, item.relations)) {
    auto const* original = original_of(handover, event);
    if (original == nullptr) {
      handed_over.missing.push_back(event.id.value);
      continue;
    }
    auto opened = co_await open_original(event, *original, Keep::yes);
    if (!opened) co_return fail(std::move(opened));
    handed_over.facts.files += static_cast<std::int64_t>(opened->files.size());
    for (auto const& file : opened->files) item.attachments.push_back(file.file);
    handed_over.originals.push_back(std::move(*opened));
  }
  if (handed_over.originals.empty() && !item.event.redacted_by)
    co_return fail(ErrorCode::bad_state, "The item is encrypted, and what it says was not handed over.");
  if (!handed_over.originals.empty()) item.handed_over = std::move(handed_over);
  co_return Result<>{};
}

}  // namespace torg::records
