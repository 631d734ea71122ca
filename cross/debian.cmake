# Shared part of the toolchain files: Debian's cross compiler for the triplet, and libraries only from the target's build root.
# VOLT_ROOT is that root (`./dev cross` creates it).
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES VOLT_ROOT)
if(NOT IS_DIRECTORY "${VOLT_ROOT}/usr")
  message(FATAL_ERROR "VOLT_ROOT is no build root of the target; './dev cross' makes one")
endif()

set(CMAKE_C_COMPILER ${VOLT_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${VOLT_TRIPLET}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${VOLT_TRIPLET})
set(CMAKE_SYSROOT ${VOLT_ROOT})
set(CMAKE_FIND_ROOT_PATH ${VOLT_ROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Use the host's pkg-config, limited to the root.
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${VOLT_ROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${VOLT_ROOT}/usr/lib/${VOLT_TRIPLET}/pkgconfig:${VOLT_ROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_PATH} "")

set(CMAKE_CROSSCOMPILING_EMULATOR ${VOLT_EMULATOR} -L ${VOLT_ROOT})
