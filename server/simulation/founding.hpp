#pragma once
#include "app/config.hpp"
#include "db/sqlite/simulated_disk.hpp"
#include "db/testing/temporary_folder.hpp"
#include "records/lift/lifts.hpp"

namespace torg::simulation {

struct Person {
  UserNid user;
  std::string token;
  AuthorityId authority;
};

struct Place {
  RoomNid room;
  std::string room_id;
};

/// A small organisation made once, whose disk every seed starts from: making it takes longer than a seed's
/// whole life.
struct Founding {
  db::SimulatedDisk::Image image;
  std::string log_key;             ///< the file's bytes
  std::vector<Person> people;      ///< officers, in turn of each board
  std::vector<Person> registrars;  ///< one of each board
  std::vector<AuthorityId> boards;
  std::vector<Place> rooms;  ///< everyone is in each
};

/// @param people how many there are; @param rooms likewise
[[nodiscard]] Founding found(std::size_t people, std::size_t rooms);

/// How a simulated server is configured.
[[nodiscard]] app::Config server_config();

}  // namespace torg::simulation
