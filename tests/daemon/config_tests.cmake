volt_test(daemon_config_tests LIBS daemon_config TIMEOUT 300 SOURCES
  daemon/check_test.cpp
  daemon/config_checks_test.cpp
  daemon/config_nodes_test.cpp
  daemon/config_outputs_test.cpp
  daemon/config_test.cpp
  daemon/fields_test.cpp
  daemon/host_port_test.cpp
  daemon/numbers_test.cpp
  daemon/policy_test.cpp
  daemon/problem_test.cpp
  daemon/uses_test.cpp
  daemon/yaml_tree_test.cpp
)
