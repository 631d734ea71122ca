// Checks of the broker.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"
#include "drivers/host_address.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::doctor {

namespace broker_rows {

namespace {

constexpr Duration slowest_echo = 1s;

std::string address_of(const BrokerConfig& config) { return fmt::format("{}:{}", config.host, config.port); }

std::optional<Opinion> not_asked(const BrokerFacts& facts) {
    if (!facts.no_password.empty()) return skipped(facts.no_password, "run with sudo");
    return std::nullopt;
}

std::optional<Opinion> not_connected(const BrokerFacts& facts) {
    if (auto nothing = not_asked(facts)) return nothing;
    return facts.look.connected ? std::nullopt : std::optional(skipped("there is no connection to the broker"));
}

Opinion reach(const BrokerFacts& facts) {
    if (auto nothing = not_asked(facts)) return *nothing;
    if (facts.look.connected || facts.look.login_refused) return ok("the broker answers at " + address_of(facts.config));
    return fail(fmt::format("{}: {}", address_of(facts.config), facts.look.why),
                is_loopback(facts.config.host) ? "sudo systemctl start mosquitto; journalctl -u mosquitto -n 20"
                                               : "check mqtt.url, the network, and that the broker listens on the network");
}

Opinion auth(const BrokerFacts& facts) {
    if (auto nothing = not_asked(facts)) return *nothing;
    if (facts.look.login_refused)
        return fail("the broker rejects the user name or password",
                    fmt::format("sudo mosquitto_passwd /etc/mosquitto/passwd {}; the same password in mqtt.password_file",
                                facts.config.username.empty() ? "voltd" : facts.config.username));
    if (auto nothing = not_connected(facts)) return *nothing;
    return ok(facts.config.username.empty() ? "the broker does not ask for a user name"
                                            : "the broker accepts user " + facts.config.username);
}

Opinion version(const BrokerFacts& facts) {
    if (auto nothing = not_connected(facts)) return *nothing;
    if (facts.look.version == 5) return ok("the broker speaks MQTT 5");
    return warn(facts.config.version == 3 ? "voltd uses MQTT 3.1.1: commands have no expiry, and a denied message is silent"
                                          : "the broker speaks only MQTT 3.1.1, and voltd asks for 5",
                facts.config.version == 3 ? "with a broker that speaks MQTT 5: mqtt: { version: 5 }"
                                          : "mqtt: { version: 3 }, or a newer broker");
}

bool is_denied(const BrokerFacts& facts, const std::string& topic) {
    return std::find(facts.look.denied.begin(), facts.look.denied.end(), topic) != facts.look.denied.end();
}

bool is_own(const std::string& topic) { return topic.starts_with("voltd/"); }

Opinion echo(const BrokerFacts& facts) {
    if (auto nothing = not_connected(facts)) return *nothing;
    if (std::any_of(facts.look.denied.begin(), facts.look.denied.end(), is_own)) return skipped("the broker denies the topic");
    if (!facts.look.echo)
        return fail("the broker accepts a message but does not deliver it back",
                    "sudo systemctl restart mosquitto; check its access list for read and write below voltd/");
    const std::string text = fmt::format("a message came back after {} ms", facts.look.echo->count());
    return *facts.look.echo < slowest_echo ? ok(text) : fail(text, "the broker or the network is overloaded: top, ping");
}

Opinion acl_own(const BrokerFacts& facts) {
    if (auto nothing = not_connected(facts)) return *nothing;
    for (const std::string& topic : facts.look.denied)
        if (is_own(topic))
            return fail("the broker denies " + topic, "in the broker's access list: user " +
                                                          (facts.config.username.empty() ? "voltd" : facts.config.username) +
                                                          ", topic readwrite voltd/#");
    return facts.look.echo ? ok("voltd's own topics may be read and written") : skipped("the echo did not come back");
}

std::string denied_of(const BrokerFacts& facts, const Dialect& dialect) {
    for (const std::string& filter : dialect.subscriptions())
        if (is_denied(facts, filter)) return filter;
    for (const Message& message : dialect.query())
        if (is_denied(facts, message.topic)) return message.topic;
    return {};
}

Opinion acl_out(const BrokerFacts& facts, std::size_t index) {
    if (auto nothing = not_connected(facts)) return *nothing;
    const OutputConfig& output = facts.outputs[index];
    const auto dialect = make_dialect(output);
    if (!dialect) return skipped("this dialect has no such output");
    if (const std::string denied = denied_of(facts, *dialect); !denied.empty())
        return fail("the broker denies " + denied, "add it to the broker's access list: topic readwrite " + denied);
    if (dialect->query().empty()) return skipped("only switching it shows that: this dialect has no harmless query");
    const OutputReport report = index < facts.look.reports.size() ? facts.look.reports[index] : OutputReport{};
    if (report.state != OutputState::unknown && !report.hint) return ok("the device received a query and answered");
    if (facts.look.version == 5) return ok("the broker accepts the query; for the answer see outputs." + output.id + ".present");
    return skipped("the device did not answer; MQTT 3.1.1 sends no reason, so a denied query cannot be detected");
}

bool is_everywhere(const std::string& address) {
    const auto scope = scope_of(address);
    return scope && *scope != AddressScope::loopback;
}

bool any_present(const BrokerFacts& facts) {
    return std::any_of(facts.look.reports.begin(), facts.look.reports.end(), [](const OutputReport& it) { return it.available; });
}

Opinion listener(const BrokerFacts& facts) {
    if (!facts.listeners) return skipped("the broker runs on another computer");
    const std::string all = comma_list(*facts.listeners);
    if (std::any_of(facts.listeners->begin(), facts.listeners->end(), is_everywhere))
        return ok("the broker listens for the devices on " + all);
    if (facts.outputs.empty() || any_present(facts)) return ok("the devices reach the broker on this computer");
    return fail(
        "the broker listens on this computer only (" + (all.empty() ? "not at all" : all) + "), and no device is connected",
        fmt::format(
            "in /etc/mosquitto/conf.d/site.conf: `listener {}` and `password_file /etc/mosquitto/passwd`; then sudo systemctl "
            "restart mosquitto",
            facts.config.port));
}

Opinion retained(const BrokerFacts& facts) {
    if (auto nothing = not_connected(facts)) return *nothing;
    if (facts.look.retained.empty()) return ok("no device has a retained command");
    std::vector<std::string> topics;
    for (const RetainedCommand& it : facts.look.retained) topics.push_back(it.topic);
    return fail("retained commands, which a device obeys whenever it connects: " + comma_list(topics),
                fmt::format("mosquitto_pub -r -n -t {}, and find the program that retains them", topics.front()));
}

Opinion hung(const BrokerFacts& facts) {
    if (!facts.hung.empty()) return fail(facts.hung, "sudo systemctl restart mosquitto");
    if (auto nothing = not_connected(facts)) return *nothing;
    return ok("the broker does not hang");
}

Opinion client_id(const BrokerFacts& facts) {
    if (!facts.client_id.empty()) return fail(facts.client_id, "give each program a client id of its own: mqtt.client_id");
    if (auto nothing = not_connected(facts)) return *nothing;
    if (!facts.voltd_runs && facts.look.site_online)
        return fail("voltd does not run here, but one is online for this site: two controllers would fight over the relays",
                    "find and stop it before you start this one");
    return ok("no other program uses voltd's client id");
}

Opinion agent(const BrokerFacts& facts) {
    if (!facts.beside_agent) return skipped("volt-agent is not installed here");
    if (!facts.open_ports.empty())
        return fail(
            fmt::format("port {} lets in anyone without a password: a program that takes over volt-agent could switch relays",
                        facts.open_ports.front()),
            fmt::format("for `listener {}` in /etc/mosquitto/conf.d: `allow_anonymous false` and `password_file "
                        "/etc/mosquitto/passwd`; then sudo systemctl restart mosquitto",
                        facts.open_ports.front()));
    if (auto nothing = not_connected(facts)) return *nothing;
    if (!facts.has_nft)
        return warn("only the broker's password keeps volt-agent out: nft, which would block the port, is missing",
                    "sudo apt install nftables; sudo systemctl restart volt-agent");
    return ok("the broker asks for a password, so volt-agent cannot use it");
}

std::string version_in(const std::string& discovery) {
    const Json message = Json::parse(discovery, nullptr, false);
    return word(part(message, "origin"), "sw_version");
}

Opinion announced(const BrokerFacts& facts) {
    if (auto nothing = not_connected(facts)) return *nothing;
    const auto& messages = facts.look.discovery;
    if (!facts.discovery) {
        if (messages.empty()) return skipped("discovery for Home Assistant is off");
        return warn(fmt::format("discovery is off, and the broker still holds {} of voltd's discovery messages", messages.size()),
                    "sudo systemctl restart voltd: it clears them");
    }
    const bool denied = std::any_of(facts.look.denied.begin(), facts.look.denied.end(),
                                    [](const std::string& topic) { return topic.ends_with("/device/+/config"); });
    if (denied)
        return fail("the broker denies reading Home Assistant's discovery topics",
                    "in the broker's access list: topic readwrite homeassistant/#");
    if (messages.empty())
        return fail("discovery for Home Assistant is on, and the broker holds none of voltd's messages",
                    facts.voltd_runs ? "voltctl ha announce" : "sudo systemctl start voltd");
    for (const auto& [topic, payload] : messages)
        if (const std::string version = version_in(payload); version != VOLT_VERSION)
            return fail(fmt::format("{} was published by {}; this is voltd {}", topic,
                                    version.empty() ? "an unknown version" : "voltd " + version, VOLT_VERSION),
                        "sudo systemctl restart voltd");
    return ok(fmt::format("announced to Home Assistant: {}",
                          messages.size() == 1 ? "1 device" : fmt::format("{} devices", messages.size())));
}

constexpr CheckRow<BrokerFacts> home_assistant[] = {{"announced", announced}};

constexpr CheckRow<BrokerFacts> broker[] = {
    {"reach", reach},       {"auth", auth},         {"version", version}, {"echo", echo},           {"acl_own", acl_own},
    {"listener", listener}, {"retained", retained}, {"hung", hung},       {"client_id", client_id}, {"agent", agent}};

}  // namespace

}  // namespace broker_rows

std::vector<Check> broker_checks(const BrokerFacts& facts) {
    std::vector<Check> checks = judged("broker", broker_rows::broker, facts);
    for (std::size_t i = 0; i < facts.outputs.size(); ++i)
        checks.push_back({"broker.acl_out." + facts.outputs[i].id, broker_rows::acl_out(facts, i)});
    return checks;
}

std::vector<Check> home_assistant_checks(const BrokerFacts& facts) { return judged("ha", broker_rows::home_assistant, facts); }

void add_broker_names(Catalog& catalog) {
    catalog.push_back({"broker", names_in(broker_rows::broker)});
    catalog.back().second.emplace_back("acl_out.ID");
    catalog.push_back({"ha", names_in(broker_rows::home_assistant)});
}

}  // namespace volt::ctl::doctor
