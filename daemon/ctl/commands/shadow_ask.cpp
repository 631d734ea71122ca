#include "daemon/ctl/commands/shadow_ask.hpp"

#include <ctime>

#include "daemon/ctl/commands/replay.hpp"
#include "daemon/ctl/shadow/shadow_report.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/reload.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/settings/settings_json.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::shadow {

std::int64_t site_now_s(const AddressOptions& options) {
    const auto said = seconds_of(word(status_of(find_address(options)), "at"));
    return said.value_or(std::time(nullptr));
}

std::optional<Json> ask_report(const Program& program, const DatabaseChoice& choice, CountedRange range, int& code) {
    code = exit_failed;
    const auto path = find_database(choice, program.address);
    if (!path) return std::nullopt;
    Result<Connection> db = open_reader(*path);
    if (!db) return refuse(program.json, db.failure().text), std::nullopt;
    const Result<Settings> settings = read_settings(db.value(), Settings{});
    if (!settings) return refuse(program.json, settings.failure().text), std::nullopt;
    const auto config = wiring_for(program.address.config, settings.value());
    if (!config) return std::nullopt;
    use_zone(settings.value().timezone);
    const auto facts = read_shadow_facts(db.value(), *config, range);
    if (!facts) {
        const EditFailure& failure = facts.failure();
        refuse(program.json, Refusal{failure.text, {}, failure.known, json_text(json::failure(failure))});
        return std::nullopt;
    }
    code = exit_ok;
    return shadow_json(shadow_report(facts.value()));
}

}  // namespace volt::ctl::shadow
