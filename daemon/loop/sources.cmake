# Turns of the loop, and requests to it.
add_library(daemon_loop STATIC
  loop/cycle.cpp
  loop/lease_trials.cpp
  loop/request_queue.cpp
  loop/requests.cpp
  loop/settings_in_force.cpp
  loop/shadow_transition.cpp
  loop/turn_timing.cpp
  loop/turn_inputs.cpp
  loop/turn_journal.cpp
  loop/wall_watch.cpp
)
target_link_libraries(daemon_loop PUBLIC daemon_journal daemon_site daemon_host)
