// JSON values as YAML that voltd's own reader can parse.
#pragma once

#include <string>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

/// Returns a scalar. Quotes texts that YAML would read as something else.
std::string yaml_scalar(const Json& value);
/// Returns the value on one line: `{ id: a, topic: b }`, `[a, b]`.
std::string yaml_flow(const Json& value);
/// Returns `key: value` with a newline, indented by `indent` spaces. Objects and lists of objects take several lines.
std::string yaml_member(const std::string& key, const Json& value, std::size_t indent);

}  // namespace volt::ctl::init
