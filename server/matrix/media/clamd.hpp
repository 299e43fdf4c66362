#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace torg::matrix {

/// Where ClamAV's daemon listens: a socket's path, or an address and a port.
struct ClamdAddress {
  std::string path;
  std::string host;
  std::uint16_t port = 0;
};

/// `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`. The host must be an address: a name could change its
/// meaning. @return `invalid_param` with a sentence for the administrator
[[nodiscard]] Result<ClamdAddress> parse_clamd_address(std::string_view text);

/// Sends a file to the daemon (command INSTREAM) and waits for its verdict. Blocks: call it through
/// `run_offloaded`. @return the name of what was found, empty for nothing; `unavailable` when there is no
/// verdict, for whatever reason
/// @see clamd(8)
[[nodiscard]] Result<std::string> scan_with_clamd(ClamdAddress const& address,
                                                  std::filesystem::path const& file);

/// What the daemon's answer says; as above.
[[nodiscard]] Result<std::string> parse_clamd_reply(std::string_view reply);

}  // namespace torg::matrix
