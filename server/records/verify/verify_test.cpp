#include "records/verify/verify.hpp"

#include "base/encoding.hpp"
#include "crypto/merkle.hpp"
#include "db/testing/on_both_databases.hpp"
#include "records/log/log_service.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/register/register.hpp"
#include "records/register/store.hpp"
#include "records/testing/record_builder.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string line_of(json::object const& object) { return json::serialize(object); }

/// A small register, its log, and the files anyone may keep of it.
class Verify : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all(log_migrations().begin(), log_migrations().end());
    all.insert(all.end(), register_migrations().begin(), register_migrations().end());
    ASSERT_TRUE(database->migrate(all));
    std::array<unsigned char, 32> seed{};
    seed.fill(3);
    log = std::make_unique<LogService>(runtime, *database, crypto::SigningKey::from_seed(seed),
                                       "alvhamn.example");
  }

  RecordId add(std::uint64_t n, Publication publication = Publication::full) {
    return add_at(n, runtime.now(), publication);
  }
  RecordId add_at(std::uint64_t n, Instant at, Publication publication) {
    auto record = a_record(n);
    record.at = at;
    record.title = "Yttrande nummer " + std::to_string(n);
    record.publication = publication;
    record.seed = draw_salt_seed(runtime);
    record.attachments = {{FileRole::attachment, "vall.pdf", "application/pdf", 4,
                           db::BlobId{hex_encode(crypto::view(crypto::sha256("vall")))}}};
    if (first_case) record.of_case = first_case;
    auto const added = run(runtime, database->write([record](db::Transaction& t) {
                         return register_record(t, record);
                       })).value();
    first_case = added.case_id;
    return added.id;
  }
  std::string head() { return line_of(to_json(run(runtime, log->head()).value())); }
  std::string consistency(std::int64_t from, std::int64_t to) {
    return line_of(to_json(run(runtime, log->consistency(from, to)).value()));
  }
  MayShow shown(RecordId id) {
    std::optional<RecordView> view;
    database->read_now([&](db::Reader& reader) { view = register_store::record(reader, id); });
    return may_show(std::move(*view));
  }
  std::string proof(RecordId id) { return line_of(to_json(run(runtime, log->proof(id, shown(id))).value())); }
  std::vector<std::string> export_lines() {
    std::vector<std::string> lines;
    auto const all_public = [](StoredEntry const&, std::string_view field) {
      return field == "number" || field == "case" || field == "document" || field == "registered_at" ||
             field == "title";
    };
    EXPECT_TRUE(run(runtime,
                    log->export_lines(all_public, [&](std::string_view line) { lines.emplace_back(line); })));
    return lines;
  }
  static std::string join(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += line + "\n";
    return text;
  }
  static std::vector<FindingKind> kinds(Result<VerifyReport> const& report) {
    std::vector<FindingKind> found;
    for (auto const& finding : report.value().findings) found.push_back(finding.kind);
    return found;
  }

  std::unique_ptr<LogService> log;
  CaseId first_case;
};
INSTANTIATE_TEST_SUITE_P(Db, Verify, ::testing::Values(db::Database::Kind::sqlite), db::database_name);

TEST_P(Verify, HoldsForAProofAgainstAnEarlierHead) {
  for (auto n = 1u; n <= 3; ++n) add(n);
  auto const earlier = head();
  auto const id = add(4);
  add(5);
  auto const report = verify({.proof = proof(id), .earlier_head = earlier, .consistency = consistency(3, 5)});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->findings, IsEmpty()) << human_text(*report);
  EXPECT_EQ(report->size, 5);
  EXPECT_GT(report->fields_shown, 5);
}

TEST_P(Verify, AsksForTheConsistencyProofItNeeds) {
  auto const id = add(1);
  auto const earlier = head();
  add(2);
  EXPECT_THAT(kinds(verify({.proof = proof(id), .earlier_head = earlier})),
              ElementsAre(FindingKind::unproven));
}

TEST_P(Verify, FindsAChangedTitle) {
  auto const id = add(1);
  auto text = proof(id);
  auto const at = text.find("Yttrande nummer 1");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 8, "Avslag!!");
  EXPECT_THAT(kinds(verify({.proof = text})), Contains(FindingKind::changed));
}

TEST_P(Verify, FindsAHeadThatNobodySigned) {
  auto const id = add(1);
  auto file = parse_proof(proof(id)).value();
  file.head.signature[0] ^= 1;
  EXPECT_THAT(kinds(verify({.proof = line_of(to_json(file))})), Contains(FindingKind::signature));
}

