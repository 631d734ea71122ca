# Raspberry Pi OS 64 and Debian 12 arm64: ARMv8-A.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(VOLT_TRIPLET aarch64-linux-gnu)
set(VOLT_EMULATOR qemu-aarch64-static)
set(VOLT_DEBIAN_ARCHITECTURE arm64)
include(${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
