#include "portal/store.hpp"

namespace torg::portal {
namespace {

// A number's address is the number with slashes; the way back goes through an index over the same expression,
// so that any pattern of numbers works.
#define TORG_PATH "replace(replace(number, ' ', '/'), '-', '/')"

constexpr db::Migration kMigrations[] = {
    {"portal", 1,
     "CREATE INDEX register_record_path ON register_record ((" TORG_PATH "));\n"
     "CREATE INDEX register_case_path ON register_case ((" TORG_PATH "));\n"}};

constexpr db::Statement kRecordAt{"SELECT id FROM register_record WHERE " TORG_PATH
                                  " = $1 ORDER BY id LIMIT 1"};
constexpr db::Statement kCaseAt{"SELECT id FROM register_case WHERE " TORG_PATH " = $1 ORDER BY id LIMIT 1"};

}  // namespace

std::span<db::Migration const> migrations() { return kMigrations; }

namespace store {

std::optional<RecordId> record_at(db::Reader& reader, std::string_view path) {
  return reader.query_one(kRecordAt, {path}, [](db::Row const& row) { return row.number<RecordId>(0); });
}

std::optional<CaseId> case_at(db::Reader& reader, std::string_view path) {
  return reader.query_one(kCaseAt, {path}, [](db::Row const& row) { return row.number<CaseId>(0); });
}

}  // namespace store
}  // namespace torg::portal
