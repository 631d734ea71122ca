include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(drivers_documents_tests LIBS drivers_documents test_processes SOURCES
  drivers/documents/html_test.cpp
  drivers/documents/pdf_test.cpp
  drivers/documents/reader_host_test.cpp
  drivers/documents/sandbox_test.cpp
  drivers/documents/text_test.cpp)
add_executable(reader_host_program drivers/documents/reader_host_program.cpp)
target_link_libraries(reader_host_program PRIVATE drivers_documents)
add_dependencies(drivers_documents_tests reader_host_program)
target_compile_definitions(drivers_documents_tests PRIVATE READER_HOST_PROGRAM="$<TARGET_FILE:reader_host_program>")
