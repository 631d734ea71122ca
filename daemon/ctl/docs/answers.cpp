#include "daemon/ctl/docs/answers.hpp"

#include <iterator>
#include <sstream>
#include <string_view>

namespace volt::ctl {

namespace {

constexpr std::string_view heading_of_command = "### voltctl ";

constexpr CommandAnswers answer_table[] = {
    {"status",
     "what is on? how full is the battery? what is the battery voltage? how much solar power is there? which mode is the "
     "site in?"},
    {"watch", "how do I follow the site live? what changes right now?"},
    {"explain", "why is my miner off? why is the heater on? what would start it? what keeps it from running? why did it stop?"},
    {"override", "how do I force a miner on or off? how do I switch a load by hand for a while? how do I end that?"},
    {"mode",
     "how do I stop everything? how do I change between aggressive, balanced and conservative? how do I switch the site off?"},
    {"safe-mode end", "why does nothing start after crashes? how do I end safe mode?"},
    {"ha", "how does the site appear in Home Assistant again?"},
    {"outputs list", "which relays are there? does each relay answer? is a relay offline?"},
    {"outputs test", "how do I test a relay?"},
    {"outputs prove", "does the relay switch itself off when voltd is gone? how do I prove the pulse time?"},
    {"alarms", "is anything wrong? which alarms are active? what should I repair first?"},
    {"prefs show", "which thresholds are set? what are the preferences of the site? what is the battery curve?"},
    {"prefs help", "what does a preference mean? which values does it allow?"},
    {"prefs set", "how do I change a threshold of the site?"},
    {"prefs reset", "how do I get the defaults back?"},
    {"miners list", "which miners are there? at which voltage does each start and stop?"},
    {"miners show", "what are the settings of one miner?"},
    {"miners help", "what does a field of a miner mean?"},
    {"miners set", "how do I change the start voltage of a miner? how do I give it a schedule?"},
    {"miners add", "how do I add a miner?"},
    {"miners rm", "how do I remove a miner?"},
    {"zones list", "which zones, fans and heaters are there? which temperatures are wanted?"},
    {"zones show", "what are the settings of one zone?"},
    {"zones help", "what does a field of a zone mean?"},
    {"zones set", "how do I change the temperature of a room?"},
    {"zones add", "how do I add a fan or a heater?"},
    {"zones rm", "how do I remove a zone?"},
    {"settings history", "who changed a setting, and when? what was it before?"},
    {"settings undo", "how do I take a change back?"},
    {"settings restore", "how do I go back to the settings of last week?"},
    {"history", "how was the voltage last night? how much did the panels make yesterday? how warm was it?"},
    {"decisions", "when did a load start and stop? what was decided in the night, and by which reading?"},
    {"whatif", "what would have happened with another start voltage? is a change worth it?"},
    {"shadow", "what would voltd have switched in shadow mode? can I trust it to switch?"},
    {"go-live", "how do I let voltd switch the relays? how do I go back to shadow mode?"},
    {"import", "how do I bring the settings and readings of the former cloud here?"},
    {"login", "how do I open the page in a browser? how do I log in from a phone?"},
    {"key add", "how does a program get access to the API?"},
    {"key list", "which programs have access?"},
    {"key rm", "how do I revoke the access of a program?"},
    {"users list", "which users are there?"},
    {"users add", "how do I add a user?"},
    {"users rm", "how do I remove a user?"},
    {"ha announce", "how do I bring a deleted entity back in Home Assistant?"},
    {"ask", "how do I ask the site in words?"},
    {"conversations", "what was asked before, and what was answered?"},
    {"memory", "what does the agent remember? how do I delete that?"},
    {"proposals", "what did the model propose? how do I approve a change?"},
    {"mcp", "how does a language model read the site?"},
    {"docs", "where is that in the manual of my inverter? how do I search my documents? why is a document not found?"},
    {"init", "how do I set up a new site? how do I begin?"},
    {"config check", "is my voltd.yaml right? what is wrong with the configuration?"},
    {"config schema", "how does my editor check voltd.yaml?"},
    {"db status", "how large is the database? which version does it have?"},
    {"db migrate", "how do I bring the database to this version?"},
    {"db verify", "is the database damaged?"},
    {"db rollback", "how do I go back to the earlier version of the database?"},
    {"db backup", "how do I copy the database?"},
    {"db restore", "how do I get the database back from a copy?"},
    {"db acknowledge", "how does the alarm of a restored database end?"},
    {"backup", "how do I back up the whole site? how do I save it to a USB stick?"},
    {"restore", "the card died: how do I get the site back from a backup?"},
    {"charge prove", "does the block of charging in the cold work? how do I prove it?"},
    {"doctor", "what is wrong with the installation? why does voltd not read the inverter? is the site set up right?"},
    {"probe", "which registers does a device answer? what is at this Modbus address?"},
    {"replay", "how do I play a recorded case again? what would the rules have decided?"},
};

/// Whether `path` is `command` or below it.
bool is_below(std::string_view path, std::string_view command) {
    return path.starts_with(command) && (path.size() == command.size() || path[command.size()] == ' ');
}

}  // namespace

std::vector<CommandAnswers> command_answers() { return {std::begin(answer_table), std::end(answer_table)}; }

std::string with_answers(const std::string& markdown) {
    std::string text;
    std::istringstream lines(markdown);
    for (std::string line; std::getline(lines, line);) {
        text += line + "\n";
        if (!line.starts_with(heading_of_command)) continue;
        const std::string command = line.substr(heading_of_command.size());
        std::string answers;
        for (const auto& [path, questions] : command_answers())
            if (is_below(path, command))
                answers += (answers.empty() ? "" : "\n") + ("Answers: " + std::string(questions)) +
                           (path == command ? "" : " (`voltctl " + std::string(path) + "`)") + "\\";
        if (answers.empty()) continue;
        answers.pop_back();
        text += "\n" + answers + "\n";
    }
    return text;
}

}  // namespace volt::ctl