TEST_P(Verify, FindsAnotherKeyThanTheOneOneKnows) {
  auto const id = add(1);
  auto const other = base64_encode(std::string(32, 'x'), Base64::standard);
  EXPECT_THAT(kinds(verify({.proof = proof(id), .key = other})), Contains(FindingKind::signature));
}

TEST_P(Verify, HoldsForAWholeRegister) {
  for (auto n = 1u; n <= 7; ++n) add(n);
  auto const earlier = head();
  for (auto n = 8u; n <= 12; ++n) add(n);
  auto const report = verify({.register_lines = join(export_lines()), .earlier_head = earlier});
  EXPECT_THAT(report.value().findings, IsEmpty()) << human_text(*report);
}

TEST_P(Verify, FindsAMissingEntry) {
  for (auto n = 1u; n <= 5; ++n) add(n);
  auto lines = export_lines();
  lines.erase(lines.begin() + 3);
  EXPECT_THAT(kinds(verify({.register_lines = join(lines)})), Contains(FindingKind::missing));
}

TEST_P(Verify, FindsAnEntryCutFromTheEndByTheEarlierHead) {
  for (auto n = 1u; n <= 5; ++n) add(n);
  auto const earlier = head();
  // A rewritten, shorter log with a good signature of its own: only the head that somebody kept tells.
  auto exported = export_lines();
  exported.pop_back();
  auto const kept = parse_head(*parse_json_object(earlier)).value();
  auto shorter = kept;
  shorter.size = 4;
  std::array<unsigned char, 32> seed{};
  seed.fill(3);
  database->read_now([&](db::Reader& reader) { shorter.root = log_store::root(reader, 4); });
  shorter.signature = crypto::SigningKey::from_seed(seed).sign(head_message(shorter));
  exported[0] = line_of({{"torg_register", 1}, {"head", to_json(shorter)}});
  EXPECT_THAT(kinds(verify({.register_lines = join(exported)})), IsEmpty());
  EXPECT_THAT(kinds(verify({.register_lines = join(exported), .earlier_head = earlier})),
              Contains(FindingKind::missing));
}

/// What an operator with the log's key can do: write the whole log anew with another title, and sign it.
TEST_P(Verify, FindsARewrittenRegisterByTheEarlierHead) {
  for (auto n = 1u; n <= 3; ++n) add(n);
  auto const earlier = head();
  auto lines = export_lines();
  auto entry = parse_entry(*parse_json_object(lines[2])).value();
  for (auto& opening : entry.revealed) {
    if (opening.name != "title") continue;
    opening.value = "Något helt annat";
    auto const place = std::ranges::find(entry.leaf.frame.fields, "title") - entry.leaf.frame.fields.begin();
    entry.leaf.commitments[static_cast<std::size_t>(place)] =
        commit_field(opening.salt, "title", opening.value);
  }
  lines[2] = line_of(to_json(entry));
  EXPECT_THAT(kinds(verify({.register_lines = join(lines), .earlier_head = earlier})),
              Contains(FindingKind::changed));
}

TEST_P(Verify, FindsABackDatedEntry) {
  add_at(1, kTestInstant, Publication::full);
  auto const earlier = head();
  // Somebody with the server's clock and its database writes an entry of two years ago.
  static constexpr db::Statement kBackDate{"UPDATE log_edge SET at = 0 WHERE one = 1"};
  database->write_now([](db::Transaction& t) { t.execute(kBackDate, {}); });
  add_at(2, kTestInstant + std::chrono::minutes(1), Publication::full);
  auto const report = verify({.register_lines = join(export_lines()), .earlier_head = earlier});
  EXPECT_THAT(kinds(report), Contains(FindingKind::back_dated));
}

TEST_P(Verify, FindsATimeOfRegistrationThatIsNotTheLogs) {
  auto const id = add(1);
  auto file = parse_proof(proof(id)).value();
  file.entries[0].leaf.frame.at += std::chrono::hours(1);
  EXPECT_THAT(kinds(verify({.proof = line_of(to_json(file))})), Contains(FindingKind::back_dated));
}

TEST_P(Verify, FindsAGapInTheDocumentsOfACase) {
  for (auto n = 1u; n <= 3; ++n) add(n);
  auto lines = export_lines();
  // Without the second entry's number shown, nobody can say that document 2 is there.
  auto entry = parse_entry(*parse_json_object(lines[2])).value();
  std::erase_if(entry.revealed, [](Opening const& o) { return o.name == "document"; });
  lines[2] = line_of(to_json(entry));
  EXPECT_THAT(kinds(verify({.register_lines = join(lines)})), ElementsAre(FindingKind::missing));
}

