#include "records/export/table.hpp"

#include "base/time.hpp"
#include "governance/zone.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

std::string local_time(std::int64_t ms) {
  auto const at = instant_from_ms(ms);
  auto const minutes = governance::local_time_of_day(at).count();
  return fmt::format("{} {:02}:{:02}", governance::to_text(governance::day_of(at)), minutes / 60,
                     minutes % 60);
}

std::string cell(ExportColumn const& column, json::value const& value) {
  if (value.is_int64())
    return column.kind == CellKind::time ? local_time(value.get_int64()) : std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "1" : "0";
  if (!value.is_array()) return {};
  std::string text;  // a list, as the names of attachments
  for (auto const& one : value.get_array()) {
    auto const* name = one.is_object() ? one.get_object().if_contains("name") : &one;
    if (name == nullptr || !name->is_string()) continue;
    text += (text.empty() ? "" : ", ") + std::string(name->get_string());
  }
  return text;
}

void add_csv_field(std::string& out, std::string_view field) {
  bool const formula = !field.empty() && std::string_view("=+-@\t\r\n").contains(field.front());
  bool const quoted = formula || field.find_first_of("\",;\r\n") != std::string_view::npos;
  if (quoted) out += '"';
  if (formula) out += '\'';
  for (char const c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quoted) out += '"';
}

}  // namespace

std::optional<ExportFormat> parse_export_format(std::string_view text) {
  if (text == "csv") return ExportFormat::csv;
  if (text == "json") return ExportFormat::json;
  if (text == "xlsx") return ExportFormat::xlsx;
  return std::nullopt;
}

std::vector<std::string> cells_of(std::span<ExportColumn const> columns, json::value const& line) {
  std::vector<std::string> cells;
  for (auto const& column : columns) {
    json::error_code none;
    auto const* found = line.find_pointer(column.pointer, none);
    cells.push_back(found == nullptr ? std::string() : cell(column, *found));
  }
  return cells;
}

std::string to_csv(ExportTable const& table, ByteOrderMark mark) {
  std::string out = mark == ByteOrderMark::utf8 ? "\xef\xbb\xbf" : "";
  for (bool first = true; auto const& column : table.columns) {
    if (!std::exchange(first, false)) out += ',';
    add_csv_field(out, table.swedish ? column.heading_sv : column.heading_en);
  }
  out += "\r\n";
  for (auto const& row : table.rows) {
    for (std::size_t n = 0; n < row.size(); ++n) {
      if (n > 0) out += ',';
      add_csv_field(out, row[n]);
    }
    out += "\r\n";
  }
  return out;
}

std::string to_json_text(ExportTable const& table) {
  std::string out = "[";
  for (auto const& row : table.rows) {
    json::object line;
    for (std::size_t n = 0; n < row.size(); ++n) {
      bool const number = table.columns[n].kind == CellKind::number && !row[n].empty();
      line[table.columns[n].name] = number ? json::value(std::stoll(row[n])) : json::value(row[n]);
    }
    out += (out.size() == 1 ? "\n" : ",\n") + json::serialize(line);
  }
  return out + "\n]\n";
}

}  // namespace torg::records
