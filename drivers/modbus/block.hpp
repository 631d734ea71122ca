// One stretch of registers as a device takes it: in one request, or in parts once it refused the whole.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Older firmware has holes where newer has registers, and a hole anywhere in a request fails all of it. What was
/// learnt here stays until forget(), so that it is learnt once a connection and not once a poll.
class Block {
public:
    using Read = std::function<Result<std::vector<std::uint16_t>>(Stretch)>;

    /// `most`: registers in one request, 1..125.
    Block(Stretch stretch, std::uint16_t most);

    /// Asks for all parts. A refused one (`unsupported`) is halved until the register that is not there is alone, and
    /// left out; at most 32 refusals a call. `unsupported`: nothing of the stretch is there. Any other Failure ends the
    /// call, and the answers stay those of the call before.
    std::optional<Failure> ask(const Read& read);
    /// Nothing of it was there at the last ask.
    bool is_unknown() const { return parts_.empty(); }
    /// Some of it was not there at the last ask.
    bool has_holes() const;
    /// Asks for the whole again, in requests of at most `most` registers.
    void forget(std::uint16_t most);
    /// As new: without answers too.
    void reset(std::uint16_t most);

    Stretch stretch() const { return stretch_; }
    /// The last good ask brought other words than the one before.
    bool changed() const { return changed_; }
    /// Of the last good ask; words that stand side by side are one Answer.
    const Answers& answers() const { return answers_; }

private:
    Stretch stretch_;
    std::vector<Stretch> parts_;  ///< ascending
    bool may_join_ = true;        ///< parts that stand side by side were not asked together yet
    Answers answers_;
    bool changed_ = false;
};

}  // namespace volt::modbus
