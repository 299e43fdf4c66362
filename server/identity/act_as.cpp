// An application service acting as a user of its own.
#include "identity/sessions.hpp"
#include "matrix/registration/registration.hpp"

namespace torg::identity {

Result<Requester> Sessions::act_as(matrix::Registration const& service, net::Request const& request) const {
  auto const user_id = request.query("user_id").value_or(service.sender);
  if (!service.owns_user(user_id))
    return fail(ErrorCode::forbidden, "This user does not belong to the application service.");
  auto const user = users_.find(user_id);
  auto const* account = user ? users_.account(user) : nullptr;
  if (account == nullptr || !account->active)
    return fail(ErrorCode::forbidden, "The application service has not registered this user.");
  auto device = request.query("device_id");
  if (!device) device = request.query("org.matrix.msc3202.device_id");
  if (device && !service_devices_.contains({user, *device}))
    return fail(ErrorCode::unknown_device, "The user has no such device.");
  DeviceId const id(device.value_or(""));
  auto const key = device_key(user, id);
  return Requester{.user = user,
                   .user_id = users_.user_id(user),
                   .device = id,
                   .session = key,  // it has none; what is kept by session is kept by the user's device
                   .device_key = key,
                   .service = &service};
}

}  // namespace torg::identity
