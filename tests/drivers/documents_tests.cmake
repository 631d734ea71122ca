include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(drivers_documents_tests LIBS drivers_documents test_processes SOURCES
  drivers/documents/html_test.cpp
  drivers/documents/pdf_test.cpp
  drivers/documents/sandbox_test.cpp
  drivers/documents/text_test.cpp)
