# Loop and outputs on a real broker with faulty relays, then voltd itself as a process. Separate programs run beside the others.
include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(outputs_tests TIMED CASES_AT_ONCE 4 COST 40 LIBS daemon_loop drivers test_fakes SOURCES
  outputs/loop_rig.cpp
  outputs/broker_faults_test.cpp
  daemon/site/output_release_test.cpp
  outputs/fleet_test.cpp
  outputs/relay_faults_test.cpp
)
volt_site_test(outputs_voltd_tests TIMED CASES_AT_ONCE 4 COST 50 LIBS test_fakes SOURCES outputs/voltd_test.cpp)
volt_site_test(outputs_prove_tests TIMED COST 110 LIBS test_fakes SOURCES outputs/prove_test.cpp)
volt_site_test(outputs_charge_tests TIMED SOURCES outputs/charge_test.cpp)
