#include "tests/fakes/mosquitto.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace volt::testing {
namespace {

std::string program() {
    for (const char* path : {"/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"}) {
        if (std::filesystem::exists(path)) return path;
    }
    return "mosquitto";
}

}  // namespace

Mosquitto::Mosquitto(std::string more) : port_(free_port()), more_(std::move(more)) {
    for (std::size_t at = more_.find("DIR"); at != std::string::npos; at = more_.find("DIR", at + 3))
        more_.replace(at, 3, dir_.path());
    write_file(dir_ / "passwords", "");
    write_file(dir_ / "acl", "");
    start();
}

void Mosquitto::add_user(const std::string& user, const std::string& password) const {
    Process tool({"mosquitto_passwd", "-b", dir_ / "passwords", user, password});
    if (tool.wait() != 0) throw std::runtime_error("mosquitto_passwd: " + tool.text());
}

void Mosquitto::start() {
    const bool open = more_.find("allow_anonymous") == std::string::npos;
    const bool listens = more_.find("listener ") != std::string::npos;
    std::string text = listens ? "" : "listener " + std::to_string(port_) + " 127.0.0.1\n";
    if (open) text += "allow_anonymous true\n";
    // Root: mosquitto would change to a user that may not read the directory.
    text += "user root\npersistence false\nset_tcp_nodelay true\n";
    std::string more = more_;
    if (const std::size_t at = more.find("PORT"); at != std::string::npos) more.replace(at, 4, std::to_string(port_));
    write_file(dir_ / "mosquitto.conf", text + more);
    process_.reset();
    process_ = std::make_unique<Process>(std::vector<std::string>{program(), "-c", dir_ / "mosquitto.conf", "-v"});
    if (!eventually([this] { return accepts() || !process_->running(); }) || !process_->running())
        throw std::runtime_error("mosquitto does not start: " + log());
}

void Mosquitto::kill() {
    process_->signal(SIGKILL);
    process_->signal(SIGCONT);
    process_->wait();
}

void Mosquitto::hang() { process_->signal(SIGSTOP); }

void Mosquitto::go_on() { process_->signal(SIGCONT); }

bool Mosquitto::accepts() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    const bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return connected;
}

}  // namespace volt::testing
