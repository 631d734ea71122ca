#include "daemon/ctl/init/conversation.hpp"

#include <array>

namespace volt::ctl::init {

namespace {

constexpr std::size_t first_asking = 1;  // the step before it only shows

}  // namespace

void converse(Conversation& c, int from) {
    using Step = void (*)(Conversation&);
    constexpr std::array<Step, last_step + 1> steps = {ask_machine, ask_site,    ask_bank,  ask_gx,     ask_sol_ark,
                                                       ask_broker,  ask_devices, ask_zones, ask_miners, ask_page};
    c.begun.resize(steps.size());
    if (from == 0)
        c.talk.print(
            "Enter accepts the answer in brackets; ? explains; b goes back; Ctrl-C ends. Nothing is written before the end.");
    else c.answers = c.begun[static_cast<std::size_t>(from)].answers;
    for (auto i = static_cast<std::size_t>(from); i < steps.size();) {
        c.begun[i] = {c.answers, c.used, false};
        c.talk.take_answered();
        try {
            steps[i](c);
            c.begun[i++].asks = c.talk.take_answered() > 0;
        } catch (const GoBack&) {
            const bool at_first = c.talk.take_answered() == 0;
            for (bool look = at_first; look && i > first_asking; look = !c.begun[i].asks) --i;
            c.answers = c.begun[i].answers;
            c.used = c.begun[i].used;
        }
    }
}

}  // namespace volt::ctl::init
