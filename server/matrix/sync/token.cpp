#include "matrix/sync/token.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < Number{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string to_text(SyncToken token) {
  return 's' + std::to_string(token.position.value) + '_' + std::to_string(token.volatile_position) + '_' +
         std::to_string(token.boot);
}

std::optional<SyncToken> parse_sync_token(std::string_view text) {
  SyncToken token;
  bool const good = take(text, 's') && take_number(text, token.position.value) && take(text, '_') &&
                    take_number(text, token.volatile_position) && take(text, '_') &&
                    take_number(text, token.boot) && text.empty();
  return good ? std::optional(token) : std::nullopt;
}

std::string history_token(Position before) { return 't' + std::to_string(before.value); }

std::optional<Position> parse_history_token(std::string_view text) {
  // A position of a sliding sync ends with a sync token.
  if (auto const dot = text.rfind('.'); dot != text.npos) text.remove_prefix(dot + 1);
  if (auto const sync = parse_sync_token(text)) return Position(sync->position.value + 1);
  Position before;
  bool const good = take(text, 't') && take_number(text, before.value) && text.empty();
  return good ? std::optional(before) : std::nullopt;
}

}  // namespace torg::matrix
