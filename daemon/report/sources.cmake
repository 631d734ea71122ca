# What loads did over a range of time: runs out of decisions, hours, energy, starts. Pure.
add_library(daemon_report STATIC report/runs.cpp report/tally.cpp)
target_link_libraries(daemon_report PUBLIC rules drivers_base)
