#include "tests/integration/site.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "drivers/sim/control.hpp"

namespace volt::testing {

namespace {

const std::string voltsim_path = VOLT_BINARY_DIR "/voltsim";
const std::string voltd_path = VOLT_BINARY_DIR "/voltd";
const std::string root = "voltd/solar-shack/";

/// Returns true if a program listens on this port of loopback.
bool listens(int port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool yes = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return yes;
}

void require(bool condition, const std::string& what) {
    if (!condition) throw std::runtime_error(what);
}

std::string run(std::vector<std::string> command) {
    Process process(std::move(command));
    require(process.wait() == 0, "failed: " + process.text());
    return process.text();
}

std::vector<std::string> pins(const Site::Pinned& values) {
    return {
        "voltage", fmt::format("{:.2f}", values.voltage), "pv", std::to_string(values.pv), "load", std::to_string(values.load)};
}

}  // namespace

Site::Site() : broker_port(free_port()), gx_port(free_port()), sol_ark_port(free_port()), api_port(free_port()) {}

void Site::start_broker() { broker = start_broker_at(broker_port); }

std::unique_ptr<Process> Site::start_broker_at(int port) const {
    const std::string file = dir / fmt::format("mosquitto-{}.conf", port);
    write_file(file, fmt::format("listener {} 127.0.0.1\nallow_anonymous true\npersistence false\n", port));
    auto started = std::make_unique<Process>(std::vector<std::string>{VOLT_MOSQUITTO, "-c", file});
    require(eventually([&] { return listens(port); }), "the broker does not listen: " + started->text());
    return started;
}

void Site::start_listener() {
    received_.clear();
    lines_read_ = 0;
    listener = std::make_unique<Process>(std::vector<std::string>{"stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p",
                                                                  std::to_string(broker_port), "-t", "#", "-F", "%t\t%r\t%p"});
    require(eventually([&] {
                publish("test/ready", "1");
                return listener->wait_for("test/ready", 0, std::chrono::milliseconds{200}).has_value();
            }),
            "the listener hears nothing");
}

std::unique_ptr<Process> Site::start_simulator(const std::string& name, std::vector<std::string> more) const {
    std::vector<std::string> command{voltsim_path, "--control", dir / (name + ".sock")};
    command.insert(command.end(), more.begin(), more.end());
    const auto values = pins(pinned);
    for (std::size_t i = 0; i < values.size(); i += 2) command.insert(command.end(), {"--hold", values[i] + "=" + values[i + 1]});
    auto process = std::make_unique<Process>(command);
    require(process->wait_for("gx_port").has_value(), "the simulator does not start: " + process->text());
    return process;
}

void Site::start_gx(const std::vector<std::string>& more) {
    std::vector<std::string> words{"--gx-port", std::to_string(gx_port), "--no-broker"};
    words.insert(words.end(), more.begin(), more.end());
    gx = start_simulator("gx", words);
}

void Site::start_sol_ark(const std::vector<std::string>& more) {
    std::vector<std::string> words{"--sol-ark-port", std::to_string(sol_ark_port), "--no-broker"};
    words.insert(words.end(), more.begin(), more.end());
    sol_ark = start_simulator("sol_ark", words);
}

void Site::start_relays() {
    relays = start_simulator(
        "relays", {"--broker", fmt::format("127.0.0.1:{}", broker_port), "--tele-period", std::to_string(tele_period_s),
                   "--miner-boot", "1", "--miner-ramp", "1", "--hold", "weather=sunny"});
}

void Site::start_devices() {
    start_broker();
    start_listener();
    start_gx();
    start_sol_ark();
    start_relays();
}

void Site::start_voltd(std::vector<std::string> more) {
    std::vector<std::string> command{voltd_path, "--config", config_path(), "--wall-clock", "1@2025-06-21T12:00"};
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.begin(), voltd_under.begin(), voltd_under.end());
    voltd = std::make_unique<Process>(command);
}

void Site::quicken() {
    require(eventually([&] {
                Process edit({"sqlite3", "-cmd", ".timeout 5000", database_path(),
                              "UPDATE miner_profiles SET min_on_s = 1, min_off_s = 1"});
                return edit.wait() == 0;
            }),
            "no settings to edit: " + voltd->text());
}

