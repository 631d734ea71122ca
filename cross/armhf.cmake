# Debian 12 armhf: ARMv7 with hardware floats (a Pi 2 and later; not the Pi Zero and 1, which are ARMv6).
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(VOLT_TRIPLET arm-linux-gnueabihf)
set(VOLT_EMULATOR qemu-arm-static)
set(CMAKE_CXX_FLAGS_INIT -Wno-psabi)  # notes about GCC 6
set(VOLT_DEBIAN_ARCHITECTURE armhf)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
