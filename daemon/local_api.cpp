#include "daemon/local_api.hpp"

#include <utility>

namespace volt {

/// Actions that API clients may request, on the loop's thread.
class LocalApi::Context : public LoopContext {
public:
    explicit Context(LocalApi& api) : cycle_(api.site_.cycle()), io_(api.site_.io()), host_watch_(api.host_watch_) {}
    const SiteView* view() const override { return cycle_.journal().view(); }
    std::uint64_t turns() const override { return cycle_.journal().turns(); }
    bool stored() const override { return cycle_.journal().stored(); }
    bool request_override(const NamedOverride& named) override {
        if (!cycle_.inputs().requests().add(named)) return false;
        cycle_.journal().note_author("override", named.load, named.who);
        return true;
    }
    void set_mode(SiteMode mode, const std::string& who) override { cycle_.set_mode(mode, who); }
    bool ask(std::size_t output) override { return io_.outputs().ask(output); }
    OutputReport report(std::size_t output) const override { return io_.outputs().reports()[output]; }
    DecisionInputs decision_inputs() const override { return cycle_.decision_inputs(); }
    std::string prove_charge() override { return cycle_.prove_charge(); }
    std::string accept_temperature(const std::string& source) override {
        const SiteView* view = cycle_.journal().view();
        if (view == nullptr) return "voltd has just started or reloaded; try again";
        const Index index = battery_temperature(view->policy(), source);
        const auto& memories = view->decision().next.readings.batteries;
        if (index == no_index || !memories[static_cast<std::size_t>(index)].leap.from) return "its temperature did not jump";
        cycle_.inputs().requests().accept_temperature(source);
        return {};
    }
    std::string prove_lease(const std::string& output, std::optional<Duration> lease) override {
        const SiteView* view = cycle_.journal().view();
        if (view == nullptr) return "voltd has just started or reloaded; try again";
        return cycle_.inputs().lease_trials().begin(*view, output, lease);
    }
    std::string announce() override {
        Discovery* discovery = io_.discovery();
        return discovery == nullptr ? "there is no broker" : discovery->announce();
    }
    std::string end_safe_mode() override { return host_watch_.end_safe_mode() ? "" : "safe mode is not on"; }

private:
    Cycle& cycle_;
    SiteIo& io_;
    HostWatch& host_watch_;
};

LocalApi::LocalApi(RunningSite& site, HostWatch& host_watch, Store& store, Log& log, const std::function<void()>& wake)
    : site_(site),
      host_watch_(host_watch),
      log_(log),
      lifecycle_(store, site.config().database, wake, service_directory("RUNTIME_DIRECTORY")) {
    lifecycle_.boards().registers = site_.pollers().registers();
}

void LocalApi::show_config(const std::string& path, bool from_copy) {
    config_ = {path, {}};
    if (!from_copy) config_.read = site_.wall().utc(monotonic_now());
}

void LocalApi::check() {
    for (const std::string& line : lifecycle_.refusals(monotonic_now())) log_.write(Level::notice, line);
    const std::string failure = lifecycle_.failure();
    if (failure == failure_) return;
    failure_ = failure;
    site_.cycle().journal().set_alarm(AlarmCode::api_unreachable, failure);
    if (failure.empty()) log_.write(Level::notice, "The local API listens as configured again");
    else log_.write(Level::warning, failure + "; retrying");
}

void LocalApi::serve(const LoopFigures& figures) {
    Context context(*this);
    lifecycle_.serve(context);
    const TurnJournal& journal = site_.cycle().journal();
    Boards& boards = lifecycle_.boards();
    boards.completed(journal.turns());
    if (journal.view() == nullptr) return;
    lifecycle_.trust_clock(journal.view()->snapshot().clock_trusted);
    if (boards.explanations.wanted()) boards.explanations.post(std::make_shared<const Explanations>(journal.explanations()));
    if (!boards.status.wanted()) return;
    StatusSnapshot status = journal.status(site_.config());
    status.loop = figures;
    show_proofs(status);
    status.config = config_;
    boards.status.post(std::make_shared<const StatusSnapshot>(std::move(status)));
}

void LocalApi::show_proofs(StatusSnapshot& status) const {
    const LeaseTrials& trials = site_.cycle().inputs().lease_trials();
    status.lease_proof = {trials.proof().output(), name_of(trials.proof().state()), trials.proof().text()};
    const auto& outputs = site_.config().outputs;
    for (std::size_t i = 0; i < outputs.size() && i < status.outputs.size(); ++i)
        if (const OutputProofRow* row = trials.proven(outputs[i])) status.outputs[i].proven = *row;
}

}  // namespace volt
