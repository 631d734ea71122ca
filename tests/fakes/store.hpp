// A store that remembers its inputs.
#pragma once

#include <utility>

#include "drivers/store/store.hpp"

namespace volt::testing {

class FakeStore final : public Store {
public:
    void record(const SourceReading& reading, Utc) override { readings.push_back(reading); }
    void record(const SourceHealth& source, Utc at) override { healths.emplace_back(source, at); }
    void record(const DecisionRow& row) override { decisions.push_back(row); }
    void record(const EventRow& row) override { events.push_back(row); }
    void record(const CommandRow& row) override { commands.push_back(row); }
    void record(const RunRow& row) override { runs.push_back(row); }
    void record(const OutputProofRow& row) override { proofs.push_back(row); }
    void metric(const std::string&, double, Utc) override {}
    std::uint64_t save_rule_state(std::string text, Utc, bool urgent) override {
        rule_states.push_back(std::move(text));
        state_urgent = urgent;
        return rule_states.size();
    }
    void set_clock(Utc now, bool trusted) override {
        clock_set = now;
        clock_trusted = trusted;
    }
    std::shared_ptr<const Settings> take_new_settings() override { return std::exchange(new_settings, nullptr); }
    std::uint64_t set_mode(SiteMode mode, const std::string& who) override {
        modes.push_back(mode);
        mode_by = who;
        return modes.size();
    }
    StoreHealth health() const override { return state; }
    void close(Duration) override {}

    std::vector<SourceReading> readings;
    std::vector<std::pair<SourceHealth, Utc>> healths;
    std::vector<DecisionRow> decisions;
    std::vector<EventRow> events;
    std::vector<CommandRow> commands;
    std::vector<RunRow> runs;
    std::vector<OutputProofRow> proofs;
    std::vector<std::string> rule_states;
    std::vector<SiteMode> modes;
    std::string mode_by;  ///< requester of the last one
    Utc clock_set{};      ///< as of the last turn
    bool clock_trusted = false;
    bool state_urgent = false;  ///< the last saved rule state was urgent
    std::shared_ptr<const Settings> new_settings;
    StoreHealth state;
};

}  // namespace volt::testing
