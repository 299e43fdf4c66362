#include "records/log/log.hpp"

#include "crypto/merkle.hpp"
#include "db/testing/on_both_databases.hpp"
#include "records/log/log_service.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/testing/record_builder.hpp"

namespace torg::records {
namespace {

class Log : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database->migrate(log_migrations()));
    service = make_service();
  }

  std::unique_ptr<LogService> make_service(unsigned char key = 1) {
    std::array<unsigned char, 32> seed{};
    seed.fill(key);
    return std::make_unique<LogService>(runtime, *database, crypto::SigningKey::from_seed(seed),
                                        "alvhamn.example");
  }

  Appended append(std::int64_t n, Instant at = kTestInstant) {
    Entry const entry{"record",
                      at,
                      RecordId(n),
                      {{"number", "KS 2026/0000" + std::to_string(n)}, {"title", "Vallen"}},
                      {json::object{{"name", "vall.pdf"}}},
                      test_seed(static_cast<std::uint64_t>(n))};
    return *run(runtime, database->write([entry](db::Transaction& t) -> Result<Appended> {
      return LogAppender::append(t, entry);
    }));
  }

  std::unique_ptr<LogService> service;
};
INSTANTIATE_TEST_SUITE_P(Db, Log, db::both_databases(), db::database_name);

TEST_P(Log, ProvesEveryEntryAgainstItsHead) {
  for (auto n = 1; n <= 11; ++n) EXPECT_EQ(append(n).index, n - 1);
  auto const head = *run(runtime, service->head());
  EXPECT_TRUE(signature_holds(head));
  EXPECT_EQ(head.size, 11);
  for (auto n = 1; n <= 11; ++n) {
    auto const proof = *run(runtime, service->proof(RecordId(n), [](auto const&, auto) { return true; }));
    auto const& entry = proof.entries.at(0);
    EXPECT_TRUE(crypto::verify_inclusion(
        static_cast<std::uint64_t>(n - 1), 11,
        crypto::leaf_hash(leaf_bytes(entry.leaf.frame, entry.leaf.commitments)), entry.inclusion, head.root));
  }
}

TEST_P(Log, ProvesThatItOnlyGrew) {
  for (auto n = 1; n <= 5; ++n) append(n);
  auto const earlier = *run(runtime, service->head());
  for (auto n = 6; n <= 13; ++n) append(n);
  auto const head = *run(runtime, service->head());
  auto const between = *run(runtime, service->consistency(5, 13));
  EXPECT_TRUE(crypto::verify_consistency(5, 13, earlier.root, head.root, between.proof));
}

TEST_P(Log, SignsOneHeadPerSize) {
  append(1);
  EXPECT_EQ(*run(runtime, service->head()), *run(runtime, service->head()));
}

TEST_P(Log, RefusesSizesItNeverHad) {
  append(1);
  EXPECT_FALSE(run(runtime, service->consistency(0, 1)));
  EXPECT_FALSE(run(runtime, service->consistency(1, 2)));
}

TEST_P(Log, RefusesAHeadOlderThanItsLastEntry) {
  append(1, runtime.now() + std::chrono::hours(1));
  auto const head = run(runtime, service->head());
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, ErrorCode::bad_state);
}

TEST_P(Log, NeverLetsTimeGoBack) {
  append(1, kTestInstant);
  EXPECT_EQ(append(2, kTestInstant - std::chrono::hours(5)).at, kTestInstant);
}

TEST_P(Log, RevealsOnlyWhatItMay) {
  append(1);
  auto const proof = *run(runtime, service->proof(RecordId(1), [](auto const&, std::string_view field) {
    return field == "number";
  }));
  auto const text = json::serialize(to_json(proof));
  EXPECT_EQ(text.find("Vallen"), std::string::npos);
  EXPECT_EQ(text.find("vall.pdf"), std::string::npos);
  EXPECT_NE(text.find("KS 2026/00001"), std::string::npos);
}

