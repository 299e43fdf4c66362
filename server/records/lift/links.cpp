#include "records/lift/links.hpp"

#include "records/external/handover.hpp"
#include "records/manual/store.hpp"
#include "records/register/store.hpp"

namespace torg::records {

RegisterLinks register_links(Lifts const& lifts) {
  return {.record_names =
              [](db::Reader& reader, std::vector<RecordId> const& ids) {
                std::vector<RecordName> names;
                for (auto& name : register_store::names(reader, ids)) {
                  names.push_back({name.id, std::move(name.number), std::move(name.title)});
                }
                return names;
              },
          .find_record =
              [](db::Reader& reader, AuthorityId authority, std::string_view number) {
                auto const record = register_store::record(reader, number);
                return record && record->authority == authority ? record->id : RecordId{};
              },
          .handovers = handover_store::of_items,
          .pending_intents = [&lifts](std::vector<EventNid> const& events) { return lifts.pending(events); }};
}

bool uses_blob(db::Reader& reader, db::BlobId const& blob) {
  return register_store::refers_to(reader, blob) || manual_store::refers_to(reader, blob) ||
         handover_store::refers_to(reader, blob);
}

DraftsOfLines drafts_of_lines(Lifts& lifts) {
  return [&lifts](std::vector<DeskItem> items) { return lifts.desk_drafts(std::move(items)); };
}

}  // namespace torg::records
