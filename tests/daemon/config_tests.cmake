volt_test(daemon_config_tests LIBS daemon_config TIMEOUT 300 SOURCES
  daemon/config/check_test.cpp
  daemon/config/config_changes_test.cpp
  daemon/config/config_checks_test.cpp
  daemon/config/config_hints_test.cpp
  daemon/config/config_nodes_test.cpp
  daemon/config/config_outputs_test.cpp
  daemon/config/config_test.cpp
  daemon/config/fields_test.cpp
  daemon/config/good_copy_test.cpp
  daemon/config/host_port_test.cpp
  daemon/config/numbers_test.cpp
  daemon/config/policy_test.cpp
  daemon/config/problem_test.cpp
  daemon/config/reach_test.cpp
  daemon/config/uses_test.cpp
  daemon/config/yaml_tree_test.cpp
)
