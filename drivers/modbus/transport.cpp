#include "drivers/modbus/transport.hpp"

#include <algorithm>

#include "drivers/modbus/connection.hpp"
#include "drivers/modbus/frame.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

class StreamTransport : public Transport {
public:
    StreamTransport(const Endpoint& endpoint, const StopEvent& stop)
        : connection_(endpoint.host, endpoint.port, stop),
          frame_(make_frame(endpoint.framing)),
          stop_(stop),
          timeout_(endpoint.timeout),
          gap_(endpoint.gap),
          writable_(endpoint.writable) {}

    std::optional<Failure> connect() override {
        if (connected()) return std::nullopt;
        heard_ = false;
        return connection_.open(timeout_);
    }

    bool connected() override {
        if (connection_.is_open() && !connection_.is_clean()) connection_.close();
        return connection_.is_open();
    }

    void close() override { connection_.close(); }

    Result<std::vector<std::uint16_t>> read(int unit, Stretch stretch) override {
        if (auto failure = unaskable(unit)) return *failure;
        return ask(read_request(static_cast<std::uint8_t>(unit), stretch));
    }

    std::optional<Failure> write(int unit, std::uint16_t address, std::uint16_t value) override {
        const auto place = std::find_if(writable_.begin(), writable_.end(),
                                        [&](const Writable& one) { return one.unit == unit && one.address == address; });
        if (place == writable_.end()) return Failure{Fault::refused, "this register is read-only"};
        if (auto failure = unaskable(unit)) return failure;
        const auto id = static_cast<std::uint8_t>(unit);
        const auto answer =
            ask(place->function == 16 ? write_many_request(id, address, {&value, 1}) : write_one_request(id, address, value));
        return answer ? std::nullopt : std::optional(answer.failure());
    }

    bool turned_away() const override { return turned_away_; }

private:
    std::optional<Failure> unaskable(int unit) const {
        if (unit >= 0 && unit <= frame_->last_unit()) return std::nullopt;
        return Failure{Fault::refused, "unit id " + std::to_string(unit) + " is not valid"};
    }

    Result<std::vector<std::uint16_t>> ask(const Request& request) {
        stop_.wait_until(quiet_until_);
        const Time deadline = monotonic_now() + timeout_;
        auto words = exchange(request, deadline);
        const Time end = monotonic_now();
        quiet_until_ = end + gap_;
        const bool lost = !words && words.failure().fault == Fault::reconnect;
        turned_away_ = lost && !heard_ && end < deadline;
        if (spoilt_ || lost) connection_.close();
        return words;
    }

    Result<std::vector<std::uint16_t>> exchange(const Request& request, Time deadline) {
        if (!connected()) return Failure{Fault::reconnect, "connection lost"};
        spoilt_ = false;
        const std::uint16_t transaction = ++transaction_;
        if (auto failure = connection_.send(frame_->encode(request, transaction), deadline)) return *failure;
        auto reply = receive(request, transaction, deadline);
        if (!reply) return reply.failure();
        const auto pdu = frame_->pdu(reply.value());
        if (!pdu) return pdu.failure();
        return understand(pdu.value(), request);
    }

    /// The bytes of one reply; each piece is judged as it comes. No more is taken from the socket than a good reply has:
    /// bytes after an exception, which is shorter, are unsolicited and spoil the connection.
    Result<Bytes> receive(const Request& request, std::uint16_t transaction, Time deadline) {
        const std::size_t whole = frame_->whole(request);
        Bytes got;
        got.reserve(whole);
        while (true) {  // each turn adds a byte or more to at most 260, or ends
            const auto size = frame_->size(got, request, transaction);
            if (!size) return size.failure();
            if (got.size() >= size.value()) {
                spoilt_ = got.size() > size.value();
                got.resize(size.value());
                return got;
            }
            if (auto failure = connection_.receive(got, whole, deadline)) return *failure;
            heard_ = true;
        }
    }

    TcpConnection connection_;
    std::unique_ptr<Frame> frame_;
    const StopEvent& stop_;
    Duration timeout_, gap_;
    std::vector<Writable> writable_;
    Time quiet_until_{};
    bool spoilt_ = false;  ///< more came than the last reply
    bool heard_ = false;   ///< a byte came on this connection
    bool turned_away_ = false;
    std::uint16_t transaction_ = 0;  ///< continues across reconnects
};

}  // namespace

std::unique_ptr<Transport> make_transport(const Endpoint& endpoint, const StopEvent& stop) {
    return std::make_unique<StreamTransport>(endpoint, stop);
}

}  // namespace volt::modbus
