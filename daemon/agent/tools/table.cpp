// Table of tools: their schemas and checks.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/agent/tools/shape.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "drivers/hidden.hpp"
#include "drivers/spelling.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// Members of every answer besides its own. The instructions explain `truncated` and `narrow`, because the list must be short.
constexpr const char* answer_frame = "at:s local:s ";

Json input_schema(const ToolInput& input) {
    Json schema = Json::object();
    switch (input.kind) {
        case InputKind::text: schema = {{"type", "string"}, {"maxLength", input.most}}; break;
        case InputKind::time: schema = {{"type", "string"}, {"format", "date-time"}}; break;
        case InputKind::whole: schema = {{"type", "integer"}, {"minimum", input.least}, {"maximum", input.most}}; break;
        case InputKind::word: schema = {{"type", "string"}, {"enum", input.words}}; break;
        case InputKind::object: schema = {{"type", "object"}}; break;
        case InputKind::share: schema = {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}; break;
    }
    if (input.kind == InputKind::whole && input.fallback != 0) schema["default"] = input.fallback;
    if (*input.about != '\0') schema["description"] = input.about;
    return schema;
}

Json marks_of(ToolMark mark) {
    if (mark == ToolMark::reads) return {{"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}};
    return {{"readOnlyHint", false}, {"destructiveHint", mark == ToolMark::changes}, {"openWorldHint", false}};
}

Json inputs_schema(const Tool& tool) {
    Json schema{{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
    for (const ToolInput& input : tool.inputs) {
        schema["properties"][input.name] = input_schema(input);
        if (input.required) schema["required"].push_back(input.name);
    }
    return schema;
}

/// Removes the content of lists and objects from a schema, because the list of tools must be short.
Json outline_of(Json schema) {
    for (auto& [name, member] : schema["properties"].items()) {
        if (member.contains("items")) {
            Json& items = member["items"];
            items = items.contains("type") ? Json{{"type", items["type"]}} : Json::object();
        }
        member.erase("properties");
        member.erase("required");
    }
    return schema;
}

/// Returns the error in a value, or an empty string.
std::string value_refusal(const ToolInput& input, const Json& value) {
    const std::string name = input.name;
    switch (input.kind) {
        case InputKind::text:
            if (!value.is_string()) return name + " must be a string";
            if (value.get_ref<const std::string&>().empty()) return name + " is empty; omit it for all";
            if (value.get_ref<const std::string&>().size() > static_cast<std::size_t>(input.most))
                return fmt::format("{} is too long; at most {} bytes", name, input.most);
            return {};
        case InputKind::time:
            if (value.is_string() && parse_iso_offset(value)) return {};
            return name + " must be a time with its offset, such as 2025-06-21T06:00:00Z or 2025-06-21T08:00:00+02:00";
        case InputKind::whole: {
            if (!value.is_number_integer()) return name + " must be a whole number";
            const double number = value.get<double>();
            const auto nearest_allowed = number < static_cast<double>(input.least) ? input.least : input.most;
            if (number >= static_cast<double>(input.least) && number <= static_cast<double>(input.most)) return {};
            return fmt::format("{} must be {} to {}; nearest allowed: {}", name, input.least, input.most, nearest_allowed);
        }
        case InputKind::word: {
            for (const char* word : input.words)
                if (value == word) return {};
            return name + " must be one of " + comma_list(input.words);
        }
        case InputKind::object: return value.is_object() ? "" : name + " must be an object";
        case InputKind::share:
            return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1 ? "" : name + " must be 0 to 1";
    }
    return {};
}

/// Drops items from the end of the tool's list until the answer is short enough. Returns false if it is too long even without
/// them.
bool fit(const Tool& tool, Json& answer) {
    std::size_t size = json_text(answer).size();
    if (size <= most_answer_bytes) return true;
    answer["truncated"] = true;
    answer["narrow"] = tool.narrow;
    size = json_text(answer).size();
    Json& list = answer.at(tool.list);
    while (size > most_answer_bytes && !list.empty()) {
        size -= json_text(list.back()).size() + (list.size() > 1 ? 1 : 0);
        list.erase(list.size() - 1);
    }
    return size <= most_answer_bytes;
}

}  // namespace

void clean_texts(Json& value) {
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        if (!has_hidden(text)) return;
        std::string cleaned;
        for (std::size_t from = 0; from <= text.size();) {
            const std::size_t end = std::min(text.find('\n', from), text.size());
            cleaned += without_hidden(text.substr(from, end - from), ' ') + (end < text.size() ? "\n" : "");
            from = end + 1;
        }
        text = std::move(cleaned);
    } else if (value.is_structured()) {
        for (Json& item : value) clean_texts(item);
    }
}

const std::vector<Tool>& tool_table() {
    static const std::vector<Tool> tools = [] {
        std::vector<Tool> all = status_tools();
        for (auto part : {history_tools(), settings_tools(), document_tools(), memory_tools(), proposal_tools()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return tools;
}

Json answer_schema(const Tool& tool) { return schema_of_shape(std::string(answer_frame) + tool.answer); }

Json tool_json(const Tool& tool) {
    return {{"name", tool.name},
            {"title", tool.title},
            {"description", tool.about},
            {"inputSchema", inputs_schema(tool)},
            {"outputSchema", outline_of(answer_schema(tool))},
            {"annotations", marks_of(tool.mark)}};
}

std::string argument_refusal(const Tool& tool, const Json& arguments) {
    std::vector<std::string> known;
    for (const ToolInput& input : tool.inputs) {
        known.emplace_back(input.name);
        const auto given = arguments.find(input.name);
        if (given == arguments.end() && input.required) return std::string(input.name) + " is missing";
        if (given == arguments.end()) continue;
        if (std::string wrong = value_refusal(input, *given); !wrong.empty()) return wrong;
    }
    for (const auto& [name, value] : arguments.items()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto near = nearest(name, known);
        const std::string there = known.empty() ? "; this tool takes none" : "; valid arguments: " + comma_list(known);
        return "there is no argument '" + name + "'" + (near ? "; did you mean '" + *near + "'?" : there);
    }
    return {};
}

ToolOutcome run_tool(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time) {
    ToolOutcome outcome{{}, argument_refusal(tool, arguments)};
    if (outcome.error.empty()) outcome = tool.run(site, arguments, time);
    if (outcome.error.empty()) {
        site.stamp(outcome.answer, time);
        clean_texts(outcome.answer);
        if (!fit(tool, outcome.answer)) outcome.error = std::string("the answer is too long; request ") + tool.narrow;
    }
    Json text = outcome.error;
    clean_texts(text);
    outcome.error = text;
    return outcome;
}

}  // namespace volt::agent
