#pragma once
#include "matrix/room/rooms.hpp"
#include "records/disposal/destroyer.hpp"
#include "records/log/log.hpp"

namespace torg::records {

/// What is left of disposed records (R56): figures, decision, persons, method; no content and no names from
/// it.
struct Certificate {
  std::string number;  ///< `KS G 2026/1`
  DisposalTerms terms;
  std::string authority_code;
  std::vector<std::string> classifications;
  std::int64_t count = 0;                  ///< items
  matrix::Destroyed destroyed;             ///< events, edits and reactions included
  std::optional<Day> first_day, last_day;  ///< when they came or were sent
  std::string executor, supervisor;        ///< user ids
  Instant at{};
  std::string batch_root;  ///< hexadecimal: Merkle root over the ids of the items, in order
};

/// RFC 9162 root over the event ids, so that a holder of an old export can show that an item was in the
/// batch.
[[nodiscard]] std::string batch_root(std::vector<DoomedItem> const& items);
[[nodiscard]] std::string certificate_number(std::string_view code, int year, std::int64_t serial);

[[nodiscard]] json::object to_json(Certificate const& certificate);
/// The certificate as an entry of the register's log.
[[nodiscard]] Entry to_entry(Certificate const& certificate, SaltSeed const& seed);

}  // namespace torg::records