std::string Site::ask(const std::string& simulator, const std::string& line) const {
    std::optional<std::string> answer;
    require(eventually([&] { return (answer = sim::send_line(dir / (simulator + ".sock"), line)).has_value(); }),
            "the simulator " + simulator + " does not answer");
    return *answer;
}

void Site::tell(const std::string& simulator, const std::vector<std::string>& words) const {
    const std::string answer = ask(simulator, fmt::format("{}", fmt::join(words, " ")));
    require(answer.find("ok") != std::string::npos, "the simulator refuses: " + answer);
}

void Site::pin(Pinned values) {
    pinned = values;
    auto words = pins(values);
    words.insert(words.begin(), "set");
    for (const char* simulator : {"gx", "sol_ark", "relays"}) tell(simulator, words);
}

void Site::write_config(const std::string& control, const std::string& outputs) {
    write_file(config_path(), fmt::format(R"(site: solar-shack
database: {}
victron: {{ host: 127.0.0.1, port: {}, poll_s: 0.2, units: {{ system: 100, battery: 225 }} }}
sol_ark: {{ host: 127.0.0.1, port: {}, poll_s: 0.2 }}
mqtt: {{ url: "mqtt://127.0.0.1:{}" }}
outputs:
  - {{ id: primary-s21, dialect: tasmota, topic: miner1, meter: true {} }}
  - {{ id: dump-load-s19-1, dialect: tasmota, topic: miner2, meter: true {} }}
sensors:
  - {{ id: heat-room, topic: zigbee2mqtt/heat-room, field: temperature, quantity: temperature }}
weather: {{ topic: weather/sunny, field: state, sunny_when: [sunny, clear] }}
api: {{ listen: "127.0.0.1:{}", token_file: {} }}
control: {{ tick_s: 0.2, start_hold_s: 1, stop_hold_s: 1, restart_hold_s: 2, settle_s: 1, confirm_s: 2, start_timeout_s: 5,
           start_stagger_s: 1, adopt_timeout_s: 10 {} }}
)",
                                          database_path(), gx_port, sol_ark_port, broker_port, outputs, outputs, api_port,
                                          dir / "token", control));
}

std::string Site::sql(const std::string& text) const { return run({"sqlite3", "-cmd", ".timeout 5000", database_path(), text}); }

const std::vector<Heard>& Site::received() const {
    for (const std::string& line : listener->lines(lines_read_)) {
        ++lines_read_;
        const auto first = line.find('\t'), second = line.find('\t', first + 1);
        if (second == std::string::npos) continue;
        received_.push_back({line.substr(0, first), line[first + 1] == '1', line.substr(second + 1)});
    }
    return received_;
}

std::optional<std::string> Site::last(const std::string& topic) const {
    const std::vector<Heard>& all = received();
    const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const Heard& one) { return one.topic == topic; });
    if (newest == all.rend()) return std::nullopt;
    return newest->payload;
}

nlohmann::json Site::state(const std::string& suffix) const {
    const auto text = last(root + suffix);
    return text && !text->empty() ? nlohmann::json::parse(*text) : nlohmann::json::object();
}

std::vector<std::string> Site::commands(const std::string& device) const {
    std::vector<std::string> orders;
    for (const Heard& message : received())
        if ((message.topic == "cmnd/" + device + "/POWER" || message.topic == "cmnd/" + device + "/POWER1") &&
            !message.payload.empty())
            orders.push_back(message.payload);
    return orders;
}

bool Site::wait_for_command(const std::string& device, const std::string& order, std::size_t from) const {
    return eventually([&] {
        const auto orders = commands(device);
        for (std::size_t i = from; i < orders.size(); ++i)
            if (orders[i] == order) return true;
        return false;
    });
}

void Site::publish(const std::string& topic, const std::string& payload, bool retained) const {
    std::vector<std::string> command{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_port), "-t",
                                     topic,           "-m", payload};
    if (retained) command.push_back("-r");
    run(command);
}

int Site::http_status(const std::string& path) const {
    std::string token = read_file(dir / "token");
    token.resize(std::min(token.size(), token.find_last_not_of("\n ") + 1));
    Process curl({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Authorization: Bearer " + token,
                  fmt::format("http://127.0.0.1:{}{}", api_port, path)});
    return curl.wait() == 0 ? std::stoi(curl.text()) : 0;
}

}  // namespace volt::testing
