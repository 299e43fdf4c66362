#include "records/secrecy/provisions.hpp"

#include "base/json.hpp"
#include "embedded/secrecy.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace torg::records {
namespace {

struct Listed {
  Provision provision;
  std::string key;     ///< `21:1`, `21:3a`, `19:3:2`
  std::string headed;  ///< citation and subjects, folded, to search in
  std::string whole;   ///< these and the descriptions
};

/// Runs of digits and of ASCII letters; everything else parts them.
std::vector<std::string> tokens_of(std::string_view folded_text) {
  enum class Kind : std::uint8_t { none, digit, letter };
  auto const kind_of = [](char c) {
    if (c >= '0' && c <= '9') return Kind::digit;
    return c >= 'a' && c <= 'z' ? Kind::letter : Kind::none;
  };
  std::vector<std::string> tokens;
  auto before = Kind::none;
  for (char const c : folded_text) {
    auto const kind = kind_of(c);
    if (kind != Kind::none && kind != before) tokens.emplace_back();
    if (kind != Kind::none) tokens.back() += c;
    before = kind;
  }
  return tokens;
}

/// Chapter, section and paragraph of a citation of the secrecy act, however it is written; empty for anything
/// else, as another act.
std::string key_of(std::string_view cite) {
  static constexpr std::array<std::string_view, 4> kAround{"kap", "osl", "st", "stycket"};
  std::string key;
  int numbers = 0;
  for (auto const& token : tokens_of(folded(cite))) {
    if (std::ranges::find(kAround, token) != kAround.end()) continue;
    bool const number = token.front() >= '0' && token.front() <= '9';
    if (!number && (token.size() > 1 || numbers != 2)) return {};
    if (number && ++numbers > 1) key += ":";
    key += token;
  }
  return numbers == 2 || numbers == 3 ? key : std::string();
}

std::string text_at(json::object const& row, std::string_view key) {
  return std::string(optional_string(row, key).value_or(""));
}

Listed to_listed(json::object const& row) {
  Listed listed;
  auto& provision = listed.provision;
  provision.id = text_at(row, "id");
  provision.cite = text_at(row, "cite_sv");
  provision.subject = {text_at(row, "subject_sv"), text_at(row, "subject_en")};
  provision.description = {text_at(row, "description_sv"), text_at(row, "description_en")};
  provision.protects = text_at(row, "protects");
  provision.presumption = text_at(row, "presumption");
  provision.strength = text_at(row, "strength");
  if (auto const years = optional_integer(row, "max_years")) provision.max_years = static_cast<int>(*years);
  listed.key = key_of(provision.cite);
  if (provision.id.empty() || listed.key.empty()) throw std::runtime_error("a provision can't be cited");
  listed.headed =
      folded(provision.cite + " osl " + listed.key + " " + provision.subject.sv + " " + provision.subject.en);
  listed.whole = listed.headed + " " + folded(provision.description.sv + " " + provision.description.en);
  return listed;
}

struct List {
  std::vector<Listed> rows;
  std::vector<Provision> provisions;
};

List const& list() {
  static List const all = [] {
    List read;
    auto const document = parse_json_object(embedded::secrecy().front().bytes);
    if (!document) throw std::runtime_error("the list of secrecy provisions can't be read");
    for (auto const& row : document->at("provisions").as_array())
      read.rows.push_back(to_listed(row.as_object()));
    for (auto const& row : read.rows) read.provisions.push_back(row.provision);
    return read;
  }();
  return all;
}

std::vector<std::string> words_of(std::string_view query) {
  std::vector<std::string> words;
  auto const text = folded(query);
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

bool has_all(std::string_view text, std::vector<std::string> const& words) {
  return std::ranges::all_of(words, [&](auto const& word) { return text.contains(word); });
}

}  // namespace

std::span<Provision const> provisions() { return list().provisions; }

Provision const* find_provision(std::string_view text) {
  auto const& all = list();
  auto const key = key_of(text);
  auto const found = std::ranges::find_if(all.rows, [&](Listed const& row) {
    return row.provision.id == text || (!key.empty() && row.key == key);
  });
  if (found == all.rows.end()) return nullptr;
  return &all.provisions[static_cast<std::size_t>(found - all.rows.begin())];
}

std::vector<Provision const*> search_provisions(std::string_view query, std::size_t limit) {
  auto const& all = list();
  auto const words = words_of(query);
  std::vector<Provision const*> first, rest;
  if (auto const* cited = find_provision(query)) first.push_back(cited);
  for (std::size_t n = 0; n < all.rows.size(); ++n) {
    auto const* provision = &all.provisions[n];
    if (!has_all(all.rows[n].whole, words) || std::ranges::find(first, provision) != first.end()) continue;
    (has_all(all.rows[n].headed, words) ? first : rest).push_back(provision);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  if (first.size() > limit) first.resize(limit);
  return first;
}

}  // namespace torg::records
