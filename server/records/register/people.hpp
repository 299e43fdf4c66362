#pragma once
#include "base/ids.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace torg::records {

/// Who is who, bound to identity by whoever wires the server.
struct People {
  std::function<UserNid(std::string_view user_id)> find;  ///< 0: never heard of
  std::function<std::string(UserNid user)> user_id;       ///< `@maja:alvhamn.example`
  std::function<std::string(UserNid user)> name;          ///< `Maja Ekdahl`; the user id when there is none
};

}  // namespace torg::records
