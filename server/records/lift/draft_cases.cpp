#include "records/lift/draft_cases.hpp"

#include "records/register/contains.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <set>

namespace torg::records {
namespace {

constexpr std::size_t kTelling = 5;  // bytes; shorter words join everything with everything
constexpr std::size_t kSuggestions = 5;
constexpr std::size_t kStem = 6;  // bytes that must agree: vallen, vallens

bool share_stem(std::string_view a, std::string_view b) {
  auto const length = std::min({a.size(), b.size(), kStem});
  return a.substr(0, length) == b.substr(0, length);
}

Bilingual why_shared(std::vector<std::string> const& shared) {
  auto const& first = shared.front();
  if (shared.size() == 1)
    return {"”" + first + "” nämns i ärendet", "“" + first + "” is mentioned in the case"};
  auto const& second = shared[1];
  return {"”" + first + "” och ”" + second + "” nämns i ärendet",
          "“" + first + "” and “" + second + "” are mentioned in the case"};
}

/// Share of the words of the shorter title that the other one has too.
bool nearly_same(std::string_view title, std::set<std::string> const& mine, RecordCandidate const& record) {
  auto const own = record.words.empty() ? telling_words(record.title) : std::set<std::string>();
  auto const& theirs = record.words.empty() ? own : record.words;
  auto const fewer = std::min(mine.size(), theirs.size());
  if (fewer < 2) return folded(title) == folded(record.title);
  auto const common = static_cast<std::size_t>(
      std::ranges::count_if(mine, [&](auto const& word) { return theirs.contains(word); }));
  return common * 5 >= fewer * 4 && std::max(mine.size(), theirs.size()) <= fewer + 1;
}

}  // namespace

std::set<std::string> telling_words(std::string_view text) {
  std::set<std::string> words;
  auto const lower = folded(text);
  std::string_view rest = lower;
  while (!rest.empty()) {
    auto const end = rest.find_first_of(" \n\t,.:;!?()\"/-<>@");
    if (auto const word = rest.substr(0, end); word.size() >= kTelling) words.emplace(word);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return words;
}

CaseWords::CaseWords(std::vector<CaseCandidate> const& cases) {
  for (std::size_t place = 0; place < cases.size(); ++place) {
    for (auto const& word : telling_words(cases[place].words))
      by_beginning_[word.substr(0, kTelling)].emplace_back(place, word);
  }
}

std::vector<CaseWords::Scored> CaseWords::sharing(std::string_view text) const {
  std::map<std::size_t, std::set<std::string>> shared;
  for (auto const& mine : telling_words(text)) {
    auto const found = by_beginning_.find(std::string_view(mine).substr(0, kTelling));
    if (found == by_beginning_.end()) continue;
    for (auto const& [place, word] : found->second) {
      if (share_stem(mine, word)) shared[place].insert(word);
    }
  }
  std::vector<Scored> scored;
  for (auto const& [place, words] : shared) scored.push_back({place, {words.begin(), words.end()}});
  std::ranges::sort(scored, [](Scored const& a, Scored const& b) {
    return std::pair(b.shared.size(), a.place) < std::pair(a.shared.size(), b.place);
  });
  return scored;
}

void guess_case(DraftInput const& input, std::string_view text, Prefilled& out) {
  auto const of_plan = std::ranges::find(input.cases, input.case_of_plan, &CaseCandidate::id);
  if (input.case_of_plan && of_plan != input.cases.end()) {
    out.cases.push_back({of_plan->id,
                         of_plan->number,
                         of_plan->title,
                         {"Rummets ärende enligt planen", "The room's case by its plan"}});
  }
  auto const words = input.case_words ? input.case_words : std::make_shared<CaseWords const>(input.cases);
  for (auto const& scored : words->sharing(text)) {
    auto const& candidate = input.cases[scored.place];
    if (out.cases.size() >= kSuggestions) break;
    if (contains(out.cases, candidate.id, &CaseSuggestion::id)) continue;
    out.cases.push_back({candidate.id, candidate.number, candidate.title, why_shared(scored.shared)});
  }
  out.draft.classification = input.classification_of_plan;
  if (!input.classification_of_plan.empty())
    out.sources["classification"] = {"ur rummets plan", "from the room's plan"};
  if (out.cases.empty()) return;
  auto const& best = out.cases.front();
  out.draft.of_case = best.id;
  out.sources["case"] = best.why;
  auto const chosen = std::ranges::find(input.cases, best.id, &CaseCandidate::id);
  if (out.draft.classification.empty()) {
    out.draft.classification = chosen->classification;
    out.sources["classification"] = {"ärendets klass", "the case's class"};
  }
}

std::vector<RecordCandidate> duplicates_of(DraftInput const& input, std::string_view title) {
  auto found = input.same_files;
  auto const mine = telling_words(title);
  for (auto const& record : input.records) {
    if (found.size() >= kSuggestions) break;
    if (contains(found, record.number, &RecordCandidate::number)) continue;
    auto const same = std::ranges::any_of(
        input.items, [&](DraftItem const& item) { return item.nid && contains(record.items, item.nid); });
    if (same || nearly_same(title, mine, record)) found.push_back(record);
  }
  return found;
}

}  // namespace torg::records
