# One turn after the other, and what others ask of the loop.
add_library(daemon_loop STATIC
  loop/cycle.cpp
  loop/requests.cpp
  loop/tick_phase.cpp
)
target_link_libraries(daemon_loop PUBLIC daemon_journal daemon_site daemon_host)
