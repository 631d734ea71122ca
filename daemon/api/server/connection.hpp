// One HTTP connection under a deadline: whatever a client does, its thread is free again in time.
#pragma once

#include <httplib.h>

#include <array>
#include <chrono>

namespace volt::api {

/// Reads and writes `socket` (non-blocking from here on) until `deadline`, `most_bytes` read, or `stop_fd` readable.
/// Does not own the socket.
class DeadlineStream : public httplib::Stream {
public:
    using Moment = std::chrono::steady_clock::time_point;
    DeadlineStream(int socket, int stop_fd, Moment deadline, std::size_t most_bytes);

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* room, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_; }

    Moment begun() const { return begun_; }
    /// From now on until this moment.
    void allow_until(Moment deadline) { deadline_ = deadline; }
    /// So many bytes more may be read.
    void allow_bytes(std::size_t most) { budget_ = most; }
    /// All bytes that may be read have been.
    bool spent() const { return budget_ == 0; }
    /// All bytes that came so far have been taken.
    bool drained() const { return begin_ == end_; }
    /// Nothing more is read: what is asked for from here on is the end.
    void end_reading() { ended_ = true; }
    /// Ends the answer and takes in what the client still sends, for a moment: it must see the answer, not a
    /// reset.
    void linger();

private:
    bool in_time() const { return std::chrono::steady_clock::now() < deadline_; }
    bool wait(short events) const;
    bool fill();

    int socket_, stop_fd_;
    Moment begun_ = std::chrono::steady_clock::now(), deadline_;
    std::size_t budget_;
    std::array<char, 4096> buffer_{};
    std::size_t begin_ = 0, end_ = 0;
    bool ended_ = false;
};

/// Threads as they are needed, at most `most`, each with one connection. One more waits if `make_room` returns that a thread
/// will be free at once.
class BoundedThreads {
public:
    explicit BoundedThreads(
        std::size_t most, std::function<bool()> make_room = [] { return false; });
    ~BoundedThreads();
    BoundedThreads(const BoundedThreads&) = delete;
    BoundedThreads& operator=(const BoundedThreads&) = delete;

    /// False: no thread for it, and `work` does not run.
    bool enqueue(const std::function<void()>& work);
    void shutdown();

private:
    bool take(const std::function<void()>& work);
    void run();

    const std::size_t most_;
    std::function<bool()> make_room_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::list<std::function<void()>> waiting_;  ///< at most twice most_: one for each thread on its way to it
    std::size_t idle_ = 0;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace volt::api
