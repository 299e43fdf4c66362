#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Titles for the web: what looks like a person's name, and a title without it. Simple rules that a registrar
// sees and decides about; they propose, they never publish.
namespace torg::records {

/// A stretch of a title in UTF-16 code units, as a web client counts; `to` is past the end.
struct NameSpan {
  int from = 0, to = 0;
  friend bool operator==(NameSpan const&, NameSpan const&) = default;
};

/// What looks like a name: two or more capitalised words in a row that are no known word of organisations and
/// places, and every word of `known_names` (the parties, when they are private persons). A first word of the
/// title counts only together with a known name.
[[nodiscard]] std::vector<NameSpan> names_in(std::string_view title,
                                             std::vector<std::string> const& known_names);

/// The title without names: `Synpunkt från Gun Ahlbäck om källaren` → `Synpunkt om källaren`. None when there
/// is no name or nothing sensible is left.
[[nodiscard]] std::optional<std::string> without_names(std::string_view title,
                                                       std::vector<std::string> const& known_names);

/// A title from the first sentence of a message or the subject of a mail: reply marks gone (`SV:`, `Re:`,
/// `VB:`), one line, at most 100 characters cut at a word, a capital first. Empty when nothing is left.
[[nodiscard]] std::string title_from(std::string_view text);

/// Lower case for searching: ASCII and the letters of Latin-1; the rest as it is.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace torg::records
