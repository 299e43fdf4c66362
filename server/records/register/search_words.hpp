#pragma once
#include "db/database.hpp"

// What the public may search with. Whatever is asked, only letters and digits reach the database.
namespace torg::records {

/// The words of a question, folded as the index is: at most eight, of letters and digits. Signs of ASCII end
/// a word. Empty when there is none.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text);

/// The words as the query language of a full-text index has them: each is there, or begins a word that is.
/// @pre `words` are from `search_words` and there is one
[[nodiscard]] std::string match_text(db::Database::Kind kind, std::vector<std::string> const& words);

}  // namespace torg::records
