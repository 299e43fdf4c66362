# torg_sqlite: SQLite's amalgamation (public domain), newer than Debian's, for FTS5 secure-delete.
#
# It is not in the repository: npm fetches the pinned package that carries it (integrity hashes in package-lock.json)
# into build/vendor, once per checkout; afterwards no network is needed.
set(TORG_SQLITE_LOCK ${CMAKE_CURRENT_LIST_DIR}/package-lock.json)

function(torg_fetch_sqlite out)
  set(folder ${CMAKE_SOURCE_DIR}/build/vendor/sqlite)
  set(source ${folder}/node_modules/better-sqlite3/deps/sqlite3)
  set(${out} ${source} PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TORG_SQLITE_LOCK})
  file(MAKE_DIRECTORY ${folder})
  file(LOCK ${folder} DIRECTORY GUARD FUNCTION TIMEOUT 300)  # several presets may configure at once
  file(SHA256 ${TORG_SQLITE_LOCK} wanted)
  set(present "")
  if(EXISTS ${folder}/fetched AND EXISTS ${source}/sqlite3.c)
    file(READ ${folder}/fetched present)
  endif()
  if(present STREQUAL wanted)
    return()
  endif()
  set(tools ${CMAKE_SOURCE_DIR}/build/tools/bin)  # where script/setup puts Node and npm
  find_program(NPM npm HINTS ${tools})
  set(ENV{PATH} "${tools}:$ENV{PATH}")
  if(NOT NPM)
    message(FATAL_ERROR "SQLite's source is missing and npm, which fetches it, is not installed: run script/setup")
  endif()
  file(COPY ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/package.json ${TORG_SQLITE_LOCK} DESTINATION ${folder})
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund WORKING_DIRECTORY ${folder}
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 240)
  if(failed OR NOT EXISTS ${source}/sqlite3.c)
    message(FATAL_ERROR "SQLite's source could not be fetched: run script/setup while there is a network.\n${said}")
  endif()
  file(WRITE ${folder}/fetched ${wanted})
endfunction()

torg_fetch_sqlite(source)
add_library(torg_sqlite STATIC ${source}/sqlite3.c)
target_include_directories(torg_sqlite SYSTEM PUBLIC ${source})
# Always optimised: the debug build's tests run through it too. SQLite does what the undefined-behaviour and thread
# sanitizers complain about (its shared WAL index is read without a lock, and checked afterwards).
target_compile_options(torg_sqlite PRIVATE -O2 -w -fno-sanitize=undefined,thread)
target_compile_definitions(torg_sqlite PRIVATE
  SQLITE_THREADSAFE=2                # a connection is used by one thread at a time
  SQLITE_DEFAULT_MEMSTATUS=0
  SQLITE_DEFAULT_WAL_SYNCHRONOUS=2   # an acknowledged write is on the disk
  SQLITE_SECURE_DELETE
  SQLITE_TEMP_STORE=3                # never a temporary file with content
  SQLITE_DQS=0
  SQLITE_LIKE_DOESNT_MATCH_BLOBS
  SQLITE_MAX_EXPR_DEPTH=200
  SQLITE_ENABLE_FTS5
  SQLITE_ENABLE_DBPAGE_VTAB          # scrub finds and wipes unused parts of pages
  SQLITE_ENABLE_DBSTAT_VTAB
  SQLITE_USE_ALLOCA
  SQLITE_OMIT_DEPRECATED
  SQLITE_OMIT_LOAD_EXTENSION
  SQLITE_OMIT_PROGRESS_CALLBACK
  SQLITE_OMIT_SHARED_CACHE)
target_link_libraries(torg_sqlite PRIVATE m)
