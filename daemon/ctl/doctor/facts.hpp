// Facts that doctor gathers before it judges: plain data, one struct for each group. An empty optional is a fact that could not
// be determined.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/check.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/mqtt/broker_look.hpp"
#include "drivers/store/recovery/inspect.hpp"

namespace volt::ctl::doctor {

/// Answers of a running voltd.
struct VoltdAnswers {
    bool runs = false;     ///< something listens on its socket, or refuses this user there
    bool reached = false;  ///< it answered
    std::string why{};     ///< reason if not reached
    std::string help{};    ///< remedy for that
    Json status = Json::object(), system = Json::object(), sessions = Json::array();
    std::map<std::string, Json> registers{};  ///< by polled source
};

struct MachineFacts {
    std::string os_id{}, os_name{};   ///< from os-release, or empty if not readable
    std::optional<int> os_version{};  ///< major version
    std::optional<bool> under_voltage{};
    std::optional<std::int64_t> cpu_millicelsius{};  ///< hottest sensor
    std::optional<std::int64_t> free_kb{};           ///< memory
    bool has_rtc = false;
};

struct ClockFacts {
    bool simulated = false;  ///< voltd runs with a simulated clock
    bool vouched = false;    ///< `clock: trusted`
    std::optional<bool> synchronized{};
    std::string site_zone{}, machine_zone{};  ///< empty if unknown
    bool zone_known = true;                   ///< this computer has the site's zone
    std::string zone_misread{};  ///< a time that voltd and the system show differently in that zone, or empty if none
    std::string against_sun{};   ///< reason the site's zone cannot be right: by its location, or from the active
                                 ///< alarm
    bool has_gx = false;
    std::optional<std::int64_t> gx_ahead_s{};  ///< relative to this computer's clock; negative: behind
    std::string gx_why{};                      ///< reason it was not read
    std::optional<std::string> jump{};         ///< text of the active alarm, empty if none, or nothing if voltd was not queried
};

/// Number that the kernel stores for a device.
struct DeviceFigure {
    std::string device{};
    std::int64_t value = 0;
};

struct DiskFacts {
    std::string directory{};                    ///< directory of the database
    std::optional<std::uint64_t> free_bytes{};  ///< free space there
    std::string in_memory{};                    ///< its file system if a reboot clears it, or empty if none
    std::string file{}, file_in_memory{};       ///< voltd.yaml, and its file system in the same way
    bool root_read_only = false, state_read_only = false;
    std::optional<double> mb_today{}, mb_a_day{};  ///< written by voltd; a_day is the maximum of the last seven days
    std::vector<DeviceFigure> wear{};              ///< tenths of its life; 11 means exceeded
    std::vector<DeviceFigure> errors{};            ///< of each ext4 file system
};

/// Owner and mode of a path.
struct PathRights {
    std::string path{};
    bool exists = false;
    bool seen = true;  ///< false: this user may not access it
    uid_t owner = 0;
    gid_t group = 0;
    mode_t mode = 0;
    std::string owner_name{};
};

struct Account {
    uid_t user = 0;
    gid_t group = 0;
    std::string name{};
};

struct PermissionFacts {
    std::optional<Account> voltd{};  ///< account of voltd, or empty if unknown on this machine
    PathRights config{}, directory{}, database{}, socket{}, token{};
    std::vector<PathRights> credentials{};  ///< files of voltd in /etc/credstore
    bool credentials_seen = true;
    std::optional<bool> in_group{};  ///< this user is in group voltd, or empty if there is no such group
};

struct ConfigFacts {
    std::string path{};
    bool hidden = false;  ///< this user may not read it
    Findings findings{};
    std::vector<std::string> not_in_force{};  ///< keys that wait for a reload
    std::vector<std::string> unwired{};       ///< enabled rows that name no output of the file
    std::vector<std::string> elsewhere{};     ///< findings that other groups report, as keys
};

struct DatabaseFacts {
    std::string path{};
    bool hidden = false;  ///< this user may not open it
    Condition condition = Condition::sound;
    std::string text{};  ///< reason it is not sound
    std::int64_t version = 0, latest = 0;
    std::vector<std::string> pending{};  ///< pending migrations
    std::string refused{};
    std::optional<std::string> complaint{};  ///< result of quick_check, empty if sound, or nothing if not run
    std::string note{};                      ///< reason the alarm database_restored is active
    std::optional<std::int64_t> age_days{}, newest_copy_days{};
    std::optional<std::int64_t> backup_days{};  ///< since the newest `voltctl backup`
    std::string backup_error{};                 ///< error of the newest one, if the last two failed
    std::string backup_gone{};                  ///< file of the newest one, if it is missing
    bool voltd_runs = false;
};

struct ServiceFacts {
    bool managed = false;  ///< systemd knows the service
    std::string active{}, enabled{};
    std::int64_t restarts = 0;
    std::int64_t watchdog_us = 0;
    std::string running_version{}, installed_version{};
    bool voltd_runs = false;
    std::string safe_mode{};  ///< text of the alarm, or empty if not active
};

struct UnitFact {
    std::string source{};
    int unit = 0;
    std::string kind{}, state{}, error{};
    std::optional<std::int64_t> voltage_cv{};  ///< 10 mV
    std::optional<double> moved_s{};
};

/// GX or Sol-Ark.
struct DeviceFacts {
    bool configured = false;
    bool by_voltd = false;    ///< a running voltd polls it, so doctor opens no connection; else doctor queried it directly
    std::string not_asked{};  ///< reason neither voltd nor doctor queried it, or empty if one did
    std::string address{};
    std::string unreachable{};  ///< reason, or empty if it was reached
    std::vector<UnitFact> units{};
    bool may_write = false;
    std::optional<int> charge_limit{};
    std::string charge_limit_failure{};
    bool writes = false;  ///< `charge_limit: write` for a device that voltd polls: its alarms show where the register fails
    std::optional<std::int64_t> ahead_s{};  ///< a GX's clock relative to this computer's
    std::string instead{}, framing{}, wrong_scale{};
    std::string copy{};  ///< reason it looks like a logger's copy of the registers, or empty if it does not
    std::optional<std::int64_t> unnamed_port_w{};  ///< power at a generator port (register 166) that voltd.yaml does not describe
    std::string pack{};  ///< for a GX: reason its battery unit is not the whole bank, or empty if it may be
    std::optional<bool> second_client{};
    std::optional<double> failed_percent{};                        ///< of the polls since voltd started
    std::optional<std::pair<std::int64_t, std::int64_t>> range{};  ///< plausible voltages of this bank, 10 mV
    std::optional<std::int64_t> other_cv{};                        ///< voltage that the Sol-Ark shows, 10 mV
    std::int64_t most_apart_cv = 100;                              ///< scaled to the bank
};

struct BrokerFacts {
    BrokerConfig config{};
    std::vector<OutputConfig> outputs{};
    std::string no_password{};  ///< reason it cannot be read, or empty if it was, or none is needed
    BrokerLook look{};
    bool voltd_runs = false, voltd_reached = false;
    std::string hung{}, client_id{};                      ///< alarms of voltd
    std::optional<std::vector<std::string>> listeners{};  ///< listening addresses on the broker's port of this machine
    bool discovery = false;                               ///< for Home Assistant, in voltd.yaml
    bool beside_agent = false;                            ///< volt-agent's service is installed here
    std::vector<int> open_ports{};                        ///< ports of this broker that accept a client without a user name
    bool has_nft = false;                                 ///< tool of volt-agent's unit to block the ports
};

struct OutputFact {
    OutputConfig config{};
    bool drives_miner = false;
    Json state = Json::object();  ///< as in `output/<id>`, or empty if unknown
    std::string power_on{};       ///< alarm with this name
    bool shadow = false;
    bool proofs_known = false;  ///< the database was read
    std::string proven{};       ///< "60.2 s after …, on 2026-11-23", or empty if never
    std::string twin{};         ///< another output that may be the same relay
    std::string shared{};       ///< reason to think that two devices share its topic; only read while voltd does not answer
};

struct SensorFact {
    std::string id{};
    TemperatureRole role{};
    bool by_broker = true;         ///< received over MQTT; else polled
    bool used = true;              ///< a zone reads it, or its role is battery
    std::string state{}, error{};  ///< of its source; empty state: unknown
    std::optional<double> age_s{}, celsius{};
    bool has_celsius = true;                            ///< a zone or the battery shows its value
    bool fahrenheit = false;                            ///< its configured unit
    std::optional<double> own_celsius{}, gx_celsius{};  ///< battery temperature by this sensor and by the GX
};

struct ApiFacts {
    VoltdAnswers voltd{};
    std::string host{};
    bool lan_plain = false;
    std::optional<std::size_t> sessions{};
};

struct ChargingFacts {
    bool known = true;  ///< the settings could be read
    bool guarded = false;
    ChargeMeans means = ChargeMeans::report;
    bool proven = false;
    std::string finding{}, remedy{};                               ///< from the check of the configuration
    std::vector<std::pair<std::string, std::string>> registers{};  ///< of devices with `write`: name and reason it could not be
                                                                   ///< read
};

/// Uplink to a hub of many sites.
struct FleetFacts {
    bool joined = false;                         ///< fleet-join was run here
    std::string active{};                        ///< state of the agent's service, or empty if systemd does not know it
    std::optional<std::uint64_t> queue_bytes{};  ///< bytes that wait for the hub
    std::optional<bool> refused{};               ///< the hub answered 403 in the last minutes
    std::optional<std::int64_t> days_left{};     ///< until the site's certificate expires, or nothing if it cannot be read
};

/// Load that did not run for days.
struct IdleLoad {
    std::string slug, gate;  ///< gate that kept it off most often, or empty if unknown
};

struct RuleFacts {
    bool reached = false;
    bool known = true;                                          ///< the settings could be read
    std::vector<std::pair<std::string, Json>> alarms{};         ///< active ones that no other check reports
    std::optional<std::vector<IdleLoad>> idle{};                ///< nothing: not enough history
    std::vector<std::pair<std::string, std::string>> doubts{};  ///< about the night, with the remedy
    std::string mode{};
    bool shadow = false;
    std::optional<std::int64_t> mode_days{}, shadow_days{};  ///< days in the current state
};

}  // namespace volt::ctl::doctor
