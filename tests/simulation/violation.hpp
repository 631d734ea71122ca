// Violation of a property that must always hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::simulation {

struct Violation {
    std::string property;   ///< the violated property, in a word or two
    std::int64_t at_s = 0;  ///< since the start of the stretch
    std::size_t load = 0;
    std::string text;
    std::string context{};  ///< gates of the load and the preceding events
};

/// Keeps a bounded list: one entry for each property, load and day.
class Violations {
public:
    static constexpr std::size_t most = 20;
    void add(const std::string& property, std::int64_t at_s, std::size_t load, const std::string& text) {
        for (const Violation& one : list_)
            if (one.property == property && one.load == load && at_s - one.at_s < 86'400) return;
        if (list_.size() < most) list_.push_back({property, at_s, load, text});
    }
    std::vector<Violation>& list() { return list_; }
    const std::vector<Violation>& list() const { return list_; }

private:
    std::vector<Violation> list_;
};

}  // namespace volt::simulation
