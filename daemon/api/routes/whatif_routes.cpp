#include "daemon/api/routes/whatif_routes.hpp"

#include <sched.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "daemon/api/http/answers.hpp"
#include "daemon/settings/settings_json.hpp"
#include "daemon/whatif/question.hpp"
#include "drivers/source.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/thread.hpp"

namespace volt::api {

namespace {

constexpr int whatif_busy_ms = 1000;
constexpr const char *whatif_busy_text = "another what-if is running; try again",
                     *whatif_late_text = "the computer is too busy to run a what-if";

HttpAnswer whatif_refusal(const EditFailure& failure) {
    return ok_answer(json::failure(failure), json::http_status(failure.fault));
}

/// Question with the result that its thread leaves for the waiting client.
struct WhatifJob {
    whatif::WhatifQuery query;
    Config config;
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<HttpAnswer> answer;

    void end(HttpAnswer made) {
        {
            const std::lock_guard lock(mutex);
            answer = std::move(made);
        }
        answered.notify_all();
    }
    HttpAnswer wait(Duration limit) {
        std::unique_lock lock(mutex);
        if (answered.wait_for(lock, limit, [this] { return answer.has_value(); })) return std::move(*answer);
        stop = true;
        return error_answer(503, whatif_late_text);
    }
};

/// Runs one thread at a time, which may outlast the client's request.
class WhatifRunner {
public:
    WhatifRunner(WhatifContext context, const std::atomic<bool>& give_up) : context_(std::move(context)), give_up_(give_up) {}
    ~WhatifRunner() {
        if (job_) job_->stop = true;
        if (thread_.joinable()) thread_.join();
    }
    WhatifRunner(const WhatifRunner&) = delete;
    WhatifRunner& operator=(const WhatifRunner&) = delete;

    HttpAnswer ask(const HttpRequest& request) {
        Object body;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        auto query = whatif::query_of(body, context_.now());
        if (!query) return whatif_refusal(query.failure());
        auto config = context_.config();
        if (!config) return loop_is_late();
        if (running_.exchange(true)) return error_answer(409, whatif_busy_text);
        const auto job = std::make_shared<WhatifJob>();
        job->query = std::move(query.value());
        job->config = std::move(*config);
        if (!begin(job)) return error_answer(503, no_thread_text);
        return job->wait(context_.limit + context_.late);
    }

private:
    /// Starts the thread. Only for the caller that has set `running_`.
    bool begin(const std::shared_ptr<WhatifJob>& job) {
        const std::lock_guard lock(starting_);   // a short run may end before its thread is stored here
        if (thread_.joinable()) thread_.join();  // it has already ended
        job_ = job;
        if (start_thread(thread_, "what-if", [this, job] { run(*job); })) return true;
        running_ = false;
        return false;
    }

    void run(WhatifJob& job) {
        const sched_param none{};
        if (context_.idle)
            ::sched_setscheduler(0, SCHED_IDLE, &none);  // a sandbox may refuse this; then it runs like other threads
        HttpAnswer answer = error_answer(500, "the what-if failed");
        try {
            answer = replay(job);
        } catch (const std::exception&) {  // out of memory, treated as a handler that throws
        }
        running_ = false;
        job.end(std::move(answer));
    }

    HttpAnswer replay(const WhatifJob& job) {
        const Time end = monotonic_now() + context_.limit;
        Result<Connection> db = open_reader(context_.database);
        if (!db) return error_answer(503, db.failure().text);
        const LockWait wait{whatif_busy_ms, &give_up_};
        db.value().wait_with(wait);
        const auto go_on = [&] { return !give_up_ && !job.stop && monotonic_now() < end; };
        const auto answer = whatif::answer_to(db.value(), job.config, job.query, go_on);
        return answer ? ok_answer(answer.value()) : whatif_refusal(answer.failure());
    }

    const WhatifContext context_;
    const std::atomic<bool>& give_up_;
    std::atomic<bool> running_ = false;
    std::mutex starting_;
    std::shared_ptr<WhatifJob> job_;
    std::thread thread_;
};

}  // namespace

std::vector<Route> whatif_routes(WhatifContext context, const std::atomic<bool>& give_up) {
    const auto runner = std::make_shared<WhatifRunner>(std::move(context), give_up);
    return {{"POST", "/api/whatif", [runner](const HttpRequest& it) { return runner->ask(it); }, Body::json}};
}

}  // namespace volt::api
