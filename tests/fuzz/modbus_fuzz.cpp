// The Modbus parsers with arbitrary bytes: replies in both framings as the transport takes them, and arbitrary words through
// every map and reading. Aborts if a requirement fails.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/modbus/frame.hpp"
#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/probe_yaml.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/sol_ark_registers.hpp"
#include "drivers/modbus/victron_gx.hpp"

using namespace volt;
using namespace volt::modbus;

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

/// Takes a reply like the transport: judges the bytes so far, and requests no more than a frame can hold.
void take_reply(Framing framing, const Request& request, ByteView bytes) {
    const auto frame = make_frame(framing);
    std::size_t got = 0;
    while (true) {
        const auto size = frame->size(bytes.first(got), request, 1);
        if (!size) return require(size.failure().fault == Fault::reconnect);
        require(size.value() >= got && size.value() <= 260);
        require(size.value() <= frame->whole(request));
        if (size.value() == got) break;
        if (size.value() > bytes.size()) return;
        got = size.value();
    }
    const auto pdu = frame->pdu(bytes.first(got));
    if (!pdu) return;
    const auto words = understand(pdu.value(), request);
    if (!words) return;
    require(words.value().size() == (request.pdu[0] == 3 ? (request.reply_size - 2) / 2 : 0));
}

void decode_map(std::span<const Register> map, const Answers& answers) {
    for (const Register& row : map) {
        const Decoded value = decode(row, answers);
        require(!value.good() || (value.steps >= row.low && value.steps <= row.high));
        to_text(row.unit, value.steps);
        decode_text(row, answers);
    }
}

void take_words(bool of_sol_ark, ByteView bytes) {
    std::vector<std::uint16_t> words;
    for (std::size_t i = 0; i + 1 < bytes.size() && words.size() < 125; i += 2) {
        words.push_back(static_cast<std::uint16_t>((bytes[i] << 8U) | bytes[i + 1]));
    }
    if (of_sol_ark) {
        const Answers answers{{166, words}, {0, words}, {103, words}};
        decode_map(sol_ark::map(), answers);
        sol_ark::reading(answers, {});
        remarks_about("sol_ark", 1, answers);
        return;
    }
    constexpr std::array<std::uint16_t, 9> starts{800, 808, 840, 258, 303, 318, 26, 61, 3300};
    for (const std::uint16_t address : starts) {
        const Answers answers{{address, words}};
        for (const auto map : {gx::system_map(), gx::battery_map(), gx::vebus_map(), gx::temperature_map()}) {
            decode_map(map, answers);
        }
        gx::system_reading(answers);
        gx::battery_reading(answers);
        gx::vebus_reading(answers);
        gx::temperature_reading(answers);
    }
}

}  // namespace

/// Chooses by three bytes: the target, the unit, the number of registers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const ByteView rest = ByteView(data, size).subspan(3);
    const auto count = static_cast<std::uint16_t>(1 + (data[2] + 124U) % 125);
    const std::uint16_t value = 0;
    switch (data[0] % 6) {
        case 0: take_reply(Framing::tcp, read_request(data[1], {840, count}), rest); break;
        case 1: take_reply(Framing::rtu, read_request(data[1], {183, count}), rest); break;
        case 2: take_reply(Framing::tcp, write_one_request(data[1], 2705, 0), rest); break;
        case 3: take_reply(Framing::rtu, write_many_request(data[1], 232, {&value, 1}), rest); break;
        default: take_words(data[0] % 6 == 5, rest); break;
    }
    return 0;
}
