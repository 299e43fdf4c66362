#include "portal/portal.hpp"

#include "db/testing/on_both_databases.hpp"
#include "governance/migrations/migrations.hpp"
#include "governance/service.hpp"
#include "net/rate_limiter.hpp"
#include "portal/sheets.hpp"
#include "portal/store.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/requests/open_requests.hpp"
#include "records/testing/record_builder.hpp"
#include "records/verify/verify.hpp"

#include <gmock/gmock.h>

namespace torg::portal {
namespace {

using records::Publication;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

crypto::SigningKey log_key() {
  std::array<unsigned char, 32> seed{};
  seed.fill(1);
  return crypto::SigningKey::from_seed(seed);
}

constexpr UserNid kRegistrar{7}, kStranger{9};

/// Two boards, four entries: shown in full, waiting for its check, from a private person, and with a marking.
class PublicPages : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all;
    for (auto const& some :
         {governance::migrations(), records::log_migrations(), records::register_migrations(),
          records::requests_migrations(), records::reserve_migrations(), migrations()})
      all.insert(all.end(), some.begin(), some.end());
    ASSERT_TRUE(database->migrate(all));
    governance_.start();
    add_board("KS", "Kommunstyrelsen", "Municipal board");
    add_board("BN", "Byggnadsnämnden", "Building board");
    governance::Assignment const registrar{kRegistrar, AuthorityId(1), "", governance::Role::registrar, {},
                                           {}};
    ASSERT_TRUE(run(runtime, governance_.assign(registrar, UserNid(1))));
    register_.load();
    router_.add(portal_.routes());
    router_.add(sheets_.routes());
    add(a_record(1), Publication::full);
    add(in_case(2, "Hemlig rubrik om Gun Ahlbäck", "Gun Ahlbäck"), Publication::waiting);
    auto from_person = in_case(3, "Synpunkt om vallen", "Gun Ahlbäck");
    from_person.private_person = true;
    add(from_person, Publication::full);
    auto marked = in_case(4, "Skrivelse", "Granviks kommun");
    marked.secrecy = records::Secrecy{"18 kap. 1 § OSL", records::kTestDay, ""};
    add(marked, Publication::number_only);
  }

  void add_board(std::string code, std::string sv, std::string en) {
    governance::Authority board;
    board.code = std::move(code);
    board.name_sv = std::move(sv);
    board.name_en = std::move(en);
    board.organisation = "Älvhamns kommun";
    ASSERT_TRUE(run(runtime, governance_.add_authority(board, UserNid(1))));
  }
  static records::NewRecord in_case(std::uint64_t n, std::string title, std::string sender) {
    auto record = records::a_record(n);
    record.of_case = CaseId(1);
    record.title = std::move(title);
    record.sender = std::move(sender);
    return record;
  }
  using NewRecord = records::NewRecord;
  static NewRecord a_record(std::uint64_t n) { return records::a_record(n); }
  void add(NewRecord record, Publication publication) {
    record.publication = publication;
    auto const done =
        run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }));
    ASSERT_TRUE(done) << done.error().message;
  }

  net::Response send(net::Method method, std::string target, std::string body = {}) {
    net::Request request;
    request.method = method;
    request.target = std::move(target);
    request.body = std::move(body);
    request.remote_address = "192.0.2.1";
    return run(runtime, router_.dispatch(std::move(request)));
  }
  std::string get(std::string target) {
    auto response = send(net::Method::get, target);
    EXPECT_EQ(response.status, 200u) << target;
    return std::move(response.body);
  }

  governance::GovernanceService governance_{runtime, *database, [](std::string_view) { return UserNid(); }};
  records::LogService log_{runtime, *database, log_key(), "alvhamn.example"};
  records::Register register_{runtime,
                              *database,
                              governance_,
                              {[](std::string_view) { return UserNid(); },
                               [](UserNid) { return std::string(); }, [](UserNid) { return std::string(); }},
                              log_};
  records::SettingsByAuthority settings_;
  records::Requests requests_{runtime, *database, governance_, settings_};
  Portal portal_{{runtime, *database, governance_, register_, log_, requests_},
                 {"Älvhamns kommun", "08-465 004 10", "https://alvhamn.example"}};
  UserNid reader_ = kRegistrar;
  records::Reservations reservations_{
      runtime,
      *database,
      governance_,
      register_,
      {[](std::string_view) { return UserNid(); }, [](UserNid) { return std::string(); },
       [](UserNid) { return std::string(); }}};
  Sheets sheets_{{runtime, governance_, register_, log_, reservations_,
                  [this](net::Request const&) -> Result<UserNid> { return reader_; }},
                 portal_.view()};
  net::Router router_;
};
INSTANTIATE_TEST_SUITE_P(Db, PublicPages, db::both_databases(), db::database_name);

