// Endpoint of a language model whose bytes the test controls: good answers, bad ones, late ones, none at all.
#pragma once

#include <poll.h>

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "drivers/modbus/stop_event.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/listener.hpp"

namespace volt::fakes {

/// Response of the endpoint to one request.
struct ModelReply {
    int status = 200;
    std::string body{};
    bool drip = false;      ///< sends byte by byte, until the client gives up
    bool cut = false;       ///< closes in the middle of the body
    std::string headers{};  ///< additional ones, each with its line end
    std::string flood{};    ///< sent after the status instead of everything else, repeatedly until the client gives up
};

/// Make a completion with a text, and one with a call.
inline std::string model_text(const std::string& text, const std::string& finish = "stop") {
    return nlohmann::json{{"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", finish}}}},
                          {"usage", {{"prompt_tokens", 7}, {"completion_tokens", 3}}}}
        .dump();
}
inline std::string model_call(const std::string& name, const nlohmann::json& arguments, int times = 1) {
    const nlohmann::json call{{"id", "same"}, {"type", "function"}, {"function", {{"name", name}, {"arguments", arguments}}}};
    const std::vector<nlohmann::json> calls(static_cast<std::size_t>(times), call);
    return nlohmann::json{
        {"choices",
         {{{"message", {{"role", "assistant"}, {"content", nullptr}, {"tool_calls", calls}}}, {"finish_reason", "tool_calls"}}}}}
        .dump();
}

/// Listens on a free port of 127.0.0.1. Each connection has one request.
class ModelServer {
public:
    using Answering = std::function<ModelReply(const nlohmann::json& request, int number)>;

    explicit ModelServer(Answering answering) : answering_(std::move(answering)), listener_(listen_anywhere(port_)) {
        thread_ = std::thread([this] { serve(); });
    }
    ~ModelServer() {
        stop_.set();
        thread_.join();
        ::close(listener_);
    }
    ModelServer(const ModelServer&) = delete;
    ModelServer& operator=(const ModelServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
    /// Return bodies and heads of the requests so far.
    std::vector<nlohmann::json> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::vector<std::string> heads() const {
        const std::lock_guard lock(mutex_);
        return heads_;
    }

private:
    void serve() {
        while (stop_.wait_for(listener_, POLLIN, monotonic_now() + 1h)) {
            const int talk = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (talk < 0) continue;
            serve_one(talk);
            ::close(talk);
        }
    }

    void serve_one(int talk) {
        std::string text;
        std::size_t body = std::string::npos, length = 0;
        while (body == std::string::npos || text.size() < body + length) {
            char room[4096];
            if (!stop_.wait_for(talk, POLLIN, monotonic_now() + 1h)) return;
            const ssize_t got = ::recv(talk, room, sizeof room, 0);
            if (got <= 0) return;
            text.append(room, static_cast<std::size_t>(got));
            const std::size_t end = text.find("\r\n\r\n"), mark = text.find("Content-Length: ");
            if (end != std::string::npos && mark != std::string::npos)
                body = end + 4, length = std::stoul(text.substr(mark + 16));
        }
        ModelReply reply;
        {
            const std::lock_guard lock(mutex_);
            heads_.push_back(text.substr(0, body));
            requests_.push_back(nlohmann::json::parse(text.substr(body), nullptr, false));
            reply = answering_(requests_.back(), static_cast<int>(requests_.size()));
        }
        send_reply(talk, reply);
    }

    void send_reply(int talk, const ModelReply& reply) {
        if (!reply.flood.empty()) return send_flood(talk, reply.flood);
        std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\nContent-Type: application/json\r\n" +
                           reply.headers + "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
        if (reply.cut) text.resize(text.size() - reply.body.size() / 2);
        const std::size_t step = reply.drip ? 1 : text.size();
        for (std::size_t at = 0; at < text.size(); at += step) {
            if (::send(talk, text.data() + at, std::min(step, text.size() - at), MSG_NOSIGNAL) < 0) return;
            if (reply.drip && stop_.wait_until(monotonic_now() + 20ms)) return;
        }
    }

    void send_flood(int talk, const std::string& piece) {
        std::string text = "HTTP/1.1 200 X";
        constexpr std::size_t block = std::size_t{64} * 1024;
        while (stop_.wait_for(talk, POLLOUT, monotonic_now() + 1h)) {
            while (text.size() < block) text += piece;
            if (::send(talk, text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
            text.clear();
        }
    }

    mutable std::mutex mutex_;
    Answering answering_;
    std::vector<nlohmann::json> requests_{};
    std::vector<std::string> heads_{};
    int port_ = 0;
    int listener_;
    modbus::StopEvent stop_;
    std::thread thread_;
};

}  // namespace volt::fakes
