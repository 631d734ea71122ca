// ChargeBlock: carries out the charge order through all configured means, reports which of them act, and proves them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/charge_plan.hpp"
#include "daemon/explain/site_view.hpp"
#include "daemon/site/charge_limit_controller.hpp"
#include "daemon/site/charge_proof.hpp"
#include "daemon/site/system_alarms.hpp"
#include "rules/decide.hpp"

namespace volt {

/// Of each device with a charge limit; shared with its poller, which may be ending still.
struct ChargeExchanges {
    std::shared_ptr<ChargeLimitExchange> victron = std::make_shared<ChargeLimitExchange>();
    std::shared_ptr<ChargeLimitExchange> sol_ark = std::make_shared<ChargeLimitExchange>();
    std::shared_ptr<ChargeLimitExchange> sol_ark_2 = std::make_shared<ChargeLimitExchange>();
};

/// The newest proof that succeeded.
struct ProofMemory {
    Utc at{};
    std::string wiring;  ///< charge_wiring() then; empty: none succeeded
    bool operator==(const ProofMemory&) const = default;
};

/// What all of it must have on the disk.
struct ChargeMemories {
    ChargeMemory victron, sol_ark, sol_ark_2;
    ProofMemory proof;
    bool operator==(const ChargeMemories&) const = default;
};

/// Something done, for log and events.
struct ChargeNote {
    std::string subject;  ///< number of the register, or "proof"
    std::string text;
};

/// One turn as decided; `stored`: memory() as it is now is on the disk.
struct ChargeTurn {
    const Policy& policy;
    const SiteSnapshot& snapshot;
    const Decision& decision;
    bool stored = false;
};

/// Loop thread only; never blocks.
class ChargeBlock {
public:
    explicit ChargeBlock(const ChargeExchanges& exchanges);

    void configure(const Config& config);
    void restore(const ChargeMemories& memory);
    ChargeMemories memory() const;

    /// After each decision.
    void update(const ChargeTurn& turn);
    /// The charge output is to be off for a proof in the next turn.
    bool proves_output() const { return proof_.blocks() && means_ == ChargeMeans::output; }
    /// Starts a proof; empty: it runs, and facts() shows the result. Else why it cannot run now.
    std::string prove(const ChargeTurn& turn);

    /// voltd ends, or may no longer write to these devices: restores their previous limits within the write limits.
    /// A block because of cold stays, and is logged. True: wait until waits() is false.
    bool release(const ChargeTurn& turn, const std::vector<std::string>& devices = {"victron", "sol_ark", "sol_ark_2"});
    /// release() is restoring a limit, and its device has not accepted it yet.
    bool waits(Time now) const;

    const ChargeFacts& facts() const { return facts_; }
    /// The alarm that says why the order is not in effect; none if it is.
    std::optional<SystemAlarm> failure(bool blocked) const;
    std::vector<ChargeNote> take_notes();

private:
    struct Device {
        std::string name;
        std::string subject;
        ChargeLimitController controller;
        bool writes = false;  ///< and not in `shadow`
        int back_a = -1;
        bool putting_back = false;
    };

    ChargeInputs inputs_of(const Device& device, const ChargeTurn& turn) const;
    void update_proof(const ChargeTurn& turn);
    bool holds(const ChargeTurn& turn) const;
    bool stands(const ChargeTurn& turn) const;
    ChargeMeans carried_out(const ChargeTurn& turn) const;
    std::string failures() const;
    void update_facts(const ChargeTurn& turn);
    std::string unready(const ChargeTurn& turn) const;

    std::array<Device, 3> devices_;
    ChargeMeans means_ = ChargeMeans::report;  ///< as they act: `report` in shadow
    std::string wiring_;
    std::vector<std::pair<std::string, ChargeMeans>> means_by_device_;
    ProofMemory proven_;
    ChargeProof proof_;
    ChargeFacts facts_;
    std::string ignored_;            ///< the registers hold the block, and the battery is charged on; empty: not so
    std::vector<ChargeNote> notes_;  ///< a few; taken each turn
};

}  // namespace volt
