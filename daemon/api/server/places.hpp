// Places: limits that the connections of a door share besides their threads, and the choice of which one gives way.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

namespace volt::api {

/// Connections by socket, each with its own thread. Safe from any thread.
class Places {
public:
    using Moment = std::chrono::steady_clock::time_point;
    /// `shared`: maximum concurrent requests without credentials. `files`: files of the page. `downloads`: copies of the
    /// database, which a slow reader may hold for minutes.
    Places(std::size_t shared, std::size_t files, std::size_t downloads)
        : most_shared_(shared), most_files_(files), most_downloads_(downloads) {}

    /// Adds a connection that has not sent a complete request head.
    void add(int socket);
    /// Notes that its request has credentials: it keeps its thread until it is answered.
    void keep(int socket);
    /// Gives a request without credentials one of the shared places. Returns false if all are taken.
    bool share(int socket);
    /// Waits until `until` for its turn to receive a file. Returns false if its turn does not come or the door closes.
    bool begin_file(int socket, Moment until);
    /// Starts a download. Returns false if all slots for downloads are taken.
    bool begin_download(int socket);
    /// Marks a connection whose answer is sent as the first to make room. It may still send.
    void give_way(int socket);
    /// Removes a connection, if it exists. Call before the socket is closed.
    void remove(int socket);

    /// Ends a connection to make room: the one that waits longest without a head or credentials, else the oldest that receives a
    /// file. Of the former, what it has sent is still read, but nothing after that. New connections are not exempt, so that fast
    /// openers cannot keep them. Returns false if there is none.
    bool shed();
    /// Ends all waits for a turn.
    void close();

private:
    const std::size_t most_shared_, most_files_, most_downloads_;
    std::mutex mutex_;
    std::condition_variable freed_;
    // At most one for each thread, in order of arrival.
    std::list<int> waiting_, shared_, files_, downloads_;
    bool closed_ = false;
};

}  // namespace volt::api
