#pragma once
#include "base/late_library.hpp"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-infile.h>
#include <gsf/gsf-input-memory.h>
#include <gsf/gsf-input.h>
#include <gsf/gsf-utils.h>

// libgsf reads the compound files that Outlook's messages are. As GMime it is loaded by the process that
// reads one.
namespace torg::records {

#define TORG_GSF(name) \
  inline constexpr LateFunction<decltype(::name), "libgsf-1.so.114", #name> name {}

TORG_GSF(gsf_init);
TORG_GSF(gsf_infile_child_by_name);
TORG_GSF(gsf_infile_msole_new);
TORG_GSF(gsf_infile_name_by_index);
TORG_GSF(gsf_infile_num_children);
TORG_GSF(gsf_input_memory_new);
TORG_GSF(gsf_input_read);
TORG_GSF(gsf_input_size);

#undef TORG_GSF

}  // namespace torg::records
