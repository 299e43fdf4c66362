#include "records/mail/msg.hpp"
#include "records/mail/pdf.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  if (torg::records::is_pdf(bytes))
    static_cast<void>(torg::records::parse_pdf(bytes));
  else
    static_cast<void>(torg::records::parse_msg(bytes));
  return 0;
}
