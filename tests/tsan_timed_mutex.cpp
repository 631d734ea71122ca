// std::timed_mutex waits by pthread_mutex_clocklock, which the thread sanitizer of clang 14 does not know: it would take what such a mutex
// guards for unguarded. This one waits by a call that it knows.
#include <pthread.h>

#include <ctime>

extern "C" int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* end) noexcept {
    constexpr long second_ns = 1'000'000'000;
    timespec now{}, wall{};
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &wall);
    wall.tv_sec += end->tv_sec - now.tv_sec;
    wall.tv_nsec += end->tv_nsec - now.tv_nsec;
    if (wall.tv_nsec < 0) wall.tv_sec -= 1, wall.tv_nsec += second_ns;
    if (wall.tv_nsec >= second_ns) wall.tv_sec += 1, wall.tv_nsec -= second_ns;
    return pthread_mutex_timedlock(mutex, &wall);
}
