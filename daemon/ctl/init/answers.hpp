// Answers of `voltctl init` as one JSON object: `site timezone bank thresholds victron sol_ark mqtt outputs miners zones …`. They
// come from a conversation or a YAML file; voltd.yaml and the settings are made from them. Keys are those of voltd.yaml and of
// the settings tables. "none" means that the site does not have it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

struct AnswersRead {
    Json answers = Json::object();  ///< values of settings as text, as an operator would type them
    std::vector<Problem> problems;  ///< in the order of the file; one for each unanswered question
};

/// Reads a file of answers strictly. Reports unknown, duplicate and missing keys and values of a wrong form, with their place.
/// The settings editor checks values of settings later.
AnswersRead read_answers(std::string_view text, const std::string& file);

/// Returns the answers as YAML for read_answers(). Never includes the broker's password.
std::string answers_text(const Json& answers);

/// Parses sections in lines of voltd.yaml, such as a probe returns. Returns an empty object if they are invalid.
Json sections_of(const std::vector<std::string>& lines);

/// Returns true if the answer is "none" or missing.
bool has_none(const Json& answers, const char* key);

}  // namespace volt::ctl::init
