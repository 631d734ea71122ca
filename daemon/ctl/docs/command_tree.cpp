#include "daemon/ctl/docs/command_tree.hpp"

#include <sstream>

namespace volt::ctl {

namespace {

bool is_help(const CLI::Option* option) { return option->check_lname("help"); }

/// Returns the lines of a footer that begin with `voltctl <path>` and a space or nothing, each with its continuation lines.
std::string lines_about(const std::string& footer, const std::string& path) {
    std::istringstream text(footer);
    std::string found;
    bool goes_on = false;  // the line ends with a backslash
    for (std::string line; std::getline(text, line);) {
        if (goes_on) {
            found += line + "\n";
            goes_on = line.ends_with("\\");
            continue;
        }
        const std::size_t at = line.find("voltctl " + path);
        if (at == std::string::npos) continue;
        const std::size_t end = at + 8 + path.size();
        if (end < line.size() && line[end] != ' ') continue;
        found += line + "\n";
        goes_on = line.ends_with("\\");
    }
    return found;
}

std::string examples_above(const CLI::App& app, const std::string& path) {
    for (const CLI::App* above = app.get_parent(); above != nullptr; above = above->get_parent())
        if (std::string lines = lines_about(above->get_footer(), path); !lines.empty()) return lines;
    return {};
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* it) { return !it->get_group().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* it) { return it->nonpositional() && !is_help(it) && !it->get_group().empty(); });
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* it) { return it->get_positional(); });
}

std::string path_of(const CLI::App& app) {
    if (app.get_parent() == nullptr) return {};
    const std::string above = path_of(*app.get_parent());
    return above.empty() ? app.get_name() : above + " " + app.get_name();
}

std::string value_name(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0 || option.get_type_size_max() == 0) return {};
    const std::string name = option.get_type_name();
    std::size_t end = name.find(':');
    while (end != std::string::npos && end > 0 && name[end - 1] == '[') end = name.find(':', end + 1);  // HOST[:PORT]
    return name.substr(0, end);
}

std::vector<std::string> value_words(const CLI::Option& option) {
    const std::string name = option.get_type_name();
    const std::size_t begin = name.find('{'), end = name.find('}');
    std::vector<std::string> words;
    if (begin == std::string::npos || end == std::string::npos) return words;
    std::istringstream list(name.substr(begin + 1, end - begin - 1));
    for (std::string word; std::getline(list, word, ',');) words.push_back(word);
    return words;
}

void hand_down_examples(CLI::App& app) {
    for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
        if (command->get_footer().empty())
            if (const std::string lines = examples_above(*command, path_of(*command)); !lines.empty())
                command->footer("\nExamples:\n" + lines.substr(0, lines.size() - 1));
        hand_down_examples(*command);
    }
}

}  // namespace volt::ctl
