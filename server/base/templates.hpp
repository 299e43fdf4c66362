#pragma once
#include "base/embedded.hpp"
#include "base/json.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace torg {

/// HTML (or XML) pages from Mustache templates. Every `{{value}}` is escaped; `{{{value}}}` is for markup of
/// our own alone. Immutable after construction.
class Templates {
 public:
  /// Takes the files named `*.mustache`; `portal/page.mustache` is the template and partial `page`.
  /// @throws std::invalid_argument when one does not parse or two share a name
  explicit Templates(std::span<EmbeddedFile const> files);
  ~Templates();
  Templates(Templates&&) noexcept;

  /// Lists and objects open sections, `false`, null, "" and empty lists skip them; names may be dotted
  /// (`t.search.go`).
  /// @throws std::invalid_argument when there is no such template
  [[nodiscard]] std::string render(std::string_view name, json::object const& data) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg
