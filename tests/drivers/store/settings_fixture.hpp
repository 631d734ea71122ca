// Shared by the tests of editing.
#pragma once

#include <cmath>

#include "drivers/store/settings/edit.hpp"
#include "tests/drivers/store/temp_dir.hpp"

namespace volt::test {

inline const EditRequest by_test{"test", false};

}  // namespace volt::test
