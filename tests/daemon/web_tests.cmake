# Files of the page as a whole, and its pure modules under Node.js.
find_program(NODE node)
if(NODE AND VOLT_WEB AND NOT CMAKE_CROSSCOMPILING)
  add_test(NAME web_files_test COMMAND ${NODE} ${CMAKE_CURRENT_LIST_DIR}/web/files_check.mjs ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${CMAKE_COMMAND})
  file(GLOB web_module_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/web/*.test.js)
  add_test(NAME web_modules_test COMMAND ${NODE} --test ${web_module_tests})
  add_test(NAME agent_page_test COMMAND ${NODE} --test ${CMAKE_CURRENT_LIST_DIR}/agent/page/page.test.js)
  set_tests_properties(web_files_test web_modules_test agent_page_test PROPERTIES TIMEOUT ${longest_test})
endif()
