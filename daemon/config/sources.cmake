# voltd.yaml: parsed strictly, compared with the settings, converted into a policy.
add_library(daemon_config STATIC
  config/charge_plan.cpp
  config/check.cpp
  config/check_files.cpp
  config/check_night.cpp
  config/commands_line.cpp
  config/config.cpp
  config/config_changes.cpp
  config/config_checks.cpp
  config/config_nodes.cpp
  config/config_output_checks.cpp
  config/config_outputs.cpp
  config/config_topic_checks.cpp
  config/fields.cpp
  config/good_copy.cpp
  config/host_port.cpp
  config/numbers.cpp
  config/build_policy.cpp
  config/problem.cpp
  config/reach.cpp
  config/schema.cpp
  config/uses.cpp
  config/yaml_tree.cpp
)
target_link_libraries(daemon_config PUBLIC rules drivers_base drivers_store fmt::fmt PRIVATE yaml-cpp)
