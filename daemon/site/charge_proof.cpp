#include "daemon/site/charge_proof.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/phrase.hpp"

namespace volt {

namespace {

std::int64_t seconds(Duration duration) { return duration.count() / 1000; }

}  // namespace

void ChargeProof::begin(Time now, Amps current) {
    *this = {};
    state_ = State::running;
    began_ = now;
    before_ = lowest_ = current;
    text_ = fmt::format("Charging stops for {} s for the proof; the battery was charging with {}", seconds(block_lasts),
                        phrase(current));
}

void ChargeProof::update(const ProofInputs& inputs) {
    if (state_ != State::running) return;
    if (released_at_) return await_release(inputs);
    watch(inputs);
    if (why_.empty() && inputs.now - began_ < block_lasts) return;
    released_at_ = inputs.now;
    text_ = "Restoring the previous limit";
}

void ChargeProof::watch(const ProofInputs& inputs) {
    if (inputs.blocked) return give_up("the rules currently block charging");
    if (inputs.blind) return give_up("no usable battery voltage");
    if (inputs.holds && !held_since_) held_since_ = inputs.now;
    if (!held_since_) {
        if (inputs.now - began_ >= falls_within)
            give_up(fmt::format("the block did not take effect within {} s{}{}", seconds(falls_within),
                                inputs.failure.empty() ? "" : ": ", inputs.failure));
        return;
    }
    if (inputs.current && inputs.current_taken >= *held_since_) {
        lowest_ = std::min(lowest_, *inputs.current);
        if (*inputs.current >= under && fell_at_)
            return give_up("the current rose to " + phrase(*inputs.current) + " again during the block");
        if (*inputs.current < under && !fell_at_) fell_at_ = inputs.now;
    }
    if (!fell_at_ && inputs.now - *held_since_ >= falls_within)
        give_up(fmt::format(
            "the device accepted the block, but the current did not fall below {} within {} s: it went from {} to {}{}{}",
            phrase(under), seconds(falls_within), phrase(before_), phrase(lowest_), inputs.acts_if.empty() ? "" : "; ",
            inputs.acts_if));
}

void ChargeProof::await_release(const ProofInputs& inputs) {
    if (!inputs.stands || inputs.blocked) return finish();
    if (inputs.now - *released_at_ < released_within) return;
    give_up("the previous limit could not be restored" + (inputs.failure.empty() ? std::string() : ": " + inputs.failure));
    finish();
}

void ChargeProof::give_up(const std::string& why) {
    if (state_ != State::running || !why_.empty()) return;
    why_ = why;
    if (!released_at_) text_ = "Not proven: " + why_;
}

void ChargeProof::finish() {
    if (why_.empty() && !fell_at_) why_ = "no battery current was received";
    state_ = why_.empty() ? State::proven : State::failed;
    text_ = why_.empty() ? fmt::format("Proven: the battery current fell from {} to {} within {} s of the block", phrase(before_),
                                       phrase(lowest_), seconds(*fell_at_ - *held_since_))
                         : "Not proven: " + why_;
}

const char* name_of(ChargeProof::State state) {
    switch (state) {
        case ChargeProof::State::none: return "none";
        case ChargeProof::State::running: return "running";
        case ChargeProof::State::proven: return "proven";
        case ChargeProof::State::failed: return "failed";
    }
    return "?";
}

}  // namespace volt
