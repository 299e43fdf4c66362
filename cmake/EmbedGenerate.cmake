# Run by torg_embed: writes ${OUT}/${NAME}.cpp and .hpp for the files under ${DIRECTORY}.
file(GLOB_RECURSE files RELATIVE ${DIRECTORY} ${DIRECTORY}/*)
list(SORT files)
set(assembler "")
set(symbols "")
set(rows "")
set(count 0)
foreach(file IN LISTS files)
  file(SHA256 ${DIRECTORY}/${file} hash)
  string(SUBSTRING ${hash} 0 12 hash)
  file(SIZE ${DIRECTORY}/${file} size)
  set(symbol torg_embedded_${NAME}_${count})
  string(APPEND assembler ".balign 16\\n${symbol}:\\n.incbin \\\"${DIRECTORY}/${file}\\\"\\n.byte 0\\n")
  string(APPEND symbols "  extern char const ${symbol}[];\n")
  string(APPEND rows "      {\"${file}\", {${symbol}, ${size}}, \"${hash}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT}/${NAME}.hpp "#pragma once
#include \"base/embedded.hpp\"

#include <span>

namespace torg::embedded {
[[nodiscard]] std::span<EmbeddedFile const> ${NAME}();
}
")
if(count EQUAL 0)
  set(body "  return {};\n")
else()
  set(body "  static constexpr EmbeddedFile kFiles[] = {\n${rows}  };\n  return kFiles;\n")
endif()
file(WRITE ${OUT}/${NAME}.cpp "#include \"embedded/${NAME}.hpp\"

__asm__(\".pushsection .rodata\\n${assembler}.popsection\\n\");
extern \"C\" {
${symbols}}

std::span<torg::EmbeddedFile const> torg::embedded::${NAME}() {
${body}}
")
