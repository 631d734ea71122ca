// SiteReplay: runs the rules over a recorded range, one tick a second, with the original settings or others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/report/tally.hpp"
#include "daemon/whatif/battery_fit.hpp"
#include "daemon/whatif/followed_outputs.hpp"
#include "daemon/whatif/record.hpp"
#include "rules/decide.hpp"

namespace volt::whatif {

inline constexpr std::size_t stage_count = static_cast<std::size_t>(Stage::overvoltage) + 1;
inline constexpr std::size_t most_kept_decisions = 2000;  ///< per replay

/// Order to a miner.
struct ReplayedDecision {
    std::int64_t at_s = 0;
    std::size_t load = 0;  ///< index into SiteRecord::loads
    bool on = false;
    std::string reason, text;
};

/// Result for the seconds within the range. Minutes count from its beginning.
struct ReplayResult {
    std::vector<LoadTally> loads;  ///< order of SiteRecord::loads
    /// Seconds by load and GateName in which the load was off and that gate did not pass.
    std::vector<std::array<std::int64_t, gate_count>> blocked_s;
    std::optional<Volts> lowest;
    std::array<std::int64_t, stage_count> stage_s{};
    std::vector<ReplayedDecision> decisions;              ///< by time, the first most_kept_decisions
    std::vector<std::uint8_t> on_s_of_minute;             ///< [minute * loads + load]
    std::vector<std::optional<Volts>> volts_of_minute;    ///< at the end of each minute
    std::int64_t drift_watt_seconds = 0, drift_peak = 0;  ///< energy taken beyond the recorded (now, and maximum in either
                                                          ///< direction), in Ws
};

/// Knowledge of the replay beyond the sag: how the bank's voltage follows its energy, and that a full bank's charger can use more
/// sun.
struct StoredEnergy {
    std::int64_t nanovolts_per_ws = 0;  ///< change of the resting voltage; above 0
    std::vector<RestingPoint> curve{};  ///< used instead if the bank was fitted
};

class SiteReplay {
public:
    /// `record` must outlive it. `policies` has at least one entry, all with the same outputs and sources. Without `stored`, only
    /// the sag corrects the voltage.
    SiteReplay(const SiteRecord& record, PolicyLine policies, std::optional<StoredEnergy> stored = {});
    /// Runs the ticks of row `index`. Call in order of the rows.
    void take(std::size_t index);
    const ReplayResult& result() const { return result_; }

private:
    /// Miner of the record under the current policy.
    struct Replayed {
        Index miner = no_index;
        Index output = no_index;
        std::size_t next_run = 0;
        const RecordedRun *ending = nullptr, *booting = nullptr;  ///< in this row
        Watts then{}, now{}, typical{};
        bool was_on = false;
    };
    /// Recorded draw of a row. Its figures are means, and its minimum voltage belongs to the greatest draw. A run that ends in
    /// the row has a share in both. One that starts in it does not, because a miner draws its power minutes later.
    struct RowDraw {
        Watts mean{}, greatest{};  ///< of the runs that end in it, together
        bool whole = true;         ///< no run starts or ends in it, so its figures are of one state
    };
    /// Bank at the last moment at which the replay drew the recorded power, while it has supplied as much ever since.
    struct UnderLoad {
        RowDraw row;
        std::optional<Watts> battery;
        std::vector<std::optional<Volts>> least;
    };
    void begin_on();
    bool is_first() const { return !decision_.next.started; }
    void take_row(const HeldRow& row, std::int64_t length);
    void follow_bank(const HeldRow& row, Watts more, Watts from_bank);
    void enter(std::size_t step);
    void come_back(std::int64_t at_s);
    Time time_of(std::int64_t at_s) const;
    void tick(const HeldRow& row, std::int64_t second);
    void take_time(const HeldRow& row, std::int64_t second);
    void take_loads(std::int64_t at_s);
    void take_readings(const HeldRow& row, std::int64_t second);
    void take_temperatures(const HeldRow& row);
    void take_outputs();
    void take_overrides(std::int64_t at_s);
    void note_orders(std::int64_t at_s);
    void count(std::int64_t at_s);
    void count_gates(const Replayed& load, std::array<std::int64_t, gate_count>& blocked_s) const;

    const SiteRecord& record_;
    const PolicyLine policies_;
    const std::optional<StoredEnergy> stored_;
    std::size_t step_ = 0, next_override_ = 0;
    std::vector<Replayed> loads_;
    FollowedOutputs outputs_;
    UnderLoad under_load_;
    SiteSnapshot snapshot_;
    Decision decision_;
    TickMemory memory_;
    ReplayResult result_;
};

}  // namespace volt::whatif
