#include "tests/scenarios/site.hpp"

#include <chrono>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/rules/default_site.hpp"

namespace volt::stories {

namespace {

constexpr Duration ark_poll = 5s, gx_poll = 1s, room_poll = 30s, weather_poll = 600s;
constexpr Duration meter_moves = 600s, load_moves = 440s, pv_moves = 450s;  // a live meter always moves by some watts
constexpr Time first_tick = 1000s;                                          // monotonic, for each run of the daemon
constexpr Utc first_utc = Utc{1'750'000'000'000};
constexpr std::int64_t day_s = 86400;
constexpr std::size_t gx = 0, ark = 1;  // voltage sources of the default site

bool due(Time t, Duration period) { return t.count() % period.count() == 0; }

/// Returns the inputs that are courses, with the digits of their unit.
const std::map<std::string, int>& digits_of_courses() {
    static const std::map<std::string, int> digits = {{"gx", 2},
                                                      {"ark", 2},
                                                      {"pv", 0},
                                                      {"house", 0},
                                                      {"grid", 0},
                                                      {"batt", 0},
                                                      {"battery-temp", 1},
                                                      {"heat-room.temp", 1},
                                                      {"main-room.temp", 1},
                                                      {"bms", 2}};
    return digits;
}

}  // namespace

Site::Site(const Story& story, const Bank& bank) : bank_(bank), policy_(test::default_site()), begins_s_(story.begins_s) {
    policy_.battery_temperatures[0].zero_is_suspect = false;
    for (const Setting& setting : story.settings) {
        try {
            change_setting(policy_, setting.word.key, setting.word.value);
        } catch (const BadWord& bad) { throw BadStory(story.file, setting.line, bad.what()); }
    }
    for (const OutputWiring& wiring : policy_.outputs) devices_.emplace_back(wiring, Watts{});
    rewire();
    courses_["gx"] = courses_["ark"] = {5230, 5230, {}, {}, false, false};
    courses_["pv"] = {8450, 8450, {}, {}, false, false};
    courses_["house"] = {1850, 1850, {}, {}, false, false};
    courses_["grid"] = {};
    courses_["battery-temp"] = courses_["heat-room.temp"] = courses_["main-room.temp"] = {200, 200, {}, {}, false, false};
    courses_["bms"].silent = true;
    snapshot_.clock_trusted = true;
    begin_life();
    forget_sent();
}

/// Starts a daemon that has loaded the stored state, and received nothing yet.
void Site::begin_life() {
    life_begins_ = now_;
    SiteSnapshot fresh;
    fresh.clock_trusted = snapshot_.clock_trusted;
    fresh.voltages.resize(policy_.voltage_sources.size());
    fresh.battery_temperatures.resize(policy_.battery_temperatures.size());
    fresh.temperatures.resize(policy_.sensors.size());
    fresh.outputs.resize(policy_.outputs.size());
    snapshot_ = fresh;
    last_ = {};
    state_ = {};
    const Utc utc = first_utc + now_;
    if (stored_) state_ = decode_rule_state(*stored_, policy_, {first_tick, utc, snapshot_.clock_trusted}).value_or(RuleState{});
}

void Site::stop_daemon() {
    stored_ = encode_rule_state(state_, policy_, {snapshot_.now, snapshot_.utc, snapshot_.clock_trusted});
}

/// Makes devices draw the power that the profiles set: a changed nominal changes them.
void Site::rewire() {
    std::vector<Watts> draws(policy_.outputs.size());
    for (const Miner& miner : policy_.miners)
        if (miner.output != no_index) draws[static_cast<std::size_t>(miner.output)] = miner.power;
    for (const Zone& zone : policy_.zones)
        if (zone.heater != no_index) draws[static_cast<std::size_t>(zone.heater)] = zone.heater_power;
    for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].rewire(policy_.outputs[i], draws[i]);
}

