// The questions of `voltctl init`, a list of steps. They fill the answers; nothing is written, and nothing is switched.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/init/site_file.hpp"
#include "daemon/ctl/init/talk.hpp"
#include "daemon/ctl/init/world.hpp"

namespace volt::ctl::init {

/// What the command line gave.
struct InitOptions {
    std::string broker = "mqtt://127.0.0.1:1883";
    std::vector<modbus::Subnet> subnets;  ///< empty: those of this machine
    bool may_scan = true;
    int listen_s = 20;
};

/// What a step began with.
struct StepBegin {
    Json answers = Json::object();
    std::map<std::string, std::string> used{};
    bool asks = false;  ///< it had a question
};

/// Everything that a conversation collects.
struct Conversation {
    Talk& talk;
    World& world;
    InitOptions options;
    Json answers = Json::object();
    FileHead head{};
    std::string password{};  ///< of the broker; never among the answers
    ThisMachine machine{};
    bool scanned = false;                                 ///< it was asked for
    bool may_look = false;                                ///< and agreed to
    std::vector<std::string> open{};                      ///< addresses with port 502 open
    std::map<std::string, modbus::ProbeReport> probed{};  ///< by address as given
    Announcements announcements{};
    bool connected = false;                     ///< to the broker
    std::map<std::string, std::string> used{};  ///< identity of an output: what it is used for
    bool end_guard = false;          ///< no room guards the battery against charging while it freezes, and that is meant
    std::vector<StepBegin> begun{};  ///< of each step that was asked
};

/// Asks all from step `from` on; throws Ended. `b` goes to the first question of a step, and from there to the step before.
void converse(Conversation& conversation, int from = 0);
inline constexpr int last_step = 9;

// The steps.
void ask_machine(Conversation& conversation);
void ask_site(Conversation& conversation);
void ask_bank(Conversation& conversation);
void ask_gx(Conversation& conversation);
void ask_sol_ark(Conversation& conversation);
void ask_broker(Conversation& conversation);
void ask_devices(Conversation& conversation);
void ask_zones(Conversation& conversation);
void ask_miners(Conversation& conversation);
void ask_page(Conversation& conversation);

/// The list of what was found on the broker, one line each.
std::vector<std::string> output_lines(const std::vector<SeenOutput>& outputs);

/// Asks for the output of a load: one of the list, one that is typed, or none. It is added to the answers; returns its id, or nothing.
/// `fan`: levels are allowed.
struct LoadQuestion {
    std::string key;   ///< "miners[0].output"
    std::string text;  ///< "Its relay"
    std::string id;    ///< of the output: "primary-s21"
    bool fan = false;
};
struct ChosenOutput {
    std::string id;
    OutputConfig wiring;
    std::optional<Watts> power;
};
std::optional<ChosenOutput> ask_output(Conversation& conversation, const LoadQuestion& question);

}  // namespace volt::ctl::init
