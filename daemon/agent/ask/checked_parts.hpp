// Parts of a tool's result that the checks of an answer use. Pure.
#pragma once

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Returns the result without anything that is not the site's data. Memory contains what a model wrote (null). A number in the
/// SQL is the model's, even if the rows repeat it.
Json site_data(const std::string& tool, const Json& arguments, const Json& result);

/// Reduces a result that is too long to store: keeps its numbers and places, and from its texts the numbers with a unit. Returns
/// null if that JSON has more than `most` bytes.
Json checked_parts(const Json& result, std::size_t most);

}  // namespace volt::agent
