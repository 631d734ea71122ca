#include "drivers/modbus/probe.hpp"

#include <algorithm>
#include <cstdlib>

#include "drivers/modbus/block.hpp"
#include "drivers/modbus/copy_watch.hpp"
#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/probe_kinds.hpp"
#include "drivers/modbus/probe_yaml.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

constexpr std::size_t most_units = 250;
constexpr int silent_in_a_row = 3;                      // after these no device answers with this framing
constexpr std::int64_t earliest_clock = 1'500'000'000;  // 2017: no such firmware was made before
constexpr std::uint16_t most_at_once = 60, most_of_gateway = 31;

/// Returns stretches that contain every row, joined if at most `gap` registers are between two.
std::vector<Stretch> stretches_of(std::span<const Register> map, unsigned gap, unsigned most) {
    std::vector<Stretch> stretches;
    unsigned end = 0;
    for (const Register& row : map) {
        const unsigned row_end = row.address + unsigned{span_of(row)};
        const bool joins = !stretches.empty() && row.address <= end + gap && row_end <= stretches.back().address + most;
        if (!joins) stretches.push_back({row.address, 0});
        end = joins ? std::max(end, row_end) : row_end;
        stretches.back().count = static_cast<std::uint16_t>(end - stretches.back().address);
    }
    return stretches;
}

class Probe {
public:
    Probe(const ProbeOptions& options, ProbeReport& report) : options_(options), report_(report) {}

    void run() {
        use(options_.framing.value_or(Framing::tcp), options_.gap, options_.timeout);
        if (auto failure = transport_->connect()) {
            report_.failure = failure->text;
            return;
        }
        find_units();
        if (report_.units.empty() && !answered_ && !options_.framing && !ended_) {
            use(Framing::rtu, options_.serial_gap, options_.timeout);
            find_units();
        }
        for (std::size_t i = 0; i < report_.units.size(); ++i) watch(i);
        remark_on_packs(report_.units, answers_);
        if (report_.units.empty()) explain_nothing();
        report_.yaml = yaml_lines(options_.host, options_.port, report_.framing, report_.units, answers_);
    }

private:
    using Words = Result<std::vector<std::uint16_t>>;

    void use(Framing framing, Duration gap, Duration timeout) {
        report_.framing = framing;
        transport_ = make_transport({options_.host, options_.port, framing, timeout, gap}, never_);
        silent_ = 0;
    }

    /// Sends one request. Reconnects first if the connection was lost.
    Words ask(int unit, Stretch stretch) {
        if (!transport_->connected()) {
            if (auto failure = transport_->connect()) return *failure;
        }
        ++report_.questions;
        auto words = transport_->read(unit, stretch);
        const bool silence = !words && words.failure().fault == Fault::reconnect;
        if (silence) last_ = words.failure().text;
        answered_ = answered_ || !silence;
        return words;
    }

    bool report_progress(std::size_t done, std::size_t all, int unit) {
        ended_ = ended_ || (options_.progress && !options_.progress(done, all, "unit " + std::to_string(unit)));
        return !ended_;
    }

    void find_units() {
        const bool gx = report_.framing == Framing::tcp && !answers_as_inverter() && is_gx();
        std::vector<int> units = options_.units;
        if (units.empty()) units = gx ? gx_units() : sol_ark_units();
        units.resize(std::min(units.size(), most_units));
        if (gx) use(report_.framing, options_.gap, options_.timeout);
        else use(report_.framing, options_.serial_gap, patience());
        for (std::size_t i = 0; i < units.size() && silent_ < silent_in_a_row; ++i) {
            if (!report_progress(i, units.size(), units[i])) return;
            if (gx) look_for_services(units[i]);
            else look_for_inverter(units[i]);
        }
        if (gx && options_.units.empty()) look_for_battery();
    }

    /// Looks for a battery if none of the usual units has one.
    void look_for_battery() {
        const ProbeKind& battery = *std::ranges::find(gx_kinds(), std::string("battery"), &ProbeKind::name);
        const auto is_battery = [&](const ProbedUnit& unit) { return unit.kind == battery.name; };
        const std::vector<int>& units = rare_gx_units();
        for (std::size_t i = 0; i < units.size() && silent_ < silent_in_a_row; ++i) {
            if (std::ranges::any_of(report_.units, is_battery) || !report_progress(i, units.size(), units[i])) return;
            const auto words = ask(units[i], {battery.signature, 1});
            if (words) read_all(units[i], battery);
            silent_ = !words && words.failure().fault == Fault::reconnect ? silent_ + 1 : 0;
        }
    }

    /// Returns the timeout. Once something answered, it may be a gateway.
    Duration patience() const { return answered_ ? std::max(options_.timeout, options_.gateway_timeout) : options_.timeout; }

