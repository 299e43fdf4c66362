#pragma once
#include "base/json.hpp"
#include "db/database.hpp"

#include <string>
#include <vector>

namespace torg::records {

/// A question that a person keeps, for herself alone.
struct SavedSearch {
  std::int64_t id = 0;
  std::string name;
  json::object query;  ///< the parameters of the search, by name
  Instant at{};
};

/// All SQL of saved searches.
namespace saved_search_store {

inline constexpr std::int64_t kMost = 100;  ///< of one person

/// By name.
[[nodiscard]] std::vector<SavedSearch> of(db::Reader& reader, UserNid user);
/// One of the same name is replaced. `conflict` when there are `kMost`.
[[nodiscard]] Result<SavedSearch> save(db::Transaction& transaction, UserNid user, SavedSearch search);
/// `not_found` when it isn't hers.
[[nodiscard]] Result<> forget(db::Transaction& transaction, UserNid user, std::int64_t id);

}  // namespace saved_search_store

}  // namespace torg::records
