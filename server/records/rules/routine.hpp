#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

/// Why a post of a shared room is asked about in spite of the plan's standing decision (R17).
enum class Exception : std::uint8_t {
  attachment,
  states_fact,
  takes_position,
  gives_consent,
  may_be_secret,
  personal_number,
  answers_registered,
  outsider,
};

struct Post {
  std::string_view text;
  bool has_attachment = false;
  bool answers_registered = false;   ///< a reply to an item that is registered
  bool outsider_takes_part = false;  ///< sent by or readable by someone of no authority
  bool official_note = false;        ///< it keeps what was told (R16)
};

/// Looks for cues in Swedish and English. It suggests, it doesn't decide: a cue starts a clock that a person
/// stops; a post without one is kept in order all the same, where anyone can still register it.
[[nodiscard]] std::vector<Exception> exceptions_from_routine(Post const& post, Day today);

/// Whether a text tells of something said rather than written – by phone, at a visit – so that an official
/// note should keep it (FL 27, R16). A prompt and nothing more: the one who heard it knows whether it
/// matters.
[[nodiscard]] bool tells_of_speech(std::string_view text);

/// "lämnar en uppgift", for the queue: what the clock asks about.
[[nodiscard]] Bilingual to_words(Exception exception);

}  // namespace torg::records
