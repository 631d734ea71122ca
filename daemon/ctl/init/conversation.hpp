// Conversation of `voltctl init`: a list of steps that ask questions and fill the answers. Writes nothing and switches nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/init/site_file.hpp"
#include "daemon/ctl/init/talk.hpp"
#include "daemon/ctl/init/world.hpp"

namespace volt::ctl::init {

/// Options from the command line.
struct InitOptions {
    std::string broker = "mqtt://127.0.0.1:1883";
    std::vector<modbus::Subnet> subnets;  ///< empty for the subnets of this machine
    bool may_scan = true;
    int listen_s = 20;
};

/// State at the start of a step.
struct StepBegin {
    Json answers = Json::object();
    std::map<std::string, std::string> used{};
    bool asks = false;  ///< it had a question
};

/// Data that a conversation collects.
struct Conversation {
    Talk& talk;
    World& world;
    InitOptions options;
    Json answers = Json::object();
    FileHead head{};
    std::string password{};  ///< password of the broker; never part of the answers
    ThisMachine machine{};
    bool scanned = false;                                 ///< a scan was offered
    bool may_look = false;                                ///< and accepted
    std::vector<std::string> open{};                      ///< addresses with port 502 open
    std::map<std::string, modbus::ProbeReport> probed{};  ///< by address as typed
    Announcements announcements{};
    bool connected = false;                     ///< to the broker
    std::map<std::string, std::string> used{};  ///< use of an output by its identity
    bool end_guard = false;          ///< the owner accepts that no room guards the battery against charging below freezing
    std::vector<StepBegin> begun{};  ///< for each step so far
};

/// Asks everything from step `from` on. Throws Ended. `b` leads to the first question of a step, and from there to the previous
/// step.
void converse(Conversation& conversation, int from = 0);
inline constexpr int last_step = 9;

// Steps of the conversation.
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

/// Returns the list of devices found on the broker, one line each.
std::vector<std::string> output_lines(const std::vector<SeenOutput>& outputs);

/// Question for the output of a load: one of the list, a typed one, or none. Adds it to the answers and returns its id, or
/// nothing. `fan` allows levels.
struct LoadQuestion {
    std::string key;   ///< "miners[0].output"
    std::string text;  ///< "Its relay"
    std::string id;    ///< id for the output: "primary-s21"
    bool fan = false;
};
struct ChosenOutput {
    std::string id;
    OutputConfig wiring;
    std::optional<Watts> power;
};
std::optional<ChosenOutput> ask_output(Conversation& conversation, const LoadQuestion& question);

}  // namespace volt::ctl::init
