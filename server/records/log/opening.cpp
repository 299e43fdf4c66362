#include "records/log/opening.hpp"

#include <cstring>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::size_t kSaltBytes = 32;

// A stored opening is [name, value], or [name] when it was destroyed.
void append(json::array& values, std::string& salts, Opening const& opening) {
  json::array stored{json::value(opening.name)};
  if (!opening.destroyed) stored.push_back(opening.value);
  values.push_back(std::move(stored));
  salts.append(reinterpret_cast<char const*>(opening.salt.data()), kSaltBytes);
}

Opening take(json::value const& stored, std::string_view& salts) {
  auto const& pair = stored.as_array();
  Opening opening{std::string(pair.at(0).as_string()), nullptr, {}, pair.size() < 2};
  if (!opening.destroyed) opening.value = pair[1];
  if (salts.size() < kSaltBytes) throw std::runtime_error("a log entry has fewer salts than values");
  std::memcpy(opening.salt.data(), salts.data(), kSaltBytes);
  salts.remove_prefix(kSaltBytes);
  return opening;
}

}  // namespace

void destroy(Opening& opening) {
  opening.value = nullptr;
  opening.salt.fill(0);
  opening.destroyed = true;
}

StoredOpenings to_stored(Openings const& openings) {
  json::array fields, files;
  StoredOpenings stored;
  for (auto const& opening : openings.fields) append(fields, stored.salts, opening);
  for (auto const& opening : openings.files) append(files, stored.salts, opening);
  stored.values = json::serialize(json::array{std::move(fields), std::move(files)});
  return stored;
}

Openings from_stored(std::string_view values, std::string_view salts) {
  auto const both = parse_json(values);
  if (!both) throw std::runtime_error("the openings of a log entry are broken");
  Openings openings;
  for (auto const& stored : both->as_array().at(0).as_array()) openings.fields.push_back(take(stored, salts));
  for (auto const& stored : both->as_array().at(1).as_array()) openings.files.push_back(take(stored, salts));
  return openings;
}

}  // namespace torg::records
