// Short notation for the format of a tool's answer, from which its JSON Schema is made.
#pragma once

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Returns the schema of an object with these members, separated by blanks: `at:s rows:[{load:s hours:n?}] truncated?:b`. Types:
/// s text, n number, i whole number, b flag, o any object, x anything, [type] list, {members} object. `?` after a name means
/// optional; after a type, nullable.
Json schema_of_shape(std::string_view members);

}  // namespace volt::agent
