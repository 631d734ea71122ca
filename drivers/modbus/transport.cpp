#include "drivers/modbus/transport.hpp"

#include <algorithm>

#include "drivers/modbus/connection.hpp"
#include "drivers/modbus/frame.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

constexpr int replies_to_remark = 3;
constexpr Duration greeting = 200ms;  // for bytes that a gateway sends after a connect

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
        heard_ = answered_ = false;
        auto failure = connection_.open(timeout_);
        fresh_ = !failure;
        if (fresh_ && greeted_) stop_.wait_until(monotonic_now() + greeting);
        return failure;
    }

    bool connected() override {
        if (fresh_) connection_.drop_waiting();  // no request was sent yet
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

    std::string remark() const override {
        if (in_a_row_ < replies_to_remark) return {};
        return std::to_string(before_) + (before_ == 1 ? " byte" : " bytes") +
               " before each reply: an echo of the request (switch it off in the gateway), a line without bias resistors, or the "
               "gateway's registration packet";
    }

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
        if (lost && heard_) greeted_ = !answered_;
        answered_ = answered_ || !lost;
        if (spoilt_ || lost) connection_.close();
        return words;
    }

    Result<std::vector<std::uint16_t>> exchange(const Request& request, Time deadline) {
        if (!connected()) return Failure{Fault::reconnect, "connection lost"};
        spoilt_ = fresh_ = false;
        const std::uint16_t transaction = ++transaction_;
        if (auto failure = connection_.send(frame_->encode(request, transaction), deadline)) return *failure;
        auto reply = receive(request, transaction, deadline);
        if (!reply) return reply.failure();
        const auto pdu = frame_->pdu(reply.value());
        if (!pdu) return pdu.failure();
        return understand(pdu.value(), request);
    }

    /// Receives the bytes of one reply, and judges each piece as it comes. Bytes after the reply are unsolicited and spoil the
    /// connection.
    Result<Bytes> receive(const Request& request, std::uint16_t transaction, Time deadline) {
        const std::size_t most = frame_->whole(request) + frame_->most_before();
        Bytes got;
        got.reserve(most);
        while (true) {  // each iteration adds a byte or more to at most 276, or ends
            const auto found = find_reply(*frame_, got, request, transaction);
            if (!found) return found.failure();
            if (found.value()) return taken(got, *found.value());
            if (auto failure = connection_.receive(got, most, deadline)) return why_none(got, request, transaction, *failure);
            heard_ = true;
        }
    }

    Bytes taken(const Bytes& got, const ReplyPlace& place) {
        in_a_row_ = place.at == 0 ? 0 : place.at == before_ ? in_a_row_ + 1 : 1;
        before_ = place.at;
        const ByteView all(got);
        spoilt_ = all.size() > place.at + place.size;
        const ByteView reply = all.subspan(place.at, place.size);
        return {reply.begin(), reply.end()};
    }

    /// Returns the failure without a reply. The received bytes are more specific than the timeout.
    Failure why_none(const Bytes& got, const Request& request, std::uint16_t transaction, const Failure& end) const {
        if (got.empty()) return end;
        const auto size = frame_->size(got, request, transaction);
        if (!size) return size.failure();
        if (got.size() < size.value()) return end;
        const auto pdu = frame_->pdu(ByteView(got).first(size.value()));
        return pdu ? end : pdu.failure();
    }

    TcpConnection connection_;
    std::unique_ptr<Frame> frame_;
    const StopEvent& stop_;
    Duration timeout_, gap_;
    std::vector<Writable> writable_;
    Time quiet_until_{};
    bool spoilt_ = false;     ///< more bytes came than the last reply
    bool fresh_ = false;      ///< connected, and no request sent yet
    bool heard_ = false;      ///< a byte arrived on this connection
    bool answered_ = false;   ///< a reply arrived on this connection
    bool greeted_ = false;    ///< bytes that answer nothing came first on the last connection that sent any
    std::size_t before_ = 0;  ///< bytes before the last reply
    int in_a_row_ = 0;        ///< consecutive replies with as many
    bool turned_away_ = false;
    std::uint16_t transaction_ = 0;  ///< continues across reconnects
};

}  // namespace

std::unique_ptr<Transport> make_transport(const Endpoint& endpoint, const StopEvent& stop) {
    return std::make_unique<StreamTransport>(endpoint, stop);
}

}  // namespace volt::modbus
