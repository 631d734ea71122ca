// Real sockets: a server with every known misbehavior, and libmodbus's own. The words are colored (value = address), so an answer
// that belongs to another request is recognizable.
#include "drivers/modbus/transport.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <numeric>

#include "drivers/source.hpp"
#include "tests/fakes/byte_server.hpp"
#include "tests/fakes/modbus_server.hpp"

using namespace volt;
using namespace volt::modbus;
using fakes::Asked;
using fakes::ByteServer;
using fakes::Script;

namespace {

constexpr Duration limit = 300ms;

using Words = std::vector<std::uint16_t>;

struct Client {
    explicit Client(int port, Framing framing = Framing::tcp, Duration gap = 0ms)
        : transport(make_transport({"127.0.0.1", port, framing, limit, gap}, stop)) {}

    Result<Words> read(std::uint16_t address, std::uint16_t count = 2, int unit = 1) {
        if (auto failure = transport->connect()) return *failure;
        return transport->read(unit, {address, count});
    }

    StopEvent stop;
    std::unique_ptr<Transport> transport;
};

Words coloured(std::uint16_t address, std::uint16_t count = 2) {
    Words words(count);
    std::iota(words.begin(), words.end(), address);
    return words;
}

/// Checks recovery: the first request of each round meets the fault, and all later ones must return the right register's words.
void check_heals(Framing framing, const ByteServer::Answering& fault, Fault expected) {
    ByteServer server({}, framing);
    Client client(server.port(), framing);
    for (std::uint16_t round = 0; round < 3; ++round) {
        const std::uint16_t address = static_cast<std::uint16_t>(100 * (round + 1));
        server.answer(fault);
        const Time start = monotonic_now();
        const auto bad = client.read(address);
        CHECK(monotonic_now() - start < limit + 3s);
        REQUIRE_FALSE(bad.ok());
        CHECK(bad.failure().fault == expected);
        CHECK(client.transport->connected() == (expected != Fault::reconnect));
        server.answer({});
        for (std::uint16_t next = 1; next <= 4; ++next) {
            const auto good = client.read(static_cast<std::uint16_t>(address + 10 * next));
            REQUIRE(good.ok());
            CHECK(good.value() == coloured(static_cast<std::uint16_t>(address + 10 * next)));
        }
    }
}

Script pieces(std::vector<fakes::Piece> list, bool close = false) { return {std::move(list), close}; }

Asked with_transaction(Asked asked, int difference) {
    asked.transaction = static_cast<std::uint16_t>(asked.transaction + difference);
    return asked;
}

Asked with_unit(Asked asked, std::uint8_t unit) {
    asked.unit = unit;
    return asked;
}

}  // namespace

TEST_CASE("reads the requested words over one connection") {
    ByteServer server;
    Client client(server.port());
    for (const std::uint16_t count : Words{1, 2, 31, 125}) {
        const auto words = client.read(840, count);
        REQUIRE(words.ok());
        CHECK(words.value() == coloured(840, count));
    }
    CHECK(client.read(65'535, 1).value() == Words{65'535});
    CHECK(server.connections() == 1);
}

TEST_CASE("a late reply never answers the next request") {
    check_heals(
        Framing::tcp,
        [](const Asked& asked) {
            return pieces({{fakes::good_reply(asked), limit + 100ms}});
        },
        Fault::reconnect);
}

TEST_CASE("recovers from silence") {
    check_heals(
        Framing::tcp, [](const Asked&) { return Script{}; }, Fault::reconnect);
}

TEST_CASE("detects a connection closed before any byte as turned away") {
    ByteServer server;
    Client client(server.port());
    const auto closing = [](const Asked&) { return pieces({}, true); };
    server.answer(closing);
    CHECK_FALSE(client.read(100).ok());
    CHECK(client.transport->turned_away());
    server.answer({});
    CHECK(client.read(100).ok());
    CHECK_FALSE(client.transport->turned_away());
    server.answer(closing);
    CHECK_FALSE(client.read(100).ok());
    CHECK_FALSE(client.transport->turned_away());
    server.answer([](const Asked&) { return Script{}; });
    CHECK_FALSE(client.read(100).ok());
    CHECK_FALSE(client.transport->turned_away());
    server.answer(closing);
    CHECK_FALSE(client.read(100).ok());
    CHECK(client.transport->turned_away());
}

