#include "governance/http.hpp"

#include <array>

namespace torg::governance {
namespace {

constexpr std::array kRoles{std::string_view("member"), std::string_view("officer"),
                            std::string_view("registrar"), std::string_view("archivist"),
                            std::string_view("administrator")};

}  // namespace

std::string_view to_text(Role role) { return kRoles.at(static_cast<std::size_t>(role)); }

std::optional<Role> parse_role(std::string_view text) {
  for (std::size_t i = 0; i < kRoles.size(); ++i) {
    if (kRoles[i] == text) return static_cast<Role>(i);
  }
  return std::nullopt;
}

}  // namespace torg::governance
