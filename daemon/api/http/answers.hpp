// Reading of bodies and making of answers, shared by all endpoints.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/http/router.hpp"
#include "drivers/text.hpp"

namespace volt::api {

using Object = nlohmann::ordered_json;

HttpAnswer ok_answer(const Object& object, int status = 200);
/// Returns `{"error":…,"field":…,"need":…}`. Omits an empty `field` or `need`.
HttpAnswer field_error(int status, const std::string& text, const std::string& field, const std::string& need);
HttpAnswer loop_is_late();
/// Error texts for 503 if the loop has no page.
inline constexpr const char *no_turn_text = "voltd has not completed a turn yet", *late_loop_text = "the control loop is late";

/// Reads the members of a body into `object`. An empty body has none. Rejects anything but a JSON object, deeper nesting than any
/// we read, and a name used twice in one object.
std::optional<HttpAnswer> read_body(const std::string& body, Object& object);
/// Rejects a key that is not in `known`.
std::optional<HttpAnswer> refuse_unknown(const Object& body, std::initializer_list<const char*> known);

/// Maximum list length for the owner.
inline constexpr std::int64_t most_listed = 10000;
/// Returns the maximum list length for the caller of this request. `others`: for a browser or program.
std::int64_t most_of(const HttpRequest& request, std::int64_t others);

/// Returns the first `limit` of the rows. One row more marks the answer as truncated.
template <class Row, class Json>
HttpAnswer list_answer(const std::vector<Row>& rows, std::int64_t limit, Json json) {
    Object list = Object::array();
    const bool truncated = std::cmp_greater(rows.size(), limit);
    for (std::size_t i = 0; i < rows.size() - (truncated ? 1 : 0); ++i) list.push_back(json(rows[i]));
    HttpAnswer answer = ok_answer(list);
    if (truncated) answer.truncated = limit;
    return answer;
}

/// Returns a value of the query, or an empty string if it is missing.
std::string value_of(const HttpRequest& request, const char* key);
/// Reads `?dry_run=1` or `true`. `0`, `false` and a missing key mean no. Anything else is an error.
std::optional<HttpAnswer> read_dry_run(const HttpRequest& request, bool& dry_run);
/// Reads a flag with another name.
std::optional<HttpAnswer> read_flag(const HttpRequest& request, const char* name, bool& flag);

}  // namespace volt::api
