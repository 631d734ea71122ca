#include "drivers/modbus/resolve.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <system_error>
#include <thread>

#include "drivers/source.hpp"

namespace volt::modbus {

/// One question to getaddrinfo, which may block for long: it has a thread of its own that ends with the answer.
struct Resolver::Question {
    std::string host;
    int error = 0;                   ///< of getaddrinfo
    std::vector<HostAddress> found;
    std::atomic<bool> done{false};   ///< set last; only then may the others be looked at
};

namespace {

constexpr Duration step = 10ms;  // between two looks at whether the answer has come

bool is_numeric(const std::string& host, int family) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family, host.c_str(), address.data()) == 1;
}

std::vector<HostAddress> addresses_of(const addrinfo* list) {
    std::vector<HostAddress> addresses;
    for (; list != nullptr && addresses.size() < most_addresses; list = list->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(list->ai_addr, list->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.push_back({text.data(), list->ai_family == AF_INET6});
        }
    }
    return addresses;
}

int look_up(const std::string& host, std::vector<HostAddress>& found) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (error != 0) return error;
    found = addresses_of(list);
    freeaddrinfo(list);
    return 0;
}

template <class Question>
void answer(const std::shared_ptr<Question>& question) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    try {
        question->error = look_up(question->host, question->found);
    } catch (...) {
        question->error = EAI_MEMORY;
    }
    question->done = true;
}

}  // namespace

Result<std::vector<HostAddress>> Resolver::last_or(const std::string& why) const {
    if (!last_.empty()) return last_;
    return Failure{Fault::reconnect, "name " + host_ + " does not resolve: " + why + " (an address needs no name server)"};
}

Result<std::vector<HostAddress>> Resolver::addresses(Time deadline, const StopEvent& stop) {
    if (is_numeric(host_, AF_INET)) return std::vector<HostAddress>{{host_, false}};
    if (is_numeric(host_, AF_INET6)) return std::vector<HostAddress>{{host_, true}};
    if (!question_) {
        auto question = std::make_shared<Question>();
        question->host = host_;
        try {
            std::thread([question] { answer(question); }).detach();
        } catch (const std::system_error& error) {
            return last_or(error.what());
        }
        question_ = std::move(question);
    }
    while (!question_->done) {
        const Time now = monotonic_now();
        if (now >= deadline || stop.wait_until(std::min(deadline, now + step))) return last_or("no answer in time");
    }
    const std::shared_ptr<Question> answered = std::move(question_);
    if (answered->error != 0) return last_or(gai_strerror(answered->error));
    if (answered->found.empty()) return last_or("no address");
    last_ = answered->found;
    return answered->found;
}

}  // namespace volt::modbus
