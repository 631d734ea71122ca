volt_test(daemon_loop_tests LIBS daemon_base SOURCES
  daemon/clock_test.cpp
  daemon/freeze_test.cpp
  daemon/housekeeper_test.cpp
  daemon/log_test.cpp
  daemon/mailbox_test.cpp
  daemon/wake_test.cpp
)
