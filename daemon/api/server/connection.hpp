// HTTP connection with a deadline: whatever a client does, its thread becomes free in time.
#pragma once

#include <httplib.h>
#include <sys/socket.h>

#include <array>
#include <chrono>

namespace volt::api {

/// Reads and writes `socket` until `deadline`, `most_bytes` read, or `stop_fd` readable. Does not own the socket.
class DeadlineStream : public httplib::Stream {
public:
    using Moment = std::chrono::steady_clock::time_point;
    DeadlineStream(int socket, int stop_fd, Moment deadline, std::size_t most_bytes);

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* room, size_t size) override;
    ssize_t write(const char* bytes, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string&, int&) const override {}  // not used
    socket_t socket() const override { return socket_; }

    Moment begun() const { return begun_; }
    /// Sets the deadline to this moment.
    void allow_until(Moment deadline) { deadline_ = deadline; }
    /// Allows this many more bytes to be read.
    void allow_bytes(std::size_t most) { budget_ = most; }
    /// Returns true if all allowed bytes have been read.
    bool spent() const { return budget_ == 0; }
    /// Ends reading: further reads return the end of the stream.
    void end_reading() { ended_ = true; }
    /// Sends the buffer and waits this long while the client is connected. Returns false if it is gone, its time is over, or the
    /// server stops.
    bool pause(std::chrono::milliseconds time);
    /// Sends the buffer with the end of the answer in one packet. Returns false if bytes of the client are unread: closing the
    /// socket now could cost it the answer, so call linger() first.
    bool finish();
    /// Reads for a moment what the client still sends, so that it sees the answer and not a reset. Call after finish().
    void linger();

private:
    bool in_time() const { return std::chrono::steady_clock::now() < deadline_; }
    bool wait(short events, Moment end) const;
    bool fill();
    bool send(std::string_view more, int flags);

    int socket_, stop_fd_;
    Moment begun_ = std::chrono::steady_clock::now(), deadline_;
    std::size_t budget_;
    std::array<char, 4096> buffer_{};
    std::size_t begin_ = 0, end_ = 0;
    std::string written_;                  ///< not sent yet: head and body of a short answer share one packet
    bool ended_ = false, broken_ = false;  ///< broken_: part of the buffer could not be sent
};

}  // namespace volt::api
