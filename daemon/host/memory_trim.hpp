// Release of memory that only the start needed.
#pragma once

namespace volt {

/// Unmaps the code of programs and libraries once. Code that still runs comes back from the page cache at its next call. Code
/// that only the start used (parsing, migrations, set-up of libraries) remains unmapped and frees its memory. Linux maps sixteen
/// pages around each touched one, so this is most of it. Also releases free heap. Safe from any thread while others run.
void trim_start_memory();

}  // namespace volt
