#pragma once
#include "net/http.hpp"
#include "portal/entries.hpp"
#include "records/log/log_service.hpp"
#include "records/register/register.hpp"
#include "records/requests/requests.hpp"

namespace torg::portal {

/// The public pages of the register: no account, no cookies; one script, which checks proofs and nobody
/// needs. Reads through public views alone, so that nothing internal can slip into a page; writes nothing but
/// requests. Called on the executor only.
class Portal {
 public:
  struct Parts {
    Runtime& runtime;
    db::Database& database;
    governance::Governance const& governance;
    records::Register& register_;
    records::LogService& log;
    records::Requests& requests;
  };
  Portal(Parts parts, Site site);

  /// `/diarium…`, `/en/register…`, `/tillganglighet`, `/en/accessibility`, `/robots.txt`.
  [[nodiscard]] std::vector<net::Route> routes();

  [[nodiscard]] View const& view() const { return view_; }

 private:
  using Call = net::Call;
  using Page = Task<net::Response>;

  void add_pages(std::vector<net::Route>& routes, Language language);

  Page front_for(Call& call, Language language);
  Page front(Language language);
  Page search(Call& call, Language language);
  Page feed(Call& call, Language language);
  Page about(Language language);
  Page proof_page(Language language);  ///< for those who read a proof: what it shows and what not
  Page accessibility(Language language);
  Page below(Call& call, Language language);  ///< an entry, a case, a proof or a form, by its address
  Page entry(records::RecordView record, Language language);
  Page case_page(CaseId id, Language language);
  Page proof(RecordId id);
  Page ask_form(Call& call, Language language);
  /// `no`: too many have been sent; what is written goes back to its writer.
  enum class Take : std::uint8_t { yes, no };
  Page take_request(Call& call, Language language, Take take);
  Page take_request_below(Call& call, Language language, Take take);
  Page take_report(Call& call, Language language, Take take);
  Page head();
  Page consistency(Call& call);
  net::Response asset(Call& call) const;
  net::Response robots() const;

  /// What somebody wrote, shown again when it could not be taken.
  struct Written {
    std::string text, contact, board;
    std::string problem;  ///< key of a message; empty: none
  };
  Task<std::string> ask_page(std::optional<records::PublicRecordView> record, Written written,
                             Language language);
  Task<std::string> report_page(Written written, Language language);
  Page receipt(records::DisclosureRequest request, Language language);
  Page not_found(Language language);
  Page too_many(Language language);
  Page failed(Error error, Language language);

  /// Newest head; none when it can't be had, which no page should fail over.
  Task<std::optional<records::SignedHead>> newest_head();
  Task<Frame> frame(Language language, std::string title, Here here, std::string other_url);
  [[nodiscard]] Day today() const;
  [[nodiscard]] Boards boards(Language language) const { return {parts_.governance, language}; }

  Parts parts_;
  View view_;
};

/// `own`: a file of ours may run and ask this server; nothing inline, nothing from elsewhere.
enum class Script : unsigned char { none, own };
/// An HTML page with the headers that all of them have: nothing from elsewhere, no referrer, and no script
/// but where an entry's proof is checked.
[[nodiscard]] net::Response html(std::string page, unsigned status = 200, Script script = Script::none);

}  // namespace torg::portal
