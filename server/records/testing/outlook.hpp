#pragma once
#include "base/late_library.hpp"
#include "records/mail/msg_storage.hpp"

#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-output-memory.h>

#include <fmt/format.h>

// For tests: messages as Outlook saves them, and PDFs, made on the spot.
namespace torg::records {

#define TORG_GSF(name) \
  inline constexpr LateFunction<decltype(::name), "libgsf-1.so.114", #name> name {}
TORG_GSF(gsf_outfile_msole_new);
TORG_GSF(gsf_outfile_new_child);
TORG_GSF(gsf_output_close);
TORG_GSF(gsf_output_memory_get_bytes);
TORG_GSF(gsf_output_memory_new);
TORG_GSF(gsf_output_size);
TORG_GSF(gsf_output_write);
#undef TORG_GSF

using Written = MsgStorage::Ref<GsfOutput>;

inline std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int n = 0; n < bytes; ++n) out += static_cast<char>(value >> (8 * n));
  return out;
}

/// One storage as Outlook writes it: streams of its own, and a table of what has a fixed size.
class MsgFolder {
 public:
  MsgFolder(GsfOutput* folder, std::size_t header) : folder_(folder), table_(header, '\0') {}

  void stream(std::string const& name, std::string_view bytes) {
    Written const out(gsf_outfile_new_child(reinterpret_cast<GsfOutfile*>(folder_), name.c_str(), FALSE));
    gsf_output_write(out.get(), bytes.size(), reinterpret_cast<guint8 const*>(bytes.data()));
    gsf_output_close(out.get());
  }
  void text(std::string const& id, std::u16string_view text) {
    std::string bytes;
    for (auto const c : text) bytes += little(c, 2);
    stream("__substg1.0_" + id + "001F", bytes);
  }
  void narrow_text(std::string const& id, std::string_view bytes) {
    stream("__substg1.0_" + id + "001E", bytes);
  }
  void binary(std::string const& id, std::string_view bytes) { stream("__substg1.0_" + id + "0102", bytes); }
  void fixed(std::uint32_t tag, std::uint64_t value) {
    table_ += little(tag, 4) + little(6, 4) + little(value, 8);
  }
  void time(std::uint16_t id, std::int64_t unix_seconds) {
    fixed((std::uint32_t{id} << 16) | 0x40,
          static_cast<std::uint64_t>(unix_seconds + 11'644'473'600) * 10'000'000);
  }
  template <class Fill>
  void inside(std::string const& name, std::size_t header, Fill fill) {
    Written const out(gsf_outfile_new_child(reinterpret_cast<GsfOutfile*>(folder_), name.c_str(), TRUE));
    MsgFolder folder(out.get(), header);
    fill(folder);
    folder.finish();
    gsf_output_close(out.get());
  }
  void finish() { stream("__properties_version1.0", table_); }

 private:
  GsfOutput* folder_;
  std::string table_;
};

/// A whole message; `fill` writes into its folder.
template <class Fill>
std::string a_message(Fill fill) {
  gsf_init();
  Written const memory(gsf_output_memory_new());
  Written const file(reinterpret_cast<GsfOutput*>(gsf_outfile_msole_new(memory.get())));
  MsgFolder folder(file.get(), 32);
  fill(folder);
  folder.finish();
  gsf_output_close(file.get());
  auto const* bytes = gsf_output_memory_get_bytes(reinterpret_cast<GsfOutputMemory*>(memory.get()));
  return {reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(gsf_output_size(memory.get()))};
}

inline constexpr std::int64_t kSent = 1'795'529'220;  // 2026-11-24 14:07 UTC

/// From Bertil to Maja, with a file and a picture of a signature.
inline void fill_letter(MsgFolder& folder) {
  folder.text("0037", u"SV: vallen på Hamngatan");
  folder.text("0042", u"Bertil Norlén");
  folder.text("5D02", u"bertil.norlen@brevet.example");
  folder.text("1000", u"Hej Maja,\r\njag är orolig för brunnen.");
  folder.text("1035", u"<1@brevet.example>");
  folder.time(0x0039, kSent);
  folder.time(0x0E06, kSent + 60);
  folder.inside("__recip_version1.0_#00000000", 8, [](MsgFolder& who) {
    who.text("3001", u"Maja Ekdahl");
    who.text("39FE", u"maja@alvhamn.example");
    who.fixed(0x0C150003, 1);
  });
  folder.inside("__recip_version1.0_#00000001", 8, [](MsgFolder& who) {
    who.text("3001", u"Registrator");
    who.text("3003", u"registrator@alvhamn.example");
    who.fixed(0x0C150003, 2);
  });
  folder.inside("__attach_version1.0_#00000000", 8, [](MsgFolder& file) {
    file.text("3707", u"Provsvar å.pdf");
    file.text("370E", u"Application/PDF");
    file.binary("3701", "%PDF-1.7 prov");
    file.fixed(0x37050003, 1);
  });
  folder.inside("__attach_version1.0_#00000001", 8, [](MsgFolder& file) {
    file.text("3707", u"image001.png");
    file.text("3712", u"image001@1");
    file.binary("3701", "PNG");
    file.fixed(0x37050003, 1);
    file.fixed(0x37140003, 4);
  });
}

/// The smallest file that is a PDF, with this information dictionary.
inline std::string a_pdf(std::string const& info) {
  std::string const objects[] = {"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
                                 info};
  std::string out = "%PDF-1.7\n", table = "0000000000 65535 f \n";
  for (int n = 0; auto const& object : objects) {
    table += fmt::format("{:010} 00000 n \n", out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", ++n, object);
  }
  auto const at = out.size();
  return out +
         fmt::format("xref\n0 4\n{}trailer\n<< /Size 4 /Root 1 0 R /Info 3 0 R >>\nstartxref\n{}\n%%EOF\n",
                     table, at);
}

}  // namespace torg::records
