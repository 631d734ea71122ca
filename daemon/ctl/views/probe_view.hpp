// A probe's report as a page of text.
#pragma once

#include <string>

#include "drivers/modbus/probe.hpp"

namespace volt::ctl {

/// "523" or "020B FFCE": one word as people count, several as they came.
std::string raw_text(const modbus::ProbedRow& row);

/// The page; with `colours` for a terminal.
std::string probe_page(const modbus::ProbeReport& report, bool colours);

/// Unit ids of "100,225-230"; nothing where that is none, or one is over 255.
std::optional<std::vector<int>> units_of(const std::string& text);

}  // namespace volt::ctl
