// Level: severity of a log line.
#pragma once

namespace volt {

/// Severity by syslog number.
enum class Level : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

}  // namespace volt