Course Site::course_of(const std::string& value, int digits) const {
    Course course;
    course.begins = course.ends = now_;
    course.no_data = value == "none";
    course.silent = value == "silent";
    if (course.no_data || course.silent) return course;
    const auto dots = value.find("..");
    const auto from = parse_steps(value.substr(0, dots), digits);
    const auto to = dots == std::string::npos ? from : parse_steps(value.substr(dots + 2), digits);
    if (!from || !to)
        throw BadWord("'" + value + "' is no value: NUMBER, FROM..TO, none or silent (at most " + std::to_string(digits) +
                      " digits behind the point)");
    course.from = *from;
    course.to = *to;
    if (dots != std::string::npos) course.ends = next_;
    return course;
}

template <class T>
void Site::receive(Sample<T>& sample, const Course& course, Time t, Duration period) const {
    if (course.silent || (sample.received && !due(t, std::max(period, step())))) return;
    const auto value = course.at(t);
    sample.value = value ? std::optional<T>{T{*value}} : std::nullopt;
    sample.taken = snapshot_.now;
    sample.received = true;
}

void Site::fill_voltage(std::size_t source, const Course& course, Time t) {
    const Duration poll = std::max(source == gx ? gx_poll : ark_poll, step());
    VoltageSample& sample = snapshot_.voltages[source];
    if (course.silent || (sample.received && !due(t, poll))) return;
    receive<Volts>(sample, course, t, poll);
    if (sample.value) sample.value = in_bank(*sample.value, policy_, in_force_, bank_);
    // Currents and counters of a live unit always move a little.
    if (source != gx || !frozen_gx_) sample.unit_moved = snapshot_.now;
}

Watts Site::drawn(Time t) const {
    Watts sum{};
    for (const Device& device : devices_) sum += device.drawn(t);
    return sum;
}

/// Moves watts by 1 W for one poll in ten minutes.
Course live(const Course& watts, Duration at, Time t) { return watts.plus(watts.from != 0 && due(t - at, meter_moves) ? 1 : 0); }

void Site::fill_power(Time t) {
    if (!power_heard_) return;
    const Course &pv = live(courses_.at("pv"), pv_moves, t), &grid = courses_.at("grid");
    const Course load = live(courses_.at("house"), load_moves, t).plus(drawn(t).steps);
    receive(snapshot_.pv, pv, t, ark_poll);
    receive(snapshot_.load, load, t, ark_poll);
    receive(snapshot_.grid, grid, t, ark_poll);
    if (!battery_follows_) return receive(snapshot_.battery_power, live(courses_.at("batt"), pv_moves, t), t, ark_poll);
    Course battery;
    battery.from = pv.at(t).value_or(0) + grid.at(t).value_or(0) - load.at(t).value_or(0);
    receive(snapshot_.battery_power, battery, t, ark_poll);
}

void Site::fill_temperatures(Time t) {
    receive(snapshot_.temperatures[0], courses_.at("heat-room.temp"), t, room_poll);
    receive(snapshot_.temperatures[1], courses_.at("main-room.temp"), t, room_poll);
    receive(snapshot_.battery_temperatures[0].sample, courses_.at("battery-temp"), t, room_poll);
    if (weather_heard_ && (!snapshot_.sunny.received || due(t, weather_poll))) snapshot_.sunny = {sunny_, snapshot_.now, true};
}