TEST_P(PublicPages, ShowTitleAndPartyOnlyWhenPublished) {
  auto const front = get("/diarium");
  EXPECT_THAT(front, HasSubstr("Yttrande över provisorisk vall"));
  EXPECT_THAT(front, HasSubstr("från Länsstyrelsen Mellansjö"));
  EXPECT_THAT(front, AllOf(HasSubstr("KS 2024/00001-2"), HasSubstr("Rubriken visas inte på webben")));
  EXPECT_THAT(front, AllOf(Not(HasSubstr("Hemlig")), Not(HasSubstr("Gun Ahlbäck"))));
}

TEST_P(PublicPages, NeverNameAPrivatePerson) {
  for (auto const* page :
       {"/diarium", "/diarium/sok?q=synpunkt", "/diarium/KS/2024/00001/3", "/diarium/KS/2024/00001",
        "/diarium/flode.atom", "/diarium/KS/2024/00001/3/bevis.json", "/diarium/KS/2024/00001/3/begar"})
    EXPECT_THAT(get(page), Not(HasSubstr("Ahlbäck"))) << page;
  EXPECT_THAT(get("/diarium/KS/2024/00001/3"), HasSubstr("En enskild"));
}

TEST_P(PublicPages, ShowNumberDateDirectionAndAuthorityOfEveryEntry) {
  auto const page = get("/diarium/KS/2024/00001/2");
  EXPECT_THAT(page, AllOf(HasSubstr("KS 2024/00001-2"), HasSubstr("Inkom 26 november 2024"),
                          HasSubstr("Inkommen"), HasSubstr("Kommunstyrelsen"), HasSubstr("plats 2 av 4")));
  EXPECT_THAT(page, Not(HasSubstr("Yttrande")));
}

TEST_P(PublicPages, SayThatAnEntryIsMarkedAsSecretWithoutTheProvision) {
  auto const page = get("/diarium/KS/2024/00001/4");
  EXPECT_THAT(page, AllOf(HasSubstr("Sekretessmarkerad"), Not(HasSubstr("18 kap"))));
}

TEST_P(PublicPages, FindPublishedTitlesAndNothingElse) {
  EXPECT_THAT(get("/diarium/sok?q=vall+provisorisk"),
              AllOf(HasSubstr("1 handling"), HasSubstr("KS/2024/00001/1")));
  EXPECT_THAT(get("/diarium/sok?q=hemlig"),
              AllOf(HasSubstr("Inget hittades på webben"), Not(HasSubstr("00001/2"))));
  EXPECT_THAT(get("/diarium/sok?q=ahlb%C3%A4ck"), HasSubstr("Inget hittades på webben"));
  EXPECT_THAT(get("/diarium/sok?q=yttrande"), Not(HasSubstr("00001/2")));
  EXPECT_THAT(get("/diarium/sok?q=%25"), HasSubstr("Inget hittades på webben"));
}

TEST_P(PublicPages, NarrowASearchByRegisterDirectionAndDay) {
  EXPECT_THAT(get("/diarium/sok?diarium=BN"), HasSubstr("Inga handlingar"));
  EXPECT_THAT(get("/diarium/sok?diarium=BN&diarium=KS"), HasSubstr("4 handlingar"));
  EXPECT_THAT(get("/diarium/sok?vag=ut"), HasSubstr("Inga handlingar"));
  EXPECT_THAT(get("/diarium/sok?vag=in&vag=ut"), HasSubstr("4 handlingar"));
  EXPECT_THAT(get("/diarium/sok?fran=2024-11-27"), HasSubstr("Inga handlingar"));
  EXPECT_THAT(get("/diarium/sok?till=2024-11-26&fran=nonsense"), HasSubstr("4 handlingar"));
}

