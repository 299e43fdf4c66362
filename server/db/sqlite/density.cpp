#include "db/sqlite/density.hpp"

#include "db/sqlite/fts5.hpp"

namespace torg::db {
namespace {

// As in bm25: how soon more occurrences say little more, and how much the length of the text matters.
constexpr double kSaturation = 1.2;
constexpr double kLength = 0.75;

/// https://sqlite.org/fts5.html#custom_auxiliary_functions
void density(Fts5ExtensionApi const* api, Fts5Context* context, sqlite3_context* result, int count,
             sqlite3_value** values) {
  int const wanted = count == 1 ? sqlite3_value_int(values[0]) : 0;
  int instances = 0, size = 0;
  sqlite3_int64 all = 0, rows = 0;
  auto code = api->xInstCount(context, &instances);
  if (code == SQLITE_OK) code = api->xColumnSize(context, wanted, &size);
  if (code == SQLITE_OK) code = api->xColumnTotalSize(context, wanted, &all);
  if (code == SQLITE_OK) code = api->xRowCount(context, &rows);
  int found = 0;
  for (int i = 0; i < instances && code == SQLITE_OK; ++i) {
    int phrase = 0, column = 0, offset = 0;
    code = api->xInst(context, i, &phrase, &column, &offset);
    if (column == wanted) ++found;
  }
  if (code != SQLITE_OK) return sqlite3_result_error_code(result, code);
  auto const average = rows > 0 && all > 0 ? static_cast<double>(all) / static_cast<double>(rows) : 1.0;
  sqlite3_result_double(
      result, found / (found + kSaturation * (1 - kLength + kLength * static_cast<double>(size) / average)));
}

}  // namespace

int add_density(sqlite3* connection) {
  auto* const api = fts5_of(connection);
  if (api == nullptr) return SQLITE_ERROR;
  return api->xCreateFunction(api, "density", nullptr, density, nullptr);
}

}  // namespace torg::db
