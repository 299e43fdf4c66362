# torg_embed(TARGET <library> NAME <name> DIRECTORY <folder> [DEPENDS <files…>])
#
# Puts every file under <folder> into <library> as it is. Code reads them through
#   #include "embedded/<name>.hpp"      std::span<torg::EmbeddedFile const> torg::embedded::<name>();
# The assembler copies the bytes (.incbin), so that megabytes compile in a moment. Files that another target makes are
# listed when building: name what makes them in DEPENDS.
function(torg_embed)
  cmake_parse_arguments(EMBED "" "TARGET;NAME;DIRECTORY" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${EMBED_DIRECTORY}/*)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  add_custom_command(
    OUTPUT ${out}/${EMBED_NAME}.cpp ${out}/${EMBED_NAME}.hpp
    COMMAND ${CMAKE_COMMAND} -DNAME=${EMBED_NAME} -DDIRECTORY=${EMBED_DIRECTORY} -DOUT=${out}
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedGenerate.cmake
    DEPENDS ${files} ${EMBED_DEPENDS} ${CMAKE_SOURCE_DIR}/cmake/EmbedGenerate.cmake
    COMMENT "Embedding ${EMBED_NAME}" VERBATIM)
  target_sources(${EMBED_TARGET} PRIVATE ${out}/${EMBED_NAME}.cpp ${out}/${EMBED_NAME}.hpp)
  # The bytes are outside of what the compiler sees, hence of what ccache can know.
  set_source_files_properties(${out}/${EMBED_NAME}.cpp PROPERTIES OBJECT_DEPENDS "${files}")
  target_include_directories(${EMBED_TARGET} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
