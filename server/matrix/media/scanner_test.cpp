#include "matrix/media/scanner.hpp"

#include "matrix/media/picture/sample.hpp"
#include "matrix/media/testing.hpp"

#include <csignal>
#include <poll.h>
#include <sys/wait.h>

namespace torg::matrix {
namespace {

using ::testing::HasSubstr;

constexpr auto* kClamd = "/usr/sbin/clamd";
/// Of ClamAV's own harmless test file, and one of ours; as the signatures below know them.
constexpr std::string_view kEicar = R"(X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*)";
constexpr std::string_view kOurs = "TORG-TEST-VIRUS";
constexpr auto* kSignatures =
    "Torg.Test.Signature:0:*:544f52472d544553542d5649525553\n"
    "Eicar-Test-Signature:0:*:"
    "58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e4441"
    "52442d414e544956495255532d544553542d46494c452124482b482a\n";

/// The real daemon, with signatures of our own.
class Clamd {
 public:
  explicit Clamd(std::filesystem::path const& folder) : socket_(folder / "clamd.sock") {
    std::filesystem::create_directories(folder / "db");
    std::ofstream(folder / "db" / "torg.ndb") << kSignatures;
    auto const settings = folder / "clamd.conf";
    std::ofstream(settings) << "DatabaseDirectory " << (folder / "db").string() << "\nLocalSocket "
                            << socket_.string() << "\nForeground yes\nOfficialDatabaseOnly no\n"
                            << "StreamMaxLength 1M\n";
    start(settings);
  }
  ~Clamd() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Clamd(Clamd const&) = delete;
  Clamd& operator=(Clamd const&) = delete;

  [[nodiscard]] ClamdAddress address() const { return {.path = socket_.string(), .host = {}}; }

 private:
  void start(std::filesystem::path const& settings) {
    pid_ = ::fork();
    if (pid_ == 0) {
      (void)!std::freopen("/dev/null", "w", stdout);
      (void)!std::freopen("/dev/null", "w", stderr);
      ::execl(kClamd, "clamd", "-c", settings.c_str(), nullptr);
      ::_exit(127);
    }
    constexpr int kTries = 2000, kPauseMs = 10;
    std::ofstream(settings.parent_path() / "clean") << "clean";
    for (int i = 0; i < kTries && !scan_with_clamd(address(), settings.parent_path() / "clean"); ++i)
      ::poll(nullptr, 0, kPauseMs);
  }

  std::filesystem::path socket_;
  pid_t pid_ = 0;
};

class ScannerTest : public MediaTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(kClamd)) << "script/setup test installs it";
    clamd.emplace(folder.path() / "clamd");
    scanning.clamd = clamd->address();
    MediaTest::SetUp();
  }
  std::optional<Clamd> clamd;
};
INSTANTIATE_TEST_SUITE_P(Db, ScannerTest, db::both_databases(), db::database_name);

TEST_P(ScannerTest, GivesOutWhatIsClean) {
  auto const id = upload("harmless", "text/plain");
  EXPECT_EQ(fetch(download_of(id)).status, 200U);
  clamd.reset();
  EXPECT_EQ(fetch(download_of(id)).status, 200U) << "the verdict is kept";
}

TEST_P(ScannerTest, KeepsBackWhatHasAVirusAndSaysWhy) {
  for (auto const bytes : {kEicar, kOurs}) {
    auto const id = upload(std::string(bytes), "text/plain");
    auto const refused = fetch(download_of(id));
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(errcode(refused), "M_FORBIDDEN");
    EXPECT_THAT(refused.body, HasSubstr("a virus was found in it ("));
    EXPECT_EQ(fetch("/_matrix/client/v1/media/thumbnail/torg.example/" + id + "?width=32&height=32").status,
              403U);
  }
}

TEST_P(ScannerTest, KeepsBackWhatNobodyCanCheck) {
  clamd.reset();
  auto const id = upload("harmless", "text/plain");
  auto const refused = fetch(download_of(id));
  EXPECT_EQ(refused.status, 503U);
  EXPECT_THAT(refused.body, HasSubstr("can't be checked for viruses"));
}

TEST_P(ScannerTest, KeepsBackWhatIsTooLargeToCheck) {
  auto const id = upload(std::string(3 << 20, 'x'), "text/plain");
  EXPECT_EQ(fetch(download_of(id)).status, 503U);
}

TEST(ClamdReply, SaysOkOnlyInOneWay) {
  EXPECT_EQ(parse_clamd_reply(std::string("stream: OK\0", 11)).value(), "");
  EXPECT_EQ(parse_clamd_reply(std::string("stream: Eicar-Test-Signature FOUND\0", 35)).value(),
            "Eicar-Test-Signature");
  for (auto const* reply : {"", "OK", "stream: ", "stream:  FOUND", "INSTREAM size limit exceeded. ERROR",
                            "stream: OK but", "UNKNOWN COMMAND"})
    EXPECT_FALSE(parse_clamd_reply(reply)) << reply;
}

TEST(ClamdAddress, IsASocketOrAnAddressWithPort) {
  EXPECT_EQ(parse_clamd_address("unix:/run/clamav/clamd.ctl")->path, "/run/clamav/clamd.ctl");
  EXPECT_EQ(parse_clamd_address("tcp:127.0.0.1:3310")->port, 3310);
  EXPECT_EQ(parse_clamd_address("tcp:[::1]:3310")->host, "::1");
  for (auto const* text : {"", "unix:", "unix:relative", "tcp:3310", "tcp:localhost:3310", "tcp:127.0.0.1:0",
                           "tcp:127.0.0.1:99999", "127.0.0.1:3310"})
    EXPECT_FALSE(parse_clamd_address(text)) << text;
}

}  // namespace
}  // namespace torg::matrix
