#pragma once
#include "records/lift/draft.hpp"

#include <set>

// The part of a draft that looks at what is there already.
namespace torg::records {

/// Words that tell one matter from another, in lower case.
[[nodiscard]] std::set<std::string> telling_words(std::string_view text);

class CaseWords {
 public:
  explicit CaseWords(std::vector<CaseCandidate> const& cases);

  struct Scored {
    std::size_t place = 0;  ///< in `cases`
    std::vector<std::string> shared;
  };
  /// Cases that share a word with the text, most words first. Costs by the words of the text, not by cases.
  [[nodiscard]] std::vector<Scored> sharing(std::string_view text) const;

 private:
  std::map<std::string, std::vector<std::pair<std::size_t, std::string>>, std::less<>> by_beginning_;
};

/// The plan's case, else the open case that shares most telling words with the text; class with it.
void guess_case(DraftInput const& input, std::string_view text, Prefilled& out);
/// Records that hold one of the items, or bear nearly the same title.
[[nodiscard]] std::vector<RecordCandidate> duplicates_of(DraftInput const& input, std::string_view title);

}  // namespace torg::records
