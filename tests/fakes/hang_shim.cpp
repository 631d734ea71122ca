// A library to preload: makes calls of voltd hang, fail or run out of resources on command. For each kind of call the file
// `$VOLT_HANG/<kind>` makes it hang while the file exists (its text, if any, limits it to calls whose path contains the text),
// and the file `$VOLT_HANG/no-<kind>` makes it fail. A caught call leaves `<kind>.hit`. `localhost` is not resolved by any
// server; messages to the journal are kept in `$VOLT_HANG/journal.log`. While the file `$VOLT_HANG/passes` exists, each pass of
// the first thread from one poll() to the next adds a line to it: its duration, its processor time (both in us), and how often it
// waited for something.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// Calls the kernel directly, past every function that this library replaces.
const char* path_to(char* room, std::size_t size, const char* kind, const char* end = "") {
    const char* directory = getenv("VOLT_HANG");
    if (directory == nullptr) return nullptr;
    snprintf(room, size, "%s/%s%s", directory, kind, end);
    return room;
}

bool there(const char* path) { return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; }

/// Returns true if the file has no text, or its text occurs in `subject`.
bool meant(const char* path, const char* subject) {
    char text[256] = {};
    const long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const long size = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    return size <= 0 || strstr(subject, text) != nullptr;
}

void append(const char* path, const char* text, std::size_t size) {
    const long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return;
    syscall(SYS_write, fd, text, size);
    syscall(SYS_close, fd);
}

/// Hangs while it is set to hang. Returns true if the call must fail.
bool caught(const char* kind, const char* subject = "") {
    const int before = errno;
    char hang[512], hit[512], no[512];
    if (path_to(hang, sizeof hang, kind) == nullptr) return false;
    path_to(hit, sizeof hit, kind, ".hit");
    snprintf(no, sizeof no, "%s/no-%s", getenv("VOLT_HANG"), kind);
    bool fails = there(no) && meant(no, subject);
    if (fails) append(hit, "", 0);
    if (there(hang) && meant(hang, subject)) {
        append(hit, "", 0);
        const timespec step{0, 2'000'000};
        while (there(hang)) syscall(SYS_nanosleep, &step, nullptr);
    }
    errno = before;
    return fails;
}

template <class Function>
Function* real(Function* /*same type*/, const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_file(int fd) {
    struct stat status {};
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

const char* unix_path(const sockaddr* address, socklen_t size) {
    if (address == nullptr || size < sizeof(sa_family_t) || address->sa_family != AF_UNIX) return "";
    return reinterpret_cast<const sockaddr_un*>(address)->sun_path;
}

struct Range {
    unsigned long from = 0, to = 0;
};

int find_paho(dl_phdr_info* info, std::size_t /*size*/, void* found) {
    if (info->dlpi_name == nullptr || strstr(info->dlpi_name, "libpaho-mqtt3a") == nullptr) return 0;
    auto* range = static_cast<Range*>(found);
    range->from = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const unsigned long end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
        if (end > range->to) range->to = end;
    }
    return 1;
}

const Range& paho() {
    static const Range range = [] {
        Range found;
        dl_iterate_phdr(find_paho, &found);
        return found;
    }();
    return range;
}

/// State of the first thread at one moment. `waits`: how often it gave up the processor by itself.
struct Moment {
    long wall_us = 0, cpu_us = 0, waits = 0;

    static Moment now() {
        const auto us = [](clockid_t clock) {
            timespec time{};
            clock_gettime(clock, &time);
            return time.tv_sec * 1'000'000 + time.tv_nsec / 1000;
        };
        rusage usage{};
        getrusage(RUSAGE_THREAD, &usage);
        return {us(CLOCK_MONOTONIC), us(CLOCK_THREAD_CPUTIME_ID), usage.ru_nvcsw};
    }
};

Moment pass_began;  // for the first thread

void end_pass() {
    char path[512], line[96];
    if (pass_began.wall_us == 0 || path_to(path, sizeof path, "passes") == nullptr || !there(path)) return;
    const Moment now = Moment::now();
    const int size = snprintf(line, sizeof line, "%ld %ld %ld\n", now.wall_us - pass_began.wall_us,
                              now.cpu_us - pass_began.cpu_us, now.waits - pass_began.waits);
    append(path, line, static_cast<std::size_t>(size));
}

}  // namespace

#define REAL(name) static const auto call = real(&name, #name)

extern "C" {

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    REAL(sendmsg);
    const char* to = unix_path(static_cast<const sockaddr*>(message->msg_name), message->msg_namelen);
    const char* manager = getenv("NOTIFY_SOCKET");
    if (manager != nullptr && strcmp(to, manager) == 0) caught("notify");
    if (strcmp(to, "/run/systemd/journal/socket") != 0) return call(fd, message, flags);
    caught("journal");
    char log[512];
    ssize_t size = 0;
    for (std::size_t i = 0; i < message->msg_iovlen; ++i) {
        const iovec& part = message->msg_iov[i];
        size += static_cast<ssize_t>(part.iov_len);
        if (path_to(log, sizeof log, "journal.log") != nullptr)
            append(log, static_cast<const char*>(part.iov_base), part.iov_len);
    }
    return size;
}

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
    REAL(getaddrinfo);
    unsigned char numeric[sizeof(in6_addr)];
    if (host == nullptr || inet_pton(AF_INET, host, numeric) == 1 || inet_pton(AF_INET6, host, numeric) == 1)
        return call(host, service, hints, result);
    if (caught("getaddrinfo", host)) return EAI_AGAIN;
    return call(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, service, hints, result);
}

int open(const char* path, int flags, ...) {
    REAL(open);
    va_list rest;
    va_start(rest, flags);
    const unsigned mode = va_arg(rest, unsigned);
    va_end(rest);
    if (caught("open", path)) {
        errno = EIO;
        return -1;
    }
    return call(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    REAL(open64);
    va_list rest;
    va_start(rest, flags);
    const unsigned mode = va_arg(rest, unsigned);
    va_end(rest);
    if (caught("open", path)) {
        errno = EIO;
        return -1;
    }
    return call(path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
    REAL(fopen);
    return caught("open", path) ? nullptr : call(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
    REAL(fopen64);
    return caught("open", path) ? nullptr : call(path, mode);
}

ssize_t read(int fd, void* room, size_t size) {
    REAL(read);
    if (is_file(fd)) caught("read");
    return call(fd, room, size);
}

ssize_t pread64(int fd, void* room, size_t size, off64_t from) {
    REAL(pread64);
    if (is_file(fd)) caught("read");
    return call(fd, room, size, from);
}

int fsync(int fd) {
    REAL(fsync);
    caught("fsync");
    return call(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    caught("fsync");
    return call(fd);
}

int connect(int fd, const sockaddr* address, socklen_t size) {
    REAL(connect);
    if (address->sa_family != AF_UNIX) caught("connect");
    return call(fd, address, size);
}

int poll(pollfd* fds, nfds_t count, int timeout) {
    REAL(poll);
    if (syscall(SYS_gettid) != getpid()) return call(fds, count, timeout);
    end_pass();
    const int ready = call(fds, count, timeout);
    const int error = errno;
    pass_began = Moment::now();
    errno = error;
    return ready;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument) noexcept {
    REAL(pthread_create);
    return caught("thread") ? EAGAIN : call(thread, attributes, body, argument);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    REAL(pthread_mutex_lock);
    const auto from = reinterpret_cast<unsigned long>(__builtin_return_address(0));
    if (from >= paho().from && from < paho().to) caught("mutex");
    return call(mutex);
}

}  // extern "C"
