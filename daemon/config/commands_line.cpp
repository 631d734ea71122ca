#include "daemon/config/commands_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "daemon/config/good_copy.hpp"
#include "daemon/config/yaml_tree.hpp"

namespace volt {

namespace {

constexpr std::size_t longest_line = 1024;  // limits the depth of matching
constexpr std::string_view live_word = "live", shadow_word = "shadow";

/// Line of a text, without its newline.
struct Line {
    std::size_t begin = 0;
    std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back({begin, text.substr(begin, end - begin)});
        begin = end + 1;
    }
    return lines;
}

/// Returns the newline characters that this text uses.
std::string_view newline_of(std::string_view text) { return text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n"; }

/// Position of `control.commands` in a valid file.
struct Found {
    const YamlNode* control = nullptr;   ///< value of `control`, or null if there is none
    const YamlNode* commands = nullptr;  ///< value of `commands`, or null if there is none
    const YamlNode* key = nullptr;       ///< key of `commands`
    int control_line = 0;
    std::optional<Problem> problem;
};

Problem at_line(const std::string& file, Place place, const std::string& what, const std::string& remedy) {
    return {file, place, "control.commands", what, advice(remedy)};
}

/// Returns the value of a key, or null if there is none. `again`: the second key of the same name.
const YamlNode* value_of(const YamlNode& map, const char* name, const YamlNode*& key, const YamlNode*& again) {
    const YamlNode* value = nullptr;
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        if (map.keys[i].text != name) continue;
        if (value != nullptr && again == nullptr) again = &map.keys[i];
        if (value != nullptr) continue;
        value = &map.items[i];
        key = &map.keys[i];
    }
    return value;
}

std::optional<Problem> second_of(const std::string& file, const char* name, const YamlNode* again) {
    if (again == nullptr) return std::nullopt;
    return at_line(file, again->place, fmt::format("duplicate key `{}`", name), "keep one of them");
}

Found find_commands(const YamlNode& root, const std::string& file) {
    Found found;
    const YamlNode *key = nullptr, *again = nullptr;
    if (root.kind != YamlNode::Kind::map) {
        found.problem = at_line(file, {1, 1}, "the file has no keys", "voltctl init writes a file");
        return found;
    }
    found.control = value_of(root, "control", key, again);
    found.problem = second_of(file, "control", again);
    if (found.problem || found.control == nullptr) return found;
    found.control_line = key->place.line;
    if (found.control->kind != YamlNode::Kind::map) return found;
    found.commands = value_of(*found.control, "commands", found.key, again);
    found.problem = second_of(file, "commands", again);
    return found;
}

/// Returns true if the map in braces ends on the line where it begins. Otherwise the word's position is uncertain.
bool is_on_one_line(const YamlNode& map, std::string_view line) {
    const auto same_line = [&](const YamlNode& node) { return node.place.line == map.place.line; };
    return std::all_of(map.keys.begin(), map.keys.end(), same_line) &&
           std::all_of(map.items.begin(), map.items.end(), same_line) &&
           without_comment(line).find('}') != std::string_view::npos;
}

bool is_flow(const YamlNode& map, const std::vector<Line>& lines) {
    const auto line = static_cast<std::size_t>(map.place.line - 1), column = static_cast<std::size_t>(map.place.column - 1);
    return line < lines.size() && column < lines[line].text.size() && lines[line].text[column] == '{';
}

/// Finds the scalar's word in its line if the line can be changed safely, or returns the problem.
std::optional<Problem> locate(const Found& found, const std::vector<Line>& lines, const std::string& file, CommandsWord& word) {
    const YamlNode& node = *found.commands;
    const std::string by_hand = "edit this line by hand, then: systemctl reload voltd";
    if (node.kind != YamlNode::Kind::scalar || (node.text != live_word && node.text != shadow_word))
        return at_line(file, node.place, "expected live or shadow", by_hand);
    const std::string_view line = lines[static_cast<std::size_t>(node.place.line - 1)].text;
    if (line.find('\t') != std::string_view::npos) return at_line(file, node.place, "the line has a tab", by_hand);
    if (is_flow(*found.control, lines) &&
        !is_on_one_line(*found.control, lines[static_cast<std::size_t>(found.control->place.line - 1)].text))
        return at_line(file, node.place, "the section in braces spans several lines", by_hand);
    word.begin = static_cast<std::size_t>(node.place.column - 1) + (node.quoted ? 1 : 0);
    word.length = node.text.size();
    word.live = node.text == live_word;
    if (word.begin > line.size() || line.substr(word.begin, word.length) != node.text)
        return at_line(file, node.place, "cannot find the value on this line", by_hand);
    return std::nullopt;
}

std::string with_word(std::string_view text, std::size_t at, std::size_t length, std::string_view word) {
    return std::string(text.substr(0, at)).append(word).append(text.substr(at + length));
}

CommandsEdit kept(std::string_view text, Problem problem) { return {std::string(text), std::move(problem), 0}; }

/// Inserts the missing key with the file's own line endings.
std::string with_shadow_added(std::string_view text, const Found& found, const std::vector<Line>& lines) {
    const std::string end(newline_of(text));
    if (found.control == nullptr)
        return std::string(text) + (text.empty() || text.ends_with('\n') ? "" : end) + "control: { commands: shadow }" + end;
    const bool map = found.control->kind == YamlNode::Kind::map;
    if (map && is_flow(*found.control, lines)) {
        const std::size_t brace = lines[static_cast<std::size_t>(found.control->place.line - 1)].begin +
                                  static_cast<std::size_t>(found.control->place.column);
        return with_word(text, brace, 0, found.control->keys.empty() ? " commands: shadow " : " commands: shadow,");
    }
    // Add a line below `control:`, indented like its first key.
    const int column = map && !found.control->keys.empty() ? found.control->keys.front().place.column : 3;
    const auto next = static_cast<std::size_t>(found.control_line);
    const std::size_t at = next < lines.size() ? lines[next].begin : text.size();
    const std::string before = at == text.size() && !text.ends_with('\n') ? end : "";
    return with_word(text, at, 0, before + std::string(static_cast<std::size_t>(column - 1), ' ') + "commands: shadow" + end);
}

/// Returns true if the text really sets shadow. The end of an unusual file may swallow a new line.
bool says_shadow(const std::string& text, const std::string& file) {
    Report report(file);
    const auto root = parse_yaml(text, report);
    if (!root || !report.problems().empty()) return false;
    const Found found = find_commands(*root, file);
    return !found.problem && found.commands != nullptr && found.commands->text == shadow_word;
}

/// Moves the value from a line below its key to the key's line as `shadow`. Returns nothing if the key's line cannot take it.
std::optional<std::string> with_shadow_at_key(std::string_view text, const Found& found, const std::vector<Line>& lines,
                                              const CommandsWord& word) {
    const Line& key = lines[static_cast<std::size_t>(found.key->place.line - 1)];
    const Line& value = lines[static_cast<std::size_t>(found.commands->place.line - 1)];
    const std::size_t colon = key.text.find(':', static_cast<std::size_t>(found.key->place.column - 1));
    if (found.key->place.line == found.commands->place.line || colon == std::string_view::npos) return std::nullopt;
    const std::size_t quote = found.commands->quoted ? 1 : 0;
    const std::string made = with_word(text, value.begin + word.begin - quote, word.length + 2 * quote, "");
    return with_word(made, key.begin + colon + 1, 0, " shadow");
}

/// Edits line by line, which also works in a file that is not YAML.
CommandsEdit to_shadow_by_lines(std::string_view text) {
    CommandsEdit edit{std::string(text), std::nullopt, 0};
    const std::vector<Line> lines = lines_of(text);
    bool shadow = false;
    for (std::size_t i = lines.size(); i-- > 0;) {  // from the end, so that earlier positions stay valid
        const auto words = commands_words(lines[i].text);
        shadow = shadow || !words.empty();
        for (auto word = words.rbegin(); word != words.rend(); ++word) {
            if (!word->live) continue;
            edit.text = with_word(edit.text, lines[i].begin + word->begin, word->length, shadow_word);
            edit.line = static_cast<int>(i) + 1;
        }
    }
    if (shadow) return edit;
    edit.text = with_shadow_added(text, {}, lines);
    edit.line = static_cast<int>(lines.size()) + 1;
    return edit;
}

}  // namespace

