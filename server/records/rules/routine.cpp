#include "records/rules/routine.hpp"

#include "records/rules/personal_numbers.hpp"
#include "records/rules/secrecy_hints.hpp"
#include "records/rules/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace torg::records {
namespace {

constexpr std::string_view kPosition[]{"yttrande",
                                       "yttrar",
                                       "yttra oss",
                                       "tillstyrk",
                                       "avstyrk",
                                       "ställningstagande",
                                       "vår bedömning",
                                       "bedömer att",
                                       "motsätter",
                                       "invändning",
                                       "erinran",
                                       "ståndpunkt",
                                       "we object",
                                       "we oppose",
                                       "our position",
                                       "our assessment",
                                       "statement of opinion",
                                       "no objection"};
constexpr std::string_view kConsent[]{
    "godkänn",  "medger",  "medgivande", "samtyck",     "beviljar",        "beviljas", "beslutar",
    "beslutat", "intygar", "bekräftar",  "accepterar",  "antar förslaget", "approve",  "consent",
    "grant ",   "granted", "we decide",  "has decided", "certify",         "confirm",  "we accept"};
constexpr std::string_view kFacts[]{"uppmätt",  "mätning",       "mätvärde", "mätdata",
                                    "provsvar", "analyssvar",    "halten",   "inventering visar",
                                    "measured", "sample result", "readings"};
constexpr std::string_view kSpeech[]{
    "ringde",      "i telefon", "per telefon", "på telefon",   "telefonsamtal",  "telefonmöte",
    "muntlig",     "berättade", "uppgav",      "sa att",       "sade att",       "meddelade att",
    "vid besöket", "phoned",    "by phone",    "on the phone", "over the phone", "called us",
    "called me",   "told us",   "told me",     "said that",    "orally",         "verbally"};
/// What after a number makes it a measured or priced one.
constexpr std::array<std::string_view, 30> kUnits{
    "%",   "procent", "kr",   "kronor", "sek", "tkr",   "mkr",    "m",      "m2", "m²",
    "m3",  "m³",      "m3/s", "m³/s",   "l/s", "mg/l",  "µg/l",   "db",     "kw", "kwh",
    "ton", "kg",      "km",   "cm",     "mm",  "meter", "hektar", "grader", "°c", "percent"};

bool any_word(std::string_view plain, std::span<std::string_view const> stems) {
  return std::ranges::any_of(stems, [&](auto stem) { return has_word_beginning(plain, stem); });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `3,2 m3/s`, `450 kr`: a number and a unit, as a word of its own.
bool has_quantity(std::string_view plain) {
  for (std::size_t at = 0; at + 1 < plain.size(); ++at) {
    if (!is_digit(plain[at]) || is_digit(plain[at + 1])) continue;
    auto rest = plain.substr(at + 1);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    auto word = rest.substr(0, rest.find_first_of(" \n\t,;:!?()"));
    while (word.ends_with('.')) word.remove_suffix(1);
    if (std::ranges::find(kUnits, word) != kUnits.end()) return true;
  }
  return false;
}

bool has_personal_number(std::string_view text, Day today) {
  return std::ranges::any_of(find_numbers(text, today), [](auto const& found) {
    return is_personal(found) && found.confidence != Confidence::low;
  });
}

}  // namespace

std::vector<Exception> exceptions_from_routine(Post const& post, Day today) {
  auto const plain = make_plain(post.text).plain;
  std::vector<Exception> found;
  auto const add_if = [&](bool hit, Exception exception) {
    if (hit) found.push_back(exception);
  };
  add_if(post.has_attachment, Exception::attachment);
  add_if(post.official_note || any_word(plain, kFacts) || has_quantity(plain), Exception::states_fact);
  add_if(any_word(plain, kPosition), Exception::takes_position);
  add_if(any_word(plain, kConsent), Exception::gives_consent);
  add_if(!secrecy_hints(post.text).empty(), Exception::may_be_secret);
  add_if(has_personal_number(post.text, today), Exception::personal_number);
  add_if(post.answers_registered, Exception::answers_registered);
  add_if(post.outsider_takes_part, Exception::outsider);
  return found;
}

bool tells_of_speech(std::string_view text) { return any_word(make_plain(text).plain, kSpeech); }

Bilingual to_words(Exception exception) {
  switch (exception) {
    case Exception::attachment:
      return {"har en bilaga", "has an attachment"};
    case Exception::states_fact:
      return {"lämnar en uppgift", "states a fact"};
    case Exception::takes_position:
      return {"tar ställning", "takes a position"};
    case Exception::gives_consent:
      return {"godkänner eller beslutar", "approves or decides"};
    case Exception::may_be_secret:
      return {"kan omfattas av sekretess", "may be secret"};
    case Exception::personal_number:
      return {"innehåller ett personnummer", "contains a personal number"};
    case Exception::answers_registered:
      return {"svarar på en diarieförd handling", "answers a registered record"};
    case Exception::outsider:
      return {"en utomstående deltar", "an outsider takes part"};
  }
  return {};
}

}  // namespace torg::records
