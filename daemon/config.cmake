# voltd.yaml: read strictly, held against the settings, made into a policy.
add_library(daemon_config STATIC
  check.cpp
  config.cpp
  config_checks.cpp
  config_nodes.cpp
  config_output_checks.cpp
  config_outputs.cpp
  fields.cpp
  host_port.cpp
  numbers.cpp
  policy.cpp
  problem.cpp
  uses.cpp
  yaml_tree.cpp
)
target_link_libraries(daemon_config PUBLIC rules drivers_base fmt::fmt PRIVATE yaml-cpp)
