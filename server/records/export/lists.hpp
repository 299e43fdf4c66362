#pragma once
#include "net/http.hpp"
#include "records/export/table.hpp"
#include "runtime/runtime.hpp"

namespace torg::records {

/// A list that can be had as a file: which route answers it as JSON, and which columns the file has.
struct ListExport {
  std::string_view pattern;  ///< `/_torg/v1/records/search`
  std::string_view member;   ///< of the answer: `records`
  std::string_view cursor;   ///< the parameter that takes the answer's `next`; empty: one answer is all
  std::string_view file_sv, file_en;
  std::span<ExportColumn const> columns;
};

/// The lists there are: search, cases, a case's documents, the list of a day, the queue, the check before the
/// web, requests.
[[nodiscard]] std::span<ListExport const> list_exports();

inline constexpr std::size_t kMostRows = 100'000;
inline constexpr std::size_t kMostWorkbookRows = 20'000;  ///< a workbook is made in memory

/// The same routes; those of `list_exports` take `format=csv|json|xlsx` besides, with `bom=true` for CSV and
/// `lang=sv|en` for the headings. The file is made of what the route itself answers to this person, page by
/// page, so it never holds more than the list does. `too_large` beyond the limits, `invalid_param` for
/// another format.
[[nodiscard]] std::vector<net::Route> with_exports(Runtime& runtime, std::vector<net::Route> routes);

}  // namespace torg::records
