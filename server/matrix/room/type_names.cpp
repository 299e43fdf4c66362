#include "matrix/room/type_names.hpp"

namespace torg::matrix {
namespace {

constexpr db::Statement kAll{"SELECT nid, name FROM event_type ORDER BY nid"};
constexpr db::Statement kStore{"INSERT INTO event_type (nid, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"};

}  // namespace

void TypeNames::load(db::Reader& reader) {
  std::lock_guard const lock(mutex_);
  reader.query(kAll, {}, [&](db::Row const& row) {
    // A number whose write never committed leaves a hole.
    while (std::ssize(names_) + 1 < row.integer(0)) names_.push_back({"", true});
    names_.push_back({row.string(1), true});
    by_name_.emplace(names_.back().name, static_cast<std::int32_t>(names_.size()));
  });
}

TypeNames::Known TypeNames::intern(std::string_view name) {
  std::lock_guard const lock(mutex_);
  if (auto const found = by_name_.find(name); found != by_name_.end()) {
    auto const& entry = names_[static_cast<std::size_t>(found->second) - 1];
    return {found->second, entry.name, entry.stored};
  }
  names_.push_back({std::string(name), false});
  auto const nid = static_cast<std::int32_t>(names_.size());
  by_name_.emplace(names_.back().name, nid);
  return {nid, names_.back().name, false};
}

std::int32_t TypeNames::find(std::string_view name) const {
  std::lock_guard const lock(mutex_);
  auto const found = by_name_.find(name);
  return found == by_name_.end() ? 0 : found->second;
}

std::string_view TypeNames::name(std::int32_t nid) const {
  std::lock_guard const lock(mutex_);
  return names_[static_cast<std::size_t>(nid) - 1].name;
}

std::size_t TypeNames::size() const {
  std::lock_guard const lock(mutex_);
  return names_.size();
}

void TypeNames::mark_stored(std::int32_t nid) {
  std::lock_guard const lock(mutex_);
  names_[static_cast<std::size_t>(nid) - 1].stored = true;
}

void TypeNames::store(db::Transaction& transaction, std::int32_t nid, std::string_view name) {
  transaction.execute(kStore, {nid, name});
}

}  // namespace torg::matrix
