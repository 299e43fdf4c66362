#pragma once
#include <string>
#include <string_view>

namespace torg::records {

/// The readable text of an HTML mail: paragraphs, list items and table rows on lines of their own, addresses
/// of links kept when they say something else than the text, no scripts, styles or comments. Nothing is
/// fetched.
[[nodiscard]] std::string html_to_text(std::string_view html);

}  // namespace torg::records
