// One stretch of registers as a device takes it: in one request, or in parts once it refused the whole.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Older firmware has holes where newer has registers, and a hole anywhere in a request fails all of it. What was
/// learned here stays until forget() or retry_holes(), so that it is not learned at each poll.
class Block {
public:
    using Read = std::function<Result<std::vector<std::uint16_t>>(Stretch)>;
    using MaySplit = std::function<bool()>;

    /// `most`: registers in one request, 1..125. `needed`: addresses that decisions need.
    Block(Stretch stretch, std::uint16_t most, const std::vector<std::uint16_t>& needed = {});

    /// Reads all parts. A refused part (`unsupported`) is halved until the missing register stands alone; that one is skipped
    /// from then on. At most 32 refusals a call, 8 after retry_holes(); nothing is halved once `may_split` is false. After the
    /// first refusal the needed registers are read one by one. Returns `unsupported` if no needed register, or no register of
    /// the stretch, exists. Any other Failure ends the call, and the answers of the last call stay.
    std::optional<Failure> ask(const Read& read, const MaySplit& may_split = {});
    /// The next ask() asks for what was not there too: each hole at once, a needed register by itself.
    void retry_holes();
    /// Nothing of it was there at the last ask.
    bool is_unknown() const { return parts_.empty(); }
    /// Some of it was not there at the last ask.
    bool has_holes() const { return !holes_.empty(); }
    /// What was not there at the last ask, ascending.
    const std::vector<Stretch>& holes() const { return holes_; }
    /// A register that decisions need was not there at the last ask.
    bool lacks_needed() const;
    /// Asks for the whole again, in requests of at most `most` registers.
    void forget(std::uint16_t most);
    /// The next ask() leaves these out, as if they had been rejected; what is needed is asked for anyway.
    void leave_out(const std::vector<Stretch>& holes);
    /// As new: without answers too.
    void reset(std::uint16_t most);

    Stretch stretch() const { return stretch_; }
    /// The last good poll changed a value that the previous one also had, or was the first.
    bool changed() const { return changed_; }
    /// Of the last good ask; words that stand side by side are one Answer.
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
    bool retries_holes_ = false;  ///< the parts hold what was not there before
    bool may_join_ = true;        ///< parts that stand side by side were not asked together yet
    Answers answers_;
    bool changed_ = false;
};

}  // namespace volt::modbus
