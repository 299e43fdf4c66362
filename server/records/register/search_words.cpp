#include "records/register/search_words.hpp"

#include "records/register/titles.hpp"

namespace torg::records {
namespace {

constexpr std::size_t kMostWords = 8;

bool is_of_word(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  auto const finish = [&] {
    if (!word.empty() && words.size() < kMostWords) words.push_back(word);
    word.clear();
  };
  for (char const c : folded(text)) {
    if (is_of_word(static_cast<unsigned char>(c)))
      word += c;
    else
      finish();
  }
  finish();
  return words;
}

std::string match_text(db::Database::Kind kind, std::vector<std::string> const& words) {
  bool const sqlite = kind == db::Database::Kind::sqlite;
  std::string text;
  for (auto const& word : words) {
    if (!text.empty()) text += sqlite ? " AND " : " & ";
    text += sqlite ? '"' + word + "\" *" : '\'' + word + "':*";
  }
  return text;
}

}  // namespace torg::records
