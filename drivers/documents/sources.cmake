# Foreign files as text, only for volt-agent.
pkg_check_modules(LIBXML REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
add_library(drivers_documents STATIC
  documents/html.cpp
  documents/pdf.cpp
  documents/reader_host.cpp
  documents/sandbox.cpp
  documents/text.cpp
)
target_link_libraries(drivers_documents PUBLIC drivers_base PRIVATE PkgConfig::LIBXML PkgConfig::SECCOMP)
