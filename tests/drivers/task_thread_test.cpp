#include "drivers/task_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <new>
#include <vector>

using namespace volt;

TEST_CASE("tasks run in order, and an exception ends only its task") {
    std::vector<int> done;
    TaskThread thread("test", 8);
    CHECK(thread.post([&] { done.push_back(1); }));
    CHECK(thread.post([&] { throw std::bad_alloc(); }));
    CHECK(thread.post([&] { done.push_back(2); }));
    CHECK(thread.drain(30s));
    CHECK(done == std::vector<int>{1, 2});
    CHECK_FALSE(thread.without_thread());
}

TEST_CASE("a hanging task delays only later tasks") {
    auto release = std::make_shared<std::promise<void>>();
    auto begun = std::make_shared<std::promise<void>>();
    std::atomic<int> done{0};
    TaskThread thread("test", 3);
    thread.post([begun, held = release->get_future().share()] {
        begun->set_value();
        held.wait();
    });
    begun->get_future().wait();
    for (int i = 0; i < 3; ++i) CHECK(thread.post([&] { ++done; }));
    CHECK_FALSE(thread.post([&] { ++done; }));
    CHECK(thread.post_last([&] { ++done; }));
    CHECK_FALSE(thread.drain(0s));
    release->set_value();
    CHECK(thread.drain(30s));
    CHECK(done == 4);
}

TEST_CASE("abandons a permanently hanging task at the end") {
    auto never = std::make_shared<std::promise<void>>();
    {
        TaskThread thread("test", 3);
        thread.post([held = never->get_future().share()] { held.wait(); });
    }
    never->set_value();
}
