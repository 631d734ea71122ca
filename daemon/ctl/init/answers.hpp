// The answers of `voltctl init` as one JSON object: `site timezone bank thresholds victron sol_ark mqtt outputs miners zones …`. A
// conversation fills it, or a YAML file; voltd.yaml and the settings are made from it. Keys are those of voltd.yaml and of the
// settings tables; "none" stands for what the site does not have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

struct AnswersRead {
    Json answers = Json::object();  ///< values of settings as text, as an operator would type them
    std::vector<Problem> problems;  ///< in the order of the file; one for each question without an answer
};

/// Reads a file of answers strictly: unknown, doubled and missing keys and values of a wrong form are reported with their place.
/// Values of settings are checked later, by the editor of the settings.
AnswersRead read_answers(std::string_view text, const std::string& file);

/// The answers as YAML that read_answers() takes back. The broker's password is never among them.
std::string answers_text(const Json& answers);

/// The sections in lines of voltd.yaml, such as those of a probe; an empty object where they are none.
Json sections_of(const std::vector<std::string>& lines);

/// A site has no such thing: the answer is "none", or there is none.
bool has_none(const Json& answers, const char* key);

}  // namespace volt::ctl::init
