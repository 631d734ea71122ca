#include "daemon/api/server/places.hpp"

#include <sys/socket.h>

namespace volt::api {

void Places::add(int socket) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(socket);
}

void Places::keep(int socket) {
    const std::lock_guard lock(mutex_);
    waiting_.remove(socket);
}

bool Places::share(int socket) {
    const std::lock_guard lock(mutex_);
    if (shared_.size() >= most_shared_) return false;
    shared_.push_back(socket);
    return true;
}

bool Places::begin_file(int socket, Moment until) {
    std::unique_lock lock(mutex_);
    waiting_.remove(socket);
    const auto turn = [this] { return closed_ || files_.size() < most_files_; };
    if (!freed_.wait_until(lock, until, turn) || closed_) return false;
    files_.push_back(socket);
    return true;
}

bool Places::begin_download(int socket) {
    const std::lock_guard lock(mutex_);
    if (downloads_.size() >= most_downloads_) return false;
    downloads_.push_back(socket);
    return true;
}

void Places::give_way(int socket) {
    remove(socket);
    const std::lock_guard lock(mutex_);
    waiting_.push_front(socket);
}

void Places::remove(int socket) {
    const std::lock_guard lock(mutex_);
    waiting_.remove(socket);
    shared_.remove(socket);
    downloads_.remove(socket);
    if (files_.remove(socket) > 0) freed_.notify_one();
}

bool Places::shed() {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
        ::shutdown(waiting_.front(), SHUT_RD);
        waiting_.pop_front();
        return true;
    }
    if (files_.empty()) return false;
    ::shutdown(files_.front(), SHUT_RDWR);
    files_.pop_front();
    freed_.notify_one();
    return true;
}

void Places::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    freed_.notify_all();
}

}  // namespace volt::api
