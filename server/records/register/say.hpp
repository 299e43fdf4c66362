#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

/// How to read a number out on the phone: every group of digits as a number in words, a year as people say
/// years, capitals letter by letter, the document by its name: `KS 2026/00123-10` → "K S tjugohundratjugosex,
/// etthundratjugotre, handling tio". `document` is 0 when the number has none.
[[nodiscard]] Bilingual say(std::string_view number, int year, std::int64_t document);

/// Cardinal numbers in words, 0 to 999,999; digits beyond.
[[nodiscard]] std::string in_words_sv(std::int64_t number);
[[nodiscard]] std::string in_words_en(std::int64_t number);

}  // namespace torg::records
