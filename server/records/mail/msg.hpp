#pragma once
#include "records/mail/eml.hpp"

namespace torg::records {

/// Whether the bytes begin as a compound file does, which Outlook's messages are (and old Word files too).
[[nodiscard]] bool is_compound_file(std::string_view bytes);

/// Reads a message that Outlook saved (`.msg`). Parses in the calling process: for the worker, tests and the
/// fuzzer. A message inside it becomes an attachment of plain text; the original has it whole.
/// @return `invalid_param` when it is none, `too_large` beyond a limit
/// @see https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxmsg
[[nodiscard]] Result<Mail> parse_msg(std::string_view bytes);

}  // namespace torg::records
