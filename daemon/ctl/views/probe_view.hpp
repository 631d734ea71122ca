// Report of a probe as a page of text.
#pragma once

#include <string>

#include "drivers/modbus/probe.hpp"

namespace volt::ctl {

/// Returns "523" for one word in decimal, or "020B FFCE" for several words unchanged.
std::string raw_text(const modbus::ProbedRow& row);

/// Returns the page. `colours`: for a terminal.
std::string probe_page(const modbus::ProbeReport& report, bool colours);

/// Returns the unit ids of "100,225-230", or nothing if the text is invalid or an id is over 255.
std::optional<std::vector<int>> units_of(const std::string& text);

}  // namespace volt::ctl