    /// Asks for an inverter before the GX's unit 100: behind a gateway that is an absent slave, and each request to one delays
    /// the next ones.
    bool answers_as_inverter() {
        use(Framing::tcp, options_.gap, std::max(options_.timeout, options_.first_timeout));
        const int unit = options_.units.empty() ? sol_ark_units().front() : options_.units.front();
        const auto words = ask(unit, {sol_ark_kind().signature, 1});
        use(Framing::tcp, options_.gap, patience());
        return words.ok();
    }

    /// Returns true if the system service has a plausible time or serial number. A server that answers every address has neither.
    bool is_gx() {
        if (!report_progress(0, 1, 100)) return false;
        const auto clock = ask(100, {830, 4});
        if (clock && decode(*find(gx::system_map(), 830), clock.value()).steps > earliest_clock) return true;
        if (!answered_) return false;
        const auto serial = ask(100, {800, 6});
        const auto text = serial ? decode_text(gx::serial, serial.value()) : std::nullopt;
        return text && text->size() >= 6 && text->find('?') == std::string::npos;
    }

    void look_for_services(int unit) {
        for (const ProbeKind& kind : gx_kinds()) {
            const auto words = ask(unit, {kind.signature, 1});
            if (words) read_all(unit, kind);
            const bool silence = !words && words.failure().fault == Fault::reconnect;
            silent_ = silence ? silent_ + 1 : 0;
            if (silence) return;
        }
    }

    void look_for_inverter(int unit) {
        const auto words = ask(unit, {sol_ark_kind().signature, 1});
        if (words) return read_all(unit, sol_ark_kind());
        const Fault fault = words.failure().fault;
        if (fault == Fault::reconnect) ++silent_;
        else silent_ = 0;
        if (fault == Fault::unsupported) read_unknown(unit);
    }

    void read_all(int unit, const ProbeKind& kind) {
        const std::uint16_t most = &kind == &sol_ark_kind() ? most_of_gateway : most_at_once;
        Answers answers;
        for (const Stretch& stretch : stretches_of(kind.map, kind.most_joined, most)) {
            Block block(stretch, most);
            if (block.ask([&](Stretch part) { return ask(unit, part); })) continue;
            answers.insert(answers.end(), block.answers().begin(), block.answers().end());
        }
        ProbedUnit found{unit, kind.name, {}, remarks_about(kind.name, unit, answers)};
        if (const std::string remark = transport_->remark(); !remark.empty()) found.remarks.push_back(remark);
        for (const Register& row : kind.map) found.rows.push_back(row_as_answered(kind, row, answers));
        report_.units.push_back(std::move(found));
        answers_.push_back(std::move(answers));
    }

    void watch(std::size_t at) {
        ProbedUnit& found = report_.units[at];
        if (options_.watch == Duration{} || found.kind != sol_ark_kind().name) return;
        const auto ask_it = [&]() -> std::optional<std::vector<std::uint16_t>> {
            auto words = ask(found.unit, sol_ark::live_block);
            return words ? std::optional(std::move(words.value())) : std::nullopt;
        };
        const auto go_on = [&](Time until) {
            ended_ = ended_ ||
                     (options_.progress &&
                      !options_.progress(at, report_.units.size(), "unit " + std::to_string(found.unit) + " for moving values"));
            if (!ended_) never_.wait_until(until);
            return !ended_;
        };
        const std::string verdict = watch_for_copy(ask_it, go_on, options_.watch);
        if (!verdict.empty()) found.remarks.push_back(verdict);
    }

    /// Reads the first registers of another Modbus device, raw.
    void read_unknown(int unit) {
        Block block({0, 10}, 10);
        ProbedUnit found{unit, "unknown", {}, {"answers, but is not a GX or Sol-Ark"}};
        if (!block.ask([&](Stretch part) { return ask(unit, part); })) {
            for (const Answer& answer : block.answers()) {
                for (std::size_t i = 0; i < answer.words.size(); ++i) {
                    found.rows.push_back({static_cast<std::uint16_t>(answer.address + i),
                                          "",
                                          {answer.words[i]},
                                          std::to_string(answer.words[i]),
                                          ""});
                }
            }
        }
        report_.units.push_back(std::move(found));
        answers_.emplace_back();
    }

    void explain_nothing() {
        if (ended_) report_.failure = "interrupted";
        else if (answered_) report_.failure = "it answers, but none of the requested units exists; try others with --units";
        else
            report_.failure = "connected, but nothing answers as Modbus (" + last_ +
                              "): wrong port, another client on "
                              "the gateway, a dead line behind it, or a different Modbus SN on the inverter";
    }

    const ProbeOptions& options_;
    ProbeReport& report_;
    StopEvent never_;
    std::unique_ptr<Transport> transport_;
    std::vector<Answers> answers_;  ///< aligned with the units of the report
    std::string last_;
    int silent_ = 0;
    bool answered_ = false, ended_ = false;
};

}  // namespace

ProbeReport probe(const ProbeOptions& options) {
    ProbeReport report;
    Probe(options, report).run();
    return report;
}

}  // namespace volt::modbus
