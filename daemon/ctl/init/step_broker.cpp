// Step: the broker, and the devices that announce themselves there.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/config.hpp"
#include "daemon/config/host_port.hpp"
#include "daemon/ctl/init/conversation.hpp"
#include "daemon/ctl/views/table.hpp"
#include "drivers/source.hpp"

namespace volt::ctl::init {

namespace {

constexpr int plain_port = 1883, tls_port = 8883;
constexpr Duration look = 200ms;
constexpr std::size_t most_watched = 200;
constexpr const char* password_path = "/etc/voltd/mqtt.password";

std::string state_word(OutputState state) { return state == OutputState::on ? "on" : state == OutputState::off ? "off" : "?"; }

BrokerConfig broker_of(const Json& section) {
    const std::string url = word(section, "url");
    BrokerConfig broker;
    broker.tls = url.starts_with("mqtts:");
    const HostPort address = split_host_port(url.substr(std::min(url.find("//") + 2, url.size())));
    broker.host = address.host;
    broker.port = address.port.value_or(broker.tls ? tls_port : plain_port);
    broker.version = static_cast<int>(section.value("version", 5));
    broker.username = word(section, "username");
    return broker;
}

std::string wrong_url(const std::string& url) {
    const ParsedConfig parsed = parse_config("site: a\nmqtt:\n  url: \"" + url + "\"\n", "answer");
    for (const Problem& it : parsed.problems)
        if (it.key == "mqtt.url") return it.right.text;
    return "";
}

Json ask_login(Conversation& c) {
    Question url{"mqtt.url", "Broker", c.options.broker};
    url.help = "mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; user and password are asked for separately.";
    url.wrong = wrong_url;
    Json section{{"url", c.talk.ask(url)}};
    Question user{"mqtt.username", "User name at the broker (Enter: none)"};
    user.optional = true;
    const std::string name = c.talk.ask(user);
    c.password.clear();
    if (name.empty()) return section;
    section["username"] = name;
    Question password{"mqtt.password", "Its password (not shown)"};
    password.hidden = password.optional = true;
    c.password = c.talk.ask(password);
    section["password_file"] = password_path;
    return section;
}

/// Warns if relays in the network cannot reach the broker because it listens only on loopback, as mosquitto does by default.
void warn_of_loopback(Conversation& c, const BrokerConfig& broker) {
    if (!is_loopback(broker.host) || !c.world.loopback_only(broker.port)) return;
    c.talk.print(
        "  This broker accepts connections from this machine only, so no relay on the network can connect to it. For mosquitto, "
        "in");
    c.talk.print("  /etc/mosquitto/conf.d/site.conf:");
    c.talk.print("    listener 1883");
    c.talk.print("    password_file /etc/mosquitto/passwd");
    c.talk.print("  then: sudo mosquitto_passwd -c /etc/mosquitto/passwd voltd; sudo systemctl restart mosquitto");
}

/// Connects with MQTT 5, then with 3.1.1. Returns nothing if connected.
std::optional<GuestConnection::Refusal> connect(Conversation& c, Json& section) {
    BrokerConfig broker = broker_of(section);
    auto refusal = c.world.connect(broker, c.password);
    if (!refusal || refusal->auth) return refusal;
    broker.version = 3;
    const auto older = c.world.connect(broker, c.password);
    if (older) return refusal;
    section["version"] = 3;
    c.talk.print("  this broker supports MQTT 3.1.1 only");
    return std::nullopt;
}

std::string moved_line(std::size_t number, const SeenOutput& it) {
    return fmt::format("  * {} {}: now {}{}", number, it.announced.name, state_word(it.state),
                       it.power ? fmt::format(", {} W", it.power->steps) : "");
}

/// Reports devices that change while a question waits.
class Watch {
public:
    explicit Watch(Conversation& c) : c_(c) { note(); }
    void look_again() {
        c_.world.listen(c_.announcements);
        const std::vector<SeenOutput> now = c_.announcements.outputs();
        for (std::size_t i = 0; i < now.size() && i < moved_.size(); ++i)
            if (now[i].moved_at && now[i].moved_at != moved_[i]) c_.talk.print("\n" + moved_line(i + 1, now[i]));
        note();
    }

private:
    void note() {
        moved_.clear();
        for (const SeenOutput& it : c_.announcements.outputs()) moved_.push_back(it.moved_at);
    }
    Conversation& c_;
    std::vector<std::optional<Time>> moved_;
};

void listen(Conversation& c) {
    c.talk.print(fmt::format("  listening for {} s …", c.options.listen_s));
    const Duration all = std::chrono::seconds(c.options.listen_s);
    for (Duration spent{}; spent < all; spent += look) {
        c.world.listen(c.announcements);
        c.talk.pause(look);
    }
    c.world.listen(c.announcements);
}

void show_list(Conversation& c) {
    const std::vector<SeenOutput> outputs = c.announcements.outputs();
    c.talk.print(outputs.empty() ? "Nothing that switches has announced itself." : "Found:");
    for (const std::string& line : output_lines(outputs)) c.talk.print("  " + line);
    for (const SeenOutput& it : outputs)
        if (!it.announced.note.empty()) c.talk.print("  " + it.announced.name + ": " + it.announced.note);
    for (const SeenSensor& it : c.announcements.sensors())
        c.talk.print("  temperature " + it.announced.name + (it.celsius ? fmt::format(" {:.1f} °C", *it.celsius) : ""));
    if (c.announcements.not_understood() > 0) c.talk.print(fmt::format("  {} not understood", c.announcements.not_understood()));
    for (const std::string& it : c.world.denied()) c.talk.print("  the broker denies reading " + it);
}

}  // namespace

std::vector<std::string> output_lines(const std::vector<SeenOutput>& outputs) {
    std::vector<Cells> rows = {{"", "name", "dialect", "device", "", "now", "watts", "last seen"}};
    for (std::size_t i = 0; i < outputs.size() && i < most_watched; ++i) {
        const SeenOutput& it = outputs[i];
        const OutputConfig& wiring = it.announced.wiring;
        const std::string what = wiring.kind == OutputKind::level ? fmt::format("0..{}", wiring.max_level)
                                 : wiring.channel                 ? fmt::format("channel {}", *wiring.channel)
                                                                  : "";
        const std::string age = it.seen_at ? fmt::format("{} s ago", (monotonic_now() - *it.seen_at) / 1s) : "not yet";
        rows.push_back({std::to_string(i + 1), it.announced.name, name_of(wiring.dialect), it.announced.device, what,
                        state_word(it.state), it.power ? std::to_string(it.power->steps) : "", age});
    }
    return outputs.empty() ? std::vector<std::string>() : table_lines(rows, 0, Paint{});
}

void ask_broker(Conversation& c) {
    c.talk.print("\nThe MQTT broker:");
    for (int tries = 0; tries < Talk::most_tries; ++tries) {
        Json section = ask_login(c);
        const auto refusal = connect(c, section);
        c.connected = !refusal;
        c.answers["mqtt"] = section;
        if (!refusal) return warn_of_loopback(c, broker_of(section));
        c.talk.print("  " + refusal->text);
        if (c.talk.ask_yes("mqtt.keep", "Continue without it? Nothing can be listed then", false)) return;
        if (!refusal->auth) c.talk.forget("mqtt.url");
    }
    throw Ended{};
}

void ask_devices(Conversation& c) {
    if (!c.connected) return;
    const bool shellies = c.talk.ask_yes("shellies", "Ask Shellies to announce themselves? It switches nothing", true);
    if (shellies) c.world.ask_shellies();
    for (int rounds = 0; rounds < Talk::most_tries; ++rounds) {
        listen(c);
        show_list(c);
        Watch watch(c);
        Question question{"listen", "Switch one by hand to see which it is. Enter: continue, l: listen again"};
        question.optional = true;
        question.remembered = false;
        question.wrong = [](const std::string& answer) { return answer == "l" ? "" : "Enter or l"; };
        question.idle = [&watch] { watch.look_again(); };
        if (c.talk.ask(question).empty()) return;
    }
}

}  // namespace volt::ctl::init
