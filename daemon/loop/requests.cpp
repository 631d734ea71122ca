#include "daemon/loop/requests.hpp"

namespace volt {

bool LoopRequests::run(const Work& work, Duration limit) {
    Errand errand{work, false, {}};
    std::unique_lock lock(mutex_);
    if (closed_ || !wake_ || waiting_.size() >= most_waiting) return false;
    const auto place = waiting_.insert(waiting_.end(), &errand);
    wake_();
    changed_.wait_for(lock, limit, [&] { return errand.done || closed_; });
    waiting_.erase(place);
    if (errand.trouble) std::rethrow_exception(errand.trouble);
    return errand.done;
}

void LoopRequests::serve(LoopContext& loop) noexcept {
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        for (Errand* errand : waiting_) {
            if (errand->done) continue;
            try {
                errand->done = errand->work(loop);
            } catch (...) {
                errand->done = true;
                errand->trouble = std::current_exception();
            }
            news = news || errand->done;
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
