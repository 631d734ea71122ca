// The form of a tool's answer in a short notation, from which its JSON Schema is made.
#pragma once

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// The schema of an object with these members, separated by blanks: `at:s rows:[{load:s hours:n?}] truncated?:b`. Types: s text, n number,
/// i whole number, b flag, o any object, x anything, [type] list, {members} object. A `?` behind a name: it may be missing; behind a
/// type: it may be null.
Json schema_of_shape(std::string_view members);

}  // namespace volt::agent
