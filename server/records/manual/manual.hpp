#pragma once
#include "db/blobs.hpp"
#include "records/lift/lifts.hpp"
#include "records/mail/mail_reader.hpp"
#include "records/manual/store.hpp"
#include "records/rules/settings.hpp"

namespace torg::records {

enum class ManualKind : std::uint8_t { paper, counter, phone, mail, file, e_service };
[[nodiscard]] std::optional<ManualKind> parse_manual_kind(std::string_view text);
[[nodiscard]] std::string_view to_text(ManualKind kind);

struct ManualServices {
  Runtime& runtime;
  db::Database& database;
  db::Blobs& blobs;
  matrix::Rooms& rooms;
  governance::Governance const& governance;
  Register& records;
  Lifts& lifts;
  People people;
  MailReader& mail;
  std::string server_name;
  SettingsByAuthority const& settings;
  /// Makes the bytes a file of the desk's event, so that it can be opened and is disposed of with it; its
  /// `mxc://` address.
  std::function<Task<Result<std::string>>(std::string bytes, std::string type, std::string name)> keep_media;
};

struct ManualAttachment {
  std::string name, type;
  std::int64_t size = 0;
  int part = 0;  ///< place in the mail, for `parts`
};
struct ManualPreview {
  std::string upload;        ///< id to register it by
  std::optional<Mail> mail;  ///< without the attachments' bytes
  std::optional<PdfFacts> pdf;
  std::optional<Bilingual>
      unread{};  ///< why nothing could be read out of the file, which can be registered all the same
  std::vector<ManualAttachment> attachments;
  Prefilled prefilled;
  std::string next_number;
  Bilingual status_text;
  RegisterKept register_kept = RegisterKept::here;  ///< `external`: there is no next number
};

/// What a registrar registers that did not happen in Torg.
struct ManualEntry {
  IntentKey key;
  ManualKind kind = ManualKind::paper;
  AuthorityId authority;
  Draft draft;
  std::string upload;                     ///< empty: nothing was handed in as a file
  std::optional<std::vector<int>> parts;  ///< attachments of the mail to file beside it; none given: all
  std::string note;                       ///< what was said, what lay on the counter (R16)
  std::string original_place;             ///< where the paper is: binder, number
  bool caller_known = true;
  std::string reserved{};  ///< the number it got on paper while Torg was down
};
struct ManualDone {
  RecordId record;  ///< 0: a register outside Torg gives the number
  std::string number;
  Bilingual say;
  std::optional<ShownDelivery> handover{};
};

/// What is looked at and not registered.
struct ManualAssess {
  IntentKey key;
  AuthorityId authority;
  std::string upload;
  std::string handling;  ///< kept_ordered, trivial, already_registered
  std::string reason;
  std::string record;  ///< number, for already_registered
};

/// Registering what came on paper, over the counter, by phone, mail or file: an event in the authority's desk
/// room, lifted in the same call. Called on the executor only.
class Manual {
 public:
  static constexpr std::uint64_t kMaxUpload = 50 << 20;

  explicit Manual(ManualServices services) : services_(std::move(services)) {}
  /// The desk rooms belong to `service_user`.
  void start(UserNid service_user) { service_user_ = service_user; }

  /// Keeps the bytes as they came, and guesses the draft. `rfc822` says it should be a mail; what is none is
  /// a file.
  Task<Result<ManualPreview>> preview(UserNid by, AuthorityId authority, std::string bytes, std::string name,
                                      std::string type);
  /// The number at once; the same key again gives the same number. `forbidden` without an officer's or
  /// registrar's role.
  Task<Result<ManualDone>> enter(ManualEntry entry);
  /// Kept in order, of little importance, or registered already (R21, R22); idempotent by key.
  Task<Result<>> assess(ManualAssess request);
  /// Removes what was handed in more than a day ago and never used.
  Task<Result<>> sweep();

 private:
  /// What was handed in, read.
  struct Source {
    std::optional<Upload> upload;
    std::optional<Mail> mail;
    std::vector<NewFile> files;  ///< the original first
    Instant since{};             ///< when it came
    std::string mxc;             ///< of the original; empty without one
  };
  [[nodiscard]] Result<> may_enter(UserNid by, AuthorityId authority) const;
  Task<Result<RoomNid>> desk(AuthorityId authority);
  Task<Result<Upload>> upload(std::string id, UserNid by);
  Task<Result<Source>> source_of(ManualEntry const& entry);
  Task<Result<>> read_mail(ManualEntry const& entry, std::string bytes, Source& source);
  Task<Result<NewFile>> keep_part(MailAttachment attachment);
  Task<Result<matrix::RoomEvent>> write_event(ManualEntry const& entry, Source const& source);
  Task<Result<LiftCommit>> prepare(ManualEntry entry);
  Task<Result<>> check_reserved(ManualEntry const& entry);
  Task<Result<ManualDone>> done(IntentKey key);
  /// What could be read out of a file.
  struct Contents {
    std::optional<Mail> mail;
    std::optional<PdfFacts> pdf;
    std::optional<Bilingual> unread;
  };
  Task<Result<Contents>> read(Upload& upload, std::string bytes);
  Task<Result<ManualPreview>> guess(AuthorityId authority, Upload upload, Contents contents);
  static void explain_file(ManualPreview& preview);
  [[nodiscard]] DraftItem item_of(Upload const& upload, Mail const* mail) const;
  [[nodiscard]] std::optional<UserNid> own_mailbox(MailAddress const& address) const;
  void explain(ManualPreview& preview, Mail const& mail) const;

  ManualServices services_;
  UserNid service_user_;
};

/// Whether a sender is an organisation, by its name and address: `kommun`, `AB`, `registrator@` … Everyone
/// else is taken for a private person, whose name stays off the web until a registrar says otherwise.
[[nodiscard]] bool looks_like_organisation(MailAddress const& address);

}  // namespace torg::records
