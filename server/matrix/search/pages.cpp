#include "matrix/search/pages.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

/// Takes a number from the beginning of `text`. @return whether there was one
template <class Number>
bool take(std::string_view& text, Number& number) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{};
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_group(std::string_view& text, SearchGroup& group) {
  if (text.empty()) return true;
  if (!take(text, '_')) return false;
  group.by = text.starts_with('r') ? SearchGroup::By::room : SearchGroup::By::sender;
  return (take(text, 'r') || take(text, 's')) && take(text, group.of) && text.empty();
}

}  // namespace

SearchGroup SearchGroup::containing(search_store::Hit const& hit, By by) {
  switch (by) {
    case By::room:
      return {by, hit.room.value};
    case By::sender:
      return {by, hit.sender.value};
    case By::all:
      break;
  }
  return {};
}

std::string to_text(SearchCursor const& cursor) {
  auto text = std::to_string(cursor.before.value) + '_' + std::to_string(cursor.seen);
  if (cursor.group.by == SearchGroup::By::all) return text;
  return text + (cursor.group.by == SearchGroup::By::room ? "_r" : "_s") + std::to_string(cursor.group.of);
}

Result<SearchCursor> parse_search_cursor(std::string_view text) {
  SearchCursor cursor;
  if (text.empty()) return cursor;
  if (take(text, cursor.before.value) && take(text, '_') && take(text, cursor.seen) &&
      take_group(text, cursor.group))
    return cursor;
  return fail(ErrorCode::invalid_param, "'next_batch' is not a token of this server.");
}

}  // namespace torg::matrix
