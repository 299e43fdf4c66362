#include "administration/guest_rooms.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <set>

namespace torg::administration {

using matrix::Membership;

GuestRooms::GuestRooms(Services services) : services_(services), tasks_(services.runtime) {
  services_.rooms.observe([this](matrix::Room const& room, matrix::EventPtr const& event) {
    if (event->type == "m.room.guest_access" && !matrix::lets_guests_in(room))
      tasks_.spawn("sending guests away", send_away(room.nid()));
  });
}

void GuestRooms::start() { tasks_.spawn("looking for guests", look_everywhere()); }

Task<> GuestRooms::send_away(RoomNid nid) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return;
  auto members = (*room)->joined_members();
  std::ranges::sort(members);
  for (auto const member : members) {
    if (!services_.identity.users().is_guest(member)) continue;
    auto const left = co_await services_.rooms.set_membership(nid, member, member, Membership::leave, "");
    if (!left)
      log(LogLevel::warning, "a guest stays in a room that is closed to them", {{"room", nid.value}});
  }
}

Task<> GuestRooms::look_everywhere() {
  std::set<RoomNid> rooms;
  std::vector<UserNid> guests;
  for (auto const& [user, account] : services_.identity.users().accounts()) {
    if (account.guest && account.active) guests.push_back(user);
  }
  for (auto const guest : guests) {
    auto const theirs = co_await services_.rooms.rooms_of(guest);
    if (!theirs) continue;
    for (auto const& [room, member] : **theirs) {
      if (member.membership == Membership::join) rooms.insert(room);
    }
  }
  for (auto const nid : rooms) {
    auto const room = co_await services_.rooms.load(nid);
    if (room && !matrix::lets_guests_in(**room)) co_await send_away(nid);
  }
}

}  // namespace torg::administration
