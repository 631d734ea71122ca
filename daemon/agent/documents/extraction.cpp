#include "daemon/agent/documents/extraction.hpp"

#include <unistd.h>

#include <csignal>
#include <vector>

#include "drivers/documents/sandbox.hpp"

namespace volt::agent {

namespace {

using documents::ReaderEnd;

constexpr std::size_t most_own_bytes = std::size_t{1} << 20;  ///< of a manual page

std::string reason_of(const documents::ReaderExit& exit) {
    switch (exit.end) {
        case ReaderEnd::cpu_limit: return "more than " + std::to_string(documents::most_reader_cpu_s) + " s of processor time";
        case ReaderEnd::time_limit: return "more than " + std::to_string(documents::most_reader_time.count()) + " s";
        case ReaderEnd::output_limit: return "more than " + std::to_string(documents::most_reader_output >> 20) + " MB of text";
        case ReaderEnd::not_started: return "the reader cannot be started";
        case ReaderEnd::crashed:
            if (exit.signal == SIGXFSZ) return "it unpacks into too many bytes";
            if (exit.signal != 0) return "the reader crashed (signal " + std::to_string(exit.signal) + ")";
            break;
        case ReaderEnd::ended:
        case ReaderEnd::stopped: break;
    }
    return "the reader crashed";
}

std::string bytes_of(int file) {
    std::string text(most_own_bytes, '\0');
    std::size_t all = 0;
    for (ssize_t got = 1; got > 0 && all<text.size(); all += got> 0 ? static_cast<std::size_t>(got) : 0)
        got = ::pread(file, text.data() + all, text.size() - all, static_cast<off_t>(all));
    text.resize(all);
    return text;
}

}  // namespace

ExtractEnd extract_file(const ExtractRequest& request, const PassageSink& sink) {
    if (request.readers == nullptr) return extract_text(request.type, bytes_of(request.file), request.title, sink);
    ::lseek(request.file, 0, SEEK_SET);
    RecordReader reader(sink);
    const documents::ReaderExit exit =
        request.readers->run({name_of(request.type), std::to_string(request.most_pages), request.title}, request.file,
                             [&](std::string_view bytes) { return reader.take(bytes); });
    if (reader.stopped()) return {ExtractOutcome::failed};
    if (exit.end == ReaderEnd::ended && exit.code == 0 && reader.end()) return *reader.end();
    return {ExtractOutcome::failed, "", 0, 0, reason_of(exit)};
}

}  // namespace volt::agent
