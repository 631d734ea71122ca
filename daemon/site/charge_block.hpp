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

/// Exchanges of each device with a charge limit. Shared with its poller, which may still be ending.
struct ChargeExchanges {
    std::shared_ptr<ChargeLimitExchange> victron = std::make_shared<ChargeLimitExchange>();
    std::shared_ptr<ChargeLimitExchange> sol_ark = std::make_shared<ChargeLimitExchange>();
    std::shared_ptr<ChargeLimitExchange> sol_ark_2 = std::make_shared<ChargeLimitExchange>();
};

/// Newest successful proof.
struct ProofMemory {
    Utc at{};
    std::string wiring;  ///< charge_wiring() at the time of the proof, or empty if none succeeded
    bool operator==(const ProofMemory&) const = default;
};

/// State of all means that must be on the disk.
struct ChargeMemories {
    ChargeMemory victron, sol_ark, sol_ark_2;
    ProofMemory proof;
    bool operator==(const ChargeMemories&) const = default;
};

/// Action for log and events.
struct ChargeNote {
    std::string subject;  ///< number of the register, or "proof"
    std::string text;
};

/// One decided turn. `stored`: the current memory() is on the disk.
struct ChargeTurn {
    const Policy& policy;
    const SiteSnapshot& snapshot;
    const Decision& decision;
    bool stored = false;
};

/// Use on the loop thread only. Never blocks.
class ChargeBlock {
public:
    explicit ChargeBlock(const ChargeExchanges& exchanges);

    void configure(const Config& config);
    void restore(const ChargeMemories& memory);
    ChargeMemories memory() const;

    /// Carries out the order. Call after each decision.
    void update(const ChargeTurn& turn);
    /// Returns true if a proof needs the charge output off in the next turn.
    bool proves_output() const { return proof_.blocks() && means_ == ChargeMeans::output; }
    /// Starts a proof. Returns an empty string if it runs (facts() shows the result), or the reason it cannot.
    std::string prove(const ChargeTurn& turn);

    /// Restores the previous limits of these devices, within the write limits, because voltd exits or may no longer write to
    /// them. Keeps and logs a block because of cold. Returns true if the caller must wait until waits() is false.
    bool release(const ChargeTurn& turn, const std::vector<std::string>& devices = {"victron", "sol_ark", "sol_ark_2"});
    /// Returns true while release() is restoring a limit that its device has not accepted yet.
    bool waits(Time now) const;

    const ChargeFacts& facts() const { return facts_; }
    /// Returns the alarm with the reason the order has no effect, or nothing if it works.
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
    ChargeMeans means_ = ChargeMeans::report;  ///< means that act; `report` in shadow
    std::string wiring_;
    std::vector<std::pair<std::string, ChargeMeans>> means_by_device_;
    ProofMemory proven_;
    ChargeProof proof_;
    ChargeFacts facts_;
    std::string ignored_;            ///< set if the registers hold the block but the battery still charges
    std::vector<ChargeNote> notes_;  ///< a few; taken each turn
};

}  // namespace volt
