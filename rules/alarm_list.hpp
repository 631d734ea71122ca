// Collects the alarms of one tick. For alarms*.cpp only.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <tuple>
#include <vector>

#include "rules/alarm.hpp"
#include "rules/tick.hpp"

namespace volt {

class Alarms {
public:
    Alarms(Tick& tick, std::vector<Alarm>& list) : tick_(tick), list_(list) {
        list_.clear();
        list_.reserve(tick.state.site.alarms.size());
    }
    Alarm& add(AlarmCode code, SubjectKind kind = SubjectKind::none, std::size_t subject = 0) {
        Alarm alarm;
        alarm.code = code;
        alarm.kind = kind;
        if (kind != SubjectKind::none) alarm.subject = static_cast<Index>(subject);
        alarm.since = tick_.now;
        list_.push_back(alarm);
        return list_.back();
    }
    /// Both lists have the same order, so one pass finds each alarm of the previous tick.
    void finish() {
        const auto key = [](const Alarm& a) { return std::tie(a.code, a.kind, a.subject); };
        assert(std::is_sorted(list_.begin(), list_.end(), [&](const Alarm& a, const Alarm& b) { return key(a) < key(b); }));
        auto old = tick_.state.site.alarms.begin();
        const auto end = tick_.state.site.alarms.end();
        for (Alarm& alarm : list_) {
            while (old != end && key(*old) < key(alarm)) ++old;
            if (old != end && key(*old) == key(alarm)) alarm.since = old->since;
        }
        tick_.state.site.alarms = list_;
    }

private:
    Tick& tick_;
    std::vector<Alarm>& list_;
};

}  // namespace volt
