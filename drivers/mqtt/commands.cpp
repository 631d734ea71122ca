#include "drivers/mqtt/commands.hpp"

#include <algorithm>
#include <utility>

#include "drivers/mqtt/payload.hpp"
#include "drivers/override_body.hpp"
#include "drivers/text.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"

namespace volt {
namespace {

using nlohmann::json;
using Kind = TopicCommand::Kind;

constexpr std::size_t most_slug = 128;

struct Pattern {
    Kind kind;
    const char* before;  ///< text before the slug
    const char* after;
};
constexpr Pattern patterns[] = {
    {Kind::miner, "miner/", "/set"}, {Kind::fan, "zone/", "/fan/set"}, {Kind::heat, "zone/", "/heat/set"}};

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= most_slug && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Failure refused(std::string text) { return {Fault::refused, std::move(text)}; }

/// Parses a value. A level may come as text from a template: "7".
json value_of(std::string_view text) {
    const auto level = trimmed(text) == text ? number_of(text) : std::nullopt;
    const bool whole = level && *level >= 0 && *level <= limits::highest_level && *level == static_cast<double>(rounded(*level));
    return whole ? json(rounded(*level)) : json(text);
}

/// Sets kind, level and end. Returns the reason of a refusal.
std::optional<std::string> set_override(TopicCommand& command, std::string_view text, const json* minutes,
                                        const std::string& need) {
    OverrideValue value;
    if (read_override(value_of(text), command.kind == Kind::fan, value)) return need;
    if (const auto wrong = read_minutes(minutes, value)) return wrong->text + "; need " + wrong->need;
    command.override_kind = value.kind;
    command.level = value.level;
    command.lasts = value.lasts;
    return std::nullopt;
}

/// Reads `at`. An unreadable one is refused, because the sender meant it as a guard.
std::optional<std::string> set_sent_at(TopicCommand& command, const json& object) {
    const auto at = object.find("at");
    if (at == object.end()) return std::nullopt;
    if (at->is_string()) command.sent_at = utc_of(at->get<std::string>());
    if (!command.sent_at) return "at: a time like 2025-06-21T19:00:00Z";
    return std::nullopt;
}

Result<TopicCommand> parse_override(TopicCommand command, const std::string& payload) {
    const std::string need = "need " + override_need(command.kind == Kind::fan) + R"(, or {"override":...,"minutes":...})";
    // A word with blanks is an unknown word; only JSON may have them around it.
    if (!trimmed(payload).starts_with('{')) {
        if (const auto wrong = set_override(command, payload, nullptr, need)) return refused(*wrong);
        return command;
    }
    const auto object = parse_object(payload);
    if (!object) return refused("not a JSON object; " + need);
    for (const auto& [key, value] : object->items()) {
        if (key != "override" && key != "minutes" && key != "at") return refused("unknown key; " + need);
    }
    const auto value = object->find("override");
    const bool usable = value != object->end() && (value->is_string() || value->is_number());
    if (!usable) return refused(need);
    if (const auto wrong = set_sent_at(command, *object)) return refused(*wrong);
    const auto minutes = object->find("minutes");
    const std::string given = value->is_string() ? value->get<std::string>() : value->dump();
    if (const auto wrong = set_override(command, given, minutes == object->end() ? nullptr : &*minutes, need))
        return refused(*wrong);
    return command;
}

Result<TopicCommand> parse_mode(const std::string& payload) {
    const std::string need = "need " + mode_need() + R"(, or {"mode":...,"at":...})";
    TopicCommand command{.kind = Kind::mode, .topic = {}, .slug = {}, .lasts = {}, .sent_at = {}};
    std::string text = payload;
    if (trimmed(payload).starts_with('{')) {
        const auto object = parse_object(payload);
        const bool usable = object && object->contains("mode") && object->at("mode").is_string() &&
                            object->size() == (object->contains("at") ? 2 : 1);
        if (!usable) return refused(need);
        if (const auto wrong = set_sent_at(command, *object)) return refused(*wrong);
        text = object->at("mode").get<std::string>();
    }
    const auto mode = parse<SiteMode>(text);
    if (!mode) return refused(need);
    command.mode = *mode;
    return command;
}

/// Returns true for a command to stop, which is accepted even if the sender's clock is ahead.
bool is_stop(const TopicCommand& command) {
    return command.kind == Kind::mode ? command.mode == SiteMode::off : command.override_kind == OverrideKind::off;
}

}  // namespace

std::optional<Result<TopicCommand>> parse_command(const std::string& path, const std::string& payload) {
    if (path == "mode/set") return parse_mode(payload);
    for (const Pattern& pattern : patterns) {
        const std::string_view before = pattern.before, after = pattern.after;
        if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) continue;
        const std::string slug = path.substr(before.size(), path.size() - before.size() - after.size());
        if (!is_slug(slug)) continue;
        return parse_override({.kind = pattern.kind, .topic = {}, .slug = slug, .lasts = {}, .sent_at = {}}, payload);
    }
    return std::nullopt;
}

