#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "daemon/journal/rule_state_codec.hpp"
#include "rules/decide.hpp"
#include "tests/proof/site_maker.hpp"

namespace volt::fuzz {

namespace {

using proof::Bytes;

constexpr int most_ticks = 48, most_changes = 12;
constexpr std::int64_t farthest = std::int64_t{1} << 60;

std::size_t place(Index index) { return static_cast<std::size_t>(index); }

void demand(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

/// Returns a usual number, one at the edge of its type, or any number.
std::int64_t any(Bytes& in, std::int64_t low, std::int64_t high) {
    using Limits = std::numeric_limits<std::int64_t>;
    switch (in.roll(0, 7)) {
        case 0: return in.pick<std::int64_t>({Limits::min(), Limits::max(), Limits::min() + 1, Limits::max() - 1, -1, 0});
        case 1: return in.roll(Limits::min(), Limits::max());
        case 2: return in.roll(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
        default: return in.roll(low, high);
    }
}

class Input {
public:
    explicit Input(std::span<const std::uint8_t> bytes) : in_(bytes) {
        const bool text = in_.roll(0, 3) == 0;
        proof::Dice usual(static_cast<std::uint64_t>(in_.roll(0, 15)));
        site_ = text ? proof::make_site(usual) : proof::make_site(in_);
        s_.voltages.resize(site_.voltage_sources.size());
        s_.battery_temperatures.resize(site_.battery_temperatures.size());
        s_.temperatures.resize(site_.sensors.size());
        s_.outputs.resize(site_.outputs.size());
        s_.now = Time{in_.pick<std::int64_t>({1'000'000, 0, -farthest, farthest / 2, 60'000})};
        s_.utc = Utc{in_.pick<std::int64_t>({1'750'000'000'000, 0, -farthest, farthest / 2})};
        s_.clock_trusted = true;
        if (text) restore();
    }

    void work() {
        // The rest of a stored text is also used for the ticks, so that they have input.
        for (int tick = 0; tick < most_ticks && (tick < 8 || !in_.empty()); ++tick) {
            const std::int64_t changes = in_.roll(0, most_changes);
            for (std::int64_t i = 0; i < changes; ++i) change();
            decide_one();
        }
    }

private:
    void restore() {
        const auto rest = in_.rest();
        const std::string text(rest.begin(), rest.end());
        if (auto read = decode_rule_state(text, site_, {s_.now, s_.utc, s_.clock_trusted})) state_ = std::move(*read);
        hear_all();
    }
    /// Runs a tick with all inputs, so that the restored state takes effect.
    void hear_all() {
        for (VoltageSample& v : s_.voltages) hear<Volts>(v, 5300_cV);
        for (OutputReport& o : s_.outputs) report(o);
    }
    template <class T>
    void hear(Sample<T>& sample, std::optional<T> value) {
        sample = {value, s_.now, true};
    }
    void report(OutputReport& o) {
        o.available = o.state_received = true;
        o.state = static_cast<OutputState>(in_.roll(0, 2));
        o.state_at = s_.now;
    }
    Time moment() {
        const std::int64_t age = in_.pick<std::int64_t>({0, 1000, 10'000, 3'600'000, -1000, farthest / 4, -farthest / 4});
        return Time{std::clamp<std::int64_t>(s_.now.count() - age, -farthest, farthest)};
    }
    template <class T>
    void any_sample(Sample<T>& sample, std::int64_t low, std::int64_t high) {
        sample.received = !in_.one_in(8);
        sample.taken = moment();
        sample.value.reset();
        if (!in_.one_in(6)) sample.value = T{any(in_, low, high)};
    }
    template <class T>
    T* one_of(std::vector<T>& list) {
        return list.empty() ? nullptr : &list[static_cast<std::size_t>(in_.roll(0, 255)) % list.size()];
    }
    void any_output(OutputReport& o) {
        report(o);
        o.level = static_cast<std::int32_t>(any(in_, 0, 10));
        o.available = !in_.one_in(4);
        o.state_at = moment();
        o.available_since = moment();
        o.hint = in_.one_in(6);
        o.can_be_asked = !in_.one_in(6);
        o.confirms_by_sending = in_.one_in(6);
        o.lease = static_cast<Lease>(in_.roll(0, 2));
        any_sample(o.power, -60, 21000);
    }
    void any_request() {
        OverrideRequest request;
        request.target = static_cast<TargetKind>(in_.roll(0, 2));
        request.index = static_cast<std::size_t>(in_.roll(0, 15));
        request.kind = static_cast<OverrideKind>(in_.roll(0, 3));
        request.level = static_cast<std::int32_t>(any(in_, 0, 10));
        if (!in_.one_in(3)) request.lasts = Duration{any(in_, 0, 86'400'000)};
        s_.requests.push_back(request);
    }
    void change() {
        switch (in_.roll(0, 18)) {
            case 0:
            case 1:
                if (VoltageSample* v = one_of(s_.voltages)) {
                    any_sample(*v, 4300, 6100);
                    v->unit_moved = moment();
                }
                break;
            case 2: any_sample(s_.pv, -100, 20000); break;
            case 3: any_sample(s_.load, -100, 15000); break;
            case 4: any_sample(s_.battery_power, -9000, 9000); break;
            case 5: any_sample(s_.battery_current, -20000, 20000); break;
            case 6: any_sample(s_.bms_discharge_limit, -1, 30000); break;
            case 7: any_sample(s_.grid, -9000, 9000); break;
            case 8:
                if (auto* t = one_of(s_.temperatures)) any_sample(*t, -300, 600);
                break;
            case 9:
                if (auto* t = one_of(s_.battery_temperatures)) any_sample(t->sample, -300, 600);
                break;
            case 10:
            case 11:
                if (OutputReport* o = one_of(s_.outputs)) any_output(*o);
                break;
            case 12: any_request(); break;
            case 13: s_.clock_trusted = !in_.one_in(3); break;
            case 14: s_.broker_up = !in_.one_in(3), s_.broker_up_since = moment(); break;
            case 15:
                s_.local = {static_cast<std::int32_t>(any(in_, 20000, 20010)), static_cast<std::int32_t>(in_.roll(0, 86399))};
                break;
            case 16: later(); break;
            case 17: edit(); break;
            case 18: s_.sunny = {in_.one_in(2), moment(), true}, s_.safe_mode = in_.one_in(4); break;
        }
    }
    void later() {
        const std::int64_t by = in_.pick<std::int64_t>({1000, 5000, 60'000, 3'600'000, 86'400'000, farthest / 8});
        s_.now = Time{std::min(s_.now.count() + by, farthest)};
        s_.utc = Utc{std::min(s_.utc.count() + by, farthest)};
    }
    void edit() {
        ++site_.revision;
        if (in_.one_in(2)) site_.preferences = proof::make_preferences(in_);
        else site_.control = proof::make_control(in_);
        site_.preferences.mode = static_cast<SiteMode>(in_.roll(0, 3));
    }
    Volts level_of(std::size_t load) const {
        const Volts critical = site_.preferences.critical_low;
        return is_heater(site_, load) ? critical : std::max(critical, site_.miners[load].emergency);
    }
    Index output_of(std::size_t load) const {
        return is_heater(site_, load) ? site_.zones[load - site_.miners.size()].heater : site_.miners[load].output;
    }
    void look(const Decision& d) const {
        demand(d.verdicts.size() == load_count(site_) && d.order.size() == load_count(site_), "a verdict for each load");
        for (const Command& c : d.commands) demand(place(c.output) < site_.outputs.size(), "orders to outputs that are there");
        for (std::size_t i = 0; i < load_count(site_); ++i) {
            bool blocks = d.verdicts[i].wanted;
            for (const Gate& gate : d.verdicts[i].gates) blocks = blocks || !gate.passes;
            demand(blocks, "each waiting load names a gate");
            if (!d.battery.voltage || *d.battery.voltage > level_of(i)) continue;
            for (const Command& c : d.commands) demand(!c.on || c.output != output_of(i), "nothing on while deep");
        }
    }
    void decide_one() {
        const Decision decision = decide(s_, site_, std::move(state_));
        look(decision);
        state_ = decision.next;
        s_.requests.clear();
        s_.now += 1s;
        s_.utc += 1s;
    }

    Bytes in_;
    Policy site_;
    SiteSnapshot s_;
    RuleState state_;
};

}  // namespace

void run(std::span<const std::uint8_t> bytes) { Input(bytes).work(); }

}  // namespace volt::fuzz
