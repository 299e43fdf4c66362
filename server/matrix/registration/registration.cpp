#include "matrix/registration/registration.hpp"

#include "base/identifiers.hpp"

#include <algorithm>
#include <re2/re2.h>

namespace torg::matrix {
namespace {

bool any_holds(std::vector<Namespace> const& namespaces, std::string_view id) {
  return std::ranges::any_of(namespaces, [id](Namespace const& each) { return each.holds(id); });
}

bool any_has_alone(std::vector<Namespace> const& namespaces, std::string_view id) {
  return std::ranges::any_of(namespaces, [id](Namespace const& each) {
    return each.claim == Namespace::Claim::exclusive && each.holds(id);
  });
}

}  // namespace

bool Namespace::holds(std::string_view id) const {
  return pattern->Match({id.data(), id.size()}, 0, id.size(), re2::RE2::ANCHOR_START, nullptr, 0);
}

bool Registration::owns_user(std::string_view user_id) const {
  if (user_id == sender) return true;
  return server_of(user_id) == server_name && any_holds(users, user_id);
}

bool Registration::owns_alias(std::string_view alias) const { return any_holds(aliases, alias); }

Result<> Registrations::add(Registration registration) {
  for (auto const& other : all_) {
    auto const same = [&](std::string_view what) {
      return fail(ErrorCode::invalid_param,
                  "the application service '" + other.id + "' has the same " + std::string(what));
    };
    if (other.id == registration.id) return same("id");
    if (other.as_token == registration.as_token) return same("as_token");
    if (other.sender == registration.sender) return same("sender_localpart");
  }
  auto const& added = all_.emplace_back(std::move(registration));
  by_token_.emplace(added.as_token, &added);
  return {};
}

Registration const* Registrations::by_token(crypto::Sha256 const& token) const {
  auto const found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : found->second;
}

Registration const* Registrations::of_user(std::string_view user_id) const {
  for (auto const& each : all_) {
    if (each.owns_user(user_id)) return &each;
  }
  return nullptr;
}

Registration const* Registrations::exclusive_user(std::string_view user_id, Registration const* but) const {
  for (auto const& each : all_) {
    bool const alone = user_id == each.sender ||
                       (server_of(user_id) == each.server_name && any_has_alone(each.users, user_id));
    if (&each != but && alone) return &each;
  }
  return nullptr;
}

Registration const* Registrations::exclusive_alias(std::string_view alias, Registration const* but) const {
  for (auto const& each : all_) {
    if (&each != but && any_has_alone(each.aliases, alias)) return &each;
  }
  return nullptr;
}

}  // namespace torg::matrix
