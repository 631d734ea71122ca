#include "daemon/agent/ask/command_answer.hpp"

#include <algorithm>
#include <filesystem>

#include "daemon/agent/ask/command_questions.hpp"
#include "daemon/agent/documents/manual.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::chrono::seconds command_limit{30};
constexpr std::size_t most_command_bytes = std::size_t{32} * 1024, most_search_bytes = 400;
constexpr std::size_t searched_passages = 8, shown_passages = 3;
/// Commands that can also read the database if voltd cannot be reached.
constexpr const char* kept_commands[] = {"prefs",     "miners", "zones",  "settings", "history",
                                         "decisions", "whatif", "shadow", "mode"};

std::string program_beside(const char* name) {
    std::error_code wrong;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", wrong).parent_path();
    if (wrong) return name;
    for (const auto& place : {here / name, here.parent_path() / name})  // also from a test in the build directory
        if (std::filesystem::is_regular_file(place, wrong)) return place.string();
    return name;
}

/// Returns the loads as questions name them: a room by its own name. `charge` has no name that a person uses.
std::vector<NamedLoad> loads_of(SiteLink& site, const CallTime& time) {
    std::vector<NamedLoad> loads;
    const SiteReply known = site.known_loads(time);
    if (!known.error.empty()) return loads;
    for (const auto& [slug, load] : known.body.items()) {
        std::string name = load.value("name", "");
        for (const std::string_view part : {" fan", " heater"})
            if (slug.find('/') != std::string::npos && name.ends_with(part)) name.resize(name.size() - part.size());
        if (slug != "charge") loads.push_back({slug, name});
    }
    return loads;
}

std::string site_date(SiteLink& site, const CallTime& time) {
    Json stamped = Json::object();
    site.stamp(stamped, time);
    return stamped.at("local").get<std::string>().substr(0, std::string_view("2025-06-21").size());
}

std::optional<ctl::doctor::ProgramOutput> run_command(const AskPlace& place, const std::vector<std::string>& words) {
    std::vector<std::string> line = words;
    line.front() = program_beside("voltctl");
    line.insert(line.end(), {"--url", place.url, "--token-file", place.key_file});
    auto output = ctl::doctor::run_program(line, command_limit, most_command_bytes);
    const bool kept = std::find(std::begin(kept_commands), std::end(kept_commands), words[1]) != std::end(kept_commands);
    if (!output || output->code == ctl::exit_ok || place.site.database().empty() || !kept) return output;
    line.resize(words.size());
    line.insert(line.end(), {"--database", place.site.database()});
    return ctl::doctor::run_program(line, command_limit, most_command_bytes);
}

/// Returns the command as it is stored, by its first words. The rest of the line is its arguments.
ToolUse used_command(const std::vector<std::string>& words, const std::string& line,
                     const std::optional<ctl::doctor::ProgramOutput>& output, std::int64_t duration_ms) {
    ToolUse use{.name = words.front() + " " + words[1], .arguments = {{"command", line}}, .duration_ms = duration_ms};
    if (!output) use.error = "the command timed out";
    else if (output->code == ctl::exit_unreachable) use.error = "cannot reach voltd";
    else if (output->code != ctl::exit_ok) use.error = "it ended with " + std::to_string(output->code);
    else use.answer = {{"output", output->text}};
    return use;
}

/// Shows passages. Returns false if none contains words of the question.
bool show_passages(const AskPlace& place, const std::string& question, const CallTime& time, AskAnswer& answer) {
    const auto& tools = tool_table();
    const auto search =
        std::find_if(tools.begin(), tools.end(), [](const Tool& it) { return std::string_view(it.name) == "search_documents"; });
    const Json arguments{{"query", cut_text(question, most_search_bytes)}, {"limit", searched_passages}};
    const ToolOutcome found = run_tool(*search, place.site, arguments, time);
    if (!found.error.empty()) return false;
    const std::string table = std::string(manual_uri) + commands_page;
    for (const Json& hit : found.answer.at("hits")) {
        const std::string uri = hit.value("uri", "");
        if (uri == table || answer.sources.size() == shown_passages) continue;
        std::string where = uri;
        if (hit.contains("line_from"))
            where += ":" + hit.at("line_from").dump() + "-" + hit.value("line_to", hit.at("line_from")).dump();
        answer.sources.push_back(where);
        answer.response += "\n" + std::to_string(answer.sources.size()) + "  " + where + "   " + hit.value("heading", "") + "\n" +
                           hit.value("text", hit.value("snippet", "")) + "\n";
    }
    return !answer.sources.empty();
}

}  // namespace

std::optional<ToolUse> answer_without_model(const AskPlace& place, const std::string& question, const NoModel& why,
                                            const CallTime& time, AskAnswer& answer) {
    static const CommandQuestions table = [] {
        const auto& pages = built_in_manual();
        const auto page = pages.find(commands_page);
        return CommandQuestions(page == pages.end() ? "" : page->second);
    }();
    const auto words = table.nearest(question, loads_of(place.site, time), site_date(place.site, time));
    const auto begin = std::chrono::steady_clock::now();
    const auto output = words ? run_command(place, *words) : std::nullopt;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    std::string line;
    for (const std::string& word : words.value_or(std::vector<std::string>())) line += (line.empty() ? "" : " ") + word;
    std::optional<ToolUse> used;
    if (words) used = used_command(*words, line, output, took.count());
    answer.code = ctl::exit_ok;
    if (output && (output->code == ctl::exit_ok || output->code == ctl::exit_unreachable)) {
        const bool reached = output->code == ctl::exit_ok;
        answer.answered_by = "command";
        answer.tools = {line};
        answer.code = output->code;
        const bool empty = output->text.find_first_not_of(" \n") == std::string::npos;
        answer.response =
            reached ? why.brief + ". Output of \"" + line + "\":\n" + (empty ? "(no data in this period)\n" : output->text)
                    : why.brief + ", and voltd cannot be reached for \"" + line + "\".";
        return used;
    }
    answer.answered_by = "search";
    if (show_passages(place, question, time, answer)) {
        answer.response = why.full + ". No command answers this; related passages:\n" + answer.response;
        return used;
    }
    answer.response = why.full + ". No command and no document answers this.";
    answer.code = ctl::exit_failed;
    return used;
}

}  // namespace volt::agent
