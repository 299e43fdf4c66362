#include "db/testing/on_both_databases.hpp"
#include "matrix/room/migrations.hpp"
#include "matrix/room/rooms.hpp"
#include "matrix/room/store.hpp"
#include "matrix/search/store.hpp"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>

namespace torg::matrix {
namespace {

namespace fs = std::filesystem;
using search_store::index_next;
using search_store::Wanted;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// One room of messages, written as the room service writes them.
class SearchIndex : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database->migrate(room_migrations()));
    use_language("swedish");
  }
  void use_language(std::string const& name) {
    database->write_now(
        [&](db::Transaction& transaction) { search_store::use_language(transaction, GetParam(), name); });
  }

  EventNid write(std::string content, EventNid redacts = {}) {
    database->write_now(
        [&](db::Transaction& transaction) { insert(transaction, std::move(content), redacts); });
    return EventNid(last_);
  }
  void insert(db::Transaction& transaction, std::string content, EventNid redacts = {}) {
    auto const n = ++last_;
    EventRow row{.nid = EventNid(n),
                 .room = RoomNid(1),
                 .expected_head = EventNid(n - 1),
                 .depth = n,
                 .sender = UserNid(1),
                 .type = type_.nid,
                 .type_name = n == 1 ? "m.room.message" : "",
                 .redacts = redacts,
                 .content = std::move(content)};
    crypto::Sha256 id{};
    for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<unsigned char>(n >> (8 * i));
    row.id = StoredId(id);
    if (n == 1) store::insert_room(transaction, row.room, RoomId("!r"), RoomVersion::v12);
    if (!store::insert_event(transaction, row)) throw std::runtime_error("not written");
  }
  static std::string message(std::string const& text) {
    return R"({"body":")" + text + R"(","msgtype":"m.text"})";
  }
  EventNid say(std::string const& text) { return write(message(text)); }

  std::size_t index(std::size_t limit = 1000) {
    std::size_t looked_at = 0;
    database->write_now(
        [&](db::Transaction& transaction) { looked_at = index_next(transaction, GetParam(), limit); });
    return looked_at;
  }
  std::vector<EventNid> find(std::string const& word, Wanted::How how = Wanted::How::word) {
    std::vector<EventNid> found;
    database->read_now([&](db::Reader& reader) {
      auto const hits = search_store::hits(
          reader, GetParam(),
          {.wanted = {{word, how}}, .rooms = {RoomNid(1)}, .before = EventNid(INT64_MAX), .limit = 1000});
      for (auto const& hit : hits) found.push_back(hit.event);
    });
    return found;
  }
  void destroy(std::vector<EventNid> const& events) {
    database->write_now([&](db::Transaction& transaction) { destroy_events(transaction, events); });
  }
  /// How often `text` stands in the files of the database.
  std::size_t traces(std::string_view text) const {
    std::size_t count = 0;
    for (auto const& entry : fs::recursive_directory_iterator(database.files())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::string bytes(fs::file_size(entry.path()), '\0');
      file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) ++count;
    }
    return count;
  }

 private:
  TypeNames types_;
  TypeNames::Known type_ = types_.intern("m.room.message");
  std::int64_t last_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, SearchIndex, db::both_databases(), db::database_name);

TEST_P(SearchIndex, TakesInABatchAtATimeAndEveryEventOnce) {
  for (int i = 0; i < 5; ++i) say("ord");
  EXPECT_EQ(index(2), 2U);
  EXPECT_EQ(find("ord").size(), 2U);
  EXPECT_EQ(index(2), 2U);
  EXPECT_EQ(index(2), 1U);
  EXPECT_EQ(index(2), 0U);
  EXPECT_EQ(find("ord").size(), 5U);
}

TEST_P(SearchIndex, ADestroyedTextIsNowhereInTheFiles) {
  // Many segments, merged and not, and words that share their beginning: the index stores only how they
  // differ.
  std::vector<EventNid> secret;
  for (int i = 0; i < 30; ++i) {
    database->write_now([&](db::Transaction& transaction) {
      for (int j = 0; j < 8; ++j) {
        insert(transaction, message("skärgård nummer ord" + std::to_string(i * 8 + j) + " skärgårdsbor"));
      }
    });
    if (i % 10 == 3) secret.push_back(say("skärgårdsfrasen kvarnstensgrå skärgård"));
    index();
  }
  ASSERT_THAT(find("skärgårdsfrasen"), ::testing::SizeIs(3));
  EXPECT_GT(traces("frasen"), 0U);
  destroy(secret);
  EXPECT_THAT(find("skärgårdsfrasen"), IsEmpty());
  auto const scrubbed = database->scrub();
  ASSERT_TRUE(scrubbed) << scrubbed.error().detail;
  EXPECT_EQ(traces("frasen"), 0U);
  EXPECT_EQ(traces("stensgr"), 0U);
  EXPECT_THAT(find("skärgård"), ::testing::SizeIs(240)) << "the others are still found";
  EXPECT_THAT(find("skärgårdsbor"), ::testing::SizeIs(240));
}

