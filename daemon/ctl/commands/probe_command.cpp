// `voltctl probe HOST[:PORT]`: shows the answers of an unknown device. Needs no voltd, and only reads.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

#include "daemon/api/routes/register_routes.hpp"
#include "daemon/config/host_port.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/views/probe_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/modbus/copy_watch.hpp"
#include "rules/names.hpp"

namespace volt::ctl {

namespace {

struct ProbeArguments {
    std::string address, units, framing = "auto";
    int timeout_ms = 1000;
};

constexpr int default_port = 502;

Json report_json(const modbus::ProbeOptions& options, const modbus::ProbeReport& report) {
    Json json{{"host", options.host},
              {"port", options.port},
              {"framing", name_of(report.framing)},
              {"questions", report.questions},
              {"units", Json::array()},
              {"yaml", report.yaml},
              {"error", report.failure.empty() ? Json() : Json(report.failure)}};
    for (const modbus::ProbedUnit& unit : report.units) {
        Json one{{"unit", unit.unit}, {"kind", unit.kind}, {"remarks", unit.remarks}, {"registers", Json::array()}};
        for (const modbus::ProbedRow& row : unit.rows) one["registers"].push_back(api::register_json(row));
        json["units"].push_back(std::move(one));
    }
    return json;
}

/// Shows progress on a terminal in one line that it overwrites. Ctrl-C ends the probe with the results so far.
auto progress_on_stderr(const Interruptible& interrupted) {
    return [&interrupted, terminal = isatty(STDERR_FILENO) == 1](std::size_t done, std::size_t all, const std::string& what) {
        if (terminal) std::fprintf(stderr, "\r\x1b[Kasking %s (%zu of %zu)", what.c_str(), done + 1, all);
        return interrupted.wait_ms(0) != Woken::interrupted;
    };
}

int usage_error(const char* text) {
    std::fprintf(stderr, "voltctl probe: %s\n", text);
    return exit_usage;
}

int probe_device(const ProbeArguments& arguments, bool json) {
    modbus::ProbeOptions options;
    const HostPort address = split_host_port(arguments.address);
    const bool bracketed = arguments.address.starts_with('[');
    const bool port_wanted = arguments.address.find(':', bracketed ? arguments.address.find(']') : 0) != std::string::npos;
    if (address.host.empty() || (port_wanted && !address.port)) {
        return usage_error("the address is HOST, HOST:PORT or [IPV6]:PORT, the port 1 to 65535");
    }
    if (const std::string wrong = wrong_numbers(address.host); !wrong.empty())
        return usage_error((address.host + ": " + wrong).c_str());
    options.host = address.host;
    options.port = address.port.value_or(default_port);
    options.timeout = Duration(arguments.timeout_ms);
    options.framing = parse<Framing>(arguments.framing);
    if (!arguments.units.empty()) {
        const auto units = units_of(arguments.units);
        if (!units) return usage_error("--units takes ids of 0 to 255, such as 100,225-230");
        options.units = *units;
    }
    options.watch = modbus::CopyWatch::lasts;
    const Interruptible interrupted;
    options.progress = progress_on_stderr(interrupted);
    const modbus::ProbeReport report = modbus::probe(options);
    if (isatty(STDERR_FILENO) == 1) std::fprintf(stderr, "\r\x1b[K");
    if (json) std::printf("%s\n", report_json(options, report).dump(2).c_str());
    else if (!report.units.empty()) std::fputs(probe_page(report, paint_for_output().on).c_str(), stdout);
    if (!report.units.empty()) return exit_ok;
    std::fprintf(stderr, "voltctl probe: %s port %d: %s\n", options.host.c_str(), options.port, report.failure.c_str());
    return exit_failed;
}

}  // namespace

void add_probe(Program& program) {
    CLI::App* part = add_shown(program.app, program, "probe", "read and decode the registers of a GX or Sol-Ark (read-only)");
    const auto arguments = std::make_shared<ProbeArguments>();
    part->add_option("address", arguments->address, "the device; the port is 502 unless given")
        ->type_name("HOST[:PORT]")
        ->required();
    part->add_option("--units", arguments->units, "unit or slave ids to query, such as 100,225-230 (default: the usual ones)")
        ->type_name("LIST");
    part->add_option("--framing", arguments->framing, "auto, tcp, or rtu (raw RTU frames in the stream)")
        ->check(CLI::IsMember({"auto", "tcp", "rtu"}))
        ->capture_default_str();
    part->add_option("--timeout", arguments->timeout_ms, "timeout for one answer")
        ->type_name("MS")
        ->check(CLI::Range(50, 10000))
        ->capture_default_str();
    on(part, program, [&program, arguments] { return probe_device(*arguments, program.json); });
}

}  // namespace volt::ctl
