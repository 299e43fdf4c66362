#include "records/assessment/line.hpp"

#include "governance/zone.hpp"
#include "records/rules/secrecy_hints.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

json::array attachments_json(Item const& item) {
  json::array list;
  for (auto const& file : item.attachments) {
    list.push_back(json::object{{"name", file.name}, {"size", file.size}, {"type", file.type}});
  }
  return list;
}

void append(Bilingual& sentence, Bilingual const& part) {
  if (!sentence.sv.empty()) {
    sentence.sv += ", ";
    sentence.en += ", ";
  }
  sentence.sv += part.sv;
  sentence.en += part.en;
}

/// Why a person must think here: what excepted the post from routine, and the provisions that may apply.
json::value needs_you(Item const& item, Day today) {
  Bilingual why;
  for (auto const exception :
       exceptions_from_routine({.text = item.text, .official_note = item.note.has_value()}, today))
    append(why, to_words(exception));
  for (auto const& hint : secrecy_hints(item.text)) {
    append(why, {std::string(hint.provision), std::string(hint.provision)});
  }
  return why.sv.empty() ? json::value(nullptr) : json::value(to_json(why));
}

json::value crossing(std::size_t authorities) {
  if (authorities < 2) return nullptr;
  if (authorities == 2) {
    return to_json({"Två nämnder, två handlingar.", "Two boards, two records."});
  }
  return to_json({fmt::format("{} nämnder, {} handlingar.", authorities, authorities),
                  fmt::format("{} boards, {} records.", authorities, authorities)});
}

}  // namespace

json::object to_line(ShownAssessment const& shown, matrix::RoomEvent const& event, LinePlace const& place,
                     std::size_t authorities_with_rows, AssessmentNames const& names) {
  auto const item = read_item(event).value_or(Item{});
  auto const sender = name_of(names.identity, event.sender);
  auto const authority = code_of(names.governance, shown.row.authority);
  auto title = short_title(item.text);
  if (title.empty() && !item.attachments.empty()) title = item.attachments.front().name;
  return {{"id", event.id.value + ":" + authority},
          {"room_id", place.room_id},
          {"room_name", place.room_name},
          {"event_id", event.id.value},
          {"authority", authority},
          {"kind", item.attachments.empty() ? "chat" : "file"},
          {"title", title},
          {"party", sender},
          {"case", place.case_of_room},
          {"assessment", to_json(shown, names)},
          {"source",
           {{"text", item.text},
            {"attachments", attachments_json(item)},
            {"sender", sender},
            {"where", place.room_name},
            {"at", event.origin_server_ts},
            {"removed_by_author", bool(event.redacted_by)}}},
          {"needs_you", needs_you(item, governance::day_of(names.now))},
          {"crossing", crossing(authorities_with_rows)}};
}

}  // namespace torg::records
