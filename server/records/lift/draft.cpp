#include "records/lift/draft.hpp"

#include "governance/zone.hpp"
#include "records/lift/draft_cases.hpp"
#include "records/mail/file_name.hpp"
#include "records/register/titles.hpp"
#include "records/rules/personal_numbers.hpp"
#include "records/rules/secrecy_hints.hpp"
#include "records/rules/text.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::size_t kMany = 50;  // more items than this are confirmed

struct Cue {
  std::string_view stem;  ///< begins a word, in lower case
  std::string_view type;
};
// In order: what says most comes first.
constexpr std::array<Cue, 18> kCues{{{"yttrande", "Yttrande"},
                                     {"tillstyrk", "Yttrande"},
                                     {"avstyrk", "Yttrande"},
                                     {"överklag", "Överklagande"},
                                     {"ansök", "Ansökan"},
                                     {"anmäl", "Anmälan"},
                                     {"begär", "Begäran"},
                                     {"remiss", "Remiss"},
                                     {"beslut", "Beslut"},
                                     {"protokoll", "Protokoll"},
                                     {"minnesanteckning", "Minnesanteckningar"},
                                     {"tjänsteanteckning", "Tjänsteanteckning"},
                                     {"synpunkt", "Synpunkt"},
                                     {"klagomål", "Klagomål"},
                                     {"orolig", "Synpunkt"},
                                     {"tycker", "Synpunkt"},
                                     {"undrar", "Fråga"},
                                     {"fråga", "Fråga"}}};
constexpr std::string_view kOther = "Meddelande";

std::string all_text(DraftInput const& input) {
  auto text = input.subject;
  for (auto const& item : input.items) {
    text += "\n" + item.text;
    for (auto const& file : item.attachments) text += "\n" + file.name;
  }
  return text;
}

std::string file_title(std::string const& name) {
  auto title = name.substr(0, name.rfind('.'));
  std::ranges::replace(title, '_', ' ');
  return title_from(title);
}

std::string lower_first(std::string text) {
  auto const lower = folded(text);
  // Only the first letter, and only of an ordinary word: `KS` and `VA` stay.
  if (text.size() > 2 && folded(text.substr(0, 3)) != text.substr(0, 3) &&
      lower.substr(2) == text.substr(2)) {
    return lower;
  }
  return text;
}

/// Where a title comes from: an attachment's name, the subject with its kind before it, or the first
/// sentence.
void guess_title(DraftInput const& input, Prefilled& out) {
  auto const& first = input.items.front();
  auto const subject = title_from(input.subject);
  if (!subject.empty()) {
    auto const one_word = subject.find(' ') == std::string::npos;
    out.draft.title = one_word && out.draft.record_type != kOther
                          ? out.draft.record_type + " om " + lower_first(subject)
                          : subject;
    out.sources["title"] = {"ämnet var ”" + input.subject + "”, det här är Torgs förslag",
                            "the subject was “" + input.subject + "”, this is Torg's suggestion"};
  } else if (!first.attachments.empty()) {
    out.draft.title = file_title(first.attachments.front().name);
    out.sources["title"] = {"ur filens namn", "from the file's name"};
  } else {
    out.draft.title = title_from(first.text);
    out.sources["title"] = {"ur den första meningen", "from the first sentence"};
  }
  out.draft.internal_title = out.draft.title;
  std::vector<std::string> names;
  if (out.draft.private_person) names.push_back(first.sender.name);
  if (auto masked = without_names(out.draft.title, names)) {
    out.draft.title = std::move(*masked);
    out.sources["title"] = {"Torg har tagit bort ett namn; den interna rubriken har det kvar",
                            "Torg took a name out; the internal title keeps it"};
  }
}

std::string party_text(Party const& party) {
  if (party.organisation.empty()) return party.name;
  return party.organisation;
}

void guess_parties(DraftInput const& input, Prefilled& out) {
  auto const& sender = input.items.front().sender;
  auto const own = sender.authority && sender.authority == input.authority;
  out.draft.direction = input.direction.value_or(!own            ? Direction::in
                                                 : input.crosses ? Direction::out
                                                                 : Direction::internal);
  out.draft.sender = own ? input.authority_name : party_text(sender);
  out.draft.recipient = out.draft.direction == Direction::in ? input.authority_name : std::string();
  out.draft.private_person = !own && sender.organisation.empty();
  out.sources["direction"] = own ? Bilingual{"skrivet här", "written here"}
                                 : Bilingual{"till " + input.authority_name, "to " + input.authority_name};
  if (out.draft.private_person) {
    out.sources["sender"] = {"namnet visas inte på webben", "the name is not shown online"};
  } else {
    out.sources["sender"] = {"ur avsändarens konto", "from the sender's account"};
  }
  out.draft.came_or_made_day = governance::day_of(input.items.front().at);
  out.sources["came_or_made_day"] = {"när det skickades, inte när du lyfter",
                                     "when it was sent, not when you lift it"};
}

