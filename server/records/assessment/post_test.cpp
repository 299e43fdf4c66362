#include "records/assessment/post.hpp"

#include "governance/zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

AuthorityId const kKs(1), kBn(2), kTn(3);

Posting in_shared_room() {
  Posting posting;
  posting.room = RoomNid(1);
  posting.event = EventNid(10);
  posting.sender = kBn;
  posting.concerned = {kKs, kBn, kTn};
  posting.plan_keeps_ordered = true;
  posting.at = governance::start_of(*governance::parse_day("2026-11-23")) + std::chrono::hours(10);
  return posting;
}

TEST(Post, WithinOneBoardStaysInside) {
  auto posting = in_shared_room();
  posting.concerned = {kBn};
  EXPECT_TRUE(stays_inside(posting));
  posting.outsiders_read = true;
  EXPECT_FALSE(stays_inside(posting));
}

TEST(Post, OfAStrangerToOneBoardDoesNot) {
  auto posting = in_shared_room();
  posting.sender = AuthorityId{};
  posting.concerned = {kBn};
  EXPECT_FALSE(stays_inside(posting));
}

TEST(Post, OfRoutineIsKeptOrderedByTheStandingDecisionForEachBoard) {
  auto const rows = rows_of_post(in_shared_room(), {}, false, {});
  ASSERT_EQ(rows.size(), 3u);
  for (auto const& row : rows) {
    EXPECT_EQ(row.handling, Handling::kept_ordered);
    EXPECT_EQ(row.rule, "R17");
    EXPECT_EQ(row.due_day, std::nullopt);
  }
  EXPECT_EQ(rows[0].basis, Basis::received);
  EXPECT_EQ(rows[1].basis, Basis::drawn_up_sent);
  EXPECT_EQ(rows[2].basis, Basis::received);
}

TEST(Post, ThatStatesAFactHasAClockAtEachBoard) {
  auto const rows = rows_of_post(in_shared_room(), {Exception::states_fact}, false, {});
  ASSERT_EQ(rows.size(), 3u);
  for (auto const& row : rows) {
    EXPECT_EQ(row.handling, Handling::unassessed);
    EXPECT_EQ(row.due_day, governance::parse_day("2026-11-24"));
    EXPECT_TRUE(row.matters);
  }
}

TEST(Post, WithoutAStandingDecisionHasAClock) {
  auto posting = in_shared_room();
  posting.plan_keeps_ordered = false;
  auto const rows = rows_of_post(posting, {}, false, {});
  EXPECT_EQ(rows[0].handling, Handling::unassessed);
  EXPECT_FALSE(rows[0].matters);
}

TEST(Post, SharedForCommentsAloneKeepsItsStatusAtAllBoards) {
  auto posting = in_shared_room();
  posting.for_comments = true;
  EXPECT_THAT(rows_of_post(posting, {Exception::attachment}, true, {}), IsEmpty());
}

TEST(Post, OfAnOutsiderIsReceivedWhateverItIsCalled) {
  auto posting = in_shared_room();
  posting.for_comments = true;
  posting.sender = AuthorityId{};
  EXPECT_EQ(rows_of_post(posting, {Exception::outsider}, false, {}).size(), 3u);
  posting.sender = kBn;
  posting.outsiders_read = true;
  EXPECT_EQ(rows_of_post(posting, {Exception::outsider}, false, {}).size(), 3u);
}

TEST(Post, OfAnOutsiderIsReceivedWithAClock) {
  auto posting = in_shared_room();
  posting.sender = AuthorityId{};
  posting.concerned = {kKs};
  auto const rows = rows_of_post(posting, {Exception::outsider}, false, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].basis, Basis::received);
  EXPECT_EQ(rows[0].handling, Handling::unassessed);
}

TEST(Choices, ForRecordsNeverOfferWorkingMaterial) {
  for (auto const& row : rows_of_post(in_shared_room(), {Exception::attachment}, true, {})) {
    auto const offered = choices(row);
    EXPECT_THAT(offered.allowed, testing::Not(testing::Contains(Handling::working)));
    EXPECT_THAT(offered.refused, testing::Contains(testing::Field(&Refusal::handling, Handling::working)));
  }
}

TEST(Choices, ForWhatMayBeSecretRefuseKeepingItMerelyOrdered) {
  auto const rows = rows_of_post(in_shared_room(), {Exception::personal_number}, false, {});
  auto const offered = choices(rows[0]);
  EXPECT_THAT(offered.allowed, ElementsAre(Handling::trivial, Handling::registered));
  EXPECT_EQ(offered.suggested, Handling::registered);
}

TEST(Choices, ForWorkingMaterialAreToKeepItSoOrToRegisterIt) {
  auto const row = working_material(in_shared_room(), kBn, {});
  EXPECT_EQ(row.basis, Basis::internal_no_case);
  EXPECT_THAT(choices(row).allowed, ElementsAre(Handling::working, Handling::registered));
}

TEST(Choices, OfWhatIsRegisteredAreNone) {
  Assessment row;
  row.handling = Handling::registered;
  EXPECT_THAT(choices(row).allowed, IsEmpty());
}

TEST(Item, ReadsReplyEditAndAttachment) {
  auto const file = read_item("m.room.message", R"({"body":"ritning.pdf","url":"mxc://a/b",
    "info":{"mimetype":"application/pdf","size":12},"m.relates_to":{"m.in_reply_to":{"event_id":"$x"}}})");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->replies_to, "$x");
  ASSERT_EQ(file->attachments.size(), 1u);
  EXPECT_EQ(file->attachments[0].name, "ritning.pdf");
  auto const edit = read_item("m.room.message", R"({"body":"* ny","m.new_content":{"body":"ny"},
    "m.relates_to":{"rel_type":"m.replace","event_id":"$x"}})");
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->replaces, "$x");
  EXPECT_EQ(edit->text, "ny");
  EXPECT_FALSE(read_item("m.reaction", "{}"));
}

TEST(Item, ATitleIsCutBetweenWords) {
  EXPECT_EQ(short_title("Kort rubrik\noch mer"), "Kort rubrik");
  EXPECT_EQ(short_title("ett två tre fyra", 10), "ett två …");
  EXPECT_EQ(short_title("åååååå", 5), "åå …");
}

}  // namespace
}  // namespace torg::records
