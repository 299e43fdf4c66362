#pragma once
#include "records/register/views.hpp"
#include "records/rendition/report.hpp"
#include "records/rules/types.hpp"

#include <map>

// What a rendition shows: the record as one reads it on paper, beside the untouched originals.
namespace torg::records {

struct EarlierText {
  Instant at;  ///< when it was written
  std::string text;
};

/// What an official note was written from.
struct NoteSourceShown {
  std::string who;  ///< empty: it was not here any more
  Instant at;
};

/// One thing that was lifted: a message, a mail, a note of a call.
struct RenditionItem {
  std::string who;  ///< `Maja Ekdahl, Kommunstyrelsen`; `Länsstyrelsen <diariet@…>`
  Instant at;
  std::string text;                        ///< plain text; line breaks are kept
  std::vector<EarlierText> earlier;        ///< wordings before the last edit, oldest first
  bool removed = false;                    ///< its author had taken it away; the text is what was kept
  std::vector<std::string> reactions;      ///< `👍 Karin Lund`
  bool note = false;                       ///< an official note
  std::vector<NoteSourceShown> sources{};  ///< of the note
  Bilingual handed_over{};  ///< who decrypted it and what that proves; empty: the server could read it
};

/// A file of the record, and what the page shows of it.
struct ShownFile {
  FileReport report;
  std::string
      type;  ///< of `bytes`: a picture's or `text/plain`; empty: the page only tells what became of it
  std::string bytes;  ///< made safe by the worker
  int frames = 1;     ///< of a moving picture, whose first one is shown
};

struct RenditionContent {
  RecordView record;            ///< its files are listed, renditions left out
  std::string language = "sv";  ///< of the page around the texts
  std::string authority;        ///< `Kommunstyrelsen, Älvhamns kommun`
  std::string registered_by;    ///< a name
  std::string source;           ///< where it came from: the room, `Brev`, `Mejl`; may be empty
  std::string original_place;   ///< of a paper: binder, number; empty otherwise
  std::vector<RenditionItem> items;
  std::map<std::string, std::string> descriptions{};  ///< what senders said of their files, by blob
  std::vector<ShownFile> shown{};                     ///< what became of the files
};

/// The HTML that the renderer makes a PDF/A-2a and PDF/UA-1 of: language, title, headings and table headers
/// in place.
[[nodiscard]] std::string rendition_page(RenditionContent const& content);

}  // namespace torg::records
