#pragma once
#include <sqlite3.h>

namespace torg::db {

/// Makes the FTS5 tokenizer `stems` known on a connection: `tokenize="stems swedish english unicode61 …"`
/// finds words as the tokenizer after the languages does, and keeps beside each word its stem in each
/// language, so that one form of a word finds the others. Languages are named as Snowball names them.
///
/// In a query a string is looked for as it stands, so that phrases stay exact; one that begins with U+0001 is
/// looked for by its stems.
///
/// Also the SQL function `only_word(text)`: the one word that FTS5's `unicode61 remove_diacritics 0` makes of a text, as
/// it stands in such a table; NULL where it makes none or several.
/// @return a result code of SQLite
int register_stems(sqlite3* connection);

/// What a string in a query begins with to be looked for by its stems.
inline constexpr char kByStem = '\1';

}  // namespace torg::db
