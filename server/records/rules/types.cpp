#include "records/rules/types.hpp"

#include <array>

namespace torg::records {
namespace {

template <class E>
struct Name {
  E value;
  std::string_view text;
};

constexpr std::array kHandlings{Name{Handling::unassessed, "unassessed"},
                                Name{Handling::kept_ordered, "kept_ordered"},
                                Name{Handling::trivial, "trivial"}, Name{Handling::registered, "registered"},
                                Name{Handling::working, "working"}};

constexpr std::array kBases{Name{Basis::none, "none"},
                            Name{Basis::not_stored, "not_stored"},
                            Name{Basis::exempt_technical, "exempt_technical"},
                            Name{Basis::exempt_backup, "exempt_backup"},
                            Name{Basis::exempt_library, "exempt_library"},
                            Name{Basis::exempt_periodical, "exempt_periodical"},
                            Name{Basis::personal_letter, "personal_letter"},
                            Name{Basis::continuing_list, "continuing_list"},
                            Name{Basis::received, "received"},
                            Name{Basis::sent_and_received, "sent_and_received"},
                            Name{Basis::drawn_up_sent, "drawn_up_sent"},
                            Name{Basis::drawn_up_approved, "drawn_up_approved"},
                            Name{Basis::drawn_up_final, "drawn_up_final"},
                            Name{Basis::drawn_up_case_closed, "drawn_up_case_closed"},
                            Name{Basis::archived, "archived"},
                            Name{Basis::draft, "draft"},
                            Name{Basis::memo, "memo"},
                            Name{Basis::memo_with_facts, "memo_with_facts"},
                            Name{Basis::sharing_exception, "sharing_exception"},
                            Name{Basis::internal_open_case, "internal_open_case"},
                            Name{Basis::internal_no_case, "internal_no_case"}};

constexpr std::array kClockStarts{Name{ClockStart::none, ""},
                                  Name{ClockStart::posted_at, "posted_at"},
                                  Name{ClockStart::arrived_at, "arrived_at"},
                                  Name{ClockStart::opening_at, "opening_at"},
                                  Name{ClockStart::published_at, "published_at"},
                                  Name{ClockStart::edited_at, "edited_at"},
                                  Name{ClockStart::sent_at, "sent_at"},
                                  Name{ClockStart::access_opened_at, "access_opened_at"},
                                  Name{ClockStart::case_closed_at, "case_closed_at"},
                                  Name{ClockStart::approved_at, "approved_at"},
                                  Name{ClockStart::spoken_at, "spoken_at"}};

template <class Names, class E>
std::string_view name_of(Names const& names, E value) {
  for (auto const& name : names) {
    if (name.value == value) return name.text;
  }
  return {};
}

template <class Names>
auto value_of(Names const& names, std::string_view text) -> std::optional<decltype(names[0].value)> {
  for (auto const& name : names) {
    if (name.text == text) return name.value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Status status) { return status == Status::record ? "record" : "not_record"; }
std::string_view to_text(Handling handling) { return name_of(kHandlings, handling); }
std::string_view to_text(Basis basis) { return name_of(kBases, basis); }
std::string_view to_text(ClockStart start) { return name_of(kClockStarts, start); }
std::optional<Handling> parse_handling(std::string_view text) { return value_of(kHandlings, text); }
std::optional<Basis> parse_basis(std::string_view text) { return value_of(kBases, text); }

}  // namespace torg::records
