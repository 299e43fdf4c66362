#include "records/mail/eml.hpp"
#include "records/mail/mail_reader.hpp"

#include <cstdint>
#include <cstdlib>

/// Whatever the bytes are, parsing ends, and what it gives survives the way from the worker to the server.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const mail = torg::records::parse_mail({reinterpret_cast<char const*>(data), size});
  auto const again = torg::records::decode_mail_answer(torg::records::encode_mail_answer(mail));
  if (mail.has_value() != again.has_value()) std::abort();
  if (mail && (mail->text != again->text || mail->attachments.size() != again->attachments.size()))
    std::abort();
  return 0;
}
