#include "drivers/mqtt/announce/announcements.hpp"

#include <algorithm>
#include <utility>

#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

constexpr std::size_t most_filters = 4096, most_questions = 4096;
constexpr const char* reply_root = "voltd/init";  // Shellies answer RPC below it

constexpr const char* shared_note = "two devices have this topic, and one order switches both: give one of them another `Topic`";

/// Returns the topic of the command that switches it on.
std::string command_topic_of(const Dialect& dialect) {
    const std::vector<Message> messages = dialect.order({true, 1, Duration{}});
    return messages.empty() ? std::string() : messages.front().topic;
}

}  // namespace

void Announcements::take(const Message& message, Time at) {
    if (!is_plain_topic(message.topic)) {
        ++not_understood_;
        return;
    }
    home_assistant_ = home_assistant_ || message.topic == prefix_ + "/status";
    report(message, at);
    read(message);
}

void Announcements::read(const Message& message) {
    if (const auto tasmota = tasmota_discovery_topic(message.topic)) {
        if (tasmotas_.size() >= most_devices && !tasmotas_.contains(tasmota->first)) return void(++not_understood_);
        if (bytes_ + message.payload.size() > most_bytes) return void(++not_understood_);
        bytes_ += message.payload.size();
        TasmotaDevice& device = tasmotas_[tasmota->first];
        (tasmota->second ? device.config : device.sensors) = message.payload;
        Announced announced = read_tasmota_device(device);
        for (AnnouncedOutput& output : announced.outputs) output.mac = tasmota->first;
        return add(std::move(announced));
    }
    for (const auto& reader : {read_tasmota_will, read_tasmota_powers, read_shelly, read_zigbee2mqtt}) {
        if (auto announced = reader(message)) return add(std::move(*announced));
    }
    if (auto announced = read_home_assistant(message, prefix_)) return add(std::move(*announced));
    if (auto announced = read_temperature(message)) add(std::move(*announced));
}

void Announcements::add(Announced announced) {
    if (announced.unreadable) ++not_understood_;
    for (const std::string& filter : announced.filters) want(filter);
    for (const Message& question : announced.questions) ask(question);
    for (AnnouncedOutput& output : announced.outputs) add(std::move(output));
    for (AnnouncedSensor& sensor : announced.sensors) add(std::move(sensor));
    for (const auto& power : announced.powers) set_power(power.first, power.second);
}

void Announcements::add(AnnouncedOutput output) {
    const std::string identity = identity_of(output.wiring);
    const auto known = std::find_if(outputs_.begin(), outputs_.end(),
                                    [&](const Known& it) { return identity_of(it.seen.announced.wiring) == identity; });
    const bool fresh = known == outputs_.end();
    output.wiring.reply_to = reply_root;
    output.wiring.rpc_number = static_cast<std::int32_t>(outputs_.size());
    if (fresh && outputs_.size() >= most_devices) return void(++not_understood_);
    if (!fresh) {
        AnnouncedOutput& before = known->seen.announced;
        if (output.guessed) return;
        if (!output.mac.empty() && !before.mac.empty() && output.mac != before.mac) before.note = shared_note;
        if (before.note == shared_note) return;
        output.wiring.rpc_number = before.wiring.rpc_number;
        output.wiring.meter = output.wiring.meter || before.wiring.meter;
        if (output.wiring.power_topic.empty()) output.wiring.power_topic = before.wiring.power_topic;
        if (before.note.empty() && !before.guessed) output.note.clear();  // an earlier message had no note
        const bool same = output.wiring == before.wiring;
        before = output;
        if (same) return;
    }
    std::unique_ptr<Dialect> dialect = make_dialect(output.wiring);
    if (!dialect) return;
    const std::vector<std::string> commands = dialect->command_filters();
    for (const std::string& filter : dialect->subscriptions())
        if (std::find(commands.begin(), commands.end(), filter) == commands.end()) want(filter);
    for (const Message& question : dialect->query()) ask(question);
    const std::string node = output.wiring.dialect == DialectName::esphome ? output.device : "";
    if (fresh) outputs_.push_back({SeenOutput{std::move(output), {}, {}, {}, {}}, std::move(dialect)});
    else known->dialect = std::move(dialect);
    if (const auto powers = power_topics_.find(node); !node.empty() && powers != power_topics_.end())
        set_power(node, *powers->second.begin());
}

/// Records a power topic of a node. With several topics, it is unknown which relay each belongs to.
void Announcements::set_power(const std::string& node, const std::string& topic) {
    if (power_topics_.size() >= most_devices && !power_topics_.contains(node)) return;
    std::set<std::string>& topics = power_topics_[node];
    if (topics.size() < 2) topics.insert(topic);
    for (Known& it : outputs_) {
        OutputConfig& wiring = it.seen.announced.wiring;
        const std::string power = topics.size() == 1 ? topic : "";
        if (wiring.dialect != DialectName::esphome || wiring.topic != node || wiring.power_topic == power) continue;
        wiring.power_topic = power;
        wiring.meter = !power.empty();
        it.dialect = make_dialect(wiring);
        if (wiring.meter) want(power);
    }
}

void Announcements::add(AnnouncedSensor sensor) {
    const bool known = std::any_of(sensors_.begin(), sensors_.end(), [&](const SeenSensor& it) {
        return it.announced.topic == sensor.topic && it.announced.field == sensor.field;
    });
    if (known) return;
    if (sensors_.size() >= most_devices) return void(++not_understood_);
    want(sensor.topic);
    sensors_.push_back({std::move(sensor), {}});
}

void Announcements::want(const std::string& filter) {
    if (filters_.size() < most_filters && filters_.insert(filter).second) new_filters_.push_back(filter);
}

void Announcements::ask(const Message& question) {
    if (asked_.size() < most_questions && asked_.insert(question.topic + " " + question.payload).second)
        questions_.push_back(question);
}

void Announcements::report(const Message& message, Time at) {
    for (Known& it : outputs_) {
        for (const OutputEvent& event : it.dialect->understand(message)) {
            SeenOutput& seen = it.seen;
            if (event.power) seen.power = event.power;
            if (event.state && seen.state != OutputState::unknown && *event.state != seen.state) seen.moved_at = at;
            if (event.state) seen.state = *event.state;
            if (event.state || event.power) seen.seen_at = at;
        }
    }
    for (SeenSensor& it : sensors_) {
        if (it.announced.topic != message.topic) continue;
        const auto text = field_text(message.payload, it.announced.field);
        const auto celsius = text ? number_of(*text) : std::nullopt;
        if (celsius) it.celsius = it.announced.fahrenheit ? (*celsius - 32) * 5 / 9 : *celsius;
    }
}

std::vector<std::string> Announcements::take_filters() { return std::exchange(new_filters_, {}); }

std::vector<Message> Announcements::take_questions() { return std::exchange(questions_, {}); }

std::vector<SeenOutput> Announcements::outputs() const {
    std::set<std::string> covered;
    for (const Known& it : outputs_)
        if (it.seen.announced.wiring.dialect != DialectName::generic) covered.insert(command_topic_of(*it.dialect));
    std::vector<SeenOutput> list;
    for (const Known& it : outputs_) {
        const OutputConfig& wiring = it.seen.announced.wiring;
        if (wiring.dialect != DialectName::generic || !covered.contains(wiring.command_topic)) list.push_back(it.seen);
    }
    return list;
}

}  // namespace volt
