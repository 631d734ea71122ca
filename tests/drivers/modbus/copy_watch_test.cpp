#include "drivers/modbus/copy_watch.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

/// Runs a minute of answers every 3 s, each with `words(second)`.
template <class Make>
CopyWatch minute_of(Make words) {
    CopyWatch watch;
    for (int s = 0; s <= 60 && !watch.is_live(); s += 3) watch.see(words(s), Time{1000s} + std::chrono::seconds{s});
    return watch;
}

Words all(int value) { return Words(31, static_cast<std::uint16_t>(value)); }

}  // namespace

TEST_CASE("an inverter is live after the second movement") {
    CopyWatch watch;
    watch.see(all(1), 0s);
    watch.see(all(2), 3s);
    CHECK_FALSE(watch.is_live());
    watch.see(all(3), 6s);
    CHECK(watch.is_live());
    CHECK(watch.verdict().empty());
}

TEST_CASE("values that move together and rarely are a logger's copy") {
    for (const int every : {24, 30, 45}) {
        const CopyWatch watch = minute_of([&](int s) { return all(s / every); });
        CHECK(watch.verdict().starts_with("this is a logger's copy, not the inverter: its values changed together, "));
    }
    const CopyWatch still = minute_of([](int) { return all(7); });
    CHECK(still.verdict().starts_with("no value moved for 60 s: a logger's copy, or an inverter whose values do not change"));
}

TEST_CASE("a quiet or mostly silent inverter is not a copy") {
    const auto quiet = [](int s) {
        Words words = all(7);
        words[3] = static_cast<std::uint16_t>(s / 30);
        return words;
    };
    CHECK(minute_of(quiet).verdict().empty());
    CopyWatch watch;
    for (int s = 0; s < 40; s += 3) watch.see(all(7), std::chrono::seconds{s});
    CHECK(watch.verdict().empty());
    CHECK(CopyWatch{}.verdict().empty());
}

TEST_CASE("the watch ends when live, when stopped, or after its time") {
    int asked = 0;
    const auto moving = [&] { return std::optional(all(++asked)); };
    CHECK(watch_for_copy(
              moving, [](Time) { return true; }, 1h)
              .empty());
    CHECK(asked == 3);
    asked = 0;
    const auto still = [&] { return ++asked, std::optional(all(1)); };
    CHECK(watch_for_copy(
              still, [&](Time) { return asked < 5; }, 1h)
              .empty());
    CHECK(asked == 5);
    CHECK(watch_for_copy([] { return std::optional<Words>(); }, [](Time) { return true; }, 20ms).empty());
}
