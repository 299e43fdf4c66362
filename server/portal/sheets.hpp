#pragma once
#include "net/http.hpp"
#include "portal/entries.hpp"
#include "records/log/log_service.hpp"
#include "records/register/register.hpp"
#include "records/reserve/reservations.hpp"

#include <functional>

namespace torg::portal {

/// With names for those who work with the case, or as anyone may have it.
enum class Reading : std::uint8_t { names, everyone };

/// A line of a journal sheet; pure. `whole_number` for a list over several cases.
enum class NumberForm : std::uint8_t { document, whole };
[[nodiscard]] json::object sheet_line(View const& view, Boards const& boards,
                                      records::RecordView const& record, Reading reading, NumberForm form);

/// Pages for paper: a case's journal sheet (*dagboksblad*) and the list of a day, for signed-in officials.
class Sheets {
 public:
  struct Parts {
    Runtime& runtime;
    governance::Governance const& governance;
    records::Register& register_;
    records::LogService& log;
    records::Reservations& reservations;
    /// Who asks; an error without a valid token.
    std::function<Result<UserNid>(net::Request const&)> authenticate;
  };
  Sheets(Parts parts, View const& view) : parts_(std::move(parts)), view_(view) {}

  /// `GET /_torg/v1/cases/{id}/daybook` and `GET /_torg/v1/daylist`, with `view=names|public` and
  /// `lang=sv|en`; `GET /_torg/v1/reservations/{id}/sheet` with `lang`.
  [[nodiscard]] std::vector<net::Route> routes();

 private:
  struct Sheet {
    std::string heading;
    AuthorityId authority;
    json::array facts;
    std::vector<records::RecordView> records;
    NumberForm form = NumberForm::document;
    bool complete = false;  ///< no number of the case is missing
  };
  Task<net::Response> daybook(net::Call& call);
  Task<net::Response> daylist(net::Call& call);
  /// Kept numbers with room to write beside each, for days on which nothing answers.
  Task<net::Response> reserved(net::Call& call);
  Task<net::Response> print(Sheet sheet, Reading reading, Language language);

  Parts parts_;
  View const& view_;
};

}  // namespace torg::portal
