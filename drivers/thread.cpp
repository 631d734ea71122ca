#include "drivers/thread.hpp"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace volt {

bool start_thread(std::thread& thread, const char* name, std::function<void()> body) noexcept {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);  // inherited by the thread: signals belong to the loop
    bool started = false;
    try {
        thread = std::thread([name, run = std::move(body)] {
            pthread_setname_np(pthread_self(), name);
            run();
        });
        started = true;
    } catch (...) {  // std::system_error or std::bad_alloc: nothing has begun
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

}  // namespace volt
