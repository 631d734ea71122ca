#include "daemon/agent/ask/same_words.hpp"

#include <algorithm>
#include <sstream>

#include "daemon/agent/ask/question_words.hpp"

namespace volt::agent {

namespace {

constexpr const char* filler_list =
    "a an the of to in at my me i we our us it its this that these those please can will shall show give there here and or so "
    "just really actually hey hi hello thanks thank be been am are is was were do does did done got get have has had any some "
    "all every both know want like see for from with by as about if then than them they their your yours he she his her itself "
    "myself themselves also again right now moment currently presently current what which how much you voltd volt tell kindly "
    "maybe perhaps pls plz still yet already ever even though although lately recently anyway exactly roughly around "
    "approximately quick quickly brief briefly bit little pretty quite very super only else each own whole entire guys buddy "
    "mate man dude damn hell heck earth wondering wonder curious check look out up over into onto through throughout within "
    "during while because due since until enough gotten wise being gets getting go goes gone went come comes came coming ones "
    "one nowadays somewhere rn ya yo ok okay um well oh uh lol btw anything something nothing stuff back keep keeps actual "
    "present latest together side find such having few couple single particular specific but whether why when reason reasons "
    "short kind exist exists other different gives giving given recent feel feels way ways compare comparison expect expected "
    "according near nearly almost r u cause";

/// Words with the word that each is read as.
constexpr std::pair<const char*, const char*> same_word_list[] = {
    {"charge", "charger"},
    {"switch", "flip flipped toggle toggled"},
    {"solar", "pv panel sun sunshine sunlight shine shining photovoltaic array mppt"},
    {"battery", "bank batteries pack accumulator lfp storage batt"},
    {"miner", "asic antminer rig box machine"},
    {"alarm", "alert banner warning notification buzz buzzed beep beeped"},
    {"trouble",
     "wrong broken problem fault error issue failure failed fail failing broke warning defect amiss glitch worry worried crash "
     "crashed"},
    {"fine", "healthy good alright happy"},
    {"someone", "anyone anybody somebody person who whoever"},
    {"change",
     "edited modified touched adjusted altered tweaked edit modify touch adjust alter tweak tinker tamper modification "
     "adjustment edits raised lowered bumped reconfigure"},
    {"consume",
     "consumption use used using usage draw drew drawn drawing pull eat eaten ate burn burnt chew guzzle suck house household "
     "demand"},
    {"produce", "production make made generate generated generation yield harvest deliver bring"},
    {"grid", "mains utility import export imported"},
    {"room", "zone area"},
    {"online", "reachable connected respond responding reach responsive answering"},
    {"offline", "unreachable disconnected unresponsive"},
    {"run", "mine hash mining hashing ran work working operate operating active going spinning spin alive crunch blow"},
    {"off", "idle dead down dark inactive"},
    {"start", "begin began begun started kick resume restart boot"},
    {"stop", "halt shut quit stopped cease ended end cut shed die died"},
    {"temperature",
     "warm hot cold warmth degrees warmest coldest hottest cool temp temps toasty chilly freezing frost warmer colder "
     "hotter cooler"},
    {"heater", "heat heating heated radiator"},
    {"fan", "ventilation ventilator blower exhaust"},
    {"loud", "crazy nuts wild roaring roar noisy noise howling howl blasting screaming fast hard"},
    {"show", "list display print view report result"},
    {"plot", "graph chart diagram trend timeline"},
    {"history", "log logging logged past record recorded develop course store stored tracked track evolve"},
    {"series", "data measurement value metric reading quantity number"},
    {"happen", "happened occur event events"},
    {"decide", "decision decisions"},
    {"setting", "settings configuration config configured preference prefs option parameter set configure setup profile"},
    {"threshold", "limit limits bound cutoff setpoint"},
    {"system", "site installation plant everything thing things place home shack cabin"},
    {"prevent", "keeping kept block blocked blocking lockout hold holding held hinder"},
    {"wait", "waiting awaiting"},
    {"low", "lowest minimum deepest deep bottom drop dropped dip dipped sag sagged sank lower"},
    {"high", "highest maximum max peak strongest top most higher"},
    {"often", "frequently times"},
    {"level", "soc full percent percentage remaining left fill"},
    {"output", "relay plug socket contactor outlet"},
    {"power", "juice kilowatt kilowatts watt watts wattage w kw"},
    {"voltage", "volt volts v"},
    {"ampere", "amp amps amperage"},
    {"suggest", "recommend recommendation advise suggestion advice propose idea"},
    {"better", "improve tune optimize optimise optimal ideal best"},
    {"status", "state rundown summary overview gist situation"},
    {"discharge", "drain drained draining"},
    {"count", "considered regarded"},
    {"gain", "squeeze"},
    {"not", "refuse"},
    {"waste", "unused curtail wasting wasted"},
    {"priority", "order precedence priorities"},
    {"night", "tonight tonite overnight"},
    {"sensor", "probe thermometer"},
    {"may", "might must allowed permitted"},
    {"would", "could"},
};

/// Idioms of several words. An empty replacement removes the idiom. The longer of two with the same beginning is used.
constexpr std::pair<const char*, const char*> phrase_list[] = {
    {"state of charge", "level"},
    {"charge level", "level"},
    {"level of charge", "level"},
    {"battery current", "battery ampere"},
    {"charge current", "battery ampere"},
    {"bank current", "battery ampere"},
    {"pv output", "solar"},
    {"solar output", "solar"},
    {"panel output", "solar"},
    {"put out", "produce"},
    {"bring in", "produce"},
    {"brought in", "produce"},
    {"come in", "produce"},
    {"came in", "produce"},
    {"rake in", "produce"},
    {"go through", "consume"},
    {"went through", "consume"},
    {"fire up", "start"},
    {"spin up", "start"},
    {"start up", "start"},
    {"power up", "start"},
    {"boot up", "start"},
    {"wake up", "start"},
    {"kick in", "start"},
    {"kick on", "start"},
    {"come on", "start"},
    {"came on", "start"},
    {"come back on", "start"},
    {"came back on", "start"},
    {"come back", "start"},
    {"be back", "start"},
    {"go on", "start"},
    {"turn on", "start"},
    {"switch on", "start"},
    {"cut out", "stop"},
    {"cut off", "stop"},
    {"drop out", "stop"},
    {"drop off", "stop"},
    {"kick out", "stop"},
    {"shut off", "stop"},
    {"shut down", "stop"},
    {"power down", "stop"},
    {"turn off", "stop"},
    {"switch off", "stop"},
    {"go off", "stop"},
    {"went off", "stop"},
    {"came off", "stop"},
    {"go down", "stop"},
    {"knock off", "stop"},
    {"what went on", "happen"},
    {"what has gone on", "happen"},
    {"what is going on", "happen"},
    {"went on", "start"},
    {"go full blast", "run loud"},
    {"full blast", "loud"},
    {"full speed", "loud"},
    {"full tilt", "loud"},
    {"been up to", "happen"},
    {"been doing", "happen"},
    {"what is up", "happen"},
    {"up to", "doing"},
    {"in use", ""},
    {"let me", ""},
    {"let us", ""},
    {"take a charge", "charge"},
    {"many volts", "voltage"},
    {"many watts", "power"},
    {"many kilowatts", "power"},
    {"many amps", "ampere"},
    {"many degrees", "temperature"},
    {"many percent", "level"},
    {"many hours", "long"},
    {"more out of", "gain"},
    {"more from", "gain"},
    {"me more", "gain"},
    {"us more", "gain"},
    {"get more", "gain"},
    {"any idea", ""},
    {"juice left", "level"},
    {"juice is left", "level"},
    {"juice do we have", "level"},
    {"has to happen", "need"},
    {"have to happen", "need"},
    {"need to happen", "need"},
    {"is supposed to", ""},
    {"supposed to", ""},
    {"time series", "series"},
    {"go crazy", "loud"},
    {"go nuts", "loud"},
    {"run off", "run on"},
    {"the switches", "output"},
    {"would you please", ""},
    {"could you", ""},
    {"would you mind", ""},
    {"would like to", ""},
    {"would love to", ""},
    {"fiddle with", "change"},
    {"mess with", "change"},
    {"tinker with", "change"},
    {"tamper with", "change"},
    {"play with", "change"},
    {"mess around with", "change"},
    {"play around with", "change"},
    {"hold back", "prevent"},
    {"in the way", "prevent"},
    {"hold up", "do"},
    {"held up", "do"},
    {"keep off", "prevent off"},
    {"make it through", "last"},
    {"get through", "last"},
    {"get us through", "last"},
    {"set aside", "reserve"},
    {"kept back", "reserve"},
    {"held back", "reserve"},
    {"keep back", "reserve"},
    {"cut off voltage", "threshold voltage"},
    {"go wrong", "trouble"},
    {"went wrong", "trouble"},
    {"act up", "trouble"},
    {"out of order", "trouble"},
    {"on the table", "waste"},
    {"go to waste", "waste"},
    {"log in", "login"},
    {"logged in", "login"},
    {"sign in", "login"},
    {"keep track of", "history"},
    {"side by side", ""},
    {"a lot", ""},
    {"as well", ""},
    {"at least", "minimum"},
    {"at most", "maximum"},
    {"the hell", ""},
    {"so far", ""},
    {"look like", ""},
    {"at all", ""},
    {"by the way", ""},
    {"far down", "low"},
    {"down to", "low"},
    {"bottom out", "low"},
    {"set up", "setting"},
    {"set to", "setting"},
    {"kick off", "start"},
    {"go into", "charge"},
    {"went into", "charge"},
    {"what gives", ""},
    {"changed speed", "switch"},
    {"change speed", "switch"},
    {"get over", "high"},
    {"go over", "high"},
    {"went over", "high"},
    {"going into", "charge"},
    {"this second", ""},
    {"this minute", ""},
    {"hour by hour", "plot"},
    {"day by day", "plot"},
    {"standing still", "off"},
    {"big picture", "status"},
    {"whole picture", "status"},
    {"been up", "run"},
    {"drop into", ""},
    {"operating mode", "mode"},
    {"hours of the day", "hours"},
    {"over time", "history"},
    {"dry run", "shadow"},
    {"dead man timer", "lease"},
    {"put juice into", "charge"},
    {"at any point", ""},
    {"at any time", ""},
    {"full config", "setting"},
    {"full settings", "setting"},
    {"draw me", "plot"},
};

std::vector<std::string> words_in(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

}  // namespace

const std::map<std::string, std::string>& same_words() {
    static const std::map<std::string, std::string> table = [] {
        std::map<std::string, std::string> read;
        for (const auto& [name, words] : same_word_list)
            for (const std::string& word : words_in(words)) read[stem_of(word)] = stem_of(name);
        return read;
    }();
    return table;
}

const std::vector<SamePhrase>& same_phrases() {
    static const std::vector<SamePhrase> table = [] {
        std::vector<SamePhrase> read;
        for (const auto& [phrase, other] : phrase_list) {
            std::vector<std::string> stems = words_in(phrase);
            for (std::string& word : stems) word = stem_of(word);
            read.emplace_back(std::move(stems), other);
        }
        std::stable_sort(read.begin(), read.end(),
                         [](const SamePhrase& a, const SamePhrase& b) { return a.first.size() > b.first.size(); });
        return read;
    }();
    return table;
}

const std::set<std::string>& filler_words() {
    static const std::set<std::string> table = [] {
        const auto words = words_in(filler_list);
        return std::set<std::string>(words.begin(), words.end());
    }();
    return table;
}

}  // namespace volt::agent