/// The official note among what is lifted, the last one if there are several: the rest are its sources.
DraftItem const* note_among(std::vector<DraftItem> const& items) {
  DraftItem const* note = nullptr;
  for (auto const& item : items) {
    if (item.note) note = &item;
  }
  return note;
}

/// What is noted is drawn up by whoever notes it, whoever said it (FL 27, R16).
void fill_from_note(DraftInput const& input, DraftItem const& note, Prefilled& out) {
  auto const own = note.sender.authority && note.sender.authority == input.authority;
  auto& draft = out.draft;
  draft.record_type = "Tjänsteanteckning";
  out.sources["record_type"] = {"skriven som tjänsteanteckning", "written as an official note"};
  draft.title = note.note->empty() ? title_from(note.text) : *note.note;
  draft.internal_title = draft.title;
  out.sources["title"] = {"anteckningens rubrik", "the note's heading"};
  draft.direction = own ? Direction::internal : Direction::in;
  draft.sender = own ? input.authority_name : party_text(note.sender);
  draft.recipient = own ? std::string() : input.authority_name;
  draft.private_person = !own && note.sender.organisation.empty();
  out.sources["direction"] =
      own ? Bilingual{"ett samtal kommer inte in, det antecknas", "a talk is not received, it is noted"}
          : Bilingual{"till " + input.authority_name, "to " + input.authority_name};
  out.sources["sender"] = {"den som skrev anteckningen", "who wrote the note"};
  draft.came_or_made_day = governance::day_of(note.at);
  out.sources["came_or_made_day"] = {"när anteckningen skrevs", "when the note was written"};
}

void look_twice(DraftInput const& input, std::string const& text, Prefilled& out) {
  out.personal_numbers =
      static_cast<int>(std::ranges::count_if(find_numbers(text, input.today), is_personal));
  for (auto const& hint : secrecy_hints(text)) out.secrecy_hints.emplace_back(hint.provision, hint.why);
  out.duplicates = duplicates_of(input, out.draft.title);
  auto const numbers = out.personal_numbers == 0;
  out.checks.push_back({"personal_numbers", numbers,
                        numbers ? Bilingual{"Inga personnummer", "No personal numbers"}
                                : Bilingual{"Ser ut som personnummer", "Looks like a personal number"}});
  auto const unique = out.duplicates.empty();
  out.checks.push_back({"duplicates", unique,
                        unique ? Bilingual{"Ingen dubblett", "No duplicate"}
                               : Bilingual{"Liknar " + out.duplicates.front().number,
                                           "Looks like " + out.duplicates.front().number}});
  auto const secret = !out.secrecy_hints.empty();
  out.checks.push_back(
      {"secrecy", !secret,
       secret ? Bilingual{"Kan gälla sekretess: " + out.secrecy_hints.front().first,
                          "Secrecy may apply: " + out.secrecy_hints.front().first}
              : Bilingual{"Torg ser inget som tyder på sekretess", "Torg sees no sign of secrecy"}});
  auto const empty = std::ranges::any_of(input.items, [](DraftItem const& item) {
    return std::ranges::any_of(item.attachments, [](auto const& file) { return file.size == 0; });
  });
  out.checks.push_back({"attachments", !empty,
                        empty ? Bilingual{"En bilaga är tom", "An attachment is empty"}
                              : Bilingual{"Bilagorna finns", "The attachments are there"}});
}

}  // namespace

std::string guess_record_type(std::string_view text) {
  auto const plain = make_plain(text).plain;
  auto const cue =
      std::ranges::find_if(kCues, [&](Cue const& c) { return has_word_beginning(plain, c.stem); });
  if (cue != kCues.end()) return std::string(cue->type);
  return std::string(plain.find('?') == std::string::npos ? kOther : "Fråga");
}

Prefilled prefill(DraftInput const& input) {
  Prefilled out;
  auto const text = all_text(input);
  out.draft.record_type = guess_record_type(text);
  out.sources["record_type"] = {"ur orden i texten", "from the words of the text"};
  guess_parties(input, out);
  guess_title(input, out);
  if (auto const* note = note_among(input.items)) fill_from_note(input, *note, out);
  // What a message or a file's name hides must not come back as Torg's own suggestion.
  for (auto* field : {&out.draft.title, &out.draft.internal_title, &out.draft.sender, &out.draft.recipient}) {
    if (!deceiving_character(*field).empty()) *field = clean_text(*field, Lines::one);
  }
  guess_case(input, text, out);
  look_twice(input, text, out);
  return out;
}

bool has_personal_number(std::string_view text, Day today) {
  return std::ranges::any_of(find_numbers(text, today), is_personal);
}

std::vector<std::string> confirmations(Draft const& draft, std::size_t items, Day today) {
  std::vector<std::string> needed;
  if (draft.secrecy) needed.emplace_back("secrecy");
  if (has_personal_number(draft.title, today)) needed.emplace_back("personal_number");
  if (std::holds_alternative<std::string>(draft.of_case)) needed.emplace_back("new_case");
  if (items > kMany) needed.emplace_back("many");
  return needed;
}

}  // namespace torg::records
