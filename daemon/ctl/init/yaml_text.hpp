// JSON values as YAML that voltd's own reader takes back.
#pragma once

#include <string>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

/// A scalar; texts that YAML would read as something else are quoted.
std::string yaml_scalar(const Json& value);
/// On one line: `{ id: a, topic: b }`, `[a, b]`.
std::string yaml_flow(const Json& value);
/// `key: value` with its line end, indented by `indent` spaces; objects and lists of objects over several lines.
std::string yaml_member(const std::string& key, const Json& value, std::size_t indent);

}  // namespace volt::ctl::init
