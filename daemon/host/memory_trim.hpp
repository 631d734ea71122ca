// What the start needed and the running does not.
#pragma once

namespace volt {

/// Unmaps the code of programs and libraries once: what still runs comes back from the page cache at its next call, what
/// only the start used (parsing, migrations, set-up of libraries) stays unmapped and frees its memory. Linux maps
/// sixteen pages around each one that is touched, so this is most of it. Gives free heap back as well. Any thread may
/// call it; others run on meanwhile.
void trim_start_memory();

}  // namespace volt
