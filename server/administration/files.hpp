#pragma once
#include "administration/acts.hpp"
#include "matrix/media/administration.hpp"

namespace torg::administration {

/// What administrators do about uploaded files, without opening them. On the executor.
class Files {
 public:
  Files(Services services, matrix::MediaAdministration& media) : services_(services), media_(media) {}

  using Listed = matrix::media_store::Listed;
  using UserUsage = matrix::media_store::UserUsage;
  /// `not_found`, for other servers' files too.
  [[nodiscard]] Task<Result<Listed>> find(std::string media_id);
  /// Newest first; `total` are all there are.
  struct Found {
    std::vector<Listed> files;
    std::int64_t total = 0;
  };
  /// An entry in the audit log: who knows a file's id can open it.
  [[nodiscard]] Task<Result<Found>> of_user(Act act, UserNid user, Page page);
  /// `mxc://` addresses that the room's events name; an entry in the audit log.
  [[nodiscard]] Task<Result<std::vector<std::string>>> of_room(Act act, RoomNid room);
  /// Who has most, first.
  [[nodiscard]] Task<Result<std::vector<UserUsage>>> usage(Page page);

  /// Nobody gets the file any more, nor another upload of the same bytes.
  [[nodiscard]] Task<Result<>> quarantine(Act act, std::string media_id);
  [[nodiscard]] Task<Result<>> release(Act act, std::string media_id);
  /// @return how many files were newly quarantined
  [[nodiscard]] Task<Result<std::int64_t>> quarantine_of_user(Act act, UserNid user);
  [[nodiscard]] Task<Result<std::int64_t>> quarantine_of_room(Act act, RoomNid room);
  /// `held` for what may be a record.
  [[nodiscard]] Task<Result<>> remove(Act act, std::string media_id);
  /// Those that may go. @return their media ids
  [[nodiscard]] Task<Result<std::vector<std::string>>> remove_of_user(Act act, UserNid user, Page page);

 private:
  [[nodiscard]] std::string mxc(std::string_view media_id) const;

  Services services_;
  matrix::MediaAdministration& media_;
};

}  // namespace torg::administration
