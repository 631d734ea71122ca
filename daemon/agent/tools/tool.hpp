// A tool as the table has it: name, fields with their bounds, the form of its answer, and what it does. The schemas are made of this.
#pragma once

#include <utility>
#include <vector>

#include "daemon/agent/protocol/service.hpp"
#include "daemon/agent/tools/site_link.hpp"

namespace volt::agent {

/// Groups of tools that the owner lists or leaves out.
enum class ToolGroup : std::uint8_t { status, history, settings, documents, memory, proposals };

/// What a tool does to anything but the answer: reads, adds a note, or leads to a change or a loss.
enum class ToolMark : std::uint8_t { reads, adds, changes };

/// As agent.yaml names them.
inline constexpr std::pair<const char*, ToolGroup> group_names[] = {
    {"status", ToolGroup::status},       {"history", ToolGroup::history}, {"settings", ToolGroup::settings},
    {"documents", ToolGroup::documents}, {"memory", ToolGroup::memory},   {"proposals", ToolGroup::proposals}};

enum class InputKind : std::uint8_t { text, time, whole, word, object, share };  ///< share: 0 to 1

struct ToolInput {
    const char* name = "";
    InputKind kind = InputKind::text;
    const char* about = "";
    bool required = false;
    std::int64_t least = 0, most = 200;  ///< of a whole number; of a text `most` characters
    std::int64_t fallback = 0;           ///< of a whole number
    std::vector<const char*> words{};    ///< of a word
};

struct Tool {
    const char* name = "";
    const char* title = "";
    const char* about = "";
    ToolGroup group = ToolGroup::status;
    std::vector<ToolInput> inputs{};
    const char* answer = "";  ///< its members in the notation of shape.hpp, but for those that each answer has
    const char* list = "";    ///< the member that is cut where the answer is too long
    const char* narrow = "";  ///< what to ask for then
    ToolOutcome (*run)(SiteLink& site, const Json& arguments, const CallTime& time) = nullptr;
    bool needs_database = false;  ///< listed only where the database is on this machine
    ToolMark mark = ToolMark::reads;
};

/// The longest answer, as JSON.
inline constexpr std::size_t most_answer_bytes = 32 * 1024;

/// All tools, also those that are not listed.
const std::vector<Tool>& tool_table();
/// Of its answer, whole.
Json answer_schema(const Tool& tool);
/// As an item of `tools/list`, whose schema of the answer has its members and not what is in them.
Json tool_json(const Tool& tool);
/// What is wrong with the arguments, with the nearest that is allowed; empty: nothing.
std::string argument_refusal(const Tool& tool, const Json& arguments);
/// Checks the arguments, runs the tool, stamps its answer with the time, cleans texts, and cuts it.
ToolOutcome run_tool(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time);

/// Control and invisible characters become blanks: names and texts come from outside. Lines stay.
void clean_texts(Json& value);

std::vector<Tool> status_tools();
std::vector<Tool> history_tools();
std::vector<Tool> settings_tools();
std::vector<Tool> document_tools();
std::vector<Tool> memory_tools();
std::vector<Tool> proposal_tools();

}  // namespace volt::agent