TEST_P(PublicPages, TurnOverLongListsWithoutLosingTheQuestion) {
  for (std::uint64_t n = 5; n <= 32; ++n)
    add(in_case(n, "Vallen igen", "Granviks kommun"), Publication::full);
  auto const first = get("/diarium/sok?q=vallen&vag=in");
  EXPECT_THAT(first, HasSubstr("29 handlingar"));
  EXPECT_THAT(first, HasSubstr("/diarium/sok?q=vallen&amp;vag=in&amp;fore=8"));
  EXPECT_THAT(get("/diarium/sok?q=vallen&vag=in&fore=8"),
              AllOf(HasSubstr("29 handlingar"), Not(HasSubstr("fore="))));
}

TEST_P(PublicPages, EscapeWhateverIsAsked) {
  auto const page = get("/diarium/sok?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), HasSubstr("&quot;&gt;&lt;script&gt;")));
}

TEST_P(PublicPages, ForbidScriptsFramesAndReferrers) {
  auto const response = send(net::Method::get, "/diarium");
  std::string policy;
  for (auto const& [name, value] : response.headers)
    if (name == "content-security-policy") policy = value;
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'"),
                            Not(HasSubstr("unsafe"))));
  for (auto const& [name, value] : response.headers) EXPECT_NE(name, "set-cookie");
  EXPECT_THAT(response.body, AllOf(Not(HasSubstr("<script")), Not(HasSubstr(" style="))));
}

TEST_P(PublicPages, ExplainProofsInBothLanguages) {
  EXPECT_THAT(get("/diarium/om/bevis"), HasSubstr("Vad ett bevis ur diariet visar"));
  EXPECT_THAT(get("/en/register/about/proof"), HasSubstr("What a proof from the register shows"));
}

TEST_P(PublicPages, GreetNewcomersInTheirLanguageUntilTheyChoose) {
  auto const visit = [&](std::string target, std::string language) {
    net::Request request{.method = net::Method::get, .target = std::move(target)};
    request.headers.emplace_back("accept-language", std::move(language));
    return run(runtime, router_.dispatch(std::move(request)));
  };
  using Header = std::pair<std::string, std::string>;
  auto const english = visit("/diarium", "en-GB,en;q=0.9,sv;q=0.5");
  EXPECT_EQ(english.status, 302u);
  EXPECT_THAT(english.headers, testing::Contains(Header("location", "/en/register")));
  EXPECT_THAT(english.headers, testing::Contains(Header("vary", "accept-language")));
  auto const swedish = visit("/diarium", "sv-SE,sv;q=0.9,en;q=0.8");
  EXPECT_EQ(swedish.status, 200u);
  EXPECT_THAT(swedish.headers, testing::Contains(Header("vary", "accept-language")));
  EXPECT_EQ(visit("/diarium?sprak=sv", "en").status, 200u) << "chosen";
  EXPECT_THAT(visit("/en/register", "sv").body, HasSubstr("href=\"/diarium?sprak=sv\"")) << "can be chosen";
  EXPECT_EQ(visit("/diarium/KS/2024/00001/1", "en").status, 200u) << "a link names its language";
}

TEST_P(PublicPages, SpeakEnglishToo) {
  auto const page = get("/en/register/KS/2024/00001/2");
  EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("The title is not shown online"),
                          HasSubstr("Municipal board"), HasSubstr("/diarium/KS/2024/00001/2")));
}

TEST_P(PublicPages, AnswerNotFoundInWords) {
  for (auto const* target :
       {"/diarium/KS/2024/00001/99", "/diarium/nonsense", "/en/register/KS/1/2/request"}) {
    auto const response = send(net::Method::get, target);
    EXPECT_EQ(response.status, 404u) << target;
    EXPECT_THAT(response.body, HasSubstr("<h1>"));
  }
}

TEST_P(PublicPages, ShowACaseWithItsEntries) {
  auto const page = get("/diarium/KS/2024/00001");
  EXPECT_THAT(page, AllOf(HasSubstr("KS 2024/00001 Översvämningsskydd Laxån"), HasSubstr("4 handlingar")));
}

