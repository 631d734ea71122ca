#include "daemon/loop/requests.hpp"

namespace volt {

bool LoopRequests::run(const Work& work, Duration limit) {
    Request request{work, false, {}};
    std::unique_lock lock(mutex_);
    if (closed_ || !wake_ || waiting_.size() >= most_waiting) return false;
    const auto place = waiting_.insert(waiting_.end(), &request);
    wake_();
    changed_.wait_for(lock, limit, [&] { return request.done || closed_; });
    waiting_.erase(place);
    if (request.exception) std::rethrow_exception(request.exception);
    return request.done;
}

void LoopRequests::serve(LoopContext& loop) noexcept {
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        for (Request* request : waiting_) {
            if (request->done) continue;
            try {
                request->done = request->work(loop);
            } catch (...) {
                request->done = true;
                request->exception = std::current_exception();
            }
            news = news || request->done;
        }
    }
    if (news) changed_.notify_all();
}

void LoopRequests::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

void LoopRequests::open() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
}

}  // namespace volt
