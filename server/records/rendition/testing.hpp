#pragma once
#include "records/rendition/content.hpp"

namespace torg::records {

/// A letter that came in, with one file and one text, for tests.
inline RenditionContent letter() {
  RenditionContent content;
  content.record.id = RecordId(7);
  content.record.number = "KS 2026/00123-8";
  content.record.title = "Yttrande över provisorisk vall";
  content.record.came_or_made_day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
  content.record.registered_at = Instant(content.record.came_or_made_day) + std::chrono::hours(8);
  content.record.sender = "Länsstyrelsen Mellansjö";
  FileView file;
  file.n = 2;
  file.name = "yttrande.pdf";
  file.type = "application/pdf";
  content.record.files = {file};
  content.authority = "Kommunstyrelsen, Älvhamns kommun";
  content.items = {{.who = "Karin Lund",
                    .at = content.record.registered_at,
                    .text = "Första.\n\nAndra <b>.",
                    .earlier = {},
                    .reactions = {}}};
  return content;
}

}  // namespace torg::records