TEST_P(PublicPages, TakeARequestWithoutAName) {
  auto const response = send(net::Method::post, "/diarium/KS/2024/00001/2/begar", "text=&contact=");
  EXPECT_EQ(response.status, 200u);
  EXPECT_THAT(response.body,
              AllOf(HasSubstr("Din begäran har nummer KS B "), HasSubstr("Du lämnade ingen adress")));
  auto const requests = run(runtime, requests_.list({AuthorityId(1)})).value();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].record, RecordId(2));
  database->read_now([&](db::Reader& reader) {
    EXPECT_TRUE(records::open_requests::concerns(reader, AuthorityId(1), RecordId(2), runtime.now()));
  });
}

TEST_P(PublicPages, GiveBackWhatWasWrittenWhenSomethingIsMissing) {
  auto const response =
      send(net::Method::post, "/diarium/begar", "diarium=BN&text=+&contact=anna%40example.org");
  EXPECT_EQ(response.status, 400u);
  EXPECT_THAT(response.body, AllOf(HasSubstr("role=\"alert\""), HasSubstr("anna@example.org"),
                                   HasSubstr("<option value=\"BN\" selected>")));
}

TEST_P(PublicPages, SlowDownWhoeverAsksWithoutEnd) {
  net::RateLimiter limiter(runtime, [](net::Request const&) { return std::nullopt; });
  limiter.set(net::Limit::public_request, {5, std::chrono::minutes(5)});
  limiter.set(net::Limit::public_page, {1, std::chrono::minutes(5)});
  router_.limit_with(limiter);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(net::Method::post, "/diarium/begar", "text=allt").status, 200u);
  auto const response = send(net::Method::post, "/diarium/begar", "text=allt");
  EXPECT_EQ(response.status, 429u);
  EXPECT_THAT(response.body, HasSubstr(">allt</textarea>"));
  EXPECT_EQ(run(runtime, requests_.list({AuthorityId(1)})).value().size(), 5u);
  EXPECT_EQ(send(net::Method::get, "/diarium/sok?q=vall").status, 200u);
  auto const page = send(net::Method::get, "/diarium/sok?q=vall");
  EXPECT_EQ(page.status, 429u);
  EXPECT_THAT(page.body, HasSubstr("<h1>"));
}

TEST_P(PublicPages, TakeAReportOnAccessibility) {
  auto const response = send(net::Method::post, "/tillganglighet", "text=knappen+saknar+namn");
  EXPECT_THAT(response.body, HasSubstr("Din synpunkt har nummer"));
  EXPECT_EQ(run(runtime, requests_.list({AuthorityId(1)})).value().at(0).kind,
            records::RequestKind::accessibility);
}

TEST_P(PublicPages, GiveProofsThatVerifyAgainstTheHeadOnThePage) {
  records::VerifyRequest request;
  request.proof = get("/diarium/KS/2024/00001/1/bevis.json");
  request.earlier_head = get("/diarium/logg/huvud.json");
  auto const report = records::verify(request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->holds()) << records::human_text(*report);
}

TEST_P(PublicPages, GiveAFeedOfThePublicEntries) {
  auto const feed = get("/diarium/flode.atom");
  EXPECT_THAT(feed, AllOf(HasSubstr("<feed xmlns"),
                          HasSubstr("<id>https://alvhamn.example/diarium/KS/2024/00001/1</id>")));
}

TEST_P(PublicPages, ServeTheirStylesUnderNamesThatMayBeKept) {
  auto const page = get("/diarium");
  auto const at = page.find("/diarium/filer/portal.");
  ASSERT_NE(at, std::string::npos);
  EXPECT_THAT(get(page.substr(at, page.find('"', at) - at)), HasSubstr("@font-face"));
  EXPECT_EQ(send(net::Method::get, "/diarium/filer/portal.000000000000.css").status, 404u);
  EXPECT_EQ(send(net::Method::get, "/diarium/filer/..%2Fmessages%2Fsv.json").status, 404u);
}

