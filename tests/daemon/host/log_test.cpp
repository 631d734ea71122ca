#include "daemon/host/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "tests/daemon/captured.hpp"

using namespace volt;
using namespace volt::testing;

TEST_CASE("skips levels below the configured one") {
    Log log(Level::info);
    const std::string text = captured(log, [&] {
        log.write(Level::debug, "too much");
        log.write(Level::info, "just right");
    });
    CHECK(text.find("too much") == std::string::npos);
    CHECK(text.find("just right\n") != std::string::npos);
    CHECK(text.find("info") != std::string::npos);
}

TEST_CASE("logs one line per fault in five minutes, with a count") {
    Log log(Level::info);
    const std::string text = captured(log, [&] {
        for (int i = 0; i < 300; ++i) log.write_limited(std::chrono::seconds{i}, "gx", Level::warning, "no answer");
        log.write_limited(300s, "gx", Level::warning, "no answer");
        log.write_limited(300s, "sol_ark", Level::warning, "refused");
    });
    CHECK(text.find("no answer\n") != std::string::npos);
    CHECK(text.find("no answer (299 more since the last such line)\n") != std::string::npos);
    CHECK(text.find("refused\n") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("does not block on a reader that stops reading") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    const int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    Log log(Level::info);
    for (int i = 0; i < 500; ++i) log.write(Level::info, "a line of some length that nobody takes from the pipe");
    log.write(Level::info, std::string(10000, 'x'));
    CHECK(log.drain(30s));
    dup2(kept, STDERR_FILENO);
    for (const int fd : {kept, ends[0], ends[1]}) close(fd);
}

TEST_CASE("bounds a hanging journal's queue and counts lost lines") {
    std::mutex mutex;
    std::condition_variable wake;
    bool hangs = true;
    std::size_t begun = 0;
    std::vector<std::string> written;
    {
        LogWriter writer([&](const LogLine& line) {
            std::unique_lock lock(mutex);
            ++begun;
            wake.notify_all();
            wake.wait(lock, [&] { return !hangs; });
            written.push_back(line.text);
        });
        writer.put({Level::info, "the first", {}});
        {
            std::unique_lock lock(mutex);
            wake.wait(lock, [&] { return begun == 1; });
        }
        for (std::size_t i = 0; i < LogWriter::most_lines + 7; ++i) writer.put({Level::info, std::to_string(i), {}});
        CHECK_FALSE(writer.drain(0s));
        {
            const std::lock_guard lock(mutex);
            hangs = false;
        }
        wake.notify_all();
        CHECK(writer.drain(30s));
    }
    REQUIRE(written.size() == LogWriter::most_lines + 2);
    CHECK(written[0] == "the first");
    CHECK(written[1] == "7 log lines are missing here: the journal was too slow");
    CHECK(written[2] == "7");
    CHECK(written.back() == std::to_string(LogWriter::most_lines + 6));
}

TEST_CASE("drops a single line without memory for it") {
    std::vector<std::string> written;
    LogWriter writer([&](const LogLine& line) {
        if (line.text == "bad") throw std::bad_alloc();
        written.push_back(line.text);
    });
    for (const char* text : {"one", "bad", "two"}) writer.put({Level::info, text, {}});
    CHECK(writer.drain(30s));
    CHECK(written == std::vector<std::string>{"one", "two"});
}
