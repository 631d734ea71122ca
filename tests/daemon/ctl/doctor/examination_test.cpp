#include "daemon/ctl/doctor/examination.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace volt::ctl::doctor;

namespace examination_test {

using std::chrono::milliseconds;

TEST_CASE("fails only a group that hangs or throws") {
    static std::atomic<bool> end = false;
    const std::vector<Job> jobs{
        {{"machine"},
         [] {
             return std::vector<Check>{{"machine.os", ok("Debian")}};
         }},
        {{"clock", "gx"},
         [] {
             while (!end) std::this_thread::sleep_for(milliseconds{5});
             return std::vector<Check>{};
         }},
        {{"database"}, []() -> std::vector<Check> { throw std::runtime_error("no memory"); }},
    };
    const Examination found = run_jobs(jobs, milliseconds{300});
    end = true;
    CHECK(found.left_threads);
    REQUIRE(found.checks.size() == 4);
    CHECK(found.checks[0].id == "machine.os");
    CHECK(found.checks[1].id == "clock.group");
    CHECK(found.checks[1].opinion.outcome == Outcome::fail);
    CHECK(found.checks[2].id == "gx.group");
    CHECK(found.checks[3].id == "database.group");
    CHECK(found.checks[3].opinion.text.find("no memory") != std::string::npos);
}

TEST_CASE("judges only requested groups in catalog order") {
    const auto subject = std::make_shared<Subject>();
    subject->config_path = "/nonexistent/voltd.yaml";
    subject->parsed = volt::load_config(subject->config_path);
    subject->database = "/nonexistent/voltd.db";
    const Examination found = examine(subject, {"sensors", "database", "charge"}, std::chrono::seconds{30});
    std::vector<std::string> ids;
    for (const Check& check : found.checks) ids.push_back(check.id);
    CHECK(ids == std::vector<std::string>{"database.open", "database.schema", "database.quick_check", "database.restored",
                                          "database.copies", "database.backup", "sensors.group", "charge.group"});
    CHECK_FALSE(found.left_threads);
}

}  // namespace examination_test
