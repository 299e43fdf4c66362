#pragma once
#include "base/late_library.hpp"

#include <cstdio>
#include <gif_lib.h>
#include <libexif/exif-data.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

// The decoders of pictures: only the process that reads a picture loads them.
namespace torg::matrix {

#define TORG_LATE(library, name) \
  inline constexpr LateFunction<decltype(::name), library, #name> name {}

TORG_LATE("libturbojpeg.so.0", tjInitDecompress);
TORG_LATE("libturbojpeg.so.0", tjInitCompress);
TORG_LATE("libturbojpeg.so.0", tjDecompressHeader3);
TORG_LATE("libturbojpeg.so.0", tjDecompress2);
TORG_LATE("libturbojpeg.so.0", tjCompress2);
TORG_LATE("libturbojpeg.so.0", tjGetErrorCode);
TORG_LATE("libturbojpeg.so.0", tjFree);
TORG_LATE("libturbojpeg.so.0", tjDestroy);

TORG_LATE("libpng16.so.16", png_image_begin_read_from_memory);
TORG_LATE("libpng16.so.16", png_image_finish_read);
TORG_LATE("libpng16.so.16", png_image_write_to_memory);
TORG_LATE("libpng16.so.16", png_image_free);

TORG_LATE("libwebp.so.7", WebPGetFeaturesInternal);
TORG_LATE("libwebp.so.7", WebPDecodeBGRAInto);
TORG_LATE("libwebp.so.7", WebPConfigInitInternal);
TORG_LATE("libwebp.so.7", WebPPictureInitInternal);
TORG_LATE("libwebp.so.7", WebPPictureRescale);
TORG_LATE("libwebp.so.7", WebPPictureFree);
TORG_LATE("libwebp.so.7", WebPFree);
TORG_LATE("libwebpdemux.so.2", WebPAnimDecoderOptionsInitInternal);
TORG_LATE("libwebpdemux.so.2", WebPAnimDecoderNewInternal);
TORG_LATE("libwebpdemux.so.2", WebPAnimDecoderGetInfo);
TORG_LATE("libwebpdemux.so.2", WebPAnimDecoderGetNext);
TORG_LATE("libwebpdemux.so.2", WebPAnimDecoderDelete);
TORG_LATE("libwebpmux.so.3", WebPAnimEncoderOptionsInitInternal);
TORG_LATE("libwebpmux.so.3", WebPAnimEncoderNewInternal);
TORG_LATE("libwebpmux.so.3", WebPAnimEncoderAdd);
TORG_LATE("libwebpmux.so.3", WebPAnimEncoderAssemble);
TORG_LATE("libwebpmux.so.3", WebPAnimEncoderDelete);

TORG_LATE("libgif.so.7", DGifOpen);
TORG_LATE("libgif.so.7", DGifGetRecordType);
TORG_LATE("libgif.so.7", DGifGetImageDesc);
TORG_LATE("libgif.so.7", DGifGetLine);
TORG_LATE("libgif.so.7", DGifGetExtension);
TORG_LATE("libgif.so.7", DGifGetExtensionNext);
TORG_LATE("libgif.so.7", DGifExtensionToGCB);
TORG_LATE("libgif.so.7", DGifCloseFile);

TORG_LATE("libexif.so.12", exif_data_new_from_data);
TORG_LATE("libexif.so.12", exif_data_get_byte_order);
TORG_LATE("libexif.so.12", exif_data_unref);
TORG_LATE("libexif.so.12", exif_content_get_entry);
TORG_LATE("libexif.so.12", exif_get_short);

#undef TORG_LATE

/// Loads them all, so that no file need be opened later.
void load_picture_libraries();

}  // namespace torg::matrix
