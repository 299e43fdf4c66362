#include "db/sqlite/stems.hpp"

#include "db/sqlite/fts5.hpp"

#include <array>
#include <libstemmer.h>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace torg::db {
namespace {

/// Longer ones are numbers, keys and addresses, not words.
constexpr std::size_t kLongestWord = 64;  // bytes

struct Close {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, Close>;

using OnToken = int (*)(void* context, int flags, char const* token, int size, int start, int end);

bool is_word(std::string_view token) {
  constexpr std::string_view kDigits = "0123456789";
  return token.size() <= kLongestWord && token.find_first_of(kDigits) == std::string_view::npos;
}

/// One table's tokenizer on one connection, which one thread at a time uses.
class Stems {
 public:
  Stems(fts5_tokenizer words, Fts5Tokenizer* instance, std::vector<Stemmer> stemmers)
      : words_(words), instance_(instance), stemmers_(std::move(stemmers)) {}
  ~Stems() { words_.xDelete(instance_); }
  Stems(Stems const&) = delete;
  Stems& operator=(Stems const&) = delete;

  int tokenize(void* context, int flags, std::string_view text, OnToken on_token) {
    Call call{*this, context, on_token, &Stems::keep};
    if ((flags & FTS5_TOKENIZE_QUERY) != 0)
      call.pass = text.starts_with(kByStem) ? &Stems::look_for : &Stems::look_for_itself;
    auto const forward = [](void* given, int inner, char const* token, int size, int start, int end) {
      auto& to = *static_cast<Call*>(given);
      return (to.stems.*to.pass)(to, inner, {token, static_cast<std::size_t>(size)}, {start, end});
    };
    return words_.xTokenize(instance_, &call, flags, text.data(), static_cast<int>(text.size()), forward);
  }

 private:
  struct Place {
    int start, end;
  };
  struct Call {
    Stems& stems;
    void* context;
    OnToken on_token;
    int (Stems::*pass)(Call&, int, std::string_view, Place);
  };

  static int emit(Call const& call, int flags, std::string_view token, Place place) {
    return call.on_token(call.context, flags, token.data(), static_cast<int>(token.size()), place.start,
                         place.end);
  }

  int look_for_itself(Call& call, int flags, std::string_view token, Place place) {
    return emit(call, flags, token, place);
  }

  /// Of a document: the word, and in the same place those of its stems that are not the word.
  int keep(Call& call, int flags, std::string_view token, Place place) {
    int result = emit(call, flags, token, place);
    for (auto const& marked : marked_stems(token)) {
      if (result == SQLITE_OK && std::string_view(marked).substr(1) != token)
        result = emit(call, flags | FTS5_TOKEN_COLOCATED, marked, place);
    }
    return result;
  }

  /// Of a query: the word, and each stem as a word of its own and as the stem of another.
  int look_for(Call& call, int flags, std::string_view token, Place place) {
    int result = emit(call, flags, token, place);
    for (auto const& marked : marked_stems(token)) {
      auto const stem = std::string_view(marked).substr(1);
      if (result == SQLITE_OK) result = emit(call, flags | FTS5_TOKEN_COLOCATED, marked, place);
      if (result == SQLITE_OK && stem != token)
        result = emit(call, flags | FTS5_TOKEN_COLOCATED, stem, place);
    }
    return result;
  }

  /// Each stem once, behind `kByStem`. Valid until the next call.
  std::vector<std::string> const& marked_stems(std::string_view token) {
    found_.clear();
    if (!is_word(token)) return found_;
    auto const* const bytes = reinterpret_cast<sb_symbol const*>(token.data());
    for (auto const& stemmer : stemmers_) {
      auto const* const stem = sb_stemmer_stem(stemmer.get(), bytes, static_cast<int>(token.size()));
      if (stem == nullptr) throw std::bad_alloc();
      auto marked = kByStem + std::string(reinterpret_cast<char const*>(stem),
                                          static_cast<std::size_t>(sb_stemmer_length(stemmer.get())));
      if (found_.empty() || found_.front() != marked) found_.push_back(std::move(marked));
    }
    return found_;
  }