std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at)
        if (line[at] == '#' && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t')) line = line.substr(0, at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    return line;
}

std::vector<CommandsWord> commands_words(std::string_view line) {
    static const std::regex sets(R"re((^|[{,\s"'])commands["']?\s*:\s*["']?(live|shadow)["']?(?=\s*([},]|$)))re");
    const std::string part(without_comment(line));
    std::vector<CommandsWord> words;
    if (part.size() > longest_line) return words;
    for (std::sregex_iterator it(part.begin(), part.end(), sets), end; it != end; ++it)
        words.push_back(
            {static_cast<std::size_t>(it->position(2)), static_cast<std::size_t>(it->length(2)), it->str(2) == live_word});
    return words;
}

CommandsEdit to_live(std::string_view text, const std::string& file) {
    Report report(file);
    const auto root = parse_yaml(text, report);
    if (const auto problems = report.problems(); !problems.empty()) return kept(text, problems.front());
    const Found found = find_commands(*root, file);
    if (found.problem) return kept(text, *found.problem);
    if (found.commands == nullptr) return {std::string(text), std::nullopt, 0};  // live is the default
    const std::vector<Line> lines = lines_of(text);
    CommandsWord word;
    if (const auto problem = locate(found, lines, file, word)) return kept(text, *problem);
    if (word.live) return {std::string(text), std::nullopt, 0};
    const std::size_t line = static_cast<std::size_t>(found.commands->place.line - 1);
    return {with_word(text, lines[line].begin + word.begin, word.length, live_word), std::nullopt, found.commands->place.line};
}

CommandsEdit to_shadow(std::string_view text, const std::string& file) {
    const std::vector<Line> lines = lines_of(text);
    Report report(file);
    const auto root = parse_yaml(text, report);
    if (!root || !report.problems().empty()) return to_shadow_by_lines(text);
    const Found found = find_commands(*root, file);
    if (found.problem) return to_shadow_by_lines(text);
    if (found.commands == nullptr) {
        CommandsEdit edit{with_shadow_added(text, found, lines), std::nullopt, std::max(found.control_line, 1)};
        if (says_shadow(edit.text, file) && bare_words(edit.text).shadow) return edit;
        return kept(
            text, at_line(file, {edit.line, 1}, "no line can be added here safely", "write `commands: shadow` below `control:`"));
    }
    CommandsWord word;
    if (locate(found, lines, file, word)) return to_shadow_by_lines(text);
    const std::size_t line = static_cast<std::size_t>(found.commands->place.line - 1);
    CommandsEdit edit{std::string(text), std::nullopt, 0};
    if (word.live)
        edit = {with_word(text, lines[line].begin + word.begin, word.length, shadow_word), std::nullopt,
                found.commands->place.line};
    // In a file that voltd rejects, only single lines count.
    if (bare_words(edit.text).shadow) return edit;
    if (const auto moved = with_shadow_at_key(text, found, lines, word); moved && bare_words(*moved).shadow)
        return {*moved, std::nullopt, found.key->place.line};
    return to_shadow_by_lines(text);
}

}  // namespace volt
