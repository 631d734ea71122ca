// Step: the page on a phone, and Home Assistant.
#include "daemon/ctl/init/conversation.hpp"

namespace volt::ctl::init {

void ask_page(Conversation& c) {
    c.talk.print("\nThe page in a browser:");
    const bool lan =
        c.talk.ask_yes("api.lan", "Let phones in your network open the page, by plain HTTP?", false,
                       "Others on this network can read along and take over a session. Otherwise only this machine can open it.");
    c.answers["api"] = "none";
    if (lan) {
        c.answers["api"] = Json{{"listen", "0.0.0.0:8480"}, {"lan", "plain"}};
        if (c.talk.ask_yes("api.view", "May anyone on the network view it without signing in?", false))
            c.answers["api"]["view"] = "open";
    }
    c.answers["home_assistant"] = "none";
    if (c.announcements.has_home_assistant() && c.talk.ask_yes("home_assistant", "Home Assistant found. Add voltd to it?", false))
        c.answers["home_assistant"] = true;
}

}  // namespace volt::ctl::init
