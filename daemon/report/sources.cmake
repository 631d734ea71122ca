# Activity of loads over a time range: runs from decisions, hours, energy, starts. Pure.
add_library(daemon_report STATIC report/runs.cpp report/tally.cpp)
target_link_libraries(daemon_report PUBLIC rules drivers_base)
