// One stretch of registers, read in one request, or in parts after the device refused the whole.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// A stretch that learns its holes. Older firmware has holes where newer has registers, and a hole anywhere in a request fails
/// all of it. Holes are remembered until forget() or retry_holes(), so that they are not searched at each poll.
class Block {
public:
    using Read = std::function<Result<std::vector<std::uint16_t>>(Stretch)>;
    using MaySplit = std::function<bool()>;

    /// Makes a block. `most`: registers in one request, 1..125. `needed`: addresses that decisions need.
    Block(Stretch stretch, std::uint16_t most, const std::vector<std::uint16_t>& needed = {});

    /// Reads all parts. Halves a refused part (`unsupported`) until only the missing register is left, and skips that one from
    /// then on. At most 32 refusals per call, 8 after retry_holes(); halves nothing once `may_split` is false. After the first
    /// refusal it reads the needed registers one by one. Returns `unsupported` if no needed register, or no register of the
    /// stretch, exists. Any other Failure ends the call, and the answers of the last call are kept.
    std::optional<Failure> ask(const Read& read, const MaySplit& may_split = {});
    /// Makes the next ask() read the missing registers too: each hole at once, a needed register by itself.
    void retry_holes();
    /// Returns true if no register existed at the last ask.
    bool is_unknown() const { return parts_.empty(); }
    /// Returns true if some registers were missing at the last ask.
    bool has_holes() const { return !holes_.empty(); }
    /// Returns the missing stretches of the last ask, ascending.
    const std::vector<Stretch>& holes() const { return holes_; }
    /// Returns true if a register that decisions need was missing at the last ask.
    bool lacks_needed() const;
    /// Reads the whole again, in requests of at most `most` registers.
    void forget(std::uint16_t most);
    /// Skips these in the next ask(), as if they had been rejected. Needed registers are read anyway.
    void leave_out(const std::vector<Stretch>& holes);
    /// Resets the block to its initial state, without answers.
    void reset(std::uint16_t most);

    Stretch stretch() const { return stretch_; }
    /// Returns true if the last good poll changed a value of the previous one, or was the first.
    bool changed() const { return changed_; }
    /// Returns the answers of the last good ask. Adjacent words are one Answer.
    const Answers& answers() const { return answers_; }

private:
    bool is_needed(unsigned address) const;
    void cut(Stretch whole, std::vector<Stretch>& into) const;
    std::vector<Stretch> left_out() const;
    std::optional<Failure> refused_of_needed(const Read& read, const std::vector<Stretch>& taken, Stretch part,
                                             const Failure& why) const;
    void leave_all_out();

    Stretch stretch_;
    std::uint16_t most_ = 125;
    std::vector<std::uint16_t> needed_;  ///< within the stretch
    std::vector<Stretch> parts_;         ///< ascending
    std::vector<Stretch> holes_;
    bool retries_holes_ = false;  ///< the parts include registers that were missing before
    bool may_join_ = true;        ///< adjacent parts were not yet read together
    Answers answers_;
    bool changed_ = false;
};

}  // namespace volt::modbus
