// Measures a database with 400 days of data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::bench {

struct Figure {
    std::string what;
    double value = 0;  ///< for query times the median CPU time of the runs; otherwise the only value
    double least = 0;  ///< wall-clock time, including other work of the machine
    double greatest = 0;
    std::string unit;
    double goal = 0;  ///< 0 if none
};

/// Makes the file: 400 days of minutes and hours of three sources, 72 h of raw rows, 20 decisions per day with their details.
void make_aged(const std::string& path);
/// Measures the size, and the queries of the views, `history` and `decisions`, each on a new connection.
std::vector<Figure> measure_aged(const std::string& path);
/// Measures the loop's cost of passing rows to the store while the writer is busy.
std::vector<Figure> measure_posts(const std::string& path);

}  // namespace volt::bench