TEST_P(Log, KeepsItsLeavesWhenValuesAndSaltsAreDestroyed) {
  append(1);
  append(2);
  auto const before = *run(runtime, service->head());
  ASSERT_TRUE(run(runtime, database->write([](db::Transaction& t) -> Result<> {
    destroy_openings(t, RecordId(1), {"number"});
    return {};
  })));
  append(3);
  auto const head = *run(runtime, service->head());
  auto const proof = *run(runtime, service->proof(RecordId(1), [](auto const&, auto) { return true; }));
  ASSERT_EQ(proof.entries.at(0).revealed.size(), 1u);
  EXPECT_EQ(proof.entries.at(0).revealed[0].name, "number");
  auto const between = *run(runtime, service->consistency(2, 3));
  EXPECT_TRUE(crypto::verify_consistency(2, 3, before.root, head.root, between.proof));
}

TEST_P(Log, GoesOnAfterARestart) {
  for (auto n = 1; n <= 3; ++n) append(n);
  auto const before = *run(runtime, service->head());
  service.reset();
  database.reopen();
  service = make_service();
  EXPECT_TRUE(service->check());
  EXPECT_EQ(append(4).index, 3);
  auto const head = *run(runtime, service->head());
  auto const between = *run(runtime, service->consistency(3, 4));
  EXPECT_TRUE(crypto::verify_consistency(3, 4, before.root, head.root, between.proof));
}

TEST_P(Log, RefusesToStartWithAnotherKey) {
  append(1);
  ASSERT_TRUE(run(runtime, service->head()));
  EXPECT_FALSE(make_service(2)->check());
}

TEST_P(Log, SignsWithTheNewKeyAfterAChangeAndRefusesTheOldOne) {
  append(1);
  auto const before = *run(runtime, service->head());
  std::array<unsigned char, 32> seed{};
  seed.fill(2);
  auto const after = run(runtime, service->rotate(crypto::SigningKey::from_seed(seed)));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->size, 2);
  EXPECT_NE(after->key, before.key);
  EXPECT_TRUE(signature_holds(*after));
  EXPECT_FALSE(make_service(1)->check());
  auto const started = make_service(2);
  ASSERT_TRUE(started->check());
  append(2);
  EXPECT_TRUE(signature_holds(*run(runtime, started->head())));
  EXPECT_EQ(started->keys().at(1), before.key);
  EXPECT_EQ(started->keys().at(3), after->key);
}

TEST_P(Log, ChangesItsKeyAgain) {
  for (unsigned char key = 2; key <= 4; ++key) {
    append(key);
    std::array<unsigned char, 32> seed{};
    seed.fill(key);
    ASSERT_TRUE(run(runtime, service->rotate(crypto::SigningKey::from_seed(seed))));
  }
  EXPECT_TRUE(make_service(4)->check());
  EXPECT_FALSE(make_service(3)->check());
}

TEST_P(Log, BearsNoTimeBeforeItsLastHead) {
  append(1);
  auto const head = *run(runtime, service->head());
  EXPECT_GE(append(2, kTestInstant).at, head.at);
}

TEST_P(Log, RefusesADatabaseOlderThanTheHeadItKept) {
  db::TemporaryFolder const keys;
  auto const kept = [&] {
    std::array<unsigned char, 32> seed{};
    seed.fill(1);
    return LogService(runtime, *database, crypto::SigningKey::from_seed(seed), "alvhamn.example",
                      keys.path() / "log.head");
  };
  append(1);
  auto log = kept();
  auto const head = run(runtime, log.head()).value();
  EXPECT_TRUE(kept().check());
  auto later = head;
  later.size = 2;
  ASSERT_TRUE(KeptHead(keys.path() / "log.head").keep(later));
  EXPECT_FALSE(kept().check());
}

TEST_P(Log, LeavesNothingBehindOfAWriteThatFailed) {
  append(1);
  auto const failed = run(runtime, database->write([](db::Transaction& t) -> Result<> {
    LogAppender::append(t, {"record", kTestInstant, RecordId(9), {{"number", "lost"}}, {}, test_seed(9)});
    return fail(ErrorCode::conflict, "no");
  }));
  ASSERT_FALSE(failed);
  EXPECT_EQ(append(2).index, 1);
}

}  // namespace
}  // namespace torg::records
