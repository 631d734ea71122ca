#include "drivers/sim/zigbee_plug.hpp"

#include <nlohmann/json.hpp>

namespace volt::sim {

using nlohmann::json;

void ZigbeePlug::connected(const Surroundings& around) {
    publish(bridge_topic, R"({"state":"online"})", true);
    publish(topic_ + "/availability", R"({"state":"online"})", true);
    publish_state(around);  // from memory
    next_ = around.now + 1s;
}

void ZigbeePlug::receive(std::string_view topic, std::string_view payload, const Surroundings&) {
    if (fault_ == DeviceFault::deaf || requests_.size() >= most_requests) return;
    if (topic == topic_ + "/set" && !payload.empty()) requests_.emplace_back(payload);
    if (topic == topic_ + "/get") requests_.emplace_back();
}

void ZigbeePlug::turn(const Surroundings& around) {
    counter_.turn(around.drawn_w.empty() ? 0 : around.drawn_w[0], around.now);
    if (contact_.turn(around.now, fault_ == DeviceFault::stuck) && (echo_ || contact_.by_timer())) {
        known_ = contact_.on();
        publish_state(around);
    }
    while (!contact_.busy() && !requests_.empty()) {
        const std::string request = requests_.front();
        requests_.pop_front();
        carry_out(request, around);
    }
    if (next_ == Time{} || around.now < next_) return;
    next_ = around.now + config_.period;
    if (config_.meter) publish_state(around);
}

void ZigbeePlug::carry_out(const std::string& request, const Surroundings& around) {
    if (request.empty()) {
        known_ = contact_.on();
        return publish_state(around);
    }
    const json object = json::parse(request, nullptr, false);
    const std::string word = object.is_object() ? object.value("state", json("")).dump() : "\"" + request + "\"";
    if (word != R"("ON")" && word != R"("OFF")") return;
    const json after = object.is_object() ? object.value("on_time", json(0)) : json(0);
    const bool on = word == R"("ON")";
    const bool timed = on && after.is_number_integer() && after.get<std::int64_t>() > 0;
    const std::int64_t seconds = timed ? std::min<std::int64_t>(after.get<std::int64_t>(), 6553) : 0;
    echo_ = !timed;
    contact_.order(on, config_.heeds_on_time ? Duration(seconds * 1000) : Duration{}, around.now + switching_delay(random_));
}

void ZigbeePlug::boot(bool on, const Surroundings&) {
    contact_.boot(on);
    requests_.clear();
    known_ = on;  // a plug reports when it joins again
}

void ZigbeePlug::gateway_starts(bool cached) {
    requests_.clear();
    known_ = cached;
}

void ZigbeePlug::publish_state(const Surroundings& around) {
    json state = {{"state", known_ ? "ON" : "OFF"}, {"linkquality", 120}};
    if (config_.meter && fault_ != DeviceFault::meter_lost) {
        state["power"] = around.drawn_w.empty() ? 0 : around.drawn_w[0];
        state["voltage"] = 240;
        state["energy"] = counter_.wh() / 1000;
    }
    publish(topic_, state.dump());
}

}  // namespace volt::sim
