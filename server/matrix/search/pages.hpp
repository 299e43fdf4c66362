#pragma once
#include "matrix/search/store.hpp"

namespace torg::matrix {

/// Which results belong together: those of one room, those of one sender, or all of them.
struct SearchGroup {
  enum class By : std::uint8_t { all, room, sender };
  By by = By::all;
  std::int64_t of = 0;  ///< the room or the sender

  static SearchGroup containing(search_store::Hit const& hit, By by);
  [[nodiscard]] bool holds(search_store::Hit const& hit) const { return containing(hit, by) == *this; }
  bool operator==(SearchGroup const&) const = default;
};

/// Where a page of results ended, as `next_batch`: `<event>_<results>`, and for one group `_r<room>` or
/// `_s<sender>` behind.
struct SearchCursor {
  EventNid before{INT64_MAX};  ///< the last result
  std::size_t seen = 0;        ///< how many there were up to it
  SearchGroup group;
};
[[nodiscard]] std::string to_text(SearchCursor const& cursor);
/// An empty text is the first page. `invalid_param` for what isn't ours.
[[nodiscard]] Result<SearchCursor> parse_search_cursor(std::string_view text);

}  // namespace torg::matrix
