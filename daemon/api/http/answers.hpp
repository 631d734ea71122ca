// Bodies read and answers made, as every endpoint does it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "daemon/api/http/router.hpp"
#include "drivers/text.hpp"

namespace volt::api {

using Object = nlohmann::ordered_json;

HttpAnswer ok_answer(const Object& object, int status = 200);
/// `{"error":…,"field":…,"need":…}`; `field` and `need` only where they are not empty.
HttpAnswer field_error(int status, const std::string& text, const std::string& field, const std::string& need);
HttpAnswer loop_is_late();
/// With 503, of what the loop shows.
inline constexpr const char *no_turn_text = "voltd has not completed a turn yet", *late_loop_text = "the control loop is late";

/// The members of a body into `object`; an empty body has none. Refuses what is no JSON object, nested deeper than anything
/// we read, or has a name twice in one object.
std::optional<HttpAnswer> read_body(const std::string& body, Object& object);
/// Refuses a key that is none of `known`.
std::optional<HttpAnswer> refuse_unknown(const Object& body, std::initializer_list<const char*> known);

/// The longest list that the owner is given.
inline constexpr std::int64_t most_listed = 10000;
/// The longest list for the caller of this request; `others`: a browser and a program, whose answers stay near 300 kB.
std::int64_t most_of(const HttpRequest& request, std::int64_t others);

/// A value of the query; empty: it is not given.
std::string value_of(const HttpRequest& request, const char* key);
/// `?dry_run=1` or `true`; `0`, `false` and left out: no. Anything else is an error.
std::optional<HttpAnswer> read_dry_run(const HttpRequest& request, bool& dry_run);
/// The same of any name.
std::optional<HttpAnswer> read_flag(const HttpRequest& request, const char* name, bool& flag);

}  // namespace volt::api
