#include "daemon/api/output_probe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/api/http/answers.hpp"
#include "daemon/explain/json_parts.hpp"
#include "rules/names.hpp"

namespace volt::api {

namespace {

constexpr Duration device_limit = 3s;  // for the device's answer

/// Test of one output over several wakes of the loop.
struct Test {
    std::string id;
    std::optional<std::size_t> output;
    std::string why;  ///< reason it cannot be tested
    std::optional<Time> asked;
    std::vector<std::string> known;
    OutputReport report;
    OutputView order;
    bool answers_known = true;  ///< an answer differs from the device's unsolicited messages

    bool step(LoopContext& loop) {
        if (loop.view() == nullptr) return false;
        find(loop.view()->policy());
        if (!output) return true;
        report = loop.report(*output);
        order = loop.view()->outputs[*output];
        if (!loop.view()->policy().control.live) order.commanded.reset();  // shadow sends no commands
        if (!asked) return !begin(loop);
        return answered() && follows();
    }

    bool spoke() const { return report.state_received && std::max(report.state_at, report.answered_at) >= *asked; }
    /// Periodic messages do not count, because a deaf device sends them too. If they cannot be distinguished from answers, they
    /// count, and the result says so.
    bool answered() const { return spoke() && (report.answered_at >= *asked || !answers_known); }
    bool follows() const {
        if (!order.commanded) return true;
        if (report.state != (*order.commanded ? OutputState::on : OutputState::off)) return false;
        return !*order.commanded || order.level == 0 || report.level == 0 || order.level == report.level;
    }

    std::string ordered() const {
        if (!*order.commanded) return "off";
        return order.level > 0 ? std::to_string(order.level) : "on";
    }
    std::string reported() const {
        return report.state == OutputState::on && report.level > 0 ? std::to_string(report.level) : name_of(report.state);
    }

    /// Returns what is missing for a pass.
    std::string lacks() const {
        const auto limit = device_limit.count() / 1000;
        if (!spoke()) return fmt::format("the device did not answer for {} s", limit);
        if (!answered())
            return fmt::format(
                "it sends telemetry but did not answer within {} s, so voltd's messages do not reach it. Check its command "
                "topic and the broker's access list",
                limit);
        const auto watts =
            report.power.received && report.power.value ? fmt::format(", its meter shows {} W", report.power.value->steps) : "";
        return fmt::format("it was commanded {} but reports {}{}: it responds but did not switch", ordered(), reported(), watts);
    }

    void find(const Policy& policy) {
        output.reset();
        known.clear();
        for (std::size_t i = 0; i < policy.outputs.size(); ++i) {
            if (policy.outputs[i].id == id) output = i;
            known.push_back(policy.outputs[i].id);
        }
    }

    bool begin(LoopContext& loop) {
        if (!loop.view()->snapshot().broker_up) why = "the broker is offline";
        else if (!report.can_be_asked) why = "this device cannot be queried for its state";
        else if (!report.available) why = "the device is offline";
        const Time now = monotonic_now();
        if (why.empty() && !loop.ask(*output)) why = "the request could not be sent";
        if (why.empty()) asked = now;
        return why.empty();
    }
};

HttpAnswer answer_of(const Test& test, bool received) {
    if (!test.output && !test.known.empty())
        return ok_answer({{"error", "unknown output: " + test.id}, {"known", test.known}}, 404);
    if (!test.output) return test.asked ? loop_is_late() : error_answer(404, "unknown output: " + test.id);
    if (!test.why.empty()) return error_answer(409, test.id + ": " + test.why);
    if (!test.asked) return loop_is_late();
    if (!received) return error_answer(409, test.id + ": " + test.lacks());
    const OutputReport& report = test.report;
    return ok_answer(
        {{"ok", true},
         {"confirmed_ms", (test.answers_known ? report.answered_at - *test.asked : report.state_at - *test.asked).count()},
         {"hears", test.answers_known ? Object(true) : Object(nullptr)},
         {"commanded", test.order.commanded ? Object(test.ordered()) : Object(nullptr)},
         {"reported", name_of(report.state)},
         {"level", report.state == OutputState::on && report.level > 0 ? Object(report.level) : Object(nullptr)},
         {"measured_w", report.power.received ? json::number_or_null(report.power.value) : Object(nullptr)},
         {"lease", name_of(report.lease)}});
}

/// Returns false for Zigbee2MQTT, which publishes an answer in the same form as a report of the plug.
bool answers_known(const StatusBoard& board, const std::string& id) {
    const auto page = board.page();
    if (!page) return true;
    return std::none_of(page->outputs.begin(), page->outputs.end(),
                        [&](const auto& output) { return output.id == id && output.dialect == DialectName::zigbee2mqtt; });
}

}  // namespace

HttpAnswer test_output(LoopRequests& requests, const StatusBoard& board, const HttpRequest& request) {
    Test test{request.argument, {}, {}, {}, {}, {}, {}, answers_known(board, request.argument)};
    const bool received = requests.run([&](LoopContext& loop) { return test.step(loop); }, device_limit);
    if (!received && !test.asked && test.why.empty() && test.known.empty()) return loop_is_late();
    return answer_of(test, received);
}

}  // namespace volt::api