  fts5_tokenizer words_;
  Fts5Tokenizer* instance_;
  std::vector<Stemmer> stemmers_;
  std::vector<std::string> found_;
};

int create(void* context, char const** arguments, int count, Fts5Tokenizer** out) {
  auto* const api = static_cast<fts5_api*>(context);
  std::vector<Stemmer> stemmers;
  int used = 0;
  for (; used < count; ++used) {
    Stemmer stemmer(sb_stemmer_new(arguments[used], "UTF_8"));
    if (!stemmer) break;
    stemmers.push_back(std::move(stemmer));
  }
  fts5_tokenizer words{};
  void* words_context = nullptr;
  Fts5Tokenizer* instance = nullptr;
  if (used == count) return SQLITE_ERROR;  // no tokenizer is named behind the languages
  int result = api->xFindTokenizer(api, arguments[used], &words_context, &words);
  if (result == SQLITE_OK)
    result = words.xCreate(words_context, arguments + used + 1, count - used - 1, &instance);
  if (result == SQLITE_OK)
    *out = reinterpret_cast<Fts5Tokenizer*>(new Stems(words, instance, std::move(stemmers)));
  return result;
}

void destroy(Fts5Tokenizer* tokenizer) { delete reinterpret_cast<Stems*>(tokenizer); }

int tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, char const* text, int size,
             OnToken on_token) {
  try {
    return reinterpret_cast<Stems*>(tokenizer)->tokenize(context, flags,
                                                         {text, static_cast<std::size_t>(size)}, on_token);
  } catch (std::bad_alloc const&) {
    return SQLITE_NOMEM;  // C calls this: nothing may be thrown through it
  }
}

struct Words {
  std::string first;
  int count = 0;
};

int count_word(void* context, int, char const* token, int size, int, int) {
  auto& words = *static_cast<Words*>(context);
  if (++words.count > 1) return SQLITE_DONE;
  try {
    words.first.assign(token, static_cast<std::size_t>(size));
  } catch (std::bad_alloc const&) {
    return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

void only_word(sqlite3_context* context, int, sqlite3_value** values) {
  auto* const api = static_cast<fts5_api*>(sqlite3_user_data(context));
  auto const* const text = reinterpret_cast<char const*>(sqlite3_value_text(values[0]));
  if (text == nullptr) return;
  fts5_tokenizer unicode{};
  void* unicode_context = nullptr;
  Fts5Tokenizer* instance = nullptr;
  std::array<char const*, 2> arguments{"remove_diacritics", "0"};
  if (api->xFindTokenizer(api, "unicode61", &unicode_context, &unicode) != SQLITE_OK ||
      unicode.xCreate(unicode_context, arguments.data(), arguments.size(), &instance) != SQLITE_OK)
    return sqlite3_result_error_nomem(context);
  Words words;
  auto const code = unicode.xTokenize(instance, &words, FTS5_TOKENIZE_QUERY, text,
                                      sqlite3_value_bytes(values[0]), count_word);
  unicode.xDelete(instance);
  if (code != SQLITE_OK && code != SQLITE_DONE) return sqlite3_result_error_code(context, code);
  if (words.count == 1)
    sqlite3_result_text(context, words.first.data(), static_cast<int>(words.first.size()), SQLITE_TRANSIENT);
}

}  // namespace

int register_stems(sqlite3* connection) {
  auto* const api = fts5_of(connection);
  if (api == nullptr) return SQLITE_ERROR;
  auto const code = sqlite3_create_function_v2(connection, "only_word", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                               api, only_word, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return code;
  fts5_tokenizer functions{create, destroy, tokenize};
  return api->xCreateTokenizer(api, "stems", api, &functions, nullptr);
}

}  // namespace torg::db
