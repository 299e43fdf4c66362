#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace torg {

/// A number that is not interchangeable with another kind of number. Zero means "none".
template <class Tag, class Rep>
struct StrongNumber {
  using rep = Rep;
  Rep value{};

  constexpr StrongNumber() = default;
  constexpr explicit StrongNumber(Rep v) : value(v) {}
  constexpr explicit operator bool() const { return value != Rep{}; }
  friend constexpr auto operator<=>(StrongNumber, StrongNumber) = default;
};

/// A text id that is not interchangeable with another kind of text.
template <class Tag>
struct StrongText {
  std::string value;

  StrongText() = default;
  explicit StrongText(std::string v) : value(std::move(v)) {}
  explicit operator bool() const { return !value.empty(); }
  std::string_view view() const { return value; }
  friend auto operator<=>(StrongText const&, StrongText const&) = default;
};

// Numbers: identity inside one database, never on the wire.
using EventNid = StrongNumber<struct EventNidTag, std::int64_t>;  ///< identity of an event
using RoomNid = StrongNumber<struct RoomNidTag, std::int32_t>;
using UserNid = StrongNumber<struct UserNidTag, std::int32_t>;
using AuthorityId =
    StrongNumber<struct AuthorityIdTag, std::int32_t>;  ///< a legal authority (a board is one)
using CaseId = StrongNumber<struct CaseIdTag, std::int64_t>;
using RecordId = StrongNumber<struct RecordIdTag, std::int64_t>;
using IntentId = StrongNumber<struct IntentIdTag, std::int64_t>;
/// Place in the one global stream of a server: gapless, handed out inside the commit (architecture, decision
/// 5).
using Position = StrongNumber<struct PositionTag, std::int64_t>;

// Texts: what clients and other servers see.
using EventId = StrongText<struct EventIdTag>;  ///< `$…`, 44 characters from room version 4 on
using RoomId = StrongText<struct RoomIdTag>;    ///< `!…`
using UserId = StrongText<struct UserIdTag>;    ///< `@local:server`
using DeviceId = StrongText<struct DeviceIdTag>;

}  // namespace torg

template <class Tag, class Rep>
struct std::hash<torg::StrongNumber<Tag, Rep>> {
  std::size_t operator()(torg::StrongNumber<Tag, Rep> id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
template <class Tag>
struct std::hash<torg::StrongText<Tag>> {
  std::size_t operator()(torg::StrongText<Tag> const& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};
