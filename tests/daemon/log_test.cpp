#include "daemon/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <algorithm>
#include <cstdio>
#include <string>

using namespace volt;

namespace {

/// What is written to stderr while `act` runs.
template <class Act>
std::string captured(Act act) {
    std::fflush(stderr);
    std::FILE* file = std::tmpfile();
    const int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    act();
    std::fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    std::rewind(file);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
}

}  // namespace

TEST_CASE("levels below the set one are not written") {
    Log log(Level::info);
    const std::string text = captured([&] {
        log.write(Level::debug, "too much");
        log.write(Level::info, "just right");
    });
    CHECK(text.find("too much") == std::string::npos);
    CHECK(text.find("just right\n") != std::string::npos);
    CHECK(text.find("info") != std::string::npos);
}

TEST_CASE("one line for a fault in five minutes, with the count of those left out") {
    Log log(Level::info);
    const std::string text = captured([&] {
        for (int i = 0; i < 300; ++i) log.write_limited(std::chrono::seconds{i}, "gx", Level::warning, "no answer");
        log.write_limited(300s, "gx", Level::warning, "no answer");
        log.write_limited(300s, "sol_ark", Level::warning, "refused");
    });
    CHECK(text.find("no answer\n") != std::string::npos);
    CHECK(text.find("no answer (299 more since the last such line)\n") != std::string::npos);
    CHECK(text.find("refused\n") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("a reader that does not read does not stop the writer") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    const int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    Log log(Level::info);
    for (int i = 0; i < 500; ++i) log.write(Level::info, "a line of some length that nobody takes from the pipe");
    log.write(Level::info, std::string(10000, 'x'));
    dup2(kept, STDERR_FILENO);
    for (const int fd : {kept, ends[0], ends[1]}) close(fd);
}
