// A database as it is after 400 days, and how fast it answers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::bench {

struct Figure {
    std::string what;
    double value = 0;  ///< of times of queries the CPU time, the middle one of the runs; else the only one
    double least = 0;  ///< by the clock on the wall, with what else the machine does
    double greatest = 0;
    std::string unit;
    double goal = 0;  ///< 0: none
};

/// Makes the file: 400 days of minutes and hours of three sources, 72 h of raw rows, 20 decisions a day with what goes with them.
void make_aged(const std::string& path);
/// Size, and the queries behind the views, `history` and `decisions`, each on a connection of its own.
std::vector<Figure> measure_aged(const std::string& path);
/// What it costs the loop to pass its rows to the store while the writer is busy.
std::vector<Figure> measure_posts(const std::string& path);

}  // namespace volt::bench
