// One HTTP connection under a deadline: whatever a client does, its thread is free again in time.
#pragma once

#include <httplib.h>
#include <sys/socket.h>

#include <array>
#include <chrono>

namespace volt::api {

/// Reads and writes `socket` until `deadline`, `most_bytes` read, or `stop_fd` readable.
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
    void get_local_ip_and_port(std::string&, int&) const override {}  // not used
    socket_t socket() const override { return socket_; }

    Moment begun() const { return begun_; }
    /// From now on until this moment.
    void allow_until(Moment deadline) { deadline_ = deadline; }
    /// So many bytes more may be read.
    void allow_bytes(std::size_t most) { budget_ = most; }
    /// All bytes that may be read have been.
    bool spent() const { return budget_ == 0; }
    /// Nothing more is read: what is asked for from here on is the end.
    void end_reading() { ended_ = true; }
    /// Sends what was written and waits so long while the client is there. False: it is gone, its time is over, or the server stops.
    bool pause(std::chrono::milliseconds time);
    /// Sends what was written, the end of the answer with it in one packet. False: bytes of the client wait unread, and to close the
    /// socket now could cost it the answer; linger() first.
    bool finish();
    /// After finish(): takes in what the client still sends, for a moment: it must see the answer, not a reset.
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
    std::string written_;                  ///< not sent yet: head and body of a short answer are one packet
    bool ended_ = false, broken_ = false;  ///< broken_: part of what was written could not be sent
};

}  // namespace volt::api