void Site::fill(Time t) {
    if (in_force_.revision != policy_.revision) in_force_ = in_bank(policy_, bank_);
    snapshot_.now = first_tick + (t - life_begins_);
    snapshot_.utc = first_utc + t;
    const std::int64_t second = begins_s_ + (t + wall_shift_).count() / 1000;
    snapshot_.local.day = static_cast<std::int32_t>(20000 + second / day_s);
    snapshot_.local.second_of_day = static_cast<std::int32_t>(second % day_s);
    snapshot_.broker_up = broker_up_;
    snapshot_.broker_up_since = broker_since_ + (first_tick - life_begins_);
    fill_voltage(gx, courses_.at("gx"), t);
    fill_voltage(ark, courses_.at("ark"), t);
    fill_power(t);
    fill_temperatures(t);
    Course bms = courses_.at("bms");
    bms.from = in_story(bms.from, bank_);  // the same watts
    bms.to = in_story(bms.to, bank_);
    receive(snapshot_.bms_discharge_limit, bms, t, ark_poll);
    for (std::size_t i = 0; i < devices_.size(); ++i)
        devices_[i].report(snapshot_.outputs[i], t, first_tick - life_begins_, broker_up_);
}

void Site::carry_out(Time t) {
    for (const Command& command : last_.commands) {
        const auto output = static_cast<std::size_t>(command.output);
        Sent& sent = sent_[output];
        if (command.renewal) ++sent.renewals;
        else if (command.retry) ++sent.retries;
        else if (command.on) ++sent.on;
        else ++sent.off;
        devices_[output].take(command, t, broker_up_);
    }
    for (const Index output : last_.ask) devices_[static_cast<std::size_t>(output)].asked();
}

void Site::tick(Time t) {
    for (Device& device : devices_) device.advance(t);
    if (!running()) return;
    fill(t);
    last_ = decide(snapshot_, in_force_, std::move(state_));
    state_ = std::move(last_.next);
    snapshot_.requests.clear();
    carry_out(t);
}

const std::map<std::string, Site::Taker>& Site::takers() {
    static const std::map<std::string, Taker> takers = [] {
        std::map<std::string, Taker> all = {{"v", &Site::take_both},
                                            {"power", &Site::take_power},
                                            {"gx-unit", &Site::take_frozen},
                                            {"batt", &Site::take_battery},
                                            {"sunny", &Site::take_sunny},
                                            {"clock", &Site::take_clock},
                                            {"wall", &Site::take_wall},
                                            {"broker", &Site::take_broker},
                                            {"daemon", &Site::take_daemon},
                                            {"mains", &Site::take_mains},
                                            {"ticks", &Site::take_ticks},
                                            {"mode", &Site::take_mode},
                                            {"safe-mode", &Site::take_safe_mode}};
        for (const auto& [name, digits] : digits_of_courses()) all.emplace(name, &Site::take_course);
        return all;
    }();
    return takers;
}

void Site::take(const Step& step, Time next) {
    now_ = step.at;
    next_ = next;
    for (Device& device : devices_) device.advance(now_);
    stalled_ = false;
    for (const Word& word : step.inputs) take_word(word);
}

void Site::take_word(const Word& word) {
    const auto found = takers().find(word.key);
    if (found != takers().end()) return (this->*found->second)(word.key, word.value);
    std::string rest = word.key;
    const std::string head = cut(rest, '.');
    if (head == "override") return take_override(rest, word.value);
    if (head == "device") return take_device(rest, word.value);
    if (head == "set") {
        change_setting(policy_, rest, word.value);
        return rewire();
    }
    std::string list;
    for (const auto& [name, taker] : takers()) list += name + " ";
    throw BadWord("unknown input '" + word.key + "'; known: " + list + "override.* device.* set.*");
}

void Site::take_course(const std::string& key, const std::string& value) {
    courses_[key] = course_of(value, digits_of_courses().at(key));
}

void Site::take_both(const std::string&, const std::string& value) { courses_["gx"] = courses_["ark"] = course_of(value, 2); }

void Site::take_power(const std::string& key, const std::string& value) {
    if (value != "heard" && value != "silent") throw BadWord(key + " is heard or silent");
    power_heard_ = value == "heard";
}

void Site::take_frozen(const std::string& key, const std::string& value) {
    if (value != "frozen" && value != "alive") throw BadWord(key + " is frozen or alive");
    frozen_gx_ = value == "frozen";
    if (!frozen_gx_) return;
    Course& course = courses_["gx"];
    course.from = course.to = course.at(now_).value_or(course.from);
    course.begins = course.ends = now_;
}