TEST_P(PublicPages, PrintAJournalSheetWithAndWithoutNames) {
  auto const with_names = get("/_torg/v1/cases/1/daybook?view=names");
  EXPECT_THAT(with_names, AllOf(HasSubstr("Gun Ahlbäck"), HasSubstr("18 kap. 1 § OSL"),
                                HasSubstr("Inga nummer saknas.")));
  auto const for_all = get("/_torg/v1/cases/1/daybook?view=public");
  EXPECT_THAT(for_all, AllOf(Not(HasSubstr("Ahlbäck")), Not(HasSubstr("18 kap")), HasSubstr("En enskild"),
                             HasSubstr("Rubriken visas inte"), HasSubstr("Markerad")));
}

TEST_P(PublicPages, PrintTheListOfADay) {
  auto const list = get("/_torg/v1/daylist?authority=KS&day=2024-11-26&view=public&lang=en");
  EXPECT_THAT(list, AllOf(HasSubstr("The day&apos;s list"), HasSubstr("KS 2024/00001-4"),
                          HasSubstr("Tuesday 26 November")));
}

TEST_P(PublicPages, PrintSheetsForThoseWhoMayReadTheRegisterOnly) {
  reader_ = kStranger;
  auto const hidden = send(net::Method::get, "/_torg/v1/cases/1/daybook?view=public");
  auto const nothing = send(net::Method::get, "/_torg/v1/cases/999/daybook?view=public");
  EXPECT_EQ(hidden.status, 404u);
  EXPECT_EQ(hidden.body, nothing.body) << "tells which cases there are";
  EXPECT_EQ(send(net::Method::get, "/_torg/v1/daylist?authority=KS").status, 403u);
}

TEST(PreferredLanguage, IsTheOneWithTheGreaterWeight) {
  EXPECT_EQ(preferred_language(""), Language::sv);
  EXPECT_EQ(preferred_language("en"), Language::en);
  EXPECT_EQ(preferred_language("EN-us"), Language::en);
  EXPECT_EQ(preferred_language("sv, en"), Language::sv);
  EXPECT_EQ(preferred_language("en, sv"), Language::en);
  EXPECT_EQ(preferred_language("sv;q=0.2, en;q=0.9"), Language::en);
  EXPECT_EQ(preferred_language("de, en;q=0.7, sv;q=0.3"), Language::en);
  EXPECT_EQ(preferred_language("en;q=0"), Language::sv);
  EXPECT_EQ(preferred_language("de"), Language::sv);
  EXPECT_EQ(preferred_language("ens, svx;q=;,,;q=zz"), Language::sv);
}

TEST(Urls, TurnAnyNumberIntoAnAddress) {
  EXPECT_EQ(path_of_number("KS 2026/00123-8"), "KS/2026/00123/8");
  EXPECT_EQ(path_of_number("RA-KS 2021/23"), "RA/KS/2021/23");
  EXPECT_EQ(path_of_number("KS 2021/1311 1.7.9"), "KS/2021/1311/1.7.9");
}

TEST_P(PublicPages, PrintReservedNumbersWithRoomToWrite) {
  auto const kept = run(runtime, reservations_.reserve({.by = kRegistrar,
                                                        .key = "k1",
                                                        .authority = AuthorityId(1),
                                                        .count = 2,
                                                        .record_type = {},
                                                        .reason = "Strömavbrott"}));
  ASSERT_TRUE(kept) << kept.error().message;
  ASSERT_TRUE(run(runtime, reservations_.declare_void(kRegistrar, AuthorityId(1), {kept->numbers[1].number},
                                                      "Inget kom")));
  auto const sheet = get("/_torg/v1/reservations/1/sheet");
  EXPECT_THAT(sheet, AllOf(HasSubstr("Reserverade diarienummer"), HasSubstr("Kommunstyrelsen"),
                           HasSubstr(kept->numbers[0].number), HasSubstr("makulerat")));
  EXPECT_THAT(get("/_torg/v1/reservations/1/sheet?lang=en"), HasSubstr("Reserved numbers"));
  reader_ = kStranger;
  EXPECT_EQ(send(net::Method::get, "/_torg/v1/reservations/1/sheet").status, 404u);
}

}  // namespace
}  // namespace torg::portal
