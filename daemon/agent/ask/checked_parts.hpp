// What of a tool's result the checks of an answer go by. Pure.
#pragma once

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// The result without what is not the site's: memory has what a model wrote (null), and a number that stands in the SQL is the model's, also
/// where the rows repeat it.
Json site_data(const std::string& tool, const Json& arguments, const Json& result);

/// Of a result that is too long to be kept: the result with its numbers and places; of its texts the numbers with a unit. Null: as JSON it has more than `most` bytes.
Json checked_parts(const Json& result, std::size_t most);

}  // namespace volt::agent
