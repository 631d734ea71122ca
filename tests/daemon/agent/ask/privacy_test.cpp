#include "daemon/agent/ask/privacy.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace privacy_test {

namespace {

const Sharing little{false, {"status", "history", "settings"}};

std::string of(const std::string& text) { return without_private(text, little); }

}  // namespace

TEST_CASE("removes names of persons, devices and places") {
    for (const auto& row : std::initializer_list<std::pair<const char*, const char*>>{
             {"mail pi@example.org, or <a.b@c.de>", "mail [e-mail], or <[e-mail]>"},
             {"conversation 0198a7c2-7d5e-7c3b-8a51-3f6f2b9c0d1e ended", "conversation [id] ended"},
             {"the GX at 192.168.1.20:502 and fd00::12", "the GX at [address] and [address]"},
             {"mac aa:bb:cc:00:11:22, host cerbo.local", "mac [address], host [address]"},
             {"mqtt://pi:secret@broker:1883 is refused", "[address] is refused"},
             {"key sk-proj4f7a9c2b8d1e6f3a5c7b is wrong", "key [key] is wrong"},
             {"at 37.3382, -121.8863 in the hills", "at [place] in the hills"},
             {"conversation-file/0198a7c2-7d5e-7c3b-8a51-3f6f2b9c0d1e", "conversation-file/[id]"},
             {"urn:uuid:0198a7c2-7d5e-7c3b-8a51-3f6f2b9c0d1e.", "urn:uuid:[id]."},
             {"bob@localhost asked", "[e-mail] asked"},
             {"gx.site.example.com:1883 and myhost.duckdns.org", "[address] and [address]"},
             {"zigbee2mqtt/plug and cmnd/dump", "[topic] and [topic]"},
             {"key sk-proj-abcd-efgh-1234-ijkl", "key [key]"},
             {"topic stat/tasmota_1/POWER answered", "topic [topic] answered"}})
        CHECK_MESSAGE(of(row.first) == row.second, row.first);
}

TEST_CASE("keeps everything that a model needs") {
    for (const char* text :
         {"heat-room/fan is on since 2025-06-21T12:00:00-07:00", "primary-s21-revenue", "volt://manual/alarms.md:12-31",
          "52.30 V is 2.20 V below 54.50 V", "output_stuck_on/primary-s21", "12:30:05", "1/2/3", "battery.voltage_v", "v1.2.3",
          "Dump Load S19 #1", "", "...", "49.125 V, then 50.250 V", "voltd.yaml", "e.g. a fan", "explain.md and alarms.md",
          "heat-room/fan", "2 @ 54.0 V"})
        CHECK_MESSAGE(of(text) == text, text);
}

TEST_CASE("removes hosts and topics of voltd.yaml everywhere") {
    const std::string yaml =
        "gx:\n  host: venus\nmqtt: { url: mqtt://broker9:1883 }  # url: of the broker\noutputs:\n"
        "  - { id: c, topic: shed/plug, x: 1 }\n  - { id: d, topic: heaters }\n  - command_topic: \"fan one/set\"\n";
    const std::vector<std::string> words = wiring_words(yaml);
    CHECK(words == std::vector<std::string>{"venus", "broker9", "shed/plug"});
    const Sharing site{false, {"status"}, words};
    CHECK(without_private(std::string("venus:502 and broker9, shed/plug/events, not avenus or heaters"), site) ==
          "[address]:502 and [address], [topic]/events, not avenus or heaters");
    CHECK(without_private(std::string("shed/plug"), Sharing{false, {"wiring"}, words}) == "shed/plug");
    CHECK(wiring_words("").empty());
    CHECK(wiring_words("host: ").empty());
}

TEST_CASE("removes authors from the text of an event") {
    const Json event{{"who", "voltctl root"}, {"message", "Key volt-agent made by voltctl root"}};
    CHECK(without_private(event, little)["message"] == "Key volt-agent made by [removed]");
    const Json change{{"who", "voltctl pi"}, {"message", "Settings changed (change 6 by pi: voltage_low 47 -> 48); pick one"}};
    CHECK(without_private(change, little)["message"] ==
          "Settings changed (change 6 by [removed]: voltage_low 47 -> 48); pick one");
}

TEST_CASE("removes members by name but keeps manual pages") {
    const Json value{{"who", "pi"},
                     {"latitude", 37.3},
                     {"topic", "a/b"},
                     {"list", {{{"email", "x"}, {"voltage_v", 52.3}, {"text", "a@b.c"}}}}};
    const Json kept = without_private(value, little);
    CHECK(kept["who"] == "[removed]");
    CHECK(kept["latitude"] == "[removed]");
    CHECK(kept["topic"] == "[removed]");
    CHECK(kept["list"][0]["email"] == "[removed]");
    CHECK(kept["list"][0]["voltage_v"] == 52.3);
    CHECK(kept["list"][0]["text"] == "[e-mail]");
    const Json page{{"uri", "volt://manual/topics.md"}, {"text", "stat/x/POWER"}};
    CHECK(without_private(page, little) == page);
}

TEST_CASE("removes less for the owner's choices and local models") {
    const Sharing more{false, {"wiring", "location"}};
    CHECK(without_private(std::string("stat/tasmota_1/POWER at 192.168.1.20, 37.3382, -121.8863, a@b.c"), more) ==
          "stat/tasmota_1/POWER at 192.168.1.20, 37.3382, -121.8863, [e-mail]");
    CHECK(without_private(Json{{"who", "pi"}}, Sharing{})["who"] == "pi");
    ModelConfig model;
    model.url = "http://192.168.1.7:8080/v1";
    CHECK(sharing_of(model).everything);
    model.url = "https://api.example.org/v1";
    CHECK(!sharing_of(model).everything);
    const std::vector<ToolGroup> all = {ToolGroup::status, ToolGroup::history, ToolGroup::settings, ToolGroup::documents};
    CHECK(shared_groups(all, sharing_of(model)).size() == 3);
    CHECK(shared_groups(all, Sharing{}).size() == 4);
    CHECK(sharing_notice(model).find("api.example.org") != std::string::npos);
    CHECK(sharing_notice(model).find("status, history, settings") != std::string::npos);
}

}  // namespace privacy_test
