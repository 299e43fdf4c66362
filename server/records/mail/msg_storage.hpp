#pragma once
#include "base/time.hpp"
#include "records/mail/gmime.hpp"
#include "records/mail/gsf.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace torg::records {

/// A message, a recipient or an attachment inside a compound file: its properties by number ([MS-OXPROPS]).
/// Texts are UTF-8, whatever they were.
class MsgStorage {
 public:
  /// Where the entries of the property stream begin ([MS-OXMSG] 2.4.1).
  enum class Header : std::size_t { part = 8, inner_message = 24, message = 32 };

  struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
  };
  template <class T>
  using Ref = std::unique_ptr<T, Unref>;

  /// None: the bytes are no compound file, or hold no message.
  [[nodiscard]] static std::optional<MsgStorage> open(std::string_view bytes);

  [[nodiscard]] std::string text(std::uint16_t id) const;                    ///< empty: there is none
  [[nodiscard]] std::string bytes(std::uint16_t id) const;                   ///< empty: there is none
  [[nodiscard]] std::optional<std::int64_t> number(std::uint16_t id) const;  ///< of type long or boolean
  [[nodiscard]] std::optional<Instant> time(std::uint16_t id) const;
  /// The storages whose names begin so, as `__attach_version1.0_#`; at most `limit`.
  [[nodiscard]] std::vector<MsgStorage> parts(std::string_view beginning, std::size_t limit) const;
  /// The message that an attachment is.
  [[nodiscard]] std::optional<MsgStorage> inner_message(std::uint16_t id) const;

 private:
  MsgStorage(Ref<GsfInfile> folder, Header header, int code_page);
  void read_properties(Header header);
  [[nodiscard]] std::optional<std::string> stream(std::string const& name) const;

  std::shared_ptr<GsfInfile> folder_;
  std::map<std::uint32_t, std::uint64_t> fixed_;  ///< tag → value
  bool has_properties_ = false;
  int code_page_ = 1252;  ///< of texts that are not Unicode
};

/// Text in another encoding as UTF-8; what doesn't belong becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string const& encoding);
/// What iconv calls a Windows code page.
[[nodiscard]] std::string encoding_of(std::int64_t code_page);

}  // namespace torg::records