TEST_P(SearchIndex, AnEventDestroyedBeforeItIsIndexedNeverIs) {
  auto const early = say("tidig");
  say("senare");
  destroy({early});
  index();
  EXPECT_THAT(find("tidig"), IsEmpty());
  EXPECT_EQ(find("senare").size(), 1U);
}

TEST_P(SearchIndex, ARedactionTakesTheWordsOutOfTheIndexInItsOwnWrite) {
  auto const indexed = say("olämpligt");
  index();
  write("{}", indexed);
  EXPECT_THAT(find("olämpligt"), IsEmpty());
  auto const fresh = say("olämpligt igen");
  write("{}", fresh);
  index();
  EXPECT_THAT(find("olämpligt"), IsEmpty());
  say("annat");
  index();
  EXPECT_EQ(find("annat").size(), 1U);
}

TEST_P(SearchIndex, ARedactedTextMayBeDestroyedAndAnEventTwice) {
  auto const redacted = say("först");
  auto const plain = say("sedan");
  say("sist");
  index();
  write("{}", redacted);
  write("{}", redacted);
  destroy({redacted, plain});
  destroy({redacted, plain});
  EXPECT_THAT(find("sedan"), IsEmpty());
  say("mer");
  index();
  EXPECT_EQ(find("mer").size(), 1U);
  EXPECT_EQ(find("sist").size(), 1U);
}

TEST_P(SearchIndex, FindsTheOtherFormsOfAWordInSwedishAndInEnglish) {
  auto const swedish = say("Skyddsvallarna undersöks"), english = say("Two meetings were planned");
  auto const plain = say("en skyddsvall");
  index();
  EXPECT_THAT(find("skyddsvall"), UnorderedElementsAre(swedish, plain));
  EXPECT_THAT(find("SKYDDSVALLEN"), UnorderedElementsAre(swedish, plain));
  EXPECT_THAT(find("meeting"), ElementsAre(english));
  EXPECT_THAT(find("planning"), ElementsAre(english));
  EXPECT_THAT(find("skydd"), IsEmpty()) << "a part of a word is another word";
}

TEST_P(SearchIndex, ABeginningFindsLongerWordsAndAWordDoesNot) {
  auto const longer = say("skyddsjakt");
  index();
  EXPECT_THAT(find("skydd"), IsEmpty());
  EXPECT_THAT(find("skydd", Wanted::How::beginning), ElementsAre(longer));
}

TEST_P(SearchIndex, ABeginningOfManyWordsFindsThemAll) {
  std::vector<EventNid> said;
  for (char c = 'a'; c <= 'z'; ++c)
    for (char const d : {'a', 'o', 'u'}) said.push_back(say(std::string("Ängs") + c + d));
  index();
  std::ranges::reverse(said);
  EXPECT_EQ(find("ÄNGS", Wanted::How::beginning), said);
  EXPECT_EQ(find("ÄNGSz", Wanted::How::beginning), std::vector(said.begin(), said.begin() + 3));
  EXPECT_THAT(find("ängszu", Wanted::How::beginning), ElementsAre(said.front()));
}

TEST_P(SearchIndex, APhraseIsFoundAsItStandsOnly) {
  auto const said = say("den provisoriska vallen vid ån");
  say("vallen är provisorisk");
  say("provisoriska vallar");
  index();
  EXPECT_THAT(find("provisoriska vallen", Wanted::How::phrase), ElementsAre(said));
}

TEST_P(SearchIndex, PunctuationAroundAWordDoesNotHideIt) {
  auto const said = say(R"(Vallen, \"södra\" delen!)");
  index();
  EXPECT_THAT(find("delen!"), ElementsAre(said));
  EXPECT_THAT(find("\"södra\""), ElementsAre(said));
  EXPECT_THAT(find("\x01vallar"), ElementsAre(said)) << "our own mark from outside is a mark between words";
}

TEST_P(SearchIndex, AnotherLanguageMakesTheIndexAnew) {
  auto const danish = say("kommunerne"), swedish = say("kommunerna");
  index();
  EXPECT_THAT(find("kommun"), ElementsAre(swedish));
  use_language("danish");
  EXPECT_THAT(find("kommunerne"), IsEmpty()) << "nothing is in it yet";
  index();
  EXPECT_THAT(find("kommune"), ElementsAre(danish));
  use_language("danish");
  EXPECT_THAT(find("kommune"), ElementsAre(danish)) << "the same language leaves the index alone";
}

TEST_P(SearchIndex, ContentWithoutTextIsPassedOver) {
  write("{}");
  write(R"({"body":"","m.relates_to":"inget"})");
  write(R"({"body":7,"m.new_content":[]})");
  auto const last = say("text");
  EXPECT_EQ(index(), 4U);
  EXPECT_THAT(find("text"), ElementsAre(last));
}

}  // namespace
}  // namespace torg::matrix
