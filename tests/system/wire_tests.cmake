# For tests that need the right to create network namespaces; see wire_namespaces.sh.
add_executable(modbus_watch system/modbus_watch.cpp)
target_link_libraries(modbus_watch PRIVATE volt_flags drivers_modbus)
