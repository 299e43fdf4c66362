// What must not be seen is not seen: random histories of a register through the whole server, and every byte
// that a stranger can fetch (R24, R63).
#include "office_fixture.hpp"

#include <array>
#include <deque>
#include <map>
#include <random>
#include <set>

namespace torg::testing {
namespace {

/// A record as the rules say it must be; kept beside the server, never asked of it.
struct Expected {
  std::int64_t id = 0, of_case = 0;
  std::string title, internal_title, sender, recipient, public_title, note;
  std::string direction = "in";
  bool private_person = false, marked = false;
  std::string publication;

  [[nodiscard]] std::string const& party() const { return direction == "out" ? recipient : sender; }
};
struct ExpectedCase {
  std::string title;
  bool shown = false, marked = false;
};

/// A history made of random acts of KS's registrar and its officer.
class Masking : public OfficeApi {
 protected:
  std::mt19937 random;
  std::map<std::int64_t, Expected> records;
  std::map<std::int64_t, ExpectedCase> cases;
  std::set<std::string> planted;  ///< every word there ever was
  int made = 0;

  int below(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  bool coin() { return below(2) == 0; }
  /// A word that stands nowhere else.
  std::string word() {
    std::string made_up = "zq";
    for (int n = 0; n < 9; ++n) made_up += static_cast<char>('a' + below(26));
    planted.insert(made_up);
    return made_up;
  }
  /// A title with a planted word in it.
  std::string title() { return "Skrivelse om " + word(); }
  std::string const& who(bool is_registrar) const { return is_registrar ? sandra : maja; }
  Expected* any_record() {
    if (records.empty()) return nullptr;
    return &std::next(records.begin(), below(static_cast<int>(records.size())))->second;
  }
  json::object marking() {
    return {
        {"provision", coin() ? "OSL-21-1" : "egen grund"}, {"day", "2026-11-20"}, {"note", "rör " + word()}};
  }

  void enter_one() {
    Expected record{.title = title(), .internal_title = title(), .sender = word(), .recipient = word()};
    bool const by_registrar = coin();
    record.direction = coin() ? "in" : "out";
    record.private_person = below(3) == 0;
    record.marked = below(4) == 0;
    bool const into_old = !cases.empty() && coin();
    auto const case_title = title();
    if (into_old) record.of_case = std::next(cases.begin(), below(static_cast<int>(cases.size())))->first;
    json::object draft{{"title", record.title},         {"internal_title", record.internal_title},
                       {"direction", record.direction}, {"sender", record.sender},
                       {"recipient", record.recipient}, {"private_person", record.private_person}};
    draft["case"] = into_old ? json::object{{"id", record.of_case}}
                             : json::object{{"new", json::object{{"title", case_title}}}};
    if (record.marked) draft["secrecy"] = marking();
    auto const reply = enter(who(by_registrar), "k" + std::to_string(++made), draft);
    ASSERT_EQ(reply.status, 200u) << json::serialize(reply.body);
    record.id = reply.at("/record/id").as_int64();
    record.of_case = reply.at("/record/case/id").as_int64();
    if (!into_old) cases[record.of_case] = {case_title, by_registrar && !record.marked, false};
    bool const shown = by_registrar && !record.marked && !cases[record.of_case].marked;
    record.publication = shown ? "full" : "waiting";
    if (shown) record.public_title = record.title;
    records[record.id] = std::move(record);
  }

  void show(Expected& record, std::string publication) {
    record.publication = publication;
    if (publication == "full" && !cases[record.of_case].marked) cases[record.of_case].shown = true;
  }

  void publish() {
    auto* record = any_record();
    if (record == nullptr) return;
    auto const publication =
        std::array{"full", "number_only", "taken_down"}.at(static_cast<std::size_t>(below(3)));
    json::object body{{"show", publication}};
    bool const other = coin();
    auto const wording = other ? title() : record->title;
    if (other) body["title"] = wording;
    auto const path = "/_torg/v1/records/" + std::to_string(record->id) + "/publication";
    ASSERT_EQ(server.post(path, maja, json::value(body)).status, 403u);
    ASSERT_EQ(server.post(path, sandra, std::move(body)).status, 200u);
    if (std::string_view(publication) == "full") record->public_title = wording;
    show(*record, publication);
  }

  void correct() {
    auto* record = any_record();
    if (record == nullptr) return;
    auto const field = std::array{"title", "internal_title", "sender", "recipient", "secrecy"}.at(
        static_cast<std::size_t>(below(5)));
    bool const by_registrar = coin();
    auto const value = title();
    bool const marks = std::string_view(field) == "secrecy";
    auto const reply =
        server.post("/_torg/v1/records/" + std::to_string(record->id) + "/corrections", who(by_registrar),
                    {{"field", field},
                     {"value", marks ? json::value(marking()) : json::value(value)},
                     {"reason", "fel " + word()}});
    ASSERT_EQ(reply.status, 200u) << json::serialize(reply.body);
    std::map<std::string_view, std::string*> const fields{{"title", &record->title},
                                                          {"internal_title", &record->internal_title},
                                                          {"sender", &record->sender},
                                                          {"recipient", &record->recipient}};
    if (auto const found = fields.find(field); found != fields.end()) *found->second = value;
    if (marks) record->marked = true;
    if (record->publication != "full" || std::string_view(field) == "internal_title") return;
    if (marks && by_registrar) return;
    if (std::string_view(field) == "title") record->public_title = value;
    show(*record, by_registrar ? "full" : "waiting");
  }

  void mark_case() {
    if (cases.empty()) return;
    auto& [id, of_case] = *std::next(cases.begin(), below(static_cast<int>(cases.size())));
    auto const path = "/_torg/v1/cases/" + std::to_string(id) + "/secrecy";
    if (of_case.marked && coin()) {
      ASSERT_EQ(server.post(path + "/end", sandra, {{"reason", "fel " + word()}}).status, 200u);
      of_case.marked = false;
      return;
    }
    ASSERT_EQ(server.put(path, who(coin()), marking()).status, 200u);
    of_case.marked = true;
    of_case.shown = false;
    for (auto& [nid, record] : records)
      if (record.of_case == id && record.publication == "full") record.publication = "waiting";
  }

  void mark_file() {
    auto* record = any_record();
    if (record == nullptr) return;
    auto const path = "/_torg/v1/records/" + std::to_string(record->id) + "/files/1/secrecy";
    ASSERT_EQ(server.put(path, who(coin()), marking()).status, 200u);
  }

  void live_through(unsigned seed) {
    random.seed(seed);
    for (int n = 0; n < 30; ++n) {
      auto const act = below(10);
      if (act < 4)
        enter_one();
      else if (act < 6)
        publish();
      else if (act < 8)
        correct();
      else if (act < 9)
        mark_case();
      else
        mark_file();
      if (HasFatalFailure()) return;
    }
  }

  /// The server and the rules agree about what is shown.
  void compare() {
    for (auto const& [id, record] : records) {
      auto const shown = server.get("/_torg/v1/records/" + std::to_string(id), maja);
      EXPECT_EQ(shown.text("/publication"), record.publication) << id;
      if (record.publication == "full") {
        EXPECT_EQ(shown.text("/public_title"), record.public_title) << id;
      }
      std::size_t const marks = (record.marked ? 1 : 0) + (cases.at(record.of_case).marked ? 1 : 0);
      EXPECT_EQ(shown.at("/secrecy_shown").as_array().size(), marks) << id;
    }
    for (auto const& [id, of_case] : cases) {
      auto const shown = server.get("/_torg/v1/cases/" + std::to_string(id), maja);
      EXPECT_EQ(shown.text("/public_title"), of_case.shown ? of_case.title : "") << id;
    }
  }

  [[nodiscard]] bool may_be_seen(std::string const& planted_word) const {
    for (auto const& [id, record] : records) {
      if (record.publication != "full") continue;
      if (record.public_title.contains(planted_word)) return true;
      if (!record.private_person && record.party().contains(planted_word)) return true;
    }
    return std::ranges::any_of(
        cases, [&](auto const& one) { return one.second.shown && one.second.title.contains(planted_word); });
  }

  std::string fetch(std::string target) {
    net::Request request;
    request.target = std::move(target);
    request.remote_address = "192.0.2.1";
    auto response = server.run(server.app().router().dispatch(std::move(request)));
    auto seen = std::move(response.body);
    for (auto const& [name, value] : response.headers) seen += "\n" + name + ": " + value;
    return seen;
  }

  /// Every page that a stranger comes to by following links from the front page, in both languages.
  std::map<std::string, std::string> crawl() {
    std::deque<std::string> waiting{
        "/diarium",        "/diarium?sprak=sv",        "/en/register",          "/diarium/flode.atom",
        "/diarium/sok?q=", "/diarium/sok?q=skrivelse", "/_torg/v1/openapi.json"};
    std::map<std::string, std::string> pages;
    while (!waiting.empty() && pages.size() < 600) {
      auto const target = std::move(waiting.front());
      waiting.pop_front();
      if (pages.contains(target)) continue;
      auto const& page = pages[target] = fetch(target);
      for (auto at = page.find("href=\""); at != std::string::npos; at = page.find("href=\"", at + 1)) {
        auto link = page.substr(at + 6, page.find('"', at + 6) - at - 6);
        link = link.substr(0, link.find('#'));
        if (auto const host = link.find("://"); host != std::string::npos)
          link = link.substr(std::min(link.find('/', host + 3), link.size()));
        for (auto amp = link.find("&amp;"); amp != std::string::npos; amp = link.find("&amp;"))
          link.replace(amp, 5, "&");
        if (link.starts_with("/diarium") || link.starts_with("/en/register")) waiting.push_back(link);
      }
    }
    return pages;
  }

  std::string exported() {
    std::string lines;
    auto const done = server.run(server.app().records_register().export_register(
        [&](std::string_view line) { lines.append(line).append("\n"); }));
    EXPECT_TRUE(done);
    return lines;
  }

  /// What a search for `wanted` answers, with the question itself taken out.
  std::string answer_to(std::string const& path, std::string const& wanted) {
    auto page = fetch(path + wanted);
    for (auto at = page.find(wanted); at != std::string::npos; at = page.find(wanted))
      page.replace(at, wanted.size(), "?");
    return page;
  }
  /// The foot of a page tells the time, so a pair of questions may fall on both sides of a minute.
  bool answers_as_nowhere(std::string const& path, std::string const& hidden) {
    bool same = false;
    for (int attempt = 0; attempt < 3 && !same; ++attempt)
      same = answer_to(path, hidden) == answer_to(path, "zqnowhereatall");
    return same;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, Masking, db::both_databases(), db::database_name);

TEST_P(Masking, NoPublicByteHoldsAnInternalTitleOrAMaskedWordWhateverHappened) {
  for (unsigned const seed : {1u, 2u, 3u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(live_through(seed));
    compare();
    auto pages = crawl();
    EXPECT_GT(pages.size(), 40u);
    pages["the exported register"] = exported();
    std::size_t seen = 0;
    for (auto const& hidden : planted) {
      bool const may = may_be_seen(hidden);
      for (auto const& [address, page] : pages) {
        if (!page.contains(hidden)) continue;
        EXPECT_TRUE(may) << hidden << " stands in " << address;
        seen += may ? 1 : 0;
      }
    }
    EXPECT_GT(seen, 0u) << "nothing was shown, so nothing was tested";
  }
}

TEST_P(Masking, ASearchForAMaskedWordAnswersAsOneForAWordThatIsNowhere) {
  ASSERT_NO_FATAL_FAILURE(live_through(7));
  for (auto const& path : {std::string("/diarium/sok?q="), std::string("/en/register/search?q=")}) {
    for (auto const& hidden : planted) {
      if (!may_be_seen(hidden)) {
        EXPECT_TRUE(answers_as_nowhere(path, hidden)) << path << hidden;
      }
    }
  }
}

}  // namespace
}  // namespace torg::testing
