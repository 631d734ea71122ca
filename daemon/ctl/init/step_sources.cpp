// Step: the GX and the Sol-Ark, found by a network scan with permission, or typed.
#include <algorithm>

#include "daemon/config/host_port.hpp"
#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/conversation.hpp"

namespace volt::ctl::init {

namespace {

constexpr int default_port = 502;
constexpr std::size_t most_probed = 16;
constexpr const char* usual_name = "venus.local";

/// Kind of device, in words.
struct Device {
    const char* key;   ///< section of voltd.yaml
    const char* kind;  ///< kind of its main unit in a probe
    const char* name;
    std::vector<std::string> causes;  ///< reasons it was not found, the most common first
};

const Device& gx() {
    static const Device device{
        "victron",
        "system",
        "GX",
        {"Modbus TCP is off: on the GX, Settings, Integrations, Modbus TCP server (older firmware: Settings, Services)",
         "it is on another network than this machine", "its access level: read-only is enough"}};
    return device;
}

const Device& sol_ark() {
    static const Device device{"sol_ark",
                               "sol_ark",
                               "Sol-Ark",
                               {"the gateway's port or mode: Modbus TCP, or raw RTU over TCP",
                                "another client is connected: many gateways accept one", "the Modbus SN of the inverter"}};
    return device;
}

bool holds(const modbus::ProbeReport& report, const Device& device) {
    return std::any_of(report.units.begin(), report.units.end(), [&](const auto& unit) { return unit.kind == device.kind; });
}

const modbus::ProbeReport& look_at(Conversation& c, const std::string& host, int port) {
    const std::string key = host + ":" + std::to_string(port);
    const auto known = c.probed.find(key);
    return known != c.probed.end() ? known->second : c.probed.emplace(key, c.world.probe(host, port)).first->second;
}

/// Returns the newest values of a unit by which a person recognizes it.
std::string values_of(const modbus::ProbedUnit& unit) {
    constexpr std::uint16_t telling[] = {840, 843, 259, 266, 26, 771, 789, 3304, 183, 184, 190, 178};
    std::string text;
    for (const modbus::ProbedRow& row : unit.rows) {
        const bool shown = std::find(std::begin(telling), std::end(telling), row.address) != std::end(telling);
        if (shown && !row.value.empty() && row.value.find_first_of("0123456789") != std::string::npos) text += " " + row.value;
    }
    return text;
}

void show(Conversation& c, const std::string& host, const modbus::ProbeReport& report) {
    if (report.units.empty()) {
        c.talk.print("  " + host + ": answers, but not Modbus (" + report.failure + ")");
        return;
    }
    c.talk.print("  " + host + ":");
    for (const modbus::ProbedUnit& unit : report.units) {
        c.talk.print("    " + std::to_string(unit.unit) + " " + unit.kind + values_of(unit));
        for (const std::string& remark : unit.remarks) c.talk.print("      " + remark);
    }
}

std::string networks(const std::vector<modbus::Subnet>& subnets, std::size_t& addresses) {
    std::string text;
    for (const modbus::Subnet& it : subnets) {
        addresses += it.bits >= 31 ? it.addresses() : it.addresses() - 2;
        text += (text.empty() ? "" : ", ") + modbus::text_of(it);
    }
    return text;
}

/// Scans once, with permission.
void scan(Conversation& c) {
    if (c.scanned || !c.options.may_scan) return;
    const std::vector<modbus::Subnet> subnets =
        c.options.subnets.empty() ? modbus::scannable(c.world.subnets()) : c.options.subnets;
    std::size_t addresses = 0;
    const std::string where = networks(subnets, addresses);
    if (subnets.empty()) return c.talk.print("This machine is on no private network small enough to scan; type the addresses.");
    const bool wanted = c.talk.ask_yes(
        "scan", "This opens one connection to port 502 of " + std::to_string(addresses) + " addresses in " + where + ". Look?",
        true,
        "Only addresses of this machine's own private networks, one port, nothing is written. Devices that answer are "
        "identified.");
    c.scanned = true;
    c.may_look = wanted;
    if (!wanted) return;
    c.open = c.world.scan(subnets);
    c.talk.pause(Duration{});
    if (c.open.size() > most_probed) c.open.resize(most_probed);
    if (!c.open.empty()) c.talk.print("Reading them. An inverter whose values do not move takes a minute.");
    for (const std::string& host : c.open) show(c, host, look_at(c, host, default_port));
    if (c.open.empty()) c.talk.print("  no device has that port open");
}

std::string first_found(const Conversation& c, const Device& device) {
    for (const std::string& host : c.open) {
        const auto report = c.probed.find(host + ":" + std::to_string(default_port));
        if (report != c.probed.end() && holds(report->second, device)) return host;
    }
    return {};
}

/// Returns the plain address of `http://192.168.1.20/`.
std::string plain_address(Conversation& c, std::string given) {
    const std::size_t scheme = given.find("://");
    if (scheme == std::string::npos) return given;
    given.erase(0, scheme + 3);
    given.erase(std::min(given.find('/'), given.size()));
    c.talk.print("  taken as the address " + given);
    return given;
}

void note_missing(Conversation& c, const Device& device) {
    auto& missing = c.head.missing;
    std::erase(missing, device.key);
    if (has_none(c.answers, device.key) && c.answers.value(device.key, Json()) != "none") missing.emplace_back(device.key);
}

/// Puts the sections from a probe into the answers. Returns false if it found no such device.
bool take(Conversation& c, const Device& device, const std::string& host, const modbus::ProbeReport& report) {
    if (!holds(report, device)) return false;
    const Json sections = sections_of(report.yaml);
    for (const auto& [key, section] : sections.items())
        if (key.starts_with(device.key)) c.answers[key] = section;
    std::erase_if(c.head.found, [&](const std::string& line) { return line.starts_with(device.name); });
    c.head.found.push_back(std::string(device.name) + " at " + host + ": " + std::to_string(report.units.size()) +
                           (report.units.size() == 1 ? " unit" : " units") + " answered");
    return true;
}

/// Tries one address. Returns true if the question is answered.
bool try_address(Conversation& c, const Device& device, const std::string& given) {
    const HostPort address = split_host_port(given);
    const int port = address.port.value_or(default_port);
    const modbus::ProbeReport& report = look_at(c, address.host, port);
    if (take(c, device, address.host, report)) return true;
    const std::string why = report.units.empty() ? report.failure : "it answers as another device";
    c.probed.erase(address.host + ":" + std::to_string(port));  // queried again next time
    c.talk.print(std::string("  no ") + device.name + " there: " + why);
    for (const std::string& cause : device.causes) c.talk.print("    - " + cause);
    if (!c.talk.ask_yes(std::string(device.key) + ".keep", "Use that address anyway?", false)) return false;
    c.answers[device.key] = Json{{"host", address.host}};
    if (port != default_port) c.answers[device.key]["port"] = port;
    return true;
}

void ask_source(Conversation& c, const Device& device) {
    const std::string found = first_found(c, device);
    if (found.empty() && !c.open.empty()) c.talk.print(std::string("No ") + device.name + " was found. The usual causes:");
    for (const std::string& cause : device.causes)
        if (found.empty() && !c.open.empty()) c.talk.print("  - " + cause);
    for (int tries = 0; tries < Talk::most_tries; ++tries) {
        Question question{device.key, std::string(device.name) + ": address, none, or later", found.empty() ? "none" : found};
        question.help =
            "Its IP address or name, with :PORT if that is not 502. none: the site has none. later: it is left as a comment in "
            "the file.";
        question.wrong = [](const std::string& answer) -> std::string {
            const HostPort address = split_host_port(answer);
            return address.host.find(' ') == std::string::npos ? wrong_numbers(address.host) : std::string("an address or name");
        };
        const std::string answer = plain_address(c, c.talk.ask(question));
        c.answers.erase(device.key);
        if (answer == "none") c.answers[device.key] = "none";
        if (answer == "none" || answer == "later" || try_address(c, device, answer)) return note_missing(c, device);
        c.talk.forget(device.key);
    }
    throw Ended{};
}

}  // namespace

void ask_gx(Conversation& c) {
    c.talk.print("\nThe GX (Cerbo, Ekrano, Venus) and the Sol-Ark:");
    scan(c);
    if (c.may_look && first_found(c, gx()).empty() && c.world.is_near(usual_name)) {
        const std::string host = usual_name;
        const modbus::ProbeReport& named = look_at(c, host, default_port);
        if (holds(named, gx())) {
            show(c, host, named);
            c.open.push_back(host);
        }
    }
    ask_source(c, gx());
}

void ask_sol_ark(Conversation& c) {
    c.answers.erase("sol_ark_2");
    ask_source(c, sol_ark());
    if (has_none(c.answers, "victron") && has_none(c.answers, "sol_ark"))
        c.talk.print("voltd needs one of the two for the battery's voltage. Enter: continue, b: enter one.");
}

}  // namespace volt::ctl::init
