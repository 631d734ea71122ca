// Level: the severity of a log line.
#pragma once

namespace volt {

/// Numbers are those of syslog.
enum class Level : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

}  // namespace volt
