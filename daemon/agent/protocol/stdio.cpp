#include "daemon/agent/protocol/stdio.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "daemon/agent/protocol/subscription.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t read_bytes = 64 * 1024;

/// State shared by the threads. It lives until the last of them ends.
struct Exchange {
    struct Job {
        RpcRequest request;
        std::atomic<bool> cancelled = false;
    };

    explicit Exchange(int out) : out_(out) {}

    int out_;
    std::mutex mutex;  ///< protects the lists
    std::condition_variable changed;
    std::deque<std::shared_ptr<Job>> waiting;
    std::list<std::shared_ptr<Job>> running;
    std::vector<Json> subscriptions;  ///< ids of the requests that listen to the watched resource
    std::atomic<bool> ended = false;
    bool looking = false;  ///< a thread polls that resource
    std::string client;    ///< from `initialize`; used only by the reader
    std::mutex writing;
};

/// Ignore errors: a client that is gone reads nothing, and the end of input follows.
void write_line(Exchange& all, std::string line) {
    line += '\n';
    const std::lock_guard lock(all.writing);
    for (std::size_t done = 0; done < line.size();) {
        const ssize_t wrote = ::write(all.out_, line.data() + done, line.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return;
        done += static_cast<std::size_t>(wrote);
    }
}

/// Returns the next request, or nothing if there will be none.
std::shared_ptr<Exchange::Job> next_job(Exchange& all) {
    std::unique_lock lock(all.mutex);
    all.changed.wait(lock, [&] { return !all.waiting.empty() || all.ended; });
    if (all.waiting.empty()) return nullptr;
    const auto job = all.waiting.front();
    all.waiting.pop_front();
    all.running.push_back(job);
    return job;
}

void work(const std::shared_ptr<Exchange>& all, const Catalog& catalog) {
    while (const auto job = next_job(*all)) {
        CallTime time;
        time.cancelled = &job->cancelled;
        const std::string line = answer_line(job->request, catalog, time);
        if (!job->cancelled) write_line(*all, line);
        const std::lock_guard lock(all->mutex);
        all->running.remove(job);
        all->changed.notify_all();
    }
}

/// Polls the watched resource while a client listens, and announces changes.
void keep_watch(const std::shared_ptr<Exchange>& all, const Catalog& catalog) {
    ResourceWatch watch;
    const auto rests = [&] { return all->ended || all->subscriptions.empty(); };
    for (std::unique_lock lock(all->mutex); !all->ended; all->changed.wait_for(lock, catalog.look_pause, rests)) {
        if (all->subscriptions.empty()) {
            watch.forget();
            all->changed.wait(lock, [&] { return all->ended || !all->subscriptions.empty(); });
            if (all->ended) return;
        }
        all->looking = true;
        lock.unlock();
        const bool changed = watch.has_changed(catalog, &all->ended);
        std::vector<Json> listeners;
        lock.lock();
        if (changed) listeners = all->subscriptions;
        lock.unlock();
        for (const Json& id : listeners) write_line(*all, updated_line(id, catalog));
        lock.lock();
        all->looking = false;
        all->changed.notify_all();
    }
}

/// Returns the reason this request cannot listen, or an empty string if it can.
std::string refusal_to_listen(Exchange& all, const Json& id) {
    const std::lock_guard lock(all.mutex);
    if (all.subscriptions.size() >= most_subscriptions)
        return error_line(id, too_busy, "too many subscriptions; cancel one of them");
    const bool twice = std::count(all.subscriptions.begin(), all.subscriptions.end(), id) > 0;
    return twice ? error_line(id, invalid_request, "a subscription with this id is already open") : "";
}

void begin_to_listen(Exchange& all, const RpcRequest& request, const Catalog& catalog) {
    Subscription wanted = read_subscription(request, catalog);
    if (wanted.granted) wanted.refusal = refusal_to_listen(all, request.id);
    write_line(all, wanted.refusal.empty() ? wanted.acknowledgment : wanted.refusal);
    if (!wanted.refusal.empty()) return;
    if (!wanted.granted) return;
    const std::lock_guard lock(all.mutex);
    all.subscriptions.push_back(request.id);
    all.changed.notify_all();
}

void cancel(Exchange& all, const Json& id) {
    const std::lock_guard lock(all.mutex);
    const auto is = [&](const auto& job) { return job->request.id == id; };
    std::erase_if(all.waiting, is);
    for (const auto& job : all.running)
        if (is(job)) job->cancelled = true;
    std::erase(all.subscriptions, id);
    all.changed.notify_all();
}

void take_line(Exchange& all, std::string_view line, const Catalog& catalog) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    McpMessage message = read_message(line);
    if (message.cancelled) cancel(all, *message.cancelled);
    if (!message.refusal.empty()) write_line(all, message.refusal);
    if (!message.request) return;
    const Json id = message.request->id;
    if (asks_to_listen(*message.request, catalog)) return begin_to_listen(all, *message.request, catalog);
    if (message.request->method == "initialize") all.client = message.request->client;
    else if (message.request->client.empty()) message.request->client = all.client;
    {
        const std::lock_guard lock(all.mutex);
        if (all.waiting.size() < most_waiting_requests) {
            const auto job = std::make_shared<Exchange::Job>();
            job->request = std::move(*message.request);
            all.waiting.push_back(job);
            all.changed.notify_all();
            return;
        }
    }
    write_line(all, error_line(id, too_busy, "too many requests are waiting; try again later"));
}

/// Passes each line to take_line, or only the rejection of one that is too long.
void read_lines(int in, Exchange& all, const Catalog& catalog) {
    std::string begun;
    bool too_long = false;
    const auto room = std::make_unique<std::array<char, read_bytes>>();
    for (;;) {
        const ssize_t got = ::read(in, room->data(), room->size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        std::string_view rest(room->data(), static_cast<std::size_t>(got));
        for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
            begun += rest.substr(0, end);
            if (!too_long) take_line(all, begun, catalog);
            begun.clear();
            too_long = false;
            rest.remove_prefix(end + 1);
        }
        if (!too_long) begun += rest;
        if (begun.size() <= most_message_bytes) continue;
        write_line(all, too_long_line());
        begun = {};
        too_long = true;
    }
    if (!too_long) take_line(all, begun, catalog);
}

}  // namespace

bool serve_stdio(int in, int out, const Catalog& catalog) {
    const auto all = std::make_shared<Exchange>(out);
    std::list<std::thread> threads;
    for (int i = 0; i < worker_count; ++i) threads.emplace_back([all, &catalog] { work(all, catalog); });
    if (!catalog.watched.empty()) threads.emplace_back([all, &catalog] { keep_watch(all, catalog); });
    read_lines(in, *all, catalog);
    bool idle = false;
    {
        std::unique_lock lock(all->mutex);
        all->ended = true;
        all->changed.notify_all();
        idle =
            all->changed.wait_for(lock, end_limit, [&] { return all->waiting.empty() && all->running.empty() && !all->looking; });
        all->waiting.clear();
    }
    for (std::thread& thread : threads) {
        if (idle) thread.join();
        else thread.detach();
    }
    return idle;
}

}  // namespace volt::agent