Commands::Commands(std::string root, Bus& bus) : root_(std::move(root)), bus_(bus) {
    bus_.subscribe_commands({root_ + "/miner/+/set", root_ + "/zone/+/fan/set", root_ + "/zone/+/heat/set", root_ + "/mode/set"});
}

void Commands::receive(const Received& message) {
    if (!message.topic.starts_with(root_ + "/") || !message.topic.ends_with("/set") || message.payload.empty()) return;
    const std::string path = message.topic.substr(root_.size() + 1);
    if (message.retained) {
        bus_.publish(message.topic, "", {.retained = true});
        if (retained_.size() < most_waiting) retained_.push_back(message.topic);
        return answer_topic(message.topic, "retained commands are rejected; this one was cleared");
    }
    if (message.payload.size() > most_bytes) return answer_topic(message.topic, "the payload is too long");
    auto parsed = parse_command(path, message.payload);
    if (!parsed) return answer_topic(message.topic, "unknown load");
    if (!parsed->ok()) return answer_topic(message.topic, parsed->failure().text);
    TopicCommand& command = parsed->value();
    command.topic = message.topic;
    command.at = message.at;
    const auto older = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const TopicCommand& waiting) { return waiting.topic == command.topic; });
    if (older != waiting_.end()) {
        *older = std::move(command);
    } else if (waiting_.size() < most_waiting) {
        waiting_.push_back(std::move(command));
    } else {
        answer_topic(message.topic, "too many commands at once");
    }
}

std::vector<TopicCommand> Commands::take(std::optional<Utc> utc) {
    std::vector<TopicCommand> taken = std::exchange(waiting_, {});
    if (!utc) return taken;
    const std::string limit = std::to_string(oldest / 1s);
    std::erase_if(taken, [&](const TopicCommand& command) {
        if (!command.sent_at) return false;
        const Duration age = *utc - *command.sent_at;
        if (age > oldest)
            answer(command,
                   "the command is " + std::to_string(age / 1s) + " s old; commands over " + limit + " s old are refused");
        const bool early = age < -oldest && !is_stop(command);
        if (early)  // the command could be replayed until then
            answer(command, "at is " + std::to_string(-age / 1s) + " s in the future; at most " + limit +
                                " s are allowed. Set the sender's clock");
        return age > oldest || early;
    });
    return taken;
}

std::vector<std::string> Commands::take_retained() { return std::exchange(retained_, {}); }

std::vector<std::string> Commands::take_refused() { return std::exchange(refused_, {}); }

void Commands::answer(const TopicCommand& command, const std::optional<std::string>& error) {
    answer_topic(command.topic, error);
}

void Commands::note_refused(const std::string& path) {
    const std::size_t slug = path.find('/') + 1;
    const std::string suffix = path.starts_with("mode/") ? "site" : path.substr(0, path.find('/', slug));
    if (refused_.size() < most_waiting && std::find(refused_.begin(), refused_.end(), suffix) == refused_.end())
        refused_.push_back(suffix);
}

void Commands::answer_topic(const std::string& topic, const std::optional<std::string>& error) {
    constexpr std::string_view set = "/set";
    json answer{{"ok", !error}};
    if (error) answer["error"] = *error;
    if (error) note_refused(topic.substr(root_.size() + 1));
    const std::string result = topic.substr(0, topic.size() - set.size()) + "/result";
    bus_.publish(result, json_text(answer), {});
}

}  // namespace volt