TEST_CASE("refuses a wrong transaction id with good content") {
    check_heals(
        Framing::tcp, [](const Asked& asked) { return fakes::answer_with(fakes::good_reply(with_transaction(asked, -1))); },
        Fault::reconnect);
}

TEST_CASE("refuses a wrong unit id") {
    check_heals(
        Framing::tcp, [](const Asked& asked) { return fakes::answer_with(fakes::good_reply(with_unit(asked, 2))); },
        Fault::reconnect);
}

TEST_CASE("refuses a wrong byte count") {
    check_heals(
        Framing::tcp,
        [](const Asked& asked) { return fakes::answer_with(fakes::framed(asked, fakes::coloured_pdu(asked.address, 1))); },
        Fault::reconnect);
    check_heals(
        Framing::tcp,
        [](const Asked& asked) { return fakes::answer_with(fakes::framed(asked, fakes::coloured_pdu(asked.address, 3))); },
        Fault::reconnect);
}

TEST_CASE("refuses a longer MBAP length than the function needs") {
    check_heals(
        Framing::tcp,
        [](const Asked& asked) {
            Bytes pdu = fakes::coloured_pdu(asked.address, asked.count);
            pdu.insert(pdu.end(), 4, 0);
            return fakes::answer_with(fakes::framed(asked, pdu));
        },
        Fault::reconnect);
}

TEST_CASE("a drip of bytes ends at the deadline") {
    check_heals(
        Framing::tcp,
        [](const Asked& asked) {
            Script script;
            for (const std::uint8_t byte : fakes::good_reply(asked)) script.pieces.push_back({{byte}, 40ms});
            return script;
        },
        Fault::reconnect);
}

TEST_CASE("recovers from a close in the middle or before any byte") {
    check_heals(
        Framing::tcp,
        [](const Asked& asked) {
            Bytes half = fakes::good_reply(asked);
            half.resize(9);
            return pieces({{half, 0ms}}, true);
        },
        Fault::reconnect);
    check_heals(
        Framing::tcp, [](const Asked&) { return pieces({}, true); }, Fault::reconnect);
}

TEST_CASE("exceptions keep the connection") {
    const auto exception = [](std::uint8_t code) {
        return [code](const Asked& asked) { return fakes::answer_with(fakes::exception_reply(asked, code)); };
    };
    check_heals(Framing::tcp, exception(10), Fault::absent);
    check_heals(Framing::tcp, exception(11), Fault::absent);
    check_heals(Framing::tcp, exception(2), Fault::unsupported);
    check_heals(Framing::tcp, exception(6), Fault::retry);
}

TEST_CASE("joins a reply in segments") {
    ByteServer server([](const Asked& asked) {
        const Bytes all = fakes::good_reply(asked);
        Script script;
        for (std::size_t at = 0; at < all.size(); at += 3) {
            const std::size_t end = std::min(at + 3, all.size());
            script.pieces.push_back({Bytes(&all[at], &all[at] + (end - at)), 5ms});
        }
        return script;
    });
    Client client(server.port());
    for (const std::uint16_t address : Words{300, 400, 500}) CHECK(client.read(address).value() == coloured(address));
    CHECK(server.connections() == 1);
}

TEST_CASE("the second of two replies in a segment answers nothing") {
    for (const int difference : {0, 1}) {  // a copy of the first, and one with the next transaction id
        ByteServer server([difference](const Asked& asked) {
            Bytes both = fakes::good_reply(asked);
            const Bytes second = fakes::good_reply(with_transaction(asked, difference));
            both.insert(both.end(), second.begin(), second.end());
            return fakes::answer_with(both);
        });
        Client client(server.port());
        for (const std::uint16_t address : Words{300, 400, 500}) { CHECK(client.read(address).value() == coloured(address)); }
        CHECK(server.connections() == 3);
    }
    // The other order: the reply to another request first.
    check_heals(
        Framing::tcp,
        [](const Asked& asked) {
            Bytes both = fakes::good_reply(with_transaction(asked, -1));
            const Bytes second = fakes::good_reply(asked);
            both.insert(both.end(), second.begin(), second.end());
            return fakes::answer_with(both);
        },
        Fault::reconnect);
}