/// Everything a guesser has: the right value, and every byte of the proof.
TEST_P(Verify, CannotConfirmARightGuessOfASecretTitleOrFile) {
  auto const id = add(1, Publication::number_only);
  auto const text = proof(id);
  EXPECT_EQ(text.find("Yttrande nummer 1"), std::string::npos);
  std::string const title = "Yttrande nummer 1";
  auto const file = crypto::sha256("vall");
  auto const parsed = parse_proof(text).value();
  auto const& leaf = parsed.entries.at(0).leaf;
  std::vector<crypto::Sha256> guesses{crypto::sha256(title), crypto::leaf_hash(title), file,
                                      crypto::leaf_hash(hex_encode(crypto::view(file)))};
  std::vector<Salt> salts{Salt{}};
  for (auto const& opening : parsed.entries[0].revealed) salts.push_back(opening.salt);
  json::value const file_value = json::object{{"role", "attachment"},
                                              {"name", "vall.pdf"},
                                              {"type", "application/pdf"},
                                              {"size", 4},
                                              {"sha256", hex_encode(crypto::view(file))}};
  for (auto const& salt : salts) {
    guesses.push_back(commit_field(salt, "title", json::value(json::string_view(title))));
    guesses.push_back(commit_field(salt, "file", file_value));
  }
  for (auto const& guess : guesses) {
    EXPECT_THAT(leaf.commitments, ::testing::Not(Contains(guess)));
    EXPECT_EQ(text.find(to_text(guess)), std::string::npos);
    EXPECT_EQ(text.find(hex_encode(crypto::view(guess))), std::string::npos);
  }
}

TEST_P(Verify, StillHoldsAfterATakeDownAndADisposal) {
  auto const id = add(1);
  auto const kept = proof(id);
  auto const earlier = head();
  ASSERT_TRUE(run(runtime, database->write([id](db::Transaction& t) -> Result<> {
    auto done = dispose_record(t, id);
    if (!done) return fail(std::move(done));
    return {};
  })));
  add(2);
  auto const report = verify({.proof = proof(id), .earlier_head = earlier, .consistency = consistency(1, 2)});
  EXPECT_EQ(proof(id).find("Yttrande nummer 1"), std::string::npos);
  EXPECT_THAT(report.value().findings, IsEmpty()) << human_text(*report);
}

TEST_P(Verify, FollowsAChangeOfKey) {
  auto const before = add(1);
  auto const earlier = head();
  std::array<unsigned char, 32> seed{};
  seed.fill(4);
  auto next = crypto::SigningKey::from_seed(seed);
  auto const old_key = to_text(log->public_key()), new_key = to_text(next.public_key());
  ASSERT_TRUE(run(runtime, log->rotate(std::move(next))));
  auto const after = add(2);
  for (auto const id : {before, after}) {
    for (auto const& key : {old_key, new_key}) {
      auto const report =
          verify({.proof = proof(id), .earlier_head = earlier, .consistency = consistency(1, 3), .key = key});
      ASSERT_TRUE(report);
      EXPECT_THAT(report->findings, IsEmpty()) << human_text(*report);
    }
  }
  auto const exported = verify({.register_lines = join(export_lines()), .earlier_head = earlier});
  EXPECT_THAT(exported.value().findings, IsEmpty()) << human_text(*exported);
}

TEST_P(Verify, FindsAKeyThatTheOneBeforeDidNotBringIn) {
  auto const id = add(1);
  auto const earlier = head();
  std::array<unsigned char, 32> seed{};
  seed.fill(4);
  ASSERT_TRUE(run(runtime, log->rotate(crypto::SigningKey::from_seed(seed))));
  auto file = parse_proof(proof(id)).value();
  auto const between = consistency(1, 2);
  // Without the entry nobody knows the new key.
  auto without = file;
  without.keys.clear();
  EXPECT_THAT(
      kinds(verify({.proof = line_of(to_json(without)), .earlier_head = earlier, .consistency = between})),
      Contains(FindingKind::signature));
  // With a signature that the old key never gave it doesn't count either.
  for (auto& opening : file.keys[0].revealed) {
    if (opening.name == "signature") opening.value = json::string(std::string(86, 'A'));
  }
  EXPECT_THAT(
      kinds(verify({.proof = line_of(to_json(file)), .earlier_head = earlier, .consistency = between})),
      Contains(FindingKind::signature));
}

TEST(VerifyFiles, AreRefusedWithASentenceWhenTheyAreBroken) {
  EXPECT_FALSE(verify({}));
  EXPECT_FALSE(verify({.proof = "{"}));
  EXPECT_FALSE(verify({.proof = R"({"torg_proof":2})"}));
  EXPECT_FALSE(verify({.register_lines = "{}\n"}));
}

}  // namespace
}  // namespace torg::records
