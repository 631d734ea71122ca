// Places: what the connections of a door share beside their threads, and which of them gives way where all are taken.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

namespace volt::api {

/// A connection is its socket, each with a thread of its own. Safe from any thread.
class Places {
public:
    using Moment = std::chrono::steady_clock::time_point;
    /// `shared`: requests without credentials that may be under way at once; `files`: files of the page; `downloads`: copies of the
    /// database, which a slow reader may hold for minutes.
    Places(std::size_t shared, std::size_t files, std::size_t downloads)
        : most_shared_(shared), most_files_(files), most_downloads_(downloads) {}

    /// A connection that has not sent a complete request head.
    void add(int socket);
    /// Its request has credentials: it keeps its thread until it is answered.
    void keep(int socket);
    /// Its request has none, and gets one of the shared places. False: all are taken.
    bool share(int socket);
    /// It receives a file from now on; waits until `until` for its turn. False: no turn, or the door closes.
    bool begin_file(int socket, Moment until);
    /// It receives a download from now on. Returns false if all slots for downloads are taken.
    bool begin_download(int socket);
    /// Its answer is sent, and it may still send: it is the first to make room.
    void give_way(int socket);
    /// Before the socket is closed; does nothing where it is not there.
    void remove(int socket);

    /// Ends a connection to make room: the one that waits longest without a head or credentials, else the oldest that receives a
    /// file. Of the former, what it has sent is still read, nothing after it. However new it is: who opens connections fast must not keep them.
    /// False: there is none.
    bool shed();
    /// No one waits for a turn any more.
    void close();

private:
    const std::size_t most_shared_, most_files_, most_downloads_;
    std::mutex mutex_;
    std::condition_variable freed_;
    // One for each thread at most, in order of their coming.
    std::list<int> waiting_, shared_, files_, downloads_;
    bool closed_ = false;
};

}  // namespace volt::api