TEST_CASE("bytes after an exception never answer another request") {
    for (const auto& [framing, more] : {std::pair{Framing::tcp, 11}, {Framing::rtu, 9}, {Framing::tcp, 1}, {Framing::rtu, 1}}) {
        ByteServer server(
            [more = more](const Asked& asked) {
                Bytes both = fakes::exception_reply(asked, 6);
                const Bytes second = fakes::good_reply(with_transaction(asked, 1));
                both.insert(both.end(), second.begin(), second.begin() + more);
                return fakes::answer_with(both);
            },
            framing);
        Client client(server.port(), framing);
        for (const std::uint16_t address : Words{300, 400, 500}) {
            CHECK(client.read(address).failure().fault == Fault::retry);
            CHECK_FALSE(client.transport->connected());
        }
        CHECK(server.connections() == 3);
    }
}

TEST_CASE("RTU: a reply without an id never answers another request") {
    const Framing rtu = Framing::rtu;
    check_heals(
        rtu,
        [](const Asked& asked) {
            return pieces({{fakes::good_reply(asked), limit + 100ms}});
        },
        Fault::reconnect);
    check_heals(
        rtu, [](const Asked&) { return Script{}; }, Fault::reconnect);
    check_heals(
        rtu,
        [](const Asked& asked) {
            Bytes bytes = fakes::good_reply(asked);
            bytes.insert(bytes.begin(), 17, 0x79);
            return fakes::answer_with(bytes);
        },
        Fault::reconnect);
    check_heals(
        rtu,
        [](const Asked& asked) {
            Bytes bytes = fakes::good_reply(asked);
            bytes[4] = static_cast<std::uint8_t>(bytes[4] ^ 1U);
            return fakes::answer_with(bytes);
        },
        Fault::reconnect);
    check_heals(
        rtu, [](const Asked& asked) { return fakes::answer_with(fakes::framed(asked, fakes::coloured_pdu(asked.address, 1))); },
        Fault::reconnect);
    check_heals(
        rtu, [](const Asked& asked) { return fakes::answer_with(fakes::good_reply(with_unit(asked, 9))); }, Fault::reconnect);
    check_heals(
        rtu, [](const Asked& asked) { return fakes::answer_with(fakes::exception_reply(asked, 11)); }, Fault::absent);

    ByteServer server(
        [](const Asked& asked) {  // a copy after each reply
            Bytes twice = fakes::good_reply(asked);
            twice.insert(twice.end(), twice.begin(), twice.end());
            return fakes::answer_with(twice);
        },
        rtu);
    Client client(server.port(), rtu);
    for (const std::uint16_t address : Words{300, 400, 500}) CHECK(client.read(address).value() == coloured(address));
}

TEST_CASE("RTU: skips bytes before each reply, and reports them") {
    const auto echo = [](const Asked& asked) { return asked.bytes; };
    const auto stray = [](const Asked&) { return Bytes{0x00}; };
    const auto most = [](const Asked& asked) { return Bytes(16, asked.unit); };
    const std::vector<std::pair<std::function<Bytes(const Asked&)>, std::string>> cases{
        {echo, "8 bytes before"}, {stray, "1 byte before"}, {most, "16 bytes before"}};
    for (const auto& [before, text] : cases) {
        for (const Duration wait : {0ms, 20ms}) {
            ByteServer server(
                [&, before = before](const Asked& asked) {
                    const Bytes reply = asked.address == 500 ? fakes::exception_reply(asked, 6) : fakes::good_reply(asked);
                    if (wait > 0ms) return pieces({{before(asked)}, {reply, wait}});
                    Bytes all = before(asked);
                    all.insert(all.end(), reply.begin(), reply.end());
                    return fakes::answer_with(all);
                },
                Framing::rtu);
            Client client(server.port(), Framing::rtu);
            CHECK(client.read(300, 31).value() == coloured(300, 31));
            CHECK(client.read(500).failure().fault == Fault::retry);
            CHECK(client.transport->remark().empty());
            // The first bytes of this request could be those of a reply.
            CHECK(client.read(0x0203, 1).value() == coloured(0x0203, 1));
            CHECK(client.transport->remark().starts_with(text));
            CHECK(server.connections() == 1);
            server.answer({});
            CHECK(client.read(300).ok());
            CHECK(client.transport->remark().empty());
        }
    }
}

