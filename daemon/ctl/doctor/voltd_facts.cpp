// Facts from a running voltd and its database: outputs, sensors, api, charge, rules.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "daemon/config/build_policy.hpp"
#include "daemon/config/charge_plan.hpp"
#include "daemon/config/check_night.hpp"
#include "daemon/config/uses.hpp"
#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/source.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "rules/battery/charge_guard.hpp"
#include "rules/names.hpp"

namespace volt::ctl::doctor {

namespace {

constexpr std::chrono::seconds answer_limit_here{3};
constexpr RequestLimits once{answer_limit_here, false};
constexpr std::int64_t days_back = 7, day_s = 86'400;

/// Returns an answer as JSON, or null if there is none.
Json json_at(const ApiAddress& address, const std::string& path) {
    const ApiReply reply = get(address, path, once);
    return reply.ok() ? Json::parse(reply.body, nullptr, false) : Json();
}

std::vector<std::string> sources_of(const Config& config, const Json& status) {
    std::vector<std::string> names;
    for (const std::string& name : polled_sources(config))
        if (status.contains("source/" + name)) names.push_back(name);
    return names;
}

VoltdAnswers ask_voltd(const ApiAddress& address, const Config& config) {
    VoltdAnswers voltd;
    const ApiReply reply = get(address, "/api/status", once);
    voltd.runs = reply.reached || reply.forbidden || reply.silent || answers_at(address.socket);
    if (!reply.ok()) {
        voltd.why = voltd.runs ? "voltd does not answer: " + reply.error : "voltd is not running";
        if (reply.forbidden) voltd.help = join_the_group;
        return voltd;
    }
    voltd.reached = true;
    Json status = Json::parse(reply.body, nullptr, false);
    if (status.is_object()) voltd.status = std::move(status);
    if (Json system = json_at(address, "/api/system"); system.is_object()) voltd.system = std::move(system);
    voltd.sessions = json_at(address, "/api/sessions");
    for (const std::string& name : sources_of(config, voltd.status))
        voltd.registers[name] = json_at(address, "/api/sources/" + encoded(name) + "/registers");
    return voltd;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Returns another output with a different dialect but the same device name and channel.
std::string twin_of(const std::vector<OutputConfig>& outputs, const OutputConfig& output) {
    for (const OutputConfig& other : outputs) {
        const bool same = lower(other.topic) == lower(output.topic) && other.channel.value_or(0) == output.channel.value_or(0);
        if (other.id != output.id && other.dialect != output.dialect && !output.topic.empty() && same) return other.id;
    }
    return {};
}

Json state_of(const OutputReport& report) {
    return {{"available", report.available},
            {"reported", report.hint && report.can_be_asked ? "unknown" : volt::name_of(report.state)},
            {"measured_w", report.power.received && report.power.value ? Json(report.power.value->steps) : Json()}};
}

/// Returns when an output last switched itself off in a proof, and after which time, or an empty string if never as its current
/// device.
std::string proof_of(const std::vector<OutputProofRow>& proofs, const OutputConfig& output) {
    for (const OutputProofRow& row : proofs)
        if (row.output == output.id && row.dialect == volt::name_of(output.dialect))
            return fmt::format("{:.1f} s after an ON that was not renewed, on {}",
                               static_cast<double>(row.measured.count()) / 1000,
                               iso_date(std::chrono::floor<std::chrono::seconds>(row.at).count()));
    return {};
}

void add_temperature(const Subject& subject, SensorFact& fact) {
    fact.has_celsius = fact.role == TemperatureRole::battery;
    fact.used = fact.has_celsius;
    if (fact.has_celsius) fact.celsius = number(part(subject.voltd.status, "battery"), "temperature_c");
    for (const Zone& zone : subject.settings ? subject.settings->zones : std::vector<Zone>{}) {
        if (zone.sensor_id != fact.id) continue;
        fact.used = true;
        if (!zone.enabled || !subject.voltd.status.contains("zone/" + zone.slug)) continue;
        fact.has_celsius = true;
        fact.celsius = number(part(subject.voltd.status, "zone/" + zone.slug), "temperature_c");
    }
    // Without the settings of the database its use is unknown.
    if (!subject.settings) fact.used = true;
}

/// Returns true for alarms whose fault has a separate check.
bool has_own_check(const std::string& name) {
    static const std::set<std::string> own{"under_voltage",
                                           "clock_untrusted",
                                           "clock_jumped",
                                           "database_restored",
                                           "safe_mode",
                                           "source_failing",
                                           "sensor_lost",
                                           "no_lease",
                                           "power_on_state",
                                           "retained_command",
                                           "broker_auth",
                                           "broker_hung",
                                           "client_id_in_use",
                                           "topic_denied",
                                           "output_unreachable",
                                           "voltage_frozen",
                                           "voltage_disagreement",
                                           "voltage_implausible",
                                           "backup_failed"};
    return own.count(name.substr(0, name.find('/'))) > 0;
}

/// Returns the gate that kept a load off in most of its decisions, else the first one that blocks it now.
std::string gate_of(const Subject& subject, Connection& db, const std::string& slug, Utc from) {
    std::map<std::string, int> counts;
    const auto decisions = read_decisions(db, {slug, "", from, std::nullopt, 1000});
    if (decisions)
        for (const DecisionRow& row : decisions.value())
            if (row.to == "off") ++counts[row.reason];
    const auto most =
        std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != counts.end()) return most->first;
    const Json& blocked = part(subject.voltd.status, "miner/" + slug);
    const auto list = blocked.find("blocked_by");
    return list != blocked.end() && list->is_array() && !list->empty() ? word(list->front(), "gate") : "";
}

std::optional<std::vector<IdleLoad>> idle_loads(const Subject& subject, Connection& db) {
    // Use voltd's clock, which may be a simulated one.
    const auto site_now = seconds_of(word(subject.voltd.status, "at"));
    const Utc from = (site_now ? Utc{std::chrono::seconds{*site_now}} : wall_now()) - std::chrono::seconds{days_back * day_s};
    const auto older = read_decisions(db, {"", "", std::nullopt, from, 1});
    if (!older || older.value().empty() || !subject.settings) return std::nullopt;
    std::vector<IdleLoad> idle;
    for (const Miner& miner : subject.settings->miners) {
        if (!miner.enabled) continue;
        const auto runs = read_runs(db, {miner.slug, from, std::nullopt, 1});
        if (runs && runs.value().empty()) idle.push_back({miner.slug, gate_of(subject, db, miner.slug, from)});
    }
    return idle;
}

std::int64_t days_ago(std::int64_t then_s) {
    return std::max<std::int64_t>(0, (std::chrono::duration_cast<std::chrono::seconds>(wall_now()).count() - then_s) / day_s);
}

/// Returns the days since the newest change of the mode.
std::optional<std::int64_t> days_in_mode(Connection& db) {
    const auto log = settings_log(db, {SettingsTable::preferences, "", most_logged});
    if (!log) return std::nullopt;
    for (const LoggedChange& change : log.value())
        for (const LoggedField& field : change.fields)
            if (field.field == "operating_mode")
                if (const auto at = seconds_of(change.at)) return days_ago(*at);
    return std::nullopt;
}

}  // namespace

const Config& Subject::config() const {
    static const Config nothing;
    return parsed.config ? *parsed.config : nothing;
}

Subject subject_of(const AddressOptions& options, std::string root) {
    Subject subject;
    subject.config_path = options.config.value_or(default_config);
    subject.root = std::move(root);
    subject.parsed = load_config(subject.config_path);
    AddressOptions quiet = options;
    quiet.url.reset();
    const Reach reach = reach_of(quiet);
    const ApiAddress address = find_address(quiet);
    subject.database = real_path(reach.database);
    subject.socket = address.socket;
    if (const auto settings = peek_settings(subject.database)) subject.settings = settings.value();
    subject.voltd = ask_voltd(address, subject.config());
    return subject;
}

std::vector<OutputFact> output_facts(const Subject& subject, const BrokerFacts& broker) {
    const Config& config = subject.config();
    std::set<std::string> of_miners;
    if (subject.settings)
        for (const Use& use : uses_of(*subject.settings))
            if (use.enabled && use.kind == UseKind::miner) of_miners.insert(use.output_id);
    auto db = open_reader(subject.database);
    const auto proofs = db ? read_output_proofs(db.value()) : Result<std::vector<OutputProofRow>>(db.failure());
    std::vector<OutputFact> facts;
    for (std::size_t i = 0; i < config.outputs.size(); ++i) {
        const OutputConfig& output = config.outputs[i];
        OutputFact fact{.config = output};
        fact.drives_miner = of_miners.count(output.id) > 0;
        if (subject.voltd.reached) fact.state = part(subject.voltd.status, "output/" + output.id);
        else if (broker.look.connected && i < broker.look.reports.size()) fact.state = state_of(broker.look.reports[i]);
        if (!subject.voltd.reached && i < broker.look.shared.size()) fact.shared = broker.look.shared[i];
        fact.power_on = word(part(subject.voltd.status, "alarm/power_on_state/" + output.id), "text");
        fact.twin = twin_of(config.outputs, output);
        fact.shadow = !config.control.live;
        fact.proofs_known = proofs.ok();
        if (proofs) fact.proven = proof_of(proofs.value(), output);
        facts.push_back(std::move(fact));
    }
    return facts;
}

std::vector<SensorFact> sensor_facts(const Subject& subject) {
    std::vector<SensorFact> facts;
    const auto add = [&](const std::string& id, TemperatureRole role, const std::string& source) {
        SensorFact fact{.id = id, .role = role, .by_broker = source.starts_with("sensor.")};
        const Json& state = part(subject.voltd.status, "source/" + source);
        fact.state = word(state, "state");
        fact.error = word(state, "last_error");
        fact.age_s = number(state, "age_s");
        add_temperature(subject, fact);
        fact.own_celsius = number(state, "temperature_c");
        fact.gx_celsius = number(part(subject.voltd.status, "source/victron.battery"), "temperature_c");
        facts.push_back(std::move(fact));
    };
    for (const SensorConfig& sensor : subject.config().sensors) {
        add(sensor.id, sensor.role, "sensor." + sensor.id);
        facts.back().fahrenheit = sensor.fahrenheit;
    }
    if (subject.config().victron)
        for (const GxTemperature& sensor : subject.config().victron->temperatures)
            add(sensor.id, sensor.role, "victron." + sensor.id);
    return facts;
}

ApiFacts api_facts(const Subject& subject) {
    ApiFacts facts{.voltd = subject.voltd};
    facts.host = subject.config().api.host;
    facts.lan_plain = subject.config().api.lan_plain && !is_loopback(facts.host);
    const Json& sessions = subject.voltd.sessions;
    if (sessions.is_array() && subject.voltd.reached) facts.sessions = sessions.size();
    return facts;
}

ChargingFacts charge_facts(const Subject& subject, const std::vector<std::pair<std::string, DeviceFacts>>& devices) {
    ChargingFacts facts;
    facts.means = charge_means(subject.config());
    for (const auto& [name, device] : devices)
        if (device.may_write && device.unreachable.empty())
            facts.registers.emplace_back(name, device.charge_limit ? "" : device.charge_limit_failure);
    facts.known = subject.parsed.config && subject.settings;
    if (!facts.known) return facts;
    Policy guarding;
    guarding.zones = subject.settings->zones;
    facts.guarded = charge_limit(guarding).has_value();
    const std::string proven = peek_charge_proof(subject.database);
    facts.proven = proven == charge_wiring(subject.config());
    if (const auto finding = check_charge_guard(subject.parsed, *subject.settings, proven)) {
        facts.finding = finding->what;
        facts.remedy = finding->right.text;
    }
    return facts;
}

RuleFacts rule_facts(const Subject& subject) {
    RuleFacts facts{.reached = subject.voltd.reached};
    for (const auto& [topic, object] : subject.voltd.status.items())
        if (topic.starts_with(alarm_prefix) && !has_own_check(topic.substr(alarm_prefix.size())))
            facts.alarms.emplace_back(topic.substr(alarm_prefix.size()), object);
    facts.shadow = !subject.config().control.live;
    struct stat file {};
    if (::stat(subject.config_path.c_str(), &file) == 0) facts.shadow_days = days_ago(file.st_mtim.tv_sec);
    facts.known = subject.settings.has_value();
    if (!subject.settings) return facts;
    const Settings& settings = *subject.settings;
    facts.mode = volt::name_of(settings.preferences.mode);
    const auto can_run = [&](const Miner& miner) { return output_index(subject.config(), miner.output_id) != no_index; };
    for (const NightDoubt& doubt : night_doubts(settings.preferences, settings.miners, can_run))
        facts.doubts.emplace_back(doubt.what, doubt.right);
    auto db = open_reader(subject.database);
    if (!db) return facts;
    facts.mode_days = days_in_mode(db.value());
    const bool may_run = !facts.shadow && facts.mode != "off";
    if (may_run) facts.idle = idle_loads(subject, db.value());
    return facts;
}

}  // namespace volt::ctl::doctor
