#include "daemon/ctl/docs/completion.hpp"

#include <algorithm>

#include "daemon/ctl/views/control_view.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt::ctl {

namespace {

/// Position that the words before the last one lead to.
struct Spot {
    const CLI::App* app;
    std::size_t arguments = 0;           ///< number already given
    const CLI::Option* waits = nullptr;  ///< option whose value is the next word
};

const CLI::Option* find_option(const CLI::App* app, const std::string& word) {
    for (; app != nullptr; app = app->get_parent())
        if (const CLI::Option* option = app->get_option_no_throw(word); option != nullptr) return option;
    return nullptr;
}

const CLI::App* find_command(const CLI::App& app, const std::string& word) {
    for (const CLI::App* command : commands_of(app))
        if (command->get_name() == word) return command;
    return nullptr;
}

void step(Spot& spot, const std::string& word) {
    if (spot.waits != nullptr) {
        spot.waits = nullptr;
    } else if (word.starts_with("-")) {
        const CLI::Option* option = word.find('=') == std::string::npos ? find_option(spot.app, word) : nullptr;
        if (option != nullptr && !value_name(*option).empty()) spot.waits = option;
    } else if (const CLI::App* command = find_command(*spot.app, word); command != nullptr) {
        spot = {command, 0, nullptr};
    } else {
        ++spot.arguments;
    }
}

SettingsTable table_of(const std::string& path) {
    if (path.starts_with("miners")) return SettingsTable::miners;
    return path.starts_with("zones") ? SettingsTable::zones : SettingsTable::preferences;
}

/// Returns `name=`, or after the `=` the allowed words.
std::vector<std::string> assignments(const std::string& path, const std::string& word) {
    std::vector<std::string> list;
    const std::size_t equals = word.find('=');
    for (const SettingsField& field : fields_of(table_of(path))) {
        if (field.fixed) continue;
        const std::string begin = std::string(field.name) + "=";
        if (equals == std::string::npos) list.push_back(begin);
        if (equals == std::string::npos || word.substr(0, equals + 1) != begin) continue;
        for (const std::string& value : field.words) list.push_back(begin + value);
        if (field.kind == FieldKind::flag) list.insert(list.end(), {begin + "true", begin + "false"});
        if (field.nullable) list.push_back(begin + "null");
    }
    return list;
}

std::vector<std::string> values(const CLI::Option& option, const Spot& spot, const std::string& word, const SiteNames& names) {
    if (auto words = value_words(option); !words.empty()) return words;
    const std::string kind = value_name(option), path = path_of(*spot.app);
    if (kind == "MODE") return mode_names();
    if (kind == "STATE") return {"auto", "on", "off"};
    if (kind == "KEY=VALUE") return assignments(path, word);
    if (kind == "KEY") {
        std::vector<std::string> keys;
        for (const SettingsField& field : fields_of(table_of(path)))
            if (!field.fixed) keys.emplace_back(field.name);
        return keys;
    }
    return kind == "LOAD" || kind == "OUTPUT" || kind == "SERIES" ? names(kind, path) : std::vector<std::string>{};
}

std::vector<std::string> option_names(const CLI::App* app) {
    std::vector<std::string> list;
    for (; app != nullptr; app = app->get_parent())
        for (const CLI::Option* option : options_of(*app))
            for (const std::string& name : option->get_lnames()) list.push_back("--" + name);
    list.emplace_back("--help");
    return list;
}

std::vector<std::string> all_that_may_stand(const Spot& spot, const std::string& word, const SiteNames& names) {
    if (spot.waits != nullptr) return values(*spot.waits, spot, word, names);
    if (word.starts_with("-")) return option_names(spot.app);
    std::vector<std::string> list;
    for (const CLI::App* command : commands_of(*spot.app)) list.push_back(command->get_name());
    const auto arguments = arguments_of(*spot.app);
    if (arguments.empty()) return list;
    const CLI::Option* last = arguments.back();
    if (spot.arguments < arguments.size()) return values(*arguments[spot.arguments], spot, word, names);
    return last->get_items_expected_max() > 1 ? values(*last, spot, word, names) : list;
}

}  // namespace

std::vector<std::string> candidates(const CLI::App& root, const std::vector<std::string>& words, const SiteNames& names) {
    Spot spot{&root};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) step(spot, words[i]);
    const std::string word = words.empty() ? "" : words.back();
    std::vector<std::string> list = all_that_may_stand(spot, word, names);
    std::erase_if(list, [&](const std::string& it) { return !it.starts_with(word); });
    return list;
}

}  // namespace volt::ctl
