#include "daemon/ctl/init/world.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "drivers/modbus/copy_watch.hpp"

namespace volt::ctl::init {

namespace {

namespace fs = std::filesystem;

constexpr Duration connect_limit = 10s;
constexpr Duration probe_timeout = 1s;
constexpr const char* listening_state = "0A";  // as in /proc/net/tcp

std::string system_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Reads `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`.
std::string system_name() {
    std::istringstream lines(system_text("/etc/os-release"));
    for (std::string line; std::getline(lines, line);) {
        constexpr std::string_view key = "PRETTY_NAME=";
        if (!line.starts_with(key)) continue;
        line.erase(0, key.size());
        std::erase(line, '"');
        return line;
    }
    return "unknown";
}

std::string zone_name() {
    std::error_code none;
    const std::string target = fs::read_symlink("/etc/localtime", none).string();
    const std::size_t at = target.find("zoneinfo/");
    if (at != std::string::npos) return target.substr(at + std::string_view("zoneinfo/").size());
    std::string named = system_text("/etc/timezone");
    named.erase(std::min(named.find('\n'), named.size()));
    return named.empty() ? "Etc/UTC" : named;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string model_name() {
    std::string model = system_text("/proc/device-tree/model");
    std::erase(model, '\0');
    return model;
}

/// Password in memory, accessible by a path while it exists. It never reaches a disk.
class SecretFile {
public:
    explicit SecretFile(const std::string& secret) : file_(::memfd_create("password", MFD_CLOEXEC)) {
        const bool kept = file_ >= 0 && ::write(file_, secret.data(), secret.size()) >= 0;
        if (kept) path_ = "/proc/self/fd/" + std::to_string(file_);
    }
    ~SecretFile() {
        if (file_ >= 0) ::close(file_);
    }
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;
    const std::string& path() const { return path_; }

private:
    int file_;
    std::string path_;
};

/// Finds listeners on this port in a table of /proc/net, on loopback and on other addresses.
void read_listeners(const char* table, int port, bool& loopback, bool& wide) {
    std::istringstream lines(system_text(table));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string number, local, remote, state;
        words >> number >> local >> remote >> state;
        const std::size_t colon = local.find(':');
        if (state != listening_state || colon == std::string::npos) continue;
        if (std::strtol(local.c_str() + colon + 1, nullptr, 16) != port) continue;
        const bool on_loopback = local.starts_with("0100007F:") || local.starts_with("00000000000000000000000001000000:");
        (on_loopback ? loopback : wide) = true;
    }
}

bool is_private_address(const sockaddr& address) {
    if (address.sa_family != AF_INET) return false;
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return modbus::is_private({ntohl(v4.sin_addr.s_addr), 32});
}

class RealWorld final : public World {
public:
    explicit RealWorld(std::function<bool()> go_on) : go_on_(std::move(go_on)) {}

    ThisMachine machine() override {
        std::error_code none;
        return {system_name(),
                model_name(),
                host_name(),
                zone_name(),
                fs::exists("/dev/rtc0", none),
                fs::exists("/run/systemd/timesync/synchronized", none),
                ::geteuid() == 0};
    }

    std::vector<modbus::Subnet> subnets() override { return modbus::connected_subnets(); }

    std::vector<std::string> scan(const std::vector<modbus::Subnet>& subnets) override {
        return modbus::open_hosts(subnets, {}, go_on_);
    }

    modbus::ProbeReport probe(const std::string& host, int port) override {
        modbus::ProbeOptions options = probe_options(host, port);
        options.progress = [this](std::size_t, std::size_t, const std::string&) { return go_on_(); };
        return modbus::probe(options);
    }

    std::optional<GuestConnection::Refusal> connect(const BrokerConfig& broker, const std::string& password) override {
        BrokerConfig config = broker;
        config.client_id = "voltd-init-" + std::to_string(::getpid());
        const SecretFile secret(password + "\n");
        if (!config.username.empty()) config.password_file = secret.path();
        guest_ = std::make_unique<GuestConnection>(config);
        if (auto refusal = guest_->connect(connect_limit, go_on_)) {
            guest_.reset();
            return refusal;
        }
        guest_->accept_payloads(most_list_bytes);
        guest_->subscribe(announcement_filters("homeassistant"));
        return std::nullopt;
    }

    void listen(Announcements& announcements) override {
        if (!guest_) return;
        for (const Received& message : guest_->take()) announcements.take(message, message.at);
        guest_->subscribe(announcements.take_filters());
        for (const Message& question : announcements.take_questions()) guest_->ask(question);
    }

    bool is_near(const std::string& host) override {
        addrinfo wanted{};
        wanted.ai_family = AF_UNSPEC;
        wanted.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return false;
        bool near = found != nullptr;
        for (const addrinfo* it = found; it != nullptr; it = it->ai_next) near = near && is_private_address(*it->ai_addr);
        ::freeaddrinfo(found);
        return near;
    }

    void ask_shellies() override {
        if (guest_) guest_->ask({"shellies/command", "announce", false});
    }

    std::vector<std::string> denied() override { return guest_ ? guest_->denied() : std::vector<std::string>(); }

    bool loopback_only(int port) override {
        bool loopback = false, wide = false;
        for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) read_listeners(table, port, loopback, wide);
        return loopback && !wide;
    }

private:
    std::function<bool()> go_on_;
    std::unique_ptr<GuestConnection> guest_;
};

}  // namespace

modbus::ProbeOptions probe_options(const std::string& host, int port) {
    modbus::ProbeOptions options;
    options.host = host;
    options.port = port;
    options.timeout = probe_timeout;
    options.watch = modbus::CopyWatch::lasts;
    return options;
}

std::unique_ptr<World> make_world(std::function<bool()> go_on) { return std::make_unique<RealWorld>(std::move(go_on)); }

}  // namespace volt::ctl::init