TEST_CASE("bytes from a gateway after a connect are not an answer") {
    for (const Framing framing : {Framing::tcp, Framing::rtu}) {
        for (const Duration late : {0ms, 50ms}) {
            ByteServer server({}, framing);
            server.greet(Bytes(36, 0x2A), late);
            Client client(server.port(), framing);
            int good = 0;
            for (int i = 0; i < 4; ++i) good += client.read(300).ok() ? 1 : 0;
            CHECK(good >= 3);  // a late one costs one request
        }
    }
}

TEST_CASE("a client gets nothing from a server with the other framing") {
    ByteServer server([](const Asked&) { return Script{}; }, Framing::rtu);
    Client client(server.port());
    CHECK(client.read(1).failure().fault == Fault::reconnect);
}

TEST_CASE("refuses impossible unit ids before sending") {
    ByteServer server;
    Client tcp(server.port());
    CHECK(tcp.read(1, 1, 256).failure().fault == Fault::refused);
    CHECK(tcp.read(1, 1, -1).failure().fault == Fault::refused);
    CHECK(tcp.read(1, 1, 255).ok());
    ByteServer serial({}, Framing::rtu);
    Client rtu(serial.port(), Framing::rtu);
    CHECK(rtu.read(1, 1, 248).failure().fault == Fault::refused);
    CHECK(rtu.read(1, 1, 247).ok());
    CHECK(server.requests() == 1);
}

TEST_CASE("keeps the gap between a reply and the next request") {
    ByteServer server;
    Client client(server.port(), Framing::tcp, 60ms);
    CHECK(client.read(1).ok());
    const Time after_first = monotonic_now();
    CHECK(client.read(2).ok());
    CHECK(monotonic_now() - after_first >= 59ms);
}

TEST_CASE("stop ends a read at once") {
    ByteServer server([](const Asked&) { return Script{}; });
    StopEvent stop;
    const auto transport = make_transport({"127.0.0.1", server.port(), Framing::tcp, 1h, 0ms}, stop);
    REQUIRE_FALSE(transport->connect());
    std::thread setter([&] {
        while (server.requests() == 0) std::this_thread::yield();
        stop.set();
    });
    CHECK(transport->read(1, {1, 1}).failure().text == "stopped");
    setter.join();
}

TEST_CASE("works with libmodbus's server: units, holes and absent ones") {
    fakes::ModbusServer server;
    server.window(100, 840, coloured(840, 7));
    server.window(100, 808, coloured(808, 19));
    server.window(225, 258, coloured(258, 9));
    Client client(server.port());
    CHECK(client.read(840, 7, 100).value() == coloured(840, 7));
    CHECK(client.read(258, 9, 225).value() == coloured(258, 9));
    CHECK(client.read(826, 2, 100).failure().fault == Fault::unsupported);
    CHECK(client.read(258, 1, 226).failure().fault == Fault::absent);
    CHECK(client.transport->connected());
    CHECK(client.read(808, 19, 100).value() == coloured(808, 19));
}

TEST_CASE("reconnecting leaks no descriptor") {
    const auto lowest_free = [] {
        const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(descriptor);
        return descriptor;
    };
    StopEvent stop;
    const int before = lowest_free();
    {
        const auto nobody = make_transport({"127.0.0.1", 1, Framing::tcp, limit, 0ms}, stop);
        for (int i = 0; i < 50; ++i) CHECK(nobody->connect());
        CHECK(lowest_free() == before);
    }
    CHECK(lowest_free() == before);
}
