#pragma once
#include "base/late_library.hpp"

#include <gmime/gmime.h>

// GMime brings GLib, GIO and ten more libraries: three mebibytes that only the process which reads a mail
// should pay. What is used of it is declared here, and loaded there.
namespace torg::records {

#define TORG_GMIME(name) \
  inline constexpr LateFunction<decltype(::name), "libgmime-3.0.so.0", #name> name {}

TORG_GMIME(g_ascii_strcasecmp);
TORG_GMIME(g_ascii_strdown);
TORG_GMIME(g_date_time_ref);
TORG_GMIME(g_date_time_to_unix);
TORG_GMIME(g_date_time_unref);
TORG_GMIME(g_free);
TORG_GMIME(g_log_set_default_handler);
TORG_GMIME(g_object_unref);
TORG_GMIME(g_type_check_instance_cast);
TORG_GMIME(g_type_check_instance_is_a);
TORG_GMIME(g_mime_init);
TORG_GMIME(g_mime_content_disposition_is_attachment);
TORG_GMIME(g_mime_content_type_get_mime_type);
TORG_GMIME(g_mime_content_type_is_type);
TORG_GMIME(g_mime_data_wrapper_write_to_stream);
TORG_GMIME(g_mime_header_get_name);
TORG_GMIME(g_mime_header_get_value);
TORG_GMIME(g_mime_header_list_get_count);
TORG_GMIME(g_mime_header_list_get_header_at);
TORG_GMIME(g_mime_message_get_cc);
TORG_GMIME(g_mime_message_get_date);
TORG_GMIME(g_mime_message_get_from);
TORG_GMIME(g_mime_message_get_message_id);
TORG_GMIME(g_mime_message_get_mime_part);
TORG_GMIME(g_mime_message_get_subject);
TORG_GMIME(g_mime_message_get_to);
TORG_GMIME(g_mime_message_part_get_message);
TORG_GMIME(g_mime_message_part_get_type);
TORG_GMIME(g_mime_multipart_get_count);
TORG_GMIME(g_mime_multipart_get_part);
TORG_GMIME(g_mime_multipart_get_type);
TORG_GMIME(g_mime_object_get_content_disposition);
TORG_GMIME(g_mime_object_get_content_id);
TORG_GMIME(g_mime_object_get_content_type);
TORG_GMIME(g_mime_object_get_header);
TORG_GMIME(g_mime_object_get_header_list);
TORG_GMIME(g_mime_object_get_type);
TORG_GMIME(g_mime_object_to_string);
TORG_GMIME(g_mime_parser_construct_message);
TORG_GMIME(g_mime_parser_new_with_stream);
TORG_GMIME(g_mime_parser_set_format);
TORG_GMIME(g_mime_part_get_content);
TORG_GMIME(g_mime_part_get_filename);
TORG_GMIME(g_mime_part_get_type);
TORG_GMIME(g_mime_part_is_attachment);
TORG_GMIME(g_mime_stream_mem_get_byte_array);
TORG_GMIME(g_mime_stream_mem_get_type);
TORG_GMIME(g_mime_stream_mem_new);
TORG_GMIME(g_mime_stream_mem_new_with_buffer);
TORG_GMIME(g_mime_text_part_get_text);
TORG_GMIME(g_mime_text_part_get_type);
TORG_GMIME(g_mime_utils_header_decode_date);
TORG_GMIME(internet_address_get_name);
TORG_GMIME(internet_address_group_get_members);
TORG_GMIME(internet_address_group_get_type);
TORG_GMIME(internet_address_list_get_address);
TORG_GMIME(internet_address_list_length);
TORG_GMIME(internet_address_mailbox_get_addr);
TORG_GMIME(internet_address_mailbox_get_type);

#undef TORG_GMIME

}  // namespace torg::records
