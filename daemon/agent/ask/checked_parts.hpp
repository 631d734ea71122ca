// What the checks of a later answer need of a tool's result that is too long to be kept. Pure.
#pragma once

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// The result with its numbers and places; of its texts the numbers with a unit. Null: as JSON it has more than `most` bytes.
Json checked_parts(const Json& result, std::size_t most);

}  // namespace volt::agent
