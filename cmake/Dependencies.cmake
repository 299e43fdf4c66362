# Every outside library, once. Why each: docs/dependencies.md
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(gmime REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(libxml2 REQUIRED IMPORTED_TARGET libxml-2.0)

# Archives rather than shared libraries: what is never called costs no memory.
foreach(name csv stemmer re2 yaml-cpp)
  find_library(${name}_ARCHIVE lib${name}.a REQUIRED)
  add_library(torg_${name} INTERFACE)
  target_link_libraries(torg_${name} INTERFACE ${${name}_ARCHIVE})
endforeach()

# Asio is compiled once, in runtime/asio.cpp.
add_library(torg_boost INTERFACE)
target_link_libraries(torg_boost INTERFACE Boost::json Boost::url)
target_compile_definitions(torg_boost INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
  BOOST_BEAST_SEPARATE_COMPILATION BOOST_ALLOW_DEPRECATED_HEADERS)
find_package(CLI11 2 REQUIRED)
