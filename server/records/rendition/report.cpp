#include "records/rendition/report.hpp"

#include "base/catalogue.hpp"
#include "embedded/rendition.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 5> kOutcomes{"shown", "separate", "itself", "none", "failed"};
constexpr std::array<std::string_view, 15> kProblems{
    "lies", "broken",  "locked",    "pixels",     "unpacks", "long",   "memory",   "slow",
    "much", "missing", "no_office", "no_sandbox", "page",    "worker", "no_worker"};

/// Texts as they are, numbers in digits: the values come from the worker.
std::string value_at(json::object const& values, std::string_view key) {
  if (auto const number = optional_integer(values, key)) return std::to_string(*number);
  return std::string(optional_string(values, key).value_or(""));
}

std::string sentence_of(Catalogue const& catalogue, RenditionWhy const& why, std::string_view language) {
  auto const says = value_at(why.values, "says"), is = value_at(why.values, "is");
  auto const width = value_at(why.values, "width"), height = value_at(why.values, "height");
  return catalogue.text(language, "problem." + std::string(to_text(why.problem)),
                        {{"says", says}, {"is", is}, {"width", width}, {"height", height}});
}

json::value to_json(Catalogue const& catalogue, std::optional<RenditionWhy> const& why) {
  if (!why) return nullptr;
  return json::object{{"code", to_text(why->problem)},
                      {"sv", sentence_of(catalogue, *why, "sv")},
                      {"en", sentence_of(catalogue, *why, "en")}};
}

}  // namespace

std::string_view to_text(FileOutcome outcome) { return kOutcomes.at(static_cast<std::size_t>(outcome)); }

std::string_view to_text(RenditionProblem problem) { return kProblems.at(static_cast<std::size_t>(problem)); }

std::optional<RenditionProblem> parse_problem(std::string_view text) {
  auto const* const found = std::ranges::find(kProblems, text);
  if (found == kProblems.end()) return std::nullopt;
  return static_cast<RenditionProblem>(found - kProblems.begin());
}

std::string sentence(RenditionWhy const& why, std::string_view language) {
  return sentence_of(Catalogue(embedded::rendition()), why, language);
}

json::object to_json(RenditionReport const& report) {
  Catalogue const catalogue(embedded::rendition());
  json::array files;
  for (auto const& file : report.files) {
    files.push_back(json::object{
        {"n", file.n},
        {"state", to_text(file.outcome)},
        {"problem", to_json(catalogue, file.why)},
        {"rendition", file.rendition == 0 ? json::value(nullptr) : json::value(file.rendition)}});
  }
  auto const next = report.next_attempt ? json::value(to_ms(*report.next_attempt)) : json::value(nullptr);
  return {{"attempts", report.attempts},
          {"next_attempt_at", next},
          {"problem", to_json(catalogue, report.why)},
          {"files", std::move(files)}};
}

}  // namespace torg::records
