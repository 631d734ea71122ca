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

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr int too_busy = -32000;
constexpr std::size_t read_bytes = 64 * 1024;
constexpr const char *listen_method = "subscriptions/listen", *subscription_key = "io.modelcontextprotocol/subscriptionId";

/// What the threads share; it lives until the last of them ends.
struct Exchange {
    struct Job {
        RpcRequest request;
        std::atomic<bool> cancelled = false;
    };

    explicit Exchange(int out) : out_(out) {}

    int out_;
    std::mutex mutex;  ///< of the lists
    std::condition_variable changed;
    std::deque<std::shared_ptr<Job>> waiting;
    std::list<std::shared_ptr<Job>> running;
    std::vector<Json> subscriptions;  ///< ids of the requests that listen to the watched resource
    std::atomic<bool> ended = false;
    bool looking = false;  ///< at that resource
    std::string client;    ///< of `initialize`; the reader's alone
    std::mutex writing;
};

/// A client that is gone reads nothing: the end of input follows.
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

/// The next request; nothing: there will be none.
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

/// What the watched resource holds; nothing: it cannot be had now.
std::optional<std::string> look_once(const Exchange& all, const Catalog& catalog) {
    try {
        CallTime time;
        time.cancelled = &all.ended;
        return catalog.look(time);
    } catch (const std::exception&) { return std::nullopt; }
}

/// Of the subscription with this id.
std::string notification_line(const Json& id, const char* name, Json params) {
    params["_meta"] = {{subscription_key, id}};
    return json_text(Json{{"jsonrpc", "2.0"}, {"method", std::string("notifications/") + name}, {"params", std::move(params)}});
}

/// Looks at the watched resource while a client listens, and announces when it is another than before.
void keep_watch(const std::shared_ptr<Exchange>& all, const Catalog& catalog) {
    std::optional<std::string> before;
    const auto rests = [&] { return all->ended || all->subscriptions.empty(); };
    for (std::unique_lock lock(all->mutex); !all->ended; all->changed.wait_for(lock, catalog.look_pause, rests)) {
        if (all->subscriptions.empty()) {
            before.reset();
            all->changed.wait(lock, [&] { return all->ended || !all->subscriptions.empty(); });
            if (all->ended) return;
        }
        all->looking = true;
        lock.unlock();
        std::optional<std::string> now = look_once(*all, catalog);
        std::vector<Json> listeners;
        lock.lock();
        if (now && before && *now != *before) listeners = all->subscriptions;
        lock.unlock();
        for (const Json& id : listeners) write_line(*all, notification_line(id, "resources/updated", {{"uri", catalog.watched}}));
        if (now) before = std::move(now);
        lock.lock();
        all->looking = false;
        all->changed.notify_all();
    }
}

bool has_room_to_listen(Exchange& all) {
    const std::lock_guard lock(all.mutex);
    return all.subscriptions.size() < most_subscriptions;
}

/// Grants the watched resource, and nothing else that is wanted; the acknowledgement comes before any announcement.
void begin_to_listen(Exchange& all, const RpcRequest& request, const Catalog& catalog) {
    const Json wanted = request.params.value("notifications", Json());
    const Json uris = wanted.is_object() ? wanted.value("resourceSubscriptions", Json::array()) : Json();
    if (!uris.is_array())
        return write_line(all, error_line(request.id, invalid_params,
                                          "notifications must be an object, and resourceSubscriptions in it a list"));
    if (!has_room_to_listen(all))
        return write_line(all, error_line(request.id, too_busy, "too many subscriptions; cancel one of them"));
    const bool granted = std::any_of(uris.begin(), uris.end(), [&](const Json& it) { return it == catalog.watched; });
    Json grants = Json::object();
    if (granted) grants["resourceSubscriptions"] = Json::array({catalog.watched});
    write_line(all, notification_line(request.id, "subscriptions/acknowledged", {{"notifications", std::move(grants)}}));
    if (!granted) return;
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
    if (message.request->era == Era::modern && message.request->method == listen_method && !catalog.watched.empty())
        return begin_to_listen(all, *message.request, catalog);
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
    write_line(all, error_line(id, too_busy, "too many requests wait; try again when some are answered"));
}

/// Gives each line to take_line; of one that is too long only its refusal.
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
