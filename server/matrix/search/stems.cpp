#include "matrix/search/stems.hpp"

#include <algorithm>
#include <libstemmer.h>
#include <new>

namespace torg::matrix {
namespace {

constexpr std::size_t kShortest = 4;  // bytes: "hus" is looked for as it stands

bool is_letter(unsigned char c) { return c >= 0x80 || (c >= 'a' && c <= 'z'); }

}  // namespace

void Stems::Delete::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

Stems::Stems() {
  for (auto const* language : {"swedish", "danish", "norwegian", "english"}) {
    stemmers_.emplace_back(sb_stemmer_new(language, "UTF_8"));
    if (!stemmers_.back()) throw std::bad_alloc();
  }
}

Stems::~Stems() = default;

std::vector<std::string> Stems::of(std::string_view word) const {
  if (word.size() < kShortest || !std::ranges::all_of(word, is_letter)) return {};
  std::vector<std::string> stems;
  for (auto const& stemmer : stemmers_) {
    auto const* stem = sb_stemmer_stem(stemmer.get(), reinterpret_cast<sb_symbol const*>(word.data()),
                                       static_cast<int>(word.size()));
    if (stem == nullptr) throw std::bad_alloc();
    stems.emplace_back(reinterpret_cast<char const*>(stem),
                       static_cast<std::size_t>(sb_stemmer_length(stemmer.get())));
  }
  return stems;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    auto const c = static_cast<unsigned char>(lower[i]);
    bool const ascii = c >= 'A' && c <= 'Z';
    // À to Þ are 0xC3 and this; between them stands ×
    bool const latin =
        i > 0 && static_cast<unsigned char>(lower[i - 1]) == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97;
    if (ascii || latin) lower[i] = static_cast<char>(c + 0x20);
  }
  return lower;
}

}  // namespace torg::matrix
