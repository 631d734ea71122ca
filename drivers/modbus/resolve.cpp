#include "drivers/modbus/resolve.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt::modbus {

/// One query to the resolver, on its own thread that ends with the answer.
struct Resolver::Question {
    std::string host;
    Result<std::vector<HostAddress>> answer = Failure{Fault::reconnect, "out of memory"};
    std::atomic<bool> done{false};  ///< set last; only then is the answer valid
};

namespace {

constexpr Duration step = 10ms;  // interval for checking whether the answer has arrived

template <class Question>
void answer(const std::shared_ptr<Question>& question) {
    try {
        question->answer = look_up(question->host);
    } catch (...) {  // out of memory: the query remains unanswered
    }
    question->done = true;
}

}  // namespace

Result<std::vector<HostAddress>> Resolver::last_or(const std::string& why) const {
    if (!last_.empty()) return last_;
    return Failure{Fault::reconnect, "name " + host_ + " does not resolve: " + why + " (an IP address needs no name server)"};
}

Result<std::vector<HostAddress>> Resolver::addresses(Time deadline, const StopEvent& stop) {
    if (auto numeric = numeric_address(host_); !numeric.empty()) return numeric;
    if (!question_) {
        auto question = std::make_shared<Question>();
        question->host = host_;
        std::thread thread;
        if (!start_thread(thread, "resolver", [question] { answer(question); })) return last_or(no_thread_text);
        thread.detach();
        question_ = std::move(question);
    }
    while (!question_->done) {
        const Time now = monotonic_now();
        if (now >= deadline || stop.wait_until(std::min(deadline, now + step))) return last_or("no answer in time");
    }
    const std::shared_ptr<Question> answered = std::move(question_);
    if (!answered->answer) return last_or(answered->answer.failure().text);
    last_ = answered->answer.value();
    return last_;
}

}  // namespace volt::modbus
