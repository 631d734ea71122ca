// A dialect under test, with its events as one line of text.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt::testing {

/// Formats every value of an event in a fixed order: "on 3247W 12346Wh timer=300000ms".
inline std::string text_of(const OutputEvent& event) {
    std::string text;
    const auto add = [&](const std::string& word) { text += (text.empty() ? "" : " ") + word; };
    if (event.available) add(*event.available ? "there" : "away");
    if (event.gateway) add(*event.gateway ? "gateway" : "no-gateway");
    if (event.alive) add("alive");
    if (event.state) add(*event.state == OutputState::on ? "on" : *event.state == OutputState::off ? "off" : "unknown");
    if (event.level) add("level=" + std::to_string(*event.level));
    if (event.power) add(std::to_string(event.power->steps) + "W");
    if (event.energy_wh) add(std::to_string(*event.energy_wh) + "Wh");
    if (event.lease_timer) add("timer=" + std::to_string(event.lease_timer->count()) + "ms");
    if (event.takes_lease) add("takes-lease");
    if (event.retained_command) add("retained-command");
    if (!event.problem.empty()) add("problem:" + event.problem);
    return text;
}

/// Returns the events of a message for one output, or an empty text if none. The retained flag is separate.
inline std::string heard(const OutputConfig& config, const std::string& topic, const std::string& payload,
                         bool retained = false) {
    const auto events = make_dialect(config)->understand({topic, payload, retained});
    REQUIRE(events.size() <= 1);
    if (events.empty()) return "";
    CHECK(events[0].answers_query == !retained);
    return text_of(events[0]);
}

/// Returns each message as "topic payload". None may be retained.
inline std::vector<std::string> lines(const std::vector<Message>& messages) {
    std::vector<std::string> texts;
    for (const Message& message : messages) {
        CHECK_FALSE(message.retained);
        texts.push_back(message.topic + " " + message.payload);
    }
    return texts;
}

struct Vector {
    std::string topic, payload, meaning;
};

/// Checks that each live message reports exactly this, and a retained one the same as a hint.
inline void check_vectors(const OutputConfig& config, const std::vector<Vector>& vectors) {
    for (const Vector& row : vectors) {
        CAPTURE(row.topic);
        CAPTURE(row.payload);
        CHECK(heard(config, row.topic, row.payload) == row.meaning);
        if (!row.meaning.empty()) CHECK(heard(config, row.topic, row.payload, true) == row.meaning);
    }
}

}  // namespace volt::testing
