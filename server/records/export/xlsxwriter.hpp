#pragma once
#include "base/late_library.hpp"

#include <xlsxwriter.h>

// Few servers ever write a workbook: the library is loaded with the first one.
namespace torg::records {

#define TORG_XLSXWRITER(name) \
  inline constexpr LateFunction<decltype(::name), "libxlsxwriter.so.4", #name> name {}

TORG_XLSXWRITER(format_set_bold);
TORG_XLSXWRITER(format_set_num_format);
TORG_XLSXWRITER(workbook_add_format);
TORG_XLSXWRITER(workbook_add_worksheet);
TORG_XLSXWRITER(workbook_close);
TORG_XLSXWRITER(workbook_new);
TORG_XLSXWRITER(worksheet_freeze_panes);
TORG_XLSXWRITER(worksheet_set_column);
TORG_XLSXWRITER(worksheet_write_datetime);
TORG_XLSXWRITER(worksheet_write_number);
TORG_XLSXWRITER(worksheet_write_string);

#undef TORG_XLSXWRITER

}  // namespace torg::records
