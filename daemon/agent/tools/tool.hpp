// Entry of the tool table: name, fields with their bounds, the format of its answer, and its function. The schemas are made from
// this.
#pragma once

#include <utility>
#include <vector>

#include "daemon/agent/protocol/service.hpp"
#include "daemon/agent/tools/site_link.hpp"

namespace volt::agent {

/// Groups of tools that the owner lists or omits.
enum class ToolGroup : std::uint8_t { status, history, settings, documents, memory, proposals };

/// Effect of a tool besides its answer: reads, adds a note, or leads to a change or a loss.
enum class ToolMark : std::uint8_t { reads, adds, changes };

/// Names in agent.yaml.
inline constexpr std::pair<const char*, ToolGroup> group_names[] = {
    {"status", ToolGroup::status},       {"history", ToolGroup::history}, {"settings", ToolGroup::settings},
    {"documents", ToolGroup::documents}, {"memory", ToolGroup::memory},   {"proposals", ToolGroup::proposals}};

enum class InputKind : std::uint8_t { text, time, whole, word, object, share };  ///< share: 0 to 1

struct ToolInput {
    const char* name = "";
    InputKind kind = InputKind::text;
    const char* about = "";
    bool required = false;
    std::int64_t least = 0, most = 200;  ///< for a whole number; for a text `most` characters
    std::int64_t fallback = 0;           ///< for a whole number
    std::vector<const char*> words{};    ///< for a word
};

struct Tool {
    const char* name = "";
    const char* title = "";
    const char* about = "";
    ToolGroup group = ToolGroup::status;
    std::vector<ToolInput> inputs{};
    const char* answer = "";  ///< its members in the notation of shape.hpp, without those of every answer
    const char* list = "";    ///< member to truncate if the answer is too long
    const char* narrow = "";  ///< suggestion in that case
    ToolOutcome (*run)(SiteLink& site, const Json& arguments, const CallTime& time) = nullptr;
    bool needs_database = false;  ///< listed only if the database is on this machine
    ToolMark mark = ToolMark::reads;
};

/// Maximum answer, as JSON.
inline constexpr std::size_t most_answer_bytes = 32 * 1024;

/// Returns all tools, including those that are not listed.
const std::vector<Tool>& tool_table();
/// Returns the complete schema of its answer.
Json answer_schema(const Tool& tool);
/// Returns an item of `tools/list`, whose answer schema has its members but not their content.
Json tool_json(const Tool& tool);
/// Returns the error in the arguments, with the nearest allowed value, or an empty string.
std::string argument_refusal(const Tool& tool, const Json& arguments);
/// Checks the arguments, runs the tool, adds the time to its answer, cleans texts, and truncates it.
ToolOutcome run_tool(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time);

/// Replaces control and invisible characters with blanks, because names and texts are external. Keeps line breaks.
void clean_texts(Json& value);

std::vector<Tool> status_tools();
std::vector<Tool> history_tools();
std::vector<Tool> settings_tools();
std::vector<Tool> document_tools();
std::vector<Tool> memory_tools();
std::vector<Tool> proposal_tools();

}  // namespace volt::agent
