// The JSON Schema of voltd.yaml, embedded from schema/voltd.schema.json at build.
#pragma once

namespace volt::ctl {

const char* config_schema();

}  // namespace volt::ctl