void Site::take_battery(const std::string& key, const std::string& value) {
    battery_follows_ = value == "follows";
    if (!battery_follows_) take_course(key, value);
}

void Site::take_sunny(const std::string&, const std::string& value) {
    weather_heard_ = value != "silent";
    if (!weather_heard_) return;
    sunny_ = value == "none" ? std::nullopt : std::optional<bool>{yes_of(value)};
    snapshot_.sunny.received = false;
}

void Site::take_clock(const std::string& key, const std::string& value) {
    if (value != "trusted" && value != "untrusted") throw BadWord(key + " is trusted or untrusted");
    snapshot_.clock_trusted = value == "trusted";
}

void Site::take_wall(const std::string& key, const std::string& value) {
    const bool back = value.front() == '-';
    if (!back && value.front() != '+') throw BadWord(key + " moves by a time, e.g. -1h or +1h");
    const Duration by = duration_of(value.substr(1));
    wall_shift_ += back ? -by : by;
}

void Site::take_broker(const std::string& key, const std::string& value) {
    if (value != "up" && value != "down") throw BadWord(key + " is up or down");
    if (value == "up" && !broker_up_) broker_since_ = now_;
    broker_up_ = value == "up";
}

void Site::take_daemon(const std::string& key, const std::string& value) {
    if (value != "up" && value != "killed") throw BadWord(key + " is up or killed");
    if (value == "killed" && daemon_up_) stop_daemon();
    if (value == "up" && !daemon_up_) begin_life();
    daemon_up_ = value == "up";
}

void Site::take_mains(const std::string& key, const std::string& value) {
    if (value != "on" && value != "off") throw BadWord(key + " are on or off");
    for (Device& device : devices_) value == "on" ? device.regain_power(now_) : device.lose_power(now_);
}

void Site::take_ticks(const std::string& key, const std::string& value) {
    if (value != "stall") throw BadWord(key + " can only stall, until the next step");
    stalled_ = true;
}

void Site::take_mode(const std::string&, const std::string& value) {
    policy_.preferences.mode = mode_of(value);
    ++policy_.revision;
}

void Site::take_safe_mode(const std::string&, const std::string& value) { snapshot_.safe_mode = yes_of(value); }

/// Parses `override.s21=on/60m`, `override.heat-room.fan=4/10m`, `override.heat-room.heat=off` (without end), `...=auto`.
void Site::take_override(const std::string& target, std::string value) {
    OverrideRequest request;
    std::string part = target;
    const std::string of = cut(part, '.');
    if (part.empty()) {
        request.index = miner_at(policy_, of);
    } else {
        if (part != "fan" && part != "heat") throw BadWord("override.MINER, override.ZONE.fan or override.ZONE.heat");
        request.target = part == "fan" ? TargetKind::fan : TargetKind::heat;
        request.index = zone_at(policy_, of);
    }
    const std::string kind = cut(value, '/');
    if (!value.empty()) request.lasts = duration_of(value);
    if (kind == "on") request.kind = OverrideKind::on;
    else if (kind == "off") request.kind = OverrideKind::off;
    else if (kind != "auto") {
        const auto level = parse_steps(kind, 0);
        if (!level || request.target != TargetKind::fan)
            throw BadWord("'" + kind + "' is none of: auto on off (or the level of a fan)");
        request.kind = OverrideKind::level;
        request.level = static_cast<std::int32_t>(*level);
    }
    snapshot_.requests.push_back(request);
}

void Site::take_device(const std::string& output, const std::string& word) {
    Device& device = devices_[static_cast<std::size_t>(output_at(policy_, output))];
    if (!device.befall(word, now_))
        throw BadWord("'" + word + "' is none of: ok deaf stuck mute idle offline reboot reboot-on hand-on hand-off");
}

}  // namespace volt::stories
