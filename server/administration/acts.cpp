#include "administration/acts.hpp"

namespace torg::administration {

identity::Also noted(Services const& services, Act const& act, std::string_view what, json::object details) {
  if (!act.reason.empty()) details["reason"] = act.reason;
  return services.identity.noted(act.by, what, std::move(details));
}

Task<Result<>> note(Services services, Act act, std::string what, json::object details) {
  auto const also = noted(services, act, what, std::move(details));
  if (!also) co_return Result<>{};
  co_return co_await services.database.write(
      [also](db::Transaction& transaction) { return also(transaction); });
}

}  // namespace torg::administration
