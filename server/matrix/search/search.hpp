#pragma once
#include "matrix/room/service.hpp"
#include "matrix/room/visibility.hpp"
#include "matrix/search/pages.hpp"
#include "matrix/sync/filter.hpp"
#include "net/http.hpp"
#include "runtime/task_group.hpp"

namespace torg::matrix {

struct SearchRequest {
  std::string term;
  search_store::Order order = search_store::Order::rank;
  EventFilter filter{.limit = 10};
  std::optional<std::vector<std::string>> rooms;  ///< room ids; none: all that the user has joined
  std::vector<std::string> not_rooms;
  std::string from;                ///< `next_batch` of the page before
  std::vector<std::string> types;  ///< of events to look in; none: all that are indexed
  std::vector<SearchGroup::By> group_by;

  [[nodiscard]] bool looks_in(std::string_view type) const {
    return types.empty() || std::ranges::find(types, type) != types.end();
  }
};

struct SearchPage {
  struct Result {
    EventPtr event;
    std::shared_ptr<Room> room;
    double rank = 0;
  };
  /// Results of this page that belong together.
  struct Group {
    SearchGroup which;
    std::string key;  ///< the id of the room or the user
    std::vector<std::string> events;
    std::string next;  ///< goes on with this group; empty: there is no more of it
  };
  std::vector<Result> results;
  std::vector<Group> groups;            ///< the best first
  std::size_t count = 0;                ///< of all pages, exact up to some hundreds
  std::vector<std::string> highlights;  ///< the words and phrases looked for
  std::string next;                     ///< empty: this was the last page
};

/// Full-text search over messages, names and topics of rooms: an index beside the data, fed after the commit.
/// Called on the executor only.
class Search {
 public:
  /// @pre `search_store::is_language(language)`
  Search(RoomService& rooms, std::string language);

  /// Goes on where the last run stopped, from the beginning if that was in another language, and follows what
  /// is committed from now on.
  Task<Result<>> start();
  /// Ends the work in the background; the next start goes on.
  Task<> stop();
  /// Takes in everything committed before the call.
  Task<Result<>> catch_up();

  /// What `user` may read in the rooms they have joined. `invalid_param` for a term without a word, a term
  /// too long or a foreign `from`.
  Task<Result<SearchPage>> find(UserNid user, SearchRequest request);

  [[nodiscard]] std::vector<net::Route> routes();

 private:
  struct Candidate {
    search_store::Hit hit;
    std::shared_ptr<Room> room;
  };
  void wake(std::chrono::milliseconds delay);
  Task<> work();
  /// @return whether there may be more to take in
  Task<Result<bool>> take_in_batch();
  /// Takes in what was committed a moment ago, unless the index lies far behind.
  Task<> take_in_newest();
  Task<Result<std::vector<RoomNid>>> rooms_for(UserNid user, SearchRequest const& request);
  Task<Result<std::vector<Candidate>>> readable(UserNid user, std::vector<search_store::Hit> hits,
                                                SearchRequest const& request, SearchGroup group);
  Task<Result<>> load(SearchPage& page, std::span<Candidate const> candidates, EventFilter const& filter);

  /// Puts the page's results into groups. `end`: how many candidates were looked at; `all`: there are no
  /// others than these.
  void group(SearchPage& page, std::span<Candidate const> candidates, std::size_t end,
             SearchRequest const& request, bool all);

  RoomService& rooms_;
  std::string language_;
  TaskGroup group_;
  Runtime::TimerId timer_;
  bool follows_ = false;  ///< between `start` and `stop`
  bool working_ = false;
  bool again_ = false;  ///< something was committed while at work
};

}  // namespace torg::matrix
