#pragma once
#include "governance/governance.hpp"
#include "portal/view.hpp"
#include "records/register/views.hpp"

namespace torg::portal {

using governance::Day;

/// Who the authorities are, in words.
struct Boards {
  governance::Governance const& governance;
  Language language;
  [[nodiscard]] std::string name(AuthorityId id) const;
  /// `[{name, code, url, checked, example}]` of all that exist today; `chosen` are checked.
  [[nodiscard]] json::array list(std::vector<AuthorityId> const& chosen) const;
};

/// How an entry of the register reads in a list: title, or number when the title is not shown; then what is
/// public. Pure.
[[nodiscard]] json::object entry_line(View const& view, Boards const& boards,
                                      records::PublicRecordView const& record, Day today);
[[nodiscard]] json::array entry_lines(View const& view, Boards const& boards,
                                      std::vector<records::PublicRecordView> const& records, Day today);

/// `Yttrande …` or `KS 2026/00123-8`.
[[nodiscard]] std::string entry_name(records::PublicRecordView const& record);
/// `KS 2026/00123 Översvämningsskydd Laxån`, without the title when it is not shown.
[[nodiscard]] std::string case_name(std::string const& number, std::optional<std::string> const& title);

/// The entry's page: `facts` as `[{name, value, url}]`. Pure.
[[nodiscard]] json::array entry_facts(View const& view, Boards const& boards,
                                      records::PublicRecordView const& record);

}  // namespace torg::portal
