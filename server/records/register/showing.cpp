// What a proof may reveal. The rule is one: a value is revealed only where the web shows that very value now,
// or where the law wants it shown whatever is published – number, date, direction, authority (R24).
#include "governance/zone.hpp"
#include "records/register/contains.hpp"
#include "records/register/register.hpp"
#include "records/register/store.hpp"
#include "records/reserve/reserve.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 8> kAlways{"number",    "authority",     "case",
                                                  "document",  "registered_at", "came_or_made_day",
                                                  "direction", "classification"};
constexpr std::int64_t kPage = 500;

bool is_shown(PublicRecordView const& shown, Opening const& opening) {
  auto const equals = [&](std::optional<std::string> const& text) {
    return text && opening.value.is_string() && opening.value.get_string() == std::string_view(*text);
  };
  if (opening.name == "title") return equals(shown.title);
  if (opening.name == "party") return equals(shown.party);
  if (opening.name == "sender") return shown.direction != Direction::out && equals(shown.party);
  if (opening.name == "recipient") return shown.direction == Direction::out && equals(shown.party);
  if (opening.name == "record_type") return !shown.record_type.empty() && equals(shown.record_type);
  return false;
}

bool may_reveal(PublicRecordView const& shown, StoredEntry const& entry, std::string_view field) {
  if (contains(kAlways, field)) return true;
  // Which field was corrected, and that something is or isn't shown, is public; the wordings are not.
  if (field == "field" || field == "show") return true;
  auto const opening = std::ranges::find(entry.openings, field, &Opening::name);
  return opening != entry.openings.end() && is_shown(shown, *opening);
}

/// Which numbers were kept for bad days, and which of these nobody used: that explains the gaps, and says no
/// more.
bool explains_numbers(StoredEntry const& entry, std::string_view field) {
  auto const& kind = entry.leaf.frame.kind;
  return (kind == kReservationEntry || kind == kVoidEntry) && (field == "numbers" || field == "authority");
}

}  // namespace

MayShow may_show(RecordView record) {
  return [shown = public_view(record)](StoredEntry const& entry, std::string_view field) {
    return may_reveal(shown, entry, field);
  };
}

Task<Result<>> Register::export_register(std::function<void(std::string_view)> line) {
  auto shown = std::make_shared<std::map<RecordId, PublicRecordView>>();
  for (RecordId after;;) {
    auto page = co_await database_.read(
        [after](db::Reader& r) { return register_store::page_after(r, after, kPage); });
    if (!page) co_return fail(std::move(page));
    for (auto const& record : *page) shown->emplace(record.id, public_view(record));
    after = RecordId(after.value + kPage);
    auto const more =
        co_await database_.read([after](db::Reader& r) { return register_store::has_after(r, after); });
    if (!more) co_return std::unexpected(more.error());
    if (!*more) break;
  }
  co_return co_await log_.export_lines(
      [shown](StoredEntry const& entry, std::string_view field) {
        if (explains_numbers(entry, field)) return true;
        auto const found = shown->find(entry.record);
        return found != shown->end() && may_reveal(found->second, entry, field);
      },
      std::move(line));
}

}  // namespace torg::records
