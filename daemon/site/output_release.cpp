#include "daemon/site/output_release.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rules/outputs/exit.hpp"

namespace volt {
namespace {

/// Returns true if the same orders reach the same device. Compares the messages and topics of an OFF.
bool same_device(const OutputConfig& a, const OutputConfig& b) {
    const auto one = make_dialect(a), other = make_dialect(b);
    if (!one || !other || a.dialect != b.dialect) return !one && !other;
    const auto mine = one->order({}), theirs = other->order({});
    return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                      [](const Message& x, const Message& y) { return x.topic == y.topic && x.payload == y.payload; });
}

bool stays(const OutputConfig& output, const std::vector<OutputConfig>& after) {
    const auto found = std::find_if(after.begin(), after.end(), [&](const OutputConfig& o) { return o.id == output.id; });
    return found != after.end() && same_device(output, *found);
}

/// Returns true unless the state is off. An unknown state is not off.
bool may_be_on(const Outputs& outputs, std::size_t output) { return outputs.reports().at(output).state != OutputState::off; }

}  // namespace

OutputRelease::OutputRelease(Outputs& outputs, const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after,
                             Time now)
    : until_(now + release_limit) {
    for (std::size_t i = 0; i < before.size(); ++i) {
        ids_.push_back(before[i].id);
        if (stays(before[i], after)) continue;
        const bool to_off = goes_off_when_removed(before[i].on_exit, before[i].safe_state);
        if (to_off) released_.push_back(i);
        if (!may_be_on(outputs, i)) {
            if (!to_off && before[i].safe_state == SafeState::on) result_.left_off.push_back(before[i].id);
            continue;
        }
        if (!to_off) result_.kept.push_back(before[i].id);
        else if (!outputs.send(i, {})) result_.unsent.push_back(before[i].id);
        else if (outputs.reports().at(i).confirms_by_sending) result_.off.push_back(before[i].id);
        else awaited_.push_back(i);
    }
}

bool OutputRelease::done(const Outputs& outputs, Time now) const {
    const auto still = [&](std::size_t output) { return may_be_on(outputs, output); };
    return now >= until_ || std::none_of(awaited_.begin(), awaited_.end(), still);
}

ReleaseResult OutputRelease::result(const Outputs& outputs) const {
    ReleaseResult result = result_;
    for (const std::size_t output : awaited_)
        (may_be_on(outputs, output) ? result.unanswered : result.off).push_back(ids_[output]);
    return result;
}

bool released(const Outputs& outputs, const std::vector<OutputConfig>& configs) {
    const auto reports = outputs.reports();
    for (std::size_t i = 0; i < configs.size(); ++i) {
        if (goes_off_at_exit(configs[i].on_exit, configs[i].safe_state) && reports[i].state == OutputState::on) return false;
    }
    return true;
}

std::vector<std::string> sentences(const ReleaseResult& result, const std::string& where) {
    std::vector<std::string> all;
    const auto add = [&](const std::vector<std::string>& ids, const char* what) {
        if (!ids.empty()) all.push_back(fmt::format("{}: {}: {}", where, fmt::join(ids, ", "), what));
    };
    add(result.off, "switched off");
    add(result.unanswered, "did not confirm OFF and may still be on; check it");
    add(result.unsent, "could not be switched off (broker offline) and may still be on; check it");
    add(result.kept, "left on (its safe state)");
    add(result.left_off, "left off although its safe state is on; switch it on by hand if needed");
    return all;
}

std::string left_on_text(const std::string& who, const char* what) {
    return fmt::format("{} {} and may still be on. Check it, and switch it off by hand; the next reload clears this alarm", who,
                       what);
}

std::map<std::string, std::string> alarms_of(const ReleaseResult& result) {
    std::map<std::string, std::string> all;
    const auto add = [&](const std::vector<std::string>& ids, const char* what) {
        for (const std::string& id : ids)
            all[id] = left_on_text(fmt::format("The device that was {} before the reload", id), what);
    };
    add(result.unanswered, "did not confirm OFF");
    add(result.unsent, "could not be switched off");
    return all;
}

std::vector<std::string> other_devices(const std::vector<OutputConfig>& before, const std::vector<OutputConfig>& after) {
    std::vector<std::string> ids;
    for (const OutputConfig& output : after)
        if (!stays(output, before)) ids.push_back(output.id);
    return ids;
}

}  // namespace volt
