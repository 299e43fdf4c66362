#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace torg::matrix {

/// What words have in common in the languages that people here write: Swedish, Danish, Norwegian, English.
/// For one thread.
class Stems {
 public:
  Stems();
  ~Stems();
  Stems(Stems const&) = delete;
  Stems& operator=(Stems const&) = delete;

  /// The stem of a word of letters in lower case, per language; empty for what has none of its own: a number,
  /// a short word.
  [[nodiscard]] std::vector<std::string> of(std::string_view word) const;

 private:
  struct Delete {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::vector<std::unique_ptr<sb_stemmer, Delete>> stemmers_;
};

/// With Latin letters in lower case, as the index has its words.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace torg::matrix
