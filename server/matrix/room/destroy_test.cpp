#include "db/testing/on_both_databases.hpp"
#include "matrix/room/migrations.hpp"
#include "matrix/room/store.hpp"

namespace torg::matrix {
namespace {

class DestroyEvents : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database->migrate(room_migrations()));
    auto const type = types.intern("m.room.message").nid;
    for (int n = 1; n <= 3; ++n) {
      EventRow row{.nid = EventNid(n),
                   .room = RoomNid(1),
                   .expected_head = EventNid(n - 1),
                   .depth = n,
                   .sender = UserNid(1),
                   .type = type,
                   .type_name = "m.room.message",
                   .content = R"({"body":"skärgårdsfrasen"})"};
      crypto::Sha256 id{};
      id[0] = static_cast<unsigned char>(n);
      row.id = StoredId(id);
      if (n == 1) row.state_key = "";
      auto const written = run(runtime, database->write([row](db::Transaction& t) -> Result<Position> {
        if (row.nid.value == 1) store::insert_room(t, row.room, RoomId("!r"), RoomVersion::v12);
        return store::insert_event(t, row);
      }));
      ASSERT_TRUE(written) << written.error().detail;
    }
  }
  Destroyed destroy(std::vector<EventNid> events) {
    return *run(runtime, database->write([events](db::Transaction& t) -> Result<Destroyed> {
      return destroy_events(t, events);
    }));
  }
  EventPtr event(int n) {
    return *run(runtime,
                database->read([&](db::Reader& reader) { return store::event(reader, types, EventNid(n)); }));
  }
  TypeNames types;
};
INSTANTIATE_TEST_SUITE_P(Db, DestroyEvents, db::both_databases(), db::database_name);

TEST_P(DestroyEvents, RemovesAMessageWhole) {
  auto const destroyed = destroy({EventNid(2)});
  EXPECT_EQ(destroyed.removed, 1);
  EXPECT_EQ(event(2), nullptr);
  EXPECT_NE(event(3), nullptr);
}

TEST_P(DestroyEvents, KeepsStateAndTheHeadAsSkeletonsWithoutContent) {
  auto const destroyed = destroy({EventNid(1), EventNid(3)});
  EXPECT_EQ(destroyed.removed, 0);
  EXPECT_EQ(destroyed.skeletons, 2);
  ASSERT_NE(event(1), nullptr);
  EXPECT_EQ(event(1)->content, "{}");
  EXPECT_EQ(event(3)->content, "{}");
}

}  // namespace
}  // namespace torg::matrix
