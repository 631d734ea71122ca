#include "tests/integration/hang_site.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace volt::testing {

namespace {

// Makes voltd believe that its standard error is the journal's.
const char* const as_a_service = R"(JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@")";

}  // namespace

HangSite::HangSite() : hang_(dir / "hang"), manager_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    std::filesystem::create_directory(hang_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (dir / "notify").c_str(), sizeof address.sun_path - 1);
    if (bind(manager_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("bind");
    write_file(dir / "mqtt.password", "secret\n");
    write_config();
}

HangSite::~HangSite() {
    std::error_code ignored;
    std::filesystem::remove_all(hang_, ignored);  // nothing hangs anymore
    close(manager_);
}

void HangSite::start() {
    start_devices();
    voltd_under = {"env", "LD_PRELOAD=" VOLT_HANG_SHIM, "VOLT_HANG=" + hang_, "NOTIFY_SOCKET=" + (dir / "notify"),
                   "WATCHDOG_USEC=600000"};
    const std::string limit = most_files > 0 ? "ulimit -n " + std::to_string(most_files) + "; " : "";
    voltd_under.insert(voltd_under.end(), {"sh", "-c", limit + as_a_service, "sh"});
    start_voltd();
    quicken();
    sql("UPDATE miner_profiles SET max_starts_per_hour = 60");
}

void HangSite::restart_broker() {
    listener.reset();
    relays.reset();
    broker.reset();
    start_broker();
    start_listener();
    start_relays();
}

void HangSite::change_sol_ark() {
    std::string text = read_file(config_path());
    const std::string key = "sol_ark: { ";
    text.insert(text.find(key) + key.size(), "timeout_ms: 900, ");
    write_file(config_path(), text);
}

void HangSite::broker_by_name() {
    broker_ = "localhost";
    write_config();
}

void HangSite::write_config(const std::string& control, const std::string& outputs) {
    Site::write_config(control, outputs);
    if (broker_ == "127.0.0.1") return;
    std::string text = read_file(config_path());
    const std::string url = "\"mqtt://127.0.0.1:" + std::to_string(broker_port) + "\"";
    text.replace(text.find(url), url.size(),
                 "\"mqtt://" + broker_ + ":" + std::to_string(broker_port) + "\", username: voltd, password_file: " + dir.path() +
                     "/mqtt.password");
    write_file(config_path(), text);
}

void HangSite::hang(const std::string& kind, const std::string& part) const {
    std::error_code ignored;
    std::filesystem::remove(hang_ + "/" + kind + ".hit", ignored);
    write_file(hang_ + "/." + kind, part);
    std::filesystem::rename(hang_ + "/." + kind, hang_ + "/" + kind);  // atomic, including its text
}

void HangSite::go_on(const std::string& kind) const { std::filesystem::remove(hang_ + "/" + kind); }

bool HangSite::was_caught(const std::string& kind) const {
    notified();  // its queue is short: if it is full, voltd really hangs
    return std::filesystem::exists(hang_ + "/" + kind + ".hit");
}

bool HangSite::set_mode(const std::string& mode) const {
    return eventually([&] {  // a command that arrives while voltd is not connected is lost
        publish("voltd/solar-shack/mode/set", mode);
        return eventually([&] { return state("site").value("mode", "") == mode; }, std::chrono::seconds{2});
    });
}

bool HangSite::miner_on() {
    const std::size_t before = commands("miner1").size();
    pin({56.0, 12000, 1850});
    return set_mode("balanced") && wait_for_command("miner1", "ON", before);
}

bool HangSite::miner_off() {
    const std::size_t before = commands("miner1").size();
    return set_mode("off") && wait_for_command("miner1", "OFF", before);
}

bool HangSite::miner_off_at(double voltage) {
    const std::size_t before = commands("miner1").size();
    pin({voltage, 0, 1850});
    return wait_for_command("miner1", "OFF", before);
}

Client HangSite::client() const {
    std::string token = read_file(dir / "token");
    token.resize(std::min(token.size(), token.find_last_not_of("\n ") + 1));
    return {api_port, token};
}

double HangSite::stat(const std::string& name) const { return client().get("/system/stats").body.value(name, 0.0); }

bool HangSite::turns_on() const {
    const auto at = [&] { return status().value("at", ""); };
    for (int turn = 0; turn < 3; ++turn) {
        std::string before;
        if (!eventually([&] { return !(before = at()).empty(); })) return false;
        if (!eventually([&] { return at() > before; })) return false;
    }
    return true;
}

nlohmann::json HangSite::status() const { return client().get("/api/status").body; }

bool HangSite::sees(double voltage) const {
    return eventually([&] { return status().value("/battery/voltage_v"_json_pointer, nlohmann::json()) == voltage; });
}

void HangSite::reload() {
    journal_from_ = journal().size();
    voltd->signal(SIGHUP);
}

bool HangSite::reloaded() {
    return eventually([&] { return journal().find("was reloaded and is in force", journal_from_) != std::string::npos; });
}

bool HangSite::ends_in_order() {
    voltd->signal(SIGTERM);
    return voltd->wait() == 0;
}

void HangSite::record_passes() const { write_file(hang_ + "/passes", ""); }

std::vector<HangSite::Pass> HangSite::passes() const {
    std::filesystem::rename(hang_ + "/passes", hang_ + "/passes.done");
    std::istringstream lines(read_file(hang_ + "/passes.done"));
    std::vector<Pass> passes;
    for (Pass pass; lines >> pass.ms >> pass.cpu_ms >> pass.waits;
         passes.push_back({pass.ms / 1e3, pass.cpu_ms / 1e3, pass.waits})) {}
    return passes;
}

std::string HangSite::notified() const {
    std::array<char, 4096> room{};
    for (ssize_t size; (size = recv(manager_, room.data(), room.size(), 0)) > 0;)
        notified_ += std::string(room.data(), static_cast<std::size_t>(size)) + "\n";
    return notified_;
}

std::string HangSite::journal() const {
    return std::filesystem::exists(hang_ + "/journal.log") ? read_file(hang_ + "/journal.log") : "";
}

}  // namespace volt::testing
