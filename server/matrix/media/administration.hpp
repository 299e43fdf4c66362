#pragma once
#include "matrix/media/store.hpp"
#include "matrix/room/rooms.hpp"

#include <set>

namespace torg::matrix {

/// What an administrator does with stored files. Who may, and the audit log, are the caller's business.
/// Quarantine goes by the bytes: every file that has them is gone for everybody, those uploaded later too.
/// On the executor.
class MediaAdministration {
 public:
  MediaAdministration(Media& media, Rooms& rooms) : media_(media), rooms_(rooms) {}

  /// `not_found`; no error when it is quarantined already.
  Task<Result<>> quarantine(std::string mxc, UserNid by, std::string reason);
  Task<Result<>> release(std::string mxc);
  /// @return how many files were newly quarantined; those that aren't here are passed over
  Task<Result<std::int64_t>> quarantine_all(std::vector<std::string> mxcs, UserNid by, std::string reason);
  Task<Result<std::int64_t>> quarantine_of_user(UserNid user, UserNid by, std::string reason);
  Task<Result<std::int64_t>> quarantine_of_room(RoomNid room, UserNid by, std::string reason);

  /// Deletes the file, its thumbnails and, when nobody else needs them, the bytes. `not_found`; `held` when
  /// `may_delete` refuses: what may be a record goes by disposal only, quarantine hides it.
  Task<Result<>> remove(std::string mxc);

  /// One file, quarantined ones too. `not_found`.
  [[nodiscard]] Task<Result<media_store::Listed>> get(std::string mxc);
  /// Newest first.
  [[nodiscard]] Task<Result<std::vector<media_store::Listed>>> of_user(UserNid user, std::int64_t offset,
                                                                       int limit);
  /// The `mxc://` addresses, of any server, that a room's events name. Reads the whole room. Files of
  /// encrypted messages can't be seen. What redacted events name may be acted on, but nobody is told of it.
  enum class Redacted : std::uint8_t { left_out, too };
  [[nodiscard]] Task<Result<std::vector<std::string>>> of_room(RoomNid room, Redacted redacted);
  [[nodiscard]] Task<Result<media_store::Usage>> usage(UserNid user);
  [[nodiscard]] Task<Result<media_store::Usage>> usage(AuthorityId authority);
  /// Who has most, first.
  [[nodiscard]] Task<Result<std::vector<media_store::UserUsage>>> usage_by_user(std::int64_t offset,
                                                                                int limit);

  /// May refuse a deletion. Runs in the lane: uses nothing but its arguments. Unset: nothing is refused.
  std::function<Result<>(db::Reader&, std::string_view mxc)> may_delete;

 private:
  Media& media_;
  Rooms& rooms_;
};

/// Adds every `mxc://` address within a JSON value.
void collect_mxc(json::value const& value, std::set<std::string>& into);

}  // namespace torg::matrix
