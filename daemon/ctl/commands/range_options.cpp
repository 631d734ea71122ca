#include "daemon/ctl/commands/range_options.hpp"

#include <CLI/CLI.hpp>

#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/time_argument.hpp"

namespace volt::ctl {

namespace {

/// Reads a time of the command line. Prints an error if it is not one.
bool take_moment(bool json, const char* option, const std::optional<std::string>& text, std::int64_t now_s,
                 std::optional<Utc>& moment) {
    if (!text) return true;
    const auto at = parse_moment(*text, now_s);
    if (at) moment = Utc{*at * 1000};
    else
        refuse(json,
               std::string(option) + ": '" + *text +
                   "' is not a time; expected 2025-06-21, 2025-06-21T06:00 (local), 2025-06-21T13:00Z, 06:00, -6h or now",
               exit_usage);
    return at.has_value();
}

}  // namespace

bool take_range(bool json, const RangeOptions& options, std::int64_t now_s, std::optional<Utc>& from, std::optional<Utc>& to) {
    if (!take_moment(json, "--from", options.from, now_s, from) || !take_moment(json, "--to", options.to, now_s, to))
        return false;
    if (options.last) {
        const auto span = parse_span(*options.last);
        if (!span)
            return refuse(json, "--last: '" + *options.last + "' is not a time; expected 90s, 30m, 6h, 7d or 2w", exit_usage) ==
                   0;
        if (options.from) return refuse(json, "use either --last or --from", exit_usage) == 0;
        from = to.value_or(Utc{now_s * 1000}) - Utc{*span * 1000};
    }
    if (from && to && *from >= *to) return refuse(json, "--from must be before --to", exit_usage) == 0;
    return true;
}

void add_range(CLI::App& command, RangeOptions& options) {
    command.add_option("--from,--since", options.from, "2025-06-21, 2025-06-21T06:00 (local), …Z (UTC), 06:00, -6h")
        ->type_name("TIME");
    command.add_option("--to", options.to, "the same (default: now)")->type_name("TIME");
    command.add_option("--last", options.last, "instead of --from: 90s, 30m, 6h, 7d, 2w before --to")->type_name("SPAN");
}

}  // namespace volt::ctl
