#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/external/registers.hpp"

namespace torg::records {

/// What the routes of registers outside use; all outlive the router.
struct ExternalHttp {
  ExternalRegisters& registers;
  governance::Governance const& governance;
  identity::Identity const& identity;
};

/// `handovers…`; an answer is taken from the register itself, by its secret, or from a registrar.
[[nodiscard]] std::vector<net::Route> external_routes(ExternalHttp services);

}  // namespace torg::records
