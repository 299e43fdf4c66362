#include "records/mail/msg_storage.hpp"

#include "records/mail/eml.hpp"

#include <cerrno>
#include <iconv.h>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::uint16_t kTypeLong = 0x0003, kTypeBoolean = 0x000B, kTypeText8 = 0x001E, kTypeText = 0x001F,
                        kTypeTime = 0x0040, kTypeBinary = 0x0102, kTypeObject = 0x000D;
constexpr std::uint16_t kMessageCodePage = 0x3FFD;
constexpr std::size_t kEntry = 16;  // bytes of an entry of the property stream
constexpr char const* kProperties = "__properties_version1.0";

std::string stream_name(std::uint16_t id, std::uint16_t type) {
  return fmt::format("__substg1.0_{:04X}{:04X}", id, type);
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t n = 0; n < count; ++n)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + n])) << (8 * n);
  return value;
}

/// 100 ns since 1601.
std::optional<Instant> from_file_time(std::uint64_t ticks) {
  constexpr std::int64_t kUnixEpochMs = 11'644'473'600'000;
  auto const ms = static_cast<std::int64_t>(ticks / 10'000) - kUnixEpochMs;
  constexpr std::int64_t kYear2200Ms = 7'258'118'400'000;
  return ms > 0 && ms < kYear2200Ms ? std::optional(instant_from_ms(ms)) : std::nullopt;
}

std::string without_end(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

}  // namespace

std::string encoding_of(std::int64_t code_page) {
  if (code_page == 65001) return "UTF-8";
  if (code_page == 20127) return "ASCII";
  if (code_page >= 28591 && code_page <= 28606) return fmt::format("ISO-8859-{}", code_page - 28590);
  return fmt::format("CP{}", code_page);
}

std::string to_utf8(std::string_view bytes, std::string const& encoding) {
  auto const converter = iconv_open("UTF-8", encoding.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return encoding == "CP1252" ? "" : to_utf8(bytes, "CP1252");
  std::string out;
  auto* in = const_cast<char*>(bytes.data());
  auto left = bytes.size();
  while (left > 0) {
    char buffer[4096];
    char* to = buffer;
    std::size_t room = sizeof buffer;
    auto const done = iconv(converter, &in, &left, &to, &room);
    out.append(buffer, static_cast<std::size_t>(to - buffer));
    if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    out += "\xEF\xBF\xBD";
    if (errno == EINVAL) break;  // half a character at the end
    ++in;
    --left;
  }
  iconv_close(converter);
  return out;
}

std::optional<MsgStorage> MsgStorage::open(std::string_view bytes) {
  gsf_init();
  // What it thinks of a hostile file is for nobody's log.
  g_log_set_default_handler([](char const*, GLogLevelFlags, char const*, void*) {}, nullptr);
  Ref<GsfInput> const input(gsf_input_memory_new(reinterpret_cast<guint8 const*>(bytes.data()),
                                                 static_cast<gsf_off_t>(bytes.size()), FALSE));
  if (!input) return std::nullopt;
  Ref<GsfInfile> folder(gsf_infile_msole_new(input.get(), nullptr));
  if (!folder) return std::nullopt;
  MsgStorage storage(std::move(folder), Header::message, 1252);
  if (!storage.has_properties_) return std::nullopt;
  storage.code_page_ = static_cast<int>(storage.number(kMessageCodePage).value_or(1252));
  return storage;
}

MsgStorage::MsgStorage(Ref<GsfInfile> folder, Header header, int code_page)
    : folder_(folder.release(), Unref{}), code_page_(code_page) {
  read_properties(header);
}

void MsgStorage::read_properties(Header header) {
  auto const table = stream(kProperties);
  if (!table) return;
  has_properties_ = true;
  for (auto at = static_cast<std::size_t>(header); at + kEntry <= table->size(); at += kEntry)
    fixed_[static_cast<std::uint32_t>(little_endian(*table, at, 4))] = little_endian(*table, at + 8, 8);
}

std::optional<std::string> MsgStorage::stream(std::string const& name) const {
  Ref<GsfInput> const input(gsf_infile_child_by_name(folder_.get(), name.c_str()));
  if (!input) return std::nullopt;
  auto const size = gsf_input_size(input.get());
  if (size <= 0 || static_cast<std::uint64_t>(size) > kMaxMailBytes) return std::string();
  std::string bytes(static_cast<std::size_t>(size), '\0');
  auto const* read = gsf_input_read(input.get(), bytes.size(), reinterpret_cast<guint8*>(bytes.data()));
  return read == nullptr ? std::string() : std::move(bytes);
}

std::string MsgStorage::text(std::uint16_t id) const {
  if (auto const wide = stream(stream_name(id, kTypeText))) return without_end(to_utf8(*wide, "UTF-16LE"));
  if (auto const narrow = stream(stream_name(id, kTypeText8)))
    return without_end(to_utf8(*narrow, encoding_of(code_page_)));
  return {};
}

std::string MsgStorage::bytes(std::uint16_t id) const {
  return stream(stream_name(id, kTypeBinary)).value_or("");
}

std::optional<std::int64_t> MsgStorage::number(std::uint16_t id) const {
  auto const tag = static_cast<std::uint32_t>(id) << 16;
  if (auto const found = fixed_.find(tag | kTypeLong); found != fixed_.end())
    return static_cast<std::int32_t>(found->second);
  if (auto const found = fixed_.find(tag | kTypeBoolean); found != fixed_.end())
    return (found->second & 0xFFFF) != 0;
  return std::nullopt;
}

std::optional<Instant> MsgStorage::time(std::uint16_t id) const {
  auto const found = fixed_.find((static_cast<std::uint32_t>(id) << 16) | kTypeTime);
  return found == fixed_.end() ? std::nullopt : from_file_time(found->second);
}

std::vector<MsgStorage> MsgStorage::parts(std::string_view beginning, std::size_t limit) const {
  std::vector<MsgStorage> found;
  auto const count = gsf_infile_num_children(folder_.get());
  for (int n = 0; n < count && found.size() < limit; ++n) {
    auto const* name = gsf_infile_name_by_index(folder_.get(), n);
    if (name == nullptr || !std::string_view(name).starts_with(beginning)) continue;
    Ref<GsfInput> child(gsf_infile_child_by_name(folder_.get(), name));
    if (!child) continue;
    // A storage is a GsfInfile; a stream of that name has no children and so no properties.
    if (gsf_infile_num_children(reinterpret_cast<GsfInfile*>(child.get())) < 0) continue;
    found.push_back(
        MsgStorage(Ref<GsfInfile>(reinterpret_cast<GsfInfile*>(child.release())), Header::part, code_page_));
  }
  return found;
}

std::optional<MsgStorage> MsgStorage::inner_message(std::uint16_t id) const {
  Ref<GsfInput> child(gsf_infile_child_by_name(folder_.get(), stream_name(id, kTypeObject).c_str()));
  if (!child || gsf_infile_num_children(reinterpret_cast<GsfInfile*>(child.get())) < 0) return std::nullopt;
  MsgStorage storage(Ref<GsfInfile>(reinterpret_cast<GsfInfile*>(child.release())), Header::inner_message,
                     code_page_);
  if (!storage.has_properties_) return std::nullopt;
  return storage;
}

}  // namespace torg::records
